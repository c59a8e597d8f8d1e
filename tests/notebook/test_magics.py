"""The magics that are taken for harmless are those that IPython was measured to have so, in its newest two series."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from keraslint.ipython.magics import HARMLESS, OTHER_CELLS, PYTHON_CELLS, RUN_THEIR_LINE

from ..cache import environment
from ..conftest import Integration

TOOL = Path(__file__).parents[2] / "tools" / "measure_magics.py"


@pytest.mark.real_tools
@pytest.mark.parametrize("series", ["<9", ">=9"])
def test_magics_do_to_variables_what_was_measured(series: str, tmp_path: Path, integration: Integration) -> None:
    python = environment("ipython", f"ipython{series}", "matplotlib")
    known = {**os.environ, "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path), "MPLBACKEND": "agg"}
    done = subprocess.run([str(python), str(TOOL)], capture_output=True, text=True, check=True, env=known, cwd=tmp_path)
    harmless, python_cells, other_cells = (set(line.split()) for line in done.stdout.splitlines())
    assert harmless >= HARMLESS
    assert python_cells == PYTHON_CELLS
    assert other_cells >= OTHER_CELLS
    assert not RUN_THEIR_LINE & harmless
    integration("IPython", series, "its magics do to variables what was measured")
