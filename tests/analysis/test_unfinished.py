"""Programs of which the rest is not judged, and what is said of it."""

from __future__ import annotations

import pytest

from keraslint import check_source

MODEL = """\
import keras
inputs = keras.Input((3,))
model = keras.Model(inputs, [keras.layers.Dense(1, name="z")(inputs), keras.layers.Dense(2, name="a")(inputs)])
"""
COMPILE = 'model.compile("sgd", loss={"z": "mse", "a": "mae"})\nmodel.fit(x, [y, y])\n'


def codes(program: str) -> list[str]:
    return [diagnostic.code for diagnostic in check_source(program, keras="3.6.0")]


def test_without_any_of_it_there_is_a_finding() -> None:
    assert codes(MODEL + COMPILE) == ["KER101"]


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        ("keras.Model.compile = compile_in_order\n", ["KER003"]),
        ("keras.Model = Own\n", ["KER003"]),
        ("exec(open('setup.py').read())\n", ["KER003"]),
        ("eval('model.compile()')\n", ["KER003"]),
        ("import sys\nsys.modules['keras'] = other\n", ["KER003"]),
        ("import unittest.mock\nunittest.mock.patch('keras.Model', Own).start()\n", ["KER003"]),
        ("import sys\nsys.exit()\n", []),
        ("raise SystemExit\n", []),
    ],
)
def test_what_follows_is_not_judged(effect: str, said: list[str]) -> None:
    assert codes(MODEL + effect + COMPILE) == said


def test_a_function_that_is_run_only_for_what_it_changes_is_no_end() -> None:
    """The analysis goes on after it, without what it may have changed."""
    callback = "import outside\ndef act():\n    exec(open('setup.py').read())\noutside.call(act)\n"
    assert codes(callback + MODEL + COMPILE) == ["KER101"]
