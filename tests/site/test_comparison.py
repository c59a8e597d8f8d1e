"""What docs/comparison.md says of other tools is so: they are run, in the versions that the page names."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.rules.base import Example
from keraslint.rules.registry import ALL_RULES

from ..cache import environment
from ..conftest import Integration
from ..notebook.notebooks import dumped

pytestmark = pytest.mark.real_tools

PAGE = (Path(__file__).parents[2] / "docs" / "comparison.md").read_text(encoding="utf-8")
HEADER, *ROWS = ([cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*", PAGE, re.M))
TABLE = {
    row[0]: dict(zip(("keraslint", "torchfix", "fixit", "bugbear", "ruff", "pip-audit"), row[1:], strict=True))
    for row in ROWS
}
VERSIONS = dict(cell.split() for cell in HEADER[2:])
LENGTH = {"E501", "B950", "line-too-long"}
"""In its preview mode Ruff says the name of a rule in the place of its code."""

# A program in which each of the linters finds something.
DIRTY = """\
import torch

w = torch.solve(1, 2)
s = "%s" % w
try:
    pass
except:
    pass
"""
ALL = {
    "torchfix": ["torchfix", "--select", "ALL"],
    "fixit": ["fixit", "lint"],
    "bugbear": ["flake8", "--isolated", "--select", "B,B9,C,E,F,W"],
    "ruff": ["ruff", "check", "--isolated", "--select", "ALL", "--preview", "--output-format", "concise"],
}
CODE = re.compile(r"^(?:\./)?(\S+?\.(?:py|ipynb))(?::cell \d+)?[:@]\d+:\d+:? ([\w-]+)", re.M)

Said = Callable[..., set[tuple[str, str]]]


@pytest.fixture(scope="session")
def python() -> Path:
    names = {"TorchFix": "torchfix", "Fixit": "fixit", "flake8-bugbear": "flake8-bugbear", "Ruff": "ruff"}
    wanted = [f"{names.get(name, name)}=={version}" for name, version in VERSIONS.items()]
    (flake8,) = re.findall(r"\(flake8 ([\d.]+)\)", PAGE)
    return environment("comparison", f"flake8=={flake8}", *wanted)


@pytest.fixture
def run(python: Path, tmp_path: Path) -> Callable[..., str]:
    (tmp_path / "pyproject.toml").write_text('[tool.fixit]\nenable = ["fixit.rules", "fixit.upgrade"]\n')

    def command(*words: str) -> str:
        done = subprocess.run([python, "-m", *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    return command


@pytest.fixture
def said(run: Callable[..., str]) -> Said:
    """The file and the code of all that a tool reports."""
    return lambda tool, *names: set(CODE.findall(run(*ALL[tool], *names)))


def pairs() -> dict[str, tuple[Example, str]]:
    """By rule, its first example with the fault, and the same program without it."""
    found = {}
    for rule in ALL_RULES:
        if rule.code[3] in "13":
            wrong = next(example for example in rule.examples if example.finds)
            right = wrong.fixed or next(example.code for example in rule.examples if not example.finds)
            found[rule.code] = wrong, right
    return found


def test_the_faults_that_are_found(said: Said, tmp_path: Path, integration: Integration) -> None:
    programs = pairs()
    assert f"of {len(programs)} example programs" in PAGE
    version = dict(zip(ALL, VERSIONS.values(), strict=False))
    (row,) = (cells for name, cells in TABLE.items() if name.startswith("faults found"))
    for code, (wrong, right) in programs.items():
        (tmp_path / f"{code}_wrong.py").write_text(wrong.code)
        (tmp_path / f"{code}_right.py").write_text(right)
        assert check_source(wrong.code, keras=wrong.keras, select=[code])
    assert row["keraslint"] == str(len(programs))
    for tool in ALL:
        reported = said(tool, ".")
        told = [
            rule
            for rule in programs
            if {code for name, code in reported if name == f"{rule}_wrong.py"}
            - {code for name, code in reported if name == f"{rule}_right.py"}
            - LENGTH
        ]
        assert row[tool] == str(len(told)), (tool, told)
        integration(tool, version[tool], f"finds {len(told)} of {len(programs)} faults")


def test_the_pin_changes_nothing_that_they_say(said: Said, tmp_path: Path) -> None:
    wrong, _ = pairs()["KER101"]
    (tmp_path / "train.py").write_text(wrong.code)
    row = TABLE["says something else of the code when the pin of Keras changes"]
    for tool in ALL:
        answers = []
        for pin in ("keras==3.5.0", "keras==3.7.0"):
            (tmp_path / "requirements.txt").write_text(f"{pin}\n")
            answers.append(said(tool, "train.py"))
        assert (answers[0] == answers[1]) is (row[tool] == "no"), tool
    assert check_source(wrong.code, keras="3.5.0")
    assert not check_source(wrong.code, keras="3.7.0")


def test_notebooks(said: Said, tmp_path: Path) -> None:
    (tmp_path / "dirty.py").write_text(DIRTY)
    (tmp_path / "dirty.ipynb").write_bytes(dumped(DIRTY))
    for tool in ALL:
        own = {code for _, code in said(tool, "dirty.py")}
        found = own & {code for _, code in said(tool, "dirty.ipynb")} - LENGTH
        assert own, tool
        assert bool(found) is (TABLE["reads notebooks"][tool] == "yes"), (tool, found)


def test_what_they_offer(run: Callable[..., str]) -> None:
    helps = {
        "torchfix": run("torchfix", "--help"),
        "fixit": run("fixit", "--help") + run("fixit", "fix", "--help"),
        "bugbear": run("flake8", "--help"),
        "ruff": run("ruff", "--help") + run("ruff", "check", "--help"),
        "pip-audit": run("pip_audit", "--help"),
    }
    signs = {
        "SARIF": r"\bsarif\b",
        "language server": r"language server|^  lsp ",
        "fixes code": r"--fix\b|^  fix ",
        "keeps safe and unsafe fixes apart": "--unsafe-fixes",
    }
    for name, sign in signs.items():
        for tool, text in helps.items():
            if TABLE[name][tool] and not (name == "fixes code" and tool == "pip-audit"):
                assert bool(re.search(sign, text, re.M)) is (TABLE[name][tool] == "yes"), (name, tool)
    assert re.search(r"--fix\b", helps["pip-audit"])
    assert TABLE["fixes pins"]["pip-audit"] == "yes"


def test_pip_audit_reads_dependency_files(run: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "train.py").write_text(DIRTY)
    dry = ("--dry-run", "--no-deps", "--disable-pip", "--format", "json")
    assert "would have audited 1 packages" in run("pip_audit", *dry, "-r", "requirements.txt").lower()
    assert "would have audited" not in run("pip_audit", *dry, "-r", "train.py").lower()
