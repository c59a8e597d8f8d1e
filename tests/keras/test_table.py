"""A few cells of the shipped table, measured again on half of the boundary releases and the newest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .records import chosen_releases, seed

ROOT = Path(__file__).parents[2]


@pytest.mark.real_keras
def test_the_shipped_table_is_what_the_releases_do() -> None:
    releases = chosen_releases(seed())
    command = [sys.executable, "-m", "tools.measure_keras", "--check", "--only", *releases]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for release in releases:
        assert f"{release}: 17 cases" in done.stdout
