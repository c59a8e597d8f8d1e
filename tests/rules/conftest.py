"""Checks a program in a project with one line in its requirements.txt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import keraslint
from keraslint import Diagnostic

MODEL = """\
import keras
from collections import OrderedDict

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
tiny = keras.layers.Dense(2, name="a")(inputs)
model = keras.Model(inputs, [small, big])
three = keras.Model(inputs, [small, big, tiny])
named = keras.Model(inputs, {"small": small, "big": big})
"""

Check = Callable[..., list[Diagnostic]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The findings of a rule in what follows the model, for a project that asks for ``requirement``."""

    def run(code: str, body: str, requirement: str = "keras==3.5.0") -> list[Diagnostic]:
        (tmp_path / ".git").mkdir(exist_ok=True)
        (tmp_path / "requirements.txt").write_text(f"{requirement}\n")
        (tmp_path / "train.py").write_text(MODEL + body)
        monkeypatch.chdir(tmp_path)
        return [found for found in keraslint.check_paths(["train.py"], isolated=True) if found.code == code]

    return run
