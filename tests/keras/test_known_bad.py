"""The programs that show what is wrong with Keras, run again on half of the boundary releases and the newest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .records import chosen_releases, seed

ROOT = Path(__file__).parents[2]


@pytest.mark.real_keras
def test_what_is_known_to_be_wrong_is_what_the_releases_do() -> None:
    command = [
        sys.executable,
        "-m",
        "tools.measure_keras",
        "--known-bad",
        "--check",
        "--only",
        *chosen_releases(seed()),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
