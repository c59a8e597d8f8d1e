"""What is meant by a text that nearly names versions."""

from __future__ import annotations

import pytest

from keraslint.config.parse import keras_version_problem
from keraslint.pins.meant import meant_specifiers


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
