"""A notebook on real Keras, before and after its fix, run by a Jupyter kernel: its losses note what reaches them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ..cache import environment
from ..command import outcome
from ..conftest import Integration
from ..keras.releases import environment as with_jax
from ..keras.releases import laboratory
from .notebooks import cell, notebook

pytestmark = [pytest.mark.real_tools, pytest.mark.real_keras]

NOTES = """\
import keras
import numpy as np

seen = {}

def note(name, value):
    def loss(y_true, y_pred):
        seen[name] = [y_true.shape[-1], y_pred.shape[-1]]
        return 0.0 * keras.ops.mean(y_pred, axis=-1) + value
    return loss"""
MODEL = """\
inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])"""
COMPILE = """\
%%time
model.compile(
    "sgd",
    loss={"small": note("small", 1.0), "big": note("big", 100.0)},
    loss_weights={"small": 0.5, "big": 2.0},
)"""
FIT = """\
x, a, b = np.ones((8, 4)), np.ones((8, 1)), np.ones((8, 3))
history = model.fit(x, {"small": a, "big": b}, verbose=0)"""
WEIGHTED = """\
other = keras.Model(inputs, [small, big])
other.compile("sgd", loss=[note("low", 1.0), note("high", 100.0)], loss_weights={"small": 0.5, "big": 2.0})
later = other.fit(x, [a, b], verbose=0)"""
SHOW = "import json\nprint(json.dumps([seen, history.history['loss'][0], later.history['loss'][0]]))"
RIGHT = [{"small": [1, 1], "big": [3, 3], "low": [1, 1], "high": [3, 3]}, 200.5, 200.5]
CHANGED = {
    'loss={"small": note("small", 1.0), "big": note("big", 100.0)}': 'loss=(note("small", 1.0), note("big", 100.0))',
    'loss_weights={"small": 0.5, "big": 2.0}': "loss_weights=(0.5, 2.0)",
    '{"small": a, "big": b}': "(a, b)",
}
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

RUN = """\
import sys, nbclient, nbformat
notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
sys.stdout.write(notebook.cells[-1].outputs[-1].text)
"""


def executed(path: Path, release: str) -> Any:
    """The output of the last cell of a notebook."""
    python = environment("notebook", "ipykernel", "nbclient", "nbformat")
    keras = laboratory((release,))
    packages = keras.python.parents[1].glob("lib/python*/site-packages")
    path_of_modules = os.pathsep.join(map(str, [keras.folders[release], *packages]))
    known = {**with_jax(str(path.parent)), "PYTHONPATH": path_of_modules}
    command = [str(python), "-c", RUN, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=known, cwd=path.parent)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_each_part_reaches_its_own_output_after_the_fix(tmp_path: Path, integration: Integration) -> None:
    cells = (cell("# Two heads", "markdown"), NOTES, MODEL, COMPILE, FIT, WEIGHTED, SHOW)
    path = tmp_path / "train.ipynb"
    path.write_text(json.dumps(notebook(*cells, kernelspec=KERNEL), indent=1) + "\n")
    before = path.read_text()
    assert executed(path, "3.5.0") != RIGHT
    options = ("--isolated", "--keras-version", "3.5.0")
    found = outcome(tmp_path, "check", *options)[1].splitlines()
    assert [line.split()[:3] for line in found] == [
        ["train.ipynb:cell", "4:4:10:", "KER101"],
        ["train.ipynb:cell", "5:2:24:", "KER103"],
        ["train.ipynb:cell", "6:2:81:", "KER104"],
    ]
    assert outcome(tmp_path, "check", *options, "--fix", "--unsafe-fixes")[0] == 0
    after = before
    for old, new in CHANGED.items():
        after = after.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
    assert path.read_text() == after
    assert executed(path, "3.5.0") == RIGHT
    assert executed(path, "3.15.1") == RIGHT
    integration("nbclient", "executed", "losses, weights and targets reach their outputs after the fix")
