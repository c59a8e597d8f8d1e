"""Ruff, flake8, isort and black beside keraslint: they leave its copied runtime and its comments alone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from keraslint.cli import main

from ..cache import environment
from ..conftest import Integration

pytestmark = pytest.mark.real_tools

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    python = environment("linters", "ruff", "black", "flake8", "isort")
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(python), "-m", *words], cwd=folder, env=known, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "--isolated", "--fix", "."),
        ("ruff", "check", "--isolated", "--select", "ALL", "--fix", "--unsafe-fixes", "."),
        ("ruff", "format", "--isolated", "--line-length", "60", "."),
        ("black", "--line-length", "60", "."),
        ("flake8", "--isolated", "--max-line-length", "60", "."),
        ("isort", "--line-length", "60", "."),
    ],
    ids=" ".join,
)
def test_the_copied_runtime_is_left_alone(words: tuple[str, ...], tmp_path: Path, integration: Integration) -> None:
    assert main(["vendor-runtime", "-q", str(tmp_path)]) == 0
    copy = tmp_path / "keraslint_runtime.py"
    before = copy.read_bytes()
    done = run(tmp_path, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert copy.read_bytes() == before
    assert main(["vendor-runtime", "-q", str(tmp_path)]) == 0
    version = re.search(r"\d+\.\d+(\.\d+)?", run(tmp_path, words[0], "--version").stdout)
    assert version is not None
    integration(words[0], version.group(), "it leaves the copied runtime alone")


def test_ruff_keeps_our_comments_where_our_codes_are_external(tmp_path: Path) -> None:
    text = "losses = {}  # noqa: KER101\n"
    program = tmp_path / "train.py"
    program.write_text(text)
    assert run(tmp_path, "ruff", "check", "--select", "RUF102", "--preview", "--fix", ".").returncode == 0
    assert program.read_text() == "losses = {}\n"
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"^```toml\n(\[tool\.ruff\.lint\]\n.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(settings)
    program.write_text(text)
    done = run(tmp_path, "ruff", "check", "--select", "RUF", "--preview", "--fix", ".")
    assert done.returncode == 0, done.stdout
    assert program.read_text() == text
