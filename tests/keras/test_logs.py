"""KER112 finds the callbacks that do nothing on real Keras, since the loss that they watch is not logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_source

from .observation import told_on_each
from .releases import RELEASES

pytestmark = pytest.mark.real_keras

PROGRAM = """\
import json
import os
import sys

sys.path.insert(0, sys.argv[1])

import keras
import numpy as np

np.Inf = np.inf  # which Keras asks for until 3.4.1, and NumPy 2 no longer has
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
x, y = np.ones((8, 4)), np.ones((8, 1))
epochs = {}

model = keras.Model(inputs, [small, big])
model.compile("sgd", loss=["mse", "mae"])
stop = keras.callbacks.EarlyStopping("val_small_loss", min_delta=1e6, mode="min")
epochs["small"] = len(model.fit(x, [y, y], epochs=3, verbose=0, validation_data=(x, [y, y]), callbacks=[stop]).epoch)
stop = keras.callbacks.EarlyStopping("tiny_loss", min_delta=1e6, mode="min")
epochs["tiny"] = len(model.fit(x, [y, y], epochs=3, verbose=0, callbacks=[stop]).epoch)

some = keras.layers.Dense(1, name="some")(inputs)
saved = keras.layers.Dense(1, name="saved")(inputs)
lowered = keras.layers.Dense(1, name="lowered")(inputs)
model = keras.Model(inputs, [some, saved, lowered])
model.compile("sgd", loss=["mse", "mae", None])
stop = keras.callbacks.EarlyStopping("some_loss", min_delta=1e6, mode="min")
epochs["some"] = len(model.fit(x, [y, y, y], epochs=3, verbose=0, callbacks=[stop]).epoch)
model.compile("sgd", loss="mse")
best = keras.callbacks.ModelCheckpoint("best.keras", "saved_loss", save_best_only=True)
try:
    model.fit(x, [y, y, y], epochs=2, verbose=0, callbacks=[best])
    epochs["saved"] = 2 if os.path.exists("best.keras") else 3
except ValueError:
    epochs["saved"] = 2
plateau = keras.callbacks.ReduceLROnPlateau("lowered_loss", patience=1, min_delta=1e6)
try:
    model.fit(x, [y, y, y], epochs=4, verbose=0, callbacks=[plateau])
    epochs["lowered"] = 2 if float(model.optimizer.learning_rate.numpy()) < 0.009 else 3
except ValueError:
    epochs["lowered"] = 2

named = keras.Model(inputs, {"small": small, "big": big})
named.compile("sgd", loss="mse")
stop = keras.callbacks.EarlyStopping("big_loss", min_delta=1e6, mode="min")
epochs["big"] = len(named.fit(x, {"small": y, "big": y}, epochs=3, verbose=0, callbacks=[stop]).epoch)

single = keras.Model(inputs, big)
single.compile("sgd", loss="mse")
stop = keras.callbacks.EarlyStopping("one_loss", min_delta=1e6, mode="min")
epochs["one"] = len(single.fit(x, y, epochs=3, verbose=0, callbacks=[stop]).epoch)
print(json.dumps(epochs))
"""


@pytest.fixture(scope="module")
def epochs() -> dict[str, dict[str, int]]:
    """By release and watched log, after how many of three epochs a stopping came that is due after two.

    2 as well for a checkpoint that was saved and a learning rate that was lowered, or where Keras refuses to watch
    that log; 3 where they were not.
    """
    return told_on_each(PROGRAM)


@pytest.mark.parametrize("release", RELEASES)
def test_what_never_stops_is_told(release: str, epochs: dict[str, dict[str, int]], tmp_path: Path) -> None:
    path = str(tmp_path / "program.py")
    said = [one.message for one in check_source(PROGRAM, path, release) if one.code == "KER112"]
    for name, count in epochs[release].items():
        assert any(f"{name}_loss'" in message for message in said) == (count == 3), name
    assert len(said) == sum(count == 3 for count in epochs[release].values())
    assert epochs[release]["tiny"] == 3
