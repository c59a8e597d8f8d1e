"""The parts of the package depend on each other in one direction only, and modules stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "keraslint"

# Each part may import from those before it, and from itself.
STAGES = (
    ("diagnostic", "paths", "globs", "words", "dependency_names", "pool"),
    ("document",),
    ("behaviour",),
    ("analysis",),
    ("pins",),
    ("fixes",),
    ("rules",),
    ("selection", "gitignore", "noqa", "unused", "config", "config_file", "config_finder", "discovery", "holding"),
    ("crossing", "dependencies", "dependency_reports", "engine"),
    ("api", "report"),
    ("server",),
    ("runtime",),
    ("pytest",),
    ("commands", "cli", "flake8", "__main__"),
)

# Imports nothing of keraslint, so that it can be copied into a project as one file: it can't be split.
COPIED_AS_ONE_FILE = PACKAGE / "runtime.py"

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def stage_of(part: str) -> int:
    return next(number for number, stage in enumerate(STAGES) if part in stage)


def imported_parts(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names if node.module == "keraslint")
    return {name.split(".")[1] for name in names if name.startswith("keraslint.")} - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_part_imports_no_later_one(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        return
    later = {other for other in imported_parts(path) if stage_of(other) > stage_of(part)}
    assert not later


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_belongs_in_it_and_has_at_most_400_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert path == COPIED_AS_ONE_FILE or len(text.splitlines()) <= 400


def test_what_is_copied_as_one_file_needs_nothing_of_keraslint() -> None:
    assert "keraslint" not in {
        name.split(".")[0]
        for node in ast.walk(ast.parse(COPIED_AS_ONE_FILE.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "keraslint"]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
