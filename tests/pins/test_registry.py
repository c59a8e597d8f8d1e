"""Nothing in a dependency file of any kind stops the run."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keraslint.pins.registry import SOURCES

# fmt: off
FRAGMENTS = [
    "keras", "tensorflow", "==", "3.5.0", ">=", "=", "[", "]", "{", "}",
    '"', "'", ",", "\n", "\\\n", " ", "#", ";",
    "[project]\n", "dependencies = ", "[tool.poetry.dependencies]\n", "[[package]]\n",
    "name = ", "version = ", "-r ",
    "python_version", "<", "^", "||", "git+https://", "@", "include-group",
    "\0", "\ud7ff", "(", ")", "*", "!", "-",
    "dependencies:\n", "  - ", "pip:\n", ":", "&a", "*a", "install ", "RUN pip ", "setup(", "[metadata]\n",
]
# fmt: on
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))


def _name(source):
    return f"{type(source).__name__}-{getattr(source, 'file', source.role.value)}"


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES, ids=_name)
@given(text=texts)
def test_no_text_raises(source, text):
    found = source.read("file", text)
    for item in (*found.conditions, *found.skipped, *found.includes):
        assert 0 <= item.row <= text.count("\n") + 1
    for skipped in found.skipped:
        assert skipped.filename == "file"
        assert skipped.reason
        assert "\n" not in skipped.reason


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES, ids=_name)
def test_long_lines_are_no_trap(source):
    """Each of these takes hours where an expression backtracks over what it has seen."""
    long = 300_000
    lines = [" " * long + "x", "keras" + " " * long + "x", "keras" + "-1" * long, "'" * long, "\\" * long]
    heads = ["", "[project]\n", "@EXPLICIT\nhttps://", "FROM a\nRUN pip install ", "[options]\ninstall_requires =\n  "]
    for line, head in itertools.product([*lines, "=" * long, "/" * long], heads):
        source.read("file", head + line)
