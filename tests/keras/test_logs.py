"""What KER112 says of callbacks that watch the loss of an output is what they do on real Keras."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from keraslint import check_source

from .observation import environment
from .releases import RELEASES, laboratory

pytestmark = pytest.mark.real_keras

PROGRAM = """\
import json
import sys

sys.path.insert(0, sys.argv[1])

import keras
import numpy as np

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
def epochs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, int]]:
    """By release and watched log, after how many of three epochs a stopping that is due after two came."""
    lab, folder = laboratory(), tmp_path_factory.mktemp("logs")
    script = folder / "program.py"
    script.write_text(PROGRAM)

    def run(release: str) -> dict[str, int]:
        command = [str(lab.python), "-I", "-W", "ignore", str(script), str(lab.folders[release])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(str(folder)))
        assert done.returncode == 0, done.stderr[-3000:]
        found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
        return found

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(RELEASES, pool.map(run, RELEASES), strict=True))


@pytest.mark.parametrize("release", RELEASES)
def test_what_never_stops_is_told(release: str, epochs: dict[str, dict[str, int]], tmp_path: Path) -> None:
    path = str(tmp_path / "program.py")
    said = [one.message for one in check_source(PROGRAM, path, release) if one.code == "KER112"]
    for name, count in epochs[release].items():
        assert any(f"{name}_loss'" in message for message in said) == (count == 3), name
    assert len(said) == sum(count == 3 for count in epochs[release].values())
    assert epochs[release]["tiny"] == 3
