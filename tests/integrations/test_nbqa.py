"""Notebooks in the real flake8, to which the real nbQA hands them as scripts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.notebook.notebooks import COMPILED, MODEL, cell, dumped

from ..cache import environment
from ..conftest import Integration

pytestmark = pytest.mark.real_tools

FLAKE8 = "flake8==7.5.0"
SAID = "sends each loss to another output: 'mae' trains 'small', 'mse' trains 'big'; pass a tuple in output order"


def test_flake8_finds_what_stands_in_a_notebook(tmp_path: Path, installed: Path, integration: Integration) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    title, ignored = cell("# Two outputs", "markdown"), COMPILED.replace("\n", "  # noqa: KER101\n")
    (tmp_path / "nb.ipynb").write_bytes(dumped(title, "%pip install x", MODEL, f"%%time\n{COMPILED}", ignored))
    python = environment("nbqa", "nbqa==1.9.1", FLAKE8, "libcst", "packaging", "pathspec", "pyyaml")
    done = subprocess.run(
        [str(python), "-m", "nbqa", "flake8", "--select=KER", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"nb.ipynb:cell_3:2:28: KER101 Keras 3.5.0 (requirements.txt:1) {SAID}"), done.stderr
    assert done.returncode == 1
    integration("nbqa", "1.9.1", f"the plugin in {FLAKE8} on a notebook")
