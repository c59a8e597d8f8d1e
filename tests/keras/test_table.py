"""A few cells of the shipped table, measured again on the boundary releases and the newest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.real_keras
def test_the_shipped_table_is_what_the_releases_do() -> None:
    command = [sys.executable, "-m", "tools.measure_keras", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for release in ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.14.0"):
        assert f"{release}: 17 cases" in done.stdout
