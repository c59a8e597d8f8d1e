"""Trains cases on one release in a process of its own, and returns the observations in the terms of the table."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keraslint.behaviour.measured.cases import MODELS, Case
from keraslint.behaviour.structure import Absent, Leaf, Named, Positional, Structure
from tests.keras.releases import environment

WORKER = Path(__file__).with_name("worker.py")
JSON = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question to a release: the folder that it is installed in, the interpreter, cases and names of models."""

    release: str
    folder: Path
    python: Path
    cases: tuple[Case, ...]
    models: tuple[str, ...]

    def text(self) -> str:
        """The text that the worker reads."""
        return json.dumps({"calls": [_call(case) for case in self.cases], "models": [_model(it) for it in self.models]})


def seen_on(asked: Asked) -> JSON:
    """The observations of the worker: "seen" for each case, "outputs" for each model.

    Raises RuntimeError where the worker itself fails or another release answers.
    """
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [str(asked.python), "-I", str(WORKER), str(asked.folder)],
            input=asked.text(),
            env=environment(home),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the worker failed on Keras {asked.release}:\n{done.stderr[-8000:]}")
    answer: JSON = json.loads(done.stdout.splitlines()[-1])
    if answer["keras"] != asked.release:
        raise RuntimeError(f"asked for Keras {asked.release}, got {answer['keras']}")
    return answer


def _call(case: Case) -> JSON:
    return {
        "model": _model(case.model),
        "keys": case.keys,
        "loss": _plain(case.loss_structure),
        "loss_weights": _plain(case.loss_weights_structure),
        "y": _plain(case.y_structure),
        "sample_weight": _plain(case.sample_weight_structure),
        "metrics": _plain(case.metrics_structure),
        "weighted_metrics": _plain(case.weighted_metrics_structure),
        "class_weight": case.class_weight or None,
    }


def _model(name: str) -> JSON:
    model = MODELS[name]
    outputs = model.outputs
    return {
        "container": outputs.container,
        "names": outputs.names,
        "keys": outputs.keys,
        "functional": outputs.functional,
        "made_by": model.made_by,
    }


def _plain(structure: Structure) -> Any:
    """The structure in the form that the worker reads."""
    if isinstance(structure, Absent):
        return None
    if isinstance(structure, Leaf):
        return structure.token
    if isinstance(structure, Positional):
        return [structure.kind, [_plain(item) for item in structure.items]]
    assert isinstance(structure, Named)
    kind = "odict" if structure.ordered else "dict"
    return [kind, [[key, _plain(value)] for key, value in structure.entries]]
