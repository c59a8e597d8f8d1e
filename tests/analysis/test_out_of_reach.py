"""Programs that reach past what is followed: nothing wrong is said, and where the rest is not judged, this is said."""

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


@pytest.mark.parametrize(
    "effect",
    [
        "from elsewhere import *\n",
        "globals()[name] = 1\n",
        "vars()[name] = 1\n",
        "globals().update(settings)\n",
    ],
)
def test_a_name_that_may_have_been_replaced_is_not_known(effect: str) -> None:
    before = 'ORDER = ["z", "a"]\n'
    after = "model = keras.Model(inputs, [keras.layers.Dense(3, name=n)(inputs) for n in ORDER])\n"
    assert codes(MODEL + before + after + COMPILE) == ["KER101"]
    assert "KER101" not in codes(MODEL + before + effect + after + COMPILE)


def test_renamed_layers_make_no_known_outputs() -> None:
    rename = (
        'for layer in model.layers:\n    layer.name = layer.name + "_1"\nmodel = keras.Model(inputs, model.outputs)\n'
    )
    assert codes(MODEL + rename + COMPILE) == ["KER102"]
