from __future__ import annotations

import pytest

CONFIG = """\
[metadata]
name = two-heads
# keras==3.7.0

[options]
packages = find:
python_requires = >=3.10
install_requires =
    numpy
    {line}
    importlib-metadata; python_version < "3.8"

[options.extras_require]
dev =
    pytest
"""


@pytest.mark.parametrize(
    ("line", "admitted", "strength", "affected"),
    [
        ("keras==3.5.0", "==3.5.0", "exact", True),
        ("keras>=3.5,<3.7  # both", ">=3.5,<3.7", "range", True),
        ("keras>=3.7", ">=3.7", "range", False),
        ("keras>=3.4", ">=3.4", "range", True),
        ("keras", "", "bare", True),
        ("keras @ git+https://github.com/keras-team/keras@v3.6.0", "==3.6.0", "exact", True),
        ("keras==3.7.0; python_version >= '3.10'", "==3.7.0", "exact", False),
    ],
)
def test_install_requires(lay, line, admitted, strength, affected):
    answer = lay({"setup.cfg": CONFIG.replace("{line}", line)})
    assert (answer.admitted, answer.releases.strength) == (admitted, strength)
    assert bool({"3.5.0", "3.6.0"} & set(answer.versions)) is affected
    assert answer.evidence == [("setup.cfg", 10, line)]
    assert answer.skipped == []


def test_a_marker_after_a_blank_is_no_comment(lay):
    old = "keras==3.5.0 ; python_version < '3.10'\n    keras==3.7.0 ; python_version >= '3.10'"
    answer = lay({"setup.cfg": CONFIG.replace("{line}", old)})
    assert (answer.admitted, [row for _, row, _ in answer.evidence]) == ("==3.7.0", [11])


def test_on_one_row(lay):
    for text in ("[options]\ninstall_requires = keras==3.5.0\n", "[options]\ninstall-requires: numpy; keras==3.5.0\n"):
        answer = lay({"setup.cfg": text})
        assert answer.admitted == "==3.5.0"
        assert answer.evidence[0][1] == 2


def test_extras(lay):
    text = "[options.extras_require]\nold = keras==3.5.0\nnew =\n  keras==3.7.0\n"
    answer = lay({"setup.cfg": text})
    assert answer.admitted == "==3.5.0 or ==3.7.0"
    assert [row for _, row, _ in answer.evidence] == [2, 4]


def test_files(lay):
    text = "[options]\ninstall_requires = file: deps/a.list, deps/b.list\n"
    answer = lay({"setup.cfg": text, "deps/a.list": "numpy\n", "deps/b.list": "keras==3.6.0\n"})
    assert answer.evidence == [("deps/b.list", 1, "keras==3.6.0")]


def test_the_declared_python_decides_markers(lay):
    line = "keras==3.5.0; python_version < '3.10'\n    keras==3.7.0; python_version >= '3.10'"
    assert lay({"setup.cfg": CONFIG.replace("{line}", line)}).admitted == "==3.7.0"


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        (CONFIG.replace("{line}", "keras=3.5"), 10, "did you mean `keras==3.5`?"),
        (CONFIG.replace("{line}", "keras=>3.5"), 10, "not a requirement"),
        ("keras==3.5.0\n", 1, "not a valid configuration file"),
        ("[options]\n\nkeras\n", 3, "not a valid configuration file"),
        ("[options]\ninstall_requires = file: gone.list\n", 2, "gone.list can't be read"),
    ],
)
def test_malformed(lay, text, row, reason):
    answer = lay({"setup.cfg": text, "requirements.txt": "keras==3.7.0\n"})
    [(filename, at, said)] = answer.skipped
    assert (filename, at) == ("setup.cfg", row)
    assert reason in said
    assert answer.admitted == "==3.7.0"


def test_a_tool_s_own_settings_say_nothing(lay):
    answer = lay({"setup.cfg": "[flake8]\nmax-line-length = 100\n[tool:pytest]\naddopts = --keras==3.5.0\n"})
    assert (answer.releases.strength, answer.skipped) == ("none", [])
