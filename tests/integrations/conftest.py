"""This checkout, installed as its users install it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ..cache import pip_install

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PYTHONPATH with the package and its metadata, without what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    pip_install(Path(sys.executable), "--no-deps", "--target", str(folder), str(ROOT))
    return folder
