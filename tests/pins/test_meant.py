"""What is meant by a text that nearly names versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint.config.parse import keras_version_problem
from keraslint.pins.meant import meant_specifiers

from ..command import outcome


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("=3.5.0", "==3.5.0"),
        ("3.5.0", "==3.5.0"),
        (" 3.5.", "==3.5"),
        ("==3.5.x", "==3.5.*"),
        ("3.5.X", "==3.5.*"),
        ("3.5.*", "==3.5.*"),
        ("=>3.5", ">=3.5"),
        ("=<3.5", "<=3.5"),
        (">=3.4 <3.7", ">=3.4,<3.7"),
        ("keras==3.5.0", "==3.5.0"),
        ("Keras >= 3.4", ">= 3.4"),
        ("keras", None),
        ("", None),
        ("^3.5", None),
        ("three", None),
        ("3.5.0, numpy", None),
        ("3" * 200, None),
    ],
)
def test_meant_specifiers(text: str, meant: str | None) -> None:
    assert meant_specifiers(text) == meant


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("keras==3.5.0", "; did you mean '==3.5.0'?"),
        ("=3.5.0", "; did you mean '==3.5.0'?"),
        ("three", ", such as 3.5.0 or >=3.4,<4"),
    ],
)
def test_an_option_that_is_nearly_a_version_is_answered_with_what_is_meant(text: str, end: str) -> None:
    assert keras_version_problem(text) == f"{text!r} is neither a version nor a version specifier{end}"


BUG = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss={"small": "mse", "big": "mae"})
"""


@pytest.mark.parametrize(
    ("name", "text", "row", "meant"),
    [
        ("requirements.txt", "keras=3.5.0\n", 1, "keras==3.5.0"),
        ("requirements.txt", "numpy\nkeras==3.5.x  # why\n", 2, "keras==3.5.*"),
        ("requirements.txt", "keras 3.5.0\n", 1, "keras==3.5.0"),
        ("requirements.txt", "tensorflow=2.17; python_version > '3.9'\n", 1, "tensorflow==2.17"),
        (
            "pyproject.toml",
            '[project]\nname = "x"\nversion = "1"\ndependencies = ["keras=>3.5 <4"]\n',
            4,
            "keras>=3.5,<4",
        ),
        ("Dockerfile", "FROM python\nRUN pip install keras=3.5.0\n", 2, "keras==3.5.0"),
    ],
)
def test_a_pin_with_a_slip_is_named_with_what_is_meant(
    tmp_path: Path, name: str, text: str, row: int, meant: str
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / name).write_text(text)
    (tmp_path / "train.py").write_text(BUG)
    line = text.splitlines()[row - 1]
    unread = f"no Keras pin could be read ({name}:{row} `{line[:60]}`, did you mean `{meant}`?): "
    assert unread in outcome(tmp_path, "train.py")[1]
    said = outcome(tmp_path, "keras")[1].splitlines()
    assert said[1] == "  no line that may give a version of Keras could be read: see what was skipped"
    assert said[-1] == f"  skipped {name}:{row}: `{line[:60]}`: not a requirement: did you mean `{meant}`?"


def test_what_conda_builds_is_no_slip(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("keras=3.5.0=py_0\n-r more.txt\n")
    assert "requirements.txt:1: pip can't read this conda line: keras=3.5.0=py_0\n" in outcome(tmp_path, "keras")[1]


def test_a_file_that_is_not_there_is_not_taken_for_silence(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("-r more.txt\n")
    said = outcome(tmp_path, "keras")[1].splitlines()
    assert said[1] == "  no line that may give a version of Keras could be read: see what was skipped"
    assert said[-1] == "  skipped requirements.txt:1: more.txt can't be read: No such file or directory"
