"""KER111 finds the called models that give values under other keys on real Keras."""

from __future__ import annotations

import pytest
from packaging.version import Version

from keraslint import check_source
from keraslint.behaviour.metrics_and_logs import called_values
from keraslint.behaviour.structure import Outputs

from .observation import told_on_each
from .releases import RELEASES

pytestmark = pytest.mark.real_keras

PROGRAM = """\
import json
import sys
from collections import OrderedDict

sys.path.insert(0, sys.argv[1])

import keras
import numpy as np

inputs = keras.Input((4,))
c = keras.layers.Dense(1, name="c")(inputs)
a = keras.layers.Dense(2, name="a")(inputs)
b = keras.layers.Dense(3, name="b")(inputs)
model = keras.Model(inputs, OrderedDict(c=c, a=a, b=b))
x = np.ones((2, 4))
widths = {1: "c", 2: "a", 3: "b"}
seen = {"called": {}, "batch": {}, "predicted": {}, "symbolic": {}}
seen["called"]["c"] = widths[model(x)["c"].shape[-1]]
seen["called"]["a"] = widths[model(x)["a"].shape[-1]]
seen["called"]["b"] = widths[model(x)["b"].shape[-1]]
seen["batch"]["c"] = widths[model.predict_on_batch(x)["c"].shape[-1]]
seen["batch"]["a"] = widths[model.predict_on_batch(x)["a"].shape[-1]]
seen["batch"]["b"] = widths[model.predict_on_batch(x)["b"].shape[-1]]
seen["predicted"]["c"] = widths[model.predict(x, verbose=0)["c"].shape[-1]]
seen["symbolic"]["c"] = widths[model(keras.Input((4,)))["c"].shape[-1]]
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, dict[str, str]]]:
    """By release and way of calling, which output stands under a key."""
    return told_on_each(PROGRAM)


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_told_was_seen(release: str, seen: dict[str, dict[str, dict[str, str]]]) -> None:
    said = {one.span.start.row: one.message for one in check_source(PROGRAM, "program.py", release)}
    rows = PROGRAM.splitlines()
    for way, under in seen[release].items():
        for key, output in under.items():
            row = next(number for number, line in enumerate(rows, 1) if line.startswith(f'seen["{way}"]["{key}"]'))
            assert (row in said) == (key != output)
            assert key == output or f"the key '{key}' gives '{output}'" in said[row]
    assert seen[release]["called"] == called_values(
        Version(release), Outputs("odict", ("c", "a", "b"), ("c", "a", "b"))
    )
