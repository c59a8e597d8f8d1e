"""The magics that are taken for harmless are those that IPython was measured to have so, in its newest two series."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from keraslint.ipython.magics import HARMLESS, OTHER_CELLS, PYTHON_CELLS, RUN_THEIR_LINE

from ..cache import environment
from ..conftest import Integration

TOOL = Path(__file__).parents[2] / "tools" / "measure_magics.py"
MEASURED = {"8.39.0", "9.18.1"}
"""The releases of which all magics were measured: of these, each run measures another tenth. Of others, all."""


@pytest.mark.real_tools
@pytest.mark.parametrize("series", ["<9", ">=9"])
def test_magics_do_to_variables_what_was_measured(series: str, tmp_path: Path, integration: Integration) -> None:
    python = environment("ipython", f"ipython{series}", "matplotlib")
    known = {**os.environ, "HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path), "MPLBACKEND": "agg"}

    def printed(*arguments: str) -> str:
        command = [str(python), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=known, cwd=tmp_path).stdout

    version = printed("-c", "import IPython; print(IPython.__version__)").strip()
    seen = json.loads(printed(str(TOOL), *([os.environ["KERASLINT_SEED"]] if version in MEASURED else [])))
    lines, cells = seen["line"], seen["cell"]
    assert lines.keys() >= HARMLESS
    assert cells.keys() >= PYTHON_CELLS | OTHER_CELLS
    assert {lines[name] for name in HARMLESS} <= {"nothing", None}
    assert {lines[name] for name in RUN_THEIR_LINE & lines.keys()} <= {"touches", "refused", None}
    assert {cells[name] for name in PYTHON_CELLS} <= {"runs", None}
    assert {cells[name] for name in OTHER_CELLS} <= {"nothing", None}
    asking = {"debug"}  # a debugger runs the cell as its user says
    assert not [name for name in cells.keys() - PYTHON_CELLS - asking if cells[name] == "runs"]
    integration("IPython", version, "its magics do to variables what was measured")
