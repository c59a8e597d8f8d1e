"""Which files on the disk matter to the checks, and how the client is asked to watch them."""

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
    """What to watch: Python modules, dependency files, configuration."""
    return [types.FileSystemWatcher(glob) for glob in GLOBS]


def configures(path: Path) -> bool:
    """Whether a file may say which Keras a project gets, or how it is checked."""
    return WORTH_ASKING.fullmatch(path.name) is not None
