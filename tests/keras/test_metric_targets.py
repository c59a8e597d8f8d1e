"""KER109 finds the metrics that are called with the target of another output on real Keras."""

from __future__ import annotations

import pytest

from keraslint import check_source

from .observation import told_on_each

pytestmark = pytest.mark.real_keras

RELEASES = ("3.7.0", "3.14.0", "3.15.1")

PROGRAM = """\
import json
import sys
from collections import OrderedDict

sys.path.insert(0, sys.argv[1])

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
x, ones, twos = np.ones((8, 4)), np.ones((8, 1)), np.full((8, 1), 2.0)


def mean(y_true, y_pred):
    return keras.ops.mean(y_true)


model = keras.Model(inputs, [small, big])
model.compile("sgd", loss="mse", metrics={"small": [mean], "big": [mean]})
seen = {}
fit = model.fit(x, {"small": ones, "big": twos}, verbose=0)
seen["fit"] = [fit.history["small_mean"][0], fit.history["big_mean"][0]]
logs = model.evaluate(x, {"small": ones, "big": twos}, verbose=0, return_dict=True)
seen["evaluate"] = [logs["small_mean"], logs["big_mean"]]
val = model.fit(x, [ones, twos], validation_data=(x, {"small": ones, "big": twos}), verbose=0)
seen["val"] = [val.history["val_small_mean"][0], val.history["val_big_mean"][0]]
batch = model.train_on_batch(x, {"small": ones, "big": twos}, return_dict=True)
seen["batch"] = [float(batch["small_mean"]), float(batch["big_mean"])]
plain = model.fit(x, [ones, twos], verbose=0)
seen["plain"] = [plain.history["small_mean"][0], plain.history["big_mean"][0]]
named = keras.Model(inputs, {"small": small, "big": big})
named.compile("sgd", loss="mse", metrics={"small": [mean], "big": [mean]})
mixed = named.fit(x, OrderedDict(small=ones, big=twos), verbose=0)
seen["mixed"] = [mixed.history["small_mean"][0], mixed.history["big_mean"][0]]


def shown(y_true, y_pred):
    return keras.ops.mean(y_pred)


made = [keras.layers.Dense(1, name=name, kernel_initializer="zeros") for name in ("small", "big")]
ordered = keras.Model(inputs, OrderedDict(small=made[0](inputs), big=made[1](inputs)))
for number, layer in enumerate(made, 1):
    layer.bias.assign([number])
ordered.compile("sgd", loss="mse", metrics={"small": [shown], "big": [shown]})
there = ordered.test_on_batch(x, [ones, twos], return_dict=True)
seen["ordered"] = [float(there["small_shown"]), float(there["big_shown"])]
single = keras.Model(inputs, [small])
single.compile("sgd", loss="mse", metrics=["mae", mean])
seen["single"] = [single.fit(x, y[:, 0], verbose=0).history["mean"][0] for y in (ones, twos)]
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, list[float]]]:
    """By release and call, the mean of the targets that the metrics of "small" and of "big" got: 1 and 2 are right."""
    return told_on_each(PROGRAM, RELEASES)


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_told_was_seen(release: str, seen: dict[str, dict[str, list[float]]]) -> None:
    said = {one.span.start.row for one in check_source(PROGRAM, "program.py", release) if one.code == "KER109"}
    rows = PROGRAM.splitlines()
    for name, (small, big) in seen[release].items():
        start = {"evaluate": "logs =", "ordered": "ordered.compile("}.get(name, f"{name} =")
        row = next(number for number, line in enumerate(rows, 1) if line.startswith(start))
        assert (row in said) == ((small, big) != (1.0, 2.0)), name
        assert {small, big} == {1.0, 2.0}
    assert bool(said) == any(means != [1.0, 2.0] for means in seen[release].values())
