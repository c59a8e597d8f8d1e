"""The client is asked to watch the files that the checks read."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from keraslint.pins.registry import SOURCES
from keraslint.server.client import configures, watchers

NAMES = """
    requirements.txt requirements-dev.txt base.in constraints.txt pyproject.toml setup.cfg setup.py Pipfile Pipfile.lock
    pixi.toml pixi.lock environment.yml environment.gpu.yaml conda-lock.yml uv.lock poetry.lock pdm.lock pylock.toml
    meta.yaml pip-freeze.txt explicit.txt Dockerfile gpu.Dockerfile test.yml .env .env.local gpu.env keraslint.toml
""".split()


def watched(name: str) -> bool:
    globs = [str(watcher.glob_pattern) for watcher in watchers()]
    return any(fnmatchcase(name, pattern) for text in globs for pattern in alternatives(text.removeprefix("**/")))


def alternatives(text: str) -> list[str]:
    """A pattern without braces for each of those in them."""
    found = re.search(r"{([^}]*)}", text)
    if found is None:
        return [text]
    return [
        one for part in found[1].split(",") for one in alternatives(text[: found.start()] + part + text[found.end() :])
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_that_decides_is_watched(name: str) -> None:
    assert watched(name)
    assert configures(Path("/project") / name)


def test_modules_are_watched_and_other_files_are_not() -> None:
    assert watched("model.py")
    assert not configures(Path("model.py"))
    assert not any(
        watched(name) or configures(Path(name)) for name in ("data.csv", "weights.h5", "notes.md", "a.ipynb")
    )


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: type(source).__name__)
def test_no_kind_of_dependency_file_is_forgotten(source) -> None:
    assert any(source.claims(name) or source.claims(f".github/workflows/{name}") for name in NAMES)
