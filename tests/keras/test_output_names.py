"""Losses go by the names that a program gives the outputs of a model, and what is said of that is what is seen."""

from __future__ import annotations

import pytest

from keraslint import check_source

from .observation import told_on_each
from .releases import RELEASES

pytestmark = pytest.mark.real_keras

PROGRAM = """\
import json
import sys

sys.path.insert(0, sys.argv[1])

import keras
import numpy as np

reached = {}


def loss_for(name):
    def loss(y_true, y_pred):
        reached[name] = int(y_pred.shape[-1])
        return keras.ops.mean(keras.ops.square(y_pred), axis=-1)

    return loss


def model_of(names):
    inputs = keras.Input((4,))
    first = keras.layers.Dense(1, name="z")(inputs)
    second = keras.layers.Dense(3, name="second")(inputs)
    model = keras.Model(inputs, [first, second])
    if names:
        model.output_names = names
    return model


def trained(model):
    reached.clear()
    model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
    return dict(reached)


exchanged = model_of(["small", "big"])
exchanged.compile(loss={"small": loss_for("small"), "big": loss_for("big")})
in_order = model_of(["a_small", "big"])
in_order.compile(loss={"a_small": loss_for("a_small"), "big": loss_for("big")})
one_by_one = model_of(None)
one_by_one.output_names[0] = "a_small"
one_by_one.compile(loss={"a_small": loss_for("a_small"), "second": loss_for("second")})
print(json.dumps([trained(exchanged), trained(in_order), trained(one_by_one)]))
"""

RIGHT = [{"small": 1, "big": 3}, {"a_small": 1, "big": 3}, {"a_small": 1, "second": 3}]
"""By model, the width of the output that each loss is written for."""


@pytest.fixture(scope="module")
def seen() -> dict[str, list[dict[str, int]]]:
    """By release and model, the width of the output that each loss reached."""
    return told_on_each(PROGRAM)


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_told_was_seen(release: str, seen: dict[str, list[dict[str, int]]]) -> None:
    rows = [row for row, line in enumerate(PROGRAM.splitlines(), start=1) if ".compile(" in line]
    wrong = {row for row, found, right in zip(rows, seen[release], RIGHT, strict=True) if found != right}
    assert len(seen[release]) == len(rows) == len(RIGHT)
    assert {one.span.start.row for one in check_source(PROGRAM, "program.py", release) if one.code == "KER101"} == wrong


def test_the_case_tells_something(seen: dict[str, list[dict[str, int]]]) -> None:
    assert seen["3.6.0"][0] == {"small": 3, "big": 1}
    assert seen["3.7.0"] == RIGHT
