"""A model that is not seen on one branch takes nothing away from what is known on the others."""

from __future__ import annotations

import pytest

from keraslint import check_source
from keraslint.diagnostic import Applicability

TWO = """\
import keras
import outside

def heads(width):
    page = keras.Input((20,))
    body = keras.layers.Dense(width)(page)
    return keras.Model(page, [keras.layers.Dense(6, name="b")(body), keras.layers.Dense(6, name="a")(body)])

"""
LOSSES = 'losses = {"b": "mse", "a": "mae"}\n'
EQUAL = 'losses = {"b": "mse", "a": "mse"}\n'
COMPILE = "model.compile(optimizer='sgd', loss=losses)\n"
FIT = "model.fit(x, {'b': first, 'a': second})\n"


def codes(text: str) -> list[str]:
    return [one.code for one in check_source(TWO + text, "a.py", "3.6.0")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("model = outside.spread(heads(2)) if outside.many() else heads(2)\n" + LOSSES + COMPILE, ["KER101"]),
        ("model = heads(2)\nif outside.many():\n    model = outside.spread(model)\n" + LOSSES + COMPILE, ["KER101"]),
        (
            "model = base = heads(2)\nif outside.many():\n    model = outside.spread(base)\n" + EQUAL + COMPILE + FIT,
            ["KER103"],
        ),
        ("model = keras.utils.multi_gpu_model(heads(2), gpus=4)\n" + LOSSES + COMPILE, ["KER101"]),
        (
            "if outside.asked():\n    model = outside.load()\nelse:\n    model = heads(1)\n"
            "if outside.kind():\n    losses = {'p': 'mse', 'q': 'mae'}\nelse:\n    losses = ['mse', 'mae']\n" + COMPILE,
            [],
        ),
        (
            "def run(kind, wide):\n"
            "    model = heads(1) if kind else outside.load()\n"
            "    losses = {'b': 'mse', 'a': 'mae'} if wide else {'p': 'mse', 'q': 'mae'}\n    " + COMPILE,
            [],
        ),
    ],
)
def test_what_is_known_on_the_other_branches_is_reported(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_a_model_that_is_perhaps_another_one_has_no_safe_fix() -> None:
    text = TWO + "model = outside.spread(heads(2)) if outside.many() else heads(2)\n" + LOSSES + COMPILE
    (found,) = check_source(text, "a.py", "3.6.0")
    assert not any(fix.applicability is Applicability.SAFE for fix in found.fixes)
