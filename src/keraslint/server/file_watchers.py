"""The files on the disk that the checks depend on, as watchers for the client."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from keraslint.pins.gather import WORTH_ASKING

GLOBS = (
    "**/*.{py,pyw}",
    "**/*.{txt,in,pip,toml,lock,yml,yaml,cfg}",
    "**/{Pipfile,Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}",
    "**/{.env,.env.*,*.env}",
)


def watchers() -> list[types.FileSystemWatcher]:
    """The watchers for Python modules, dependency files and configuration."""
    return [types.FileSystemWatcher(glob) for glob in GLOBS]


def configures(path: Path) -> bool:
    """Return True if a file may decide which Keras a project gets, or how it is checked."""
    return WORTH_ASKING.fullmatch(path.name) is not None
