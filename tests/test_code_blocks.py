"""Every code block of the README and the site is run, or checked, by some test: what no test here claims fails.

The pages of the rules are made from examples that tests/rules runs.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from keraslint.config.find import ConfigFinder
from keraslint.config.options import Options

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [
    ROOT / "README.md",
    ROOT / "examples" / "README.md",
    *(path for path in sorted(DOCS.rglob("*.md")) if path.parent.name != "rules"),
]
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"<!-- prints: .* -->\n```text\n")

# The tests of blocks that need more than this file has, by language and page.
ELSEWHERE = {
    ("python", "README.md"): "tests/test_docs.py",
    ("python", "bug.md"): "tests/keras/test_safe_compile.py",
    ("python", "contributing.md"): "tests/test_docs.py",
    ("python", "fleet.md"): "tests/fleet/test_fleet.py",
    ("python", "glossary.md"): "tests/test_docs.py",
    ("python", "python.md"): "tests/test_docs.py",
    ("python", "runtime.md"): "tests/keras/test_safe_compile.py",
    ("text", "runtime.md"): "tests/keras/test_safe_compile.py",
    ("text", "usage.md"): "tests/test_docs.py",
    ("lua", "editors.md"): "tests/server/test_editors.py",
    ("elisp", "editors.md"): "tests/server/test_editors.py",
    ("groovy", "ci.md"): "tests/integrations/test_ci_recipes.py",
    ("ini", "ci.md"): "tests/integrations/test_ci_recipes.py",
    ("make", "ci.md"): "tests/integrations/test_ci_recipes.py",
    ("python", "ci.md"): "tests/integrations/test_ci_recipes.py",
    ("yaml", "README.md"): "tests/integrations/test_pre_commit.py",
    ("yaml", "pre-commit.md"): "tests/integrations/test_pre_commit.py",
}

# What stands in an indented block and is no command of keraslint: who runs it.
OTHER_COMMANDS = {
    "python -m venv .venv && ": ".ci/run, in a fresh environment",
    ".ci/run quick": "by hand, before a commit",
    "pre-commit ": "tests/integrations/test_pre_commit.py",
    "python -m pip install ": "tests/test_docs.py: from a path",
    "python -m flake8 --select=KER": "tests/integrations/test_flake8.py",
    "nbqa flake8 --select=KER": "tests/integrations/test_nbqa.py",
    "KERAS_BACKEND=jax python train.py": "tests/keras, each program so",
    'alias keraslint="': "tests/test_docs.py, in bash",
    ".venv/bin/": "contributing.md: tests/test_docs.py and .ci/run run the same tools",
    "Keras 3.7.0 (requirements.txt:1) stops": "tests/test_docs.py",
    "source .venv/share/bash-completion": "tests/test_completions.py",
    "man .venv/share/man": "tests/test_completions.py",
    "cd editors/vscode && npm ": "tests/server/test_vscode.py, on a copy of the folder",
    "code --install-extension ": "tests/server/test_vscode.py, with the command of code-server",
    "bytes ─▶": "a picture",
}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def indented(page: str) -> Iterator[str]:
    """The lines of indented blocks, which follow an empty line."""
    lines = ["", *FENCED.sub("", page).splitlines()]
    inside = False
    for before, line in pairwise(lines):
        inside = line.startswith("    ") and (inside or not before) and not re.match(r" +(?:[-*|:]|\d+\.)", line)
        if inside:
            yield line.strip()


def commands() -> list[str]:
    """Every command of keraslint that a page names in a block, if it ends by itself, without the comment behind."""
    lines = [line for page in PAGES for line in indented(text(page))]
    for page in PAGES:
        for language, block in FENCED.findall(text(page)):
            if language == "yaml":
                lines += re.findall(r"^ *- (?:run: )?(keraslint .*)$", block, flags=re.MULTILINE)
    found = [re.sub(r"\s+# .*", "", line) for line in lines if line.startswith("keraslint ")]
    return sorted({line for line in found if not re.search(r"\[|  |CODE$|DEST$|^keraslint server|--watch", line)})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_is_claimed(page: Path) -> None:
    whole = text(page)
    for language, block in FENCED.findall(whole):
        by = ELSEWHERE.get((language, page.name))
        assert by is None or (ROOT / by).exists()
        if language == "text":
            assert by or any(f"{start}{block}" in whole for start in PRINTED.findall(whole)), block
        elif language == "python":
            ast.parse(block)
            assert by, block
        else:
            assert by or language in ("console", "json", "toml", "yaml"), (language, block)
    for line in indented(whole):
        assert line.startswith(("keraslint ", *OTHER_COMMANDS)), line


def configurations() -> Iterator[str]:
    for page in PAGES:
        yield from (block for language, block in FENCED.findall(text(page)) if language == "toml")


def test_configurations_are_valid(tmp_path: Path) -> None:
    ours = [block for block in configurations() if "keraslint]" in block and "[tool.keraslint]" in block]
    assert len(ours) >= 2
    for number, block in enumerate(ours):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "pyproject.toml").write_text(block)
        settings = ConfigFinder(folder, Options()).settings(folder)
        assert settings.source.endswith("pyproject.toml")


def test_json_and_yaml_parse() -> None:
    seen = 0
    for page in PAGES:
        for language, block in FENCED.findall(text(page)):
            if language in ("json", "yaml"):
                assert json.loads(block) if language == "json" else yaml.safe_load(block)
                seen += 1
    assert seen > 5


@pytest.mark.slow
@pytest.mark.parametrize("command", commands())
def test_a_command_runs(command: str, tmp_path: Path) -> None:
    """In a folder that has all files which the pages name, it ends with 0 or 1, and says nothing of an error."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    example = FENCED.findall(text(ROOT / "README.md"))[0][1]
    for folder in (tmp_path, tmp_path / "src", tmp_path / "packages" / "b", tmp_path / "mirror" / "b"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "train.py").write_text(example)
        (folder / "requirements.txt").write_text("keras==3.5.0\n")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "keraslint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m keraslint "$@"\n')
    (tmp_path / "bin" / "keraslint").chmod(0o755)
    known = {**os.environ, "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=known, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert "error:" not in done.stderr
    assert done.stdout or done.stderr or "--output-file" in command
