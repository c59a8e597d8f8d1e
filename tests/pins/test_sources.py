"""What holds for every kind of dependency file: nothing in one stops the run."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keraslint.pins.resolve import SOURCES

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


@pytest.mark.parametrize("source", SOURCES, ids=repr)
@given(text=texts)
def test_no_text_raises(source, text):
    found = source.read("file", text)
    for item in (*found.conditions, *found.skipped, *found.includes):
        assert 0 <= item.row <= text.count("\n") + 1
    for skipped in found.skipped:
        assert skipped.filename == "file"
        assert skipped.reason
        assert "\n" not in skipped.reason
