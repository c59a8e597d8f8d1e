"""Which files on the disk matter to the checks, and how the client is asked to watch them."""

from __future__ import annotations

import re
from pathlib import Path

from lsprotocol import types

GLOBS = (
    "**/*.{py,pyw}",
    "**/*.{txt,in,pip,toml,lock,yml,yaml,cfg}",
    "**/{Pipfile,Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}",
)
_NAME = re.compile(
    r".*\.(?:txt|in|pip|toml|lock|ya?ml|cfg)|setup\.py|pipfile|.*(?:docker|container)file.*", re.IGNORECASE
)


def watchers() -> list[types.FileSystemWatcher]:
    """What to watch: Python modules, dependency files, configuration."""
    return [types.FileSystemWatcher(glob) for glob in GLOBS]


def configures(path: Path) -> bool:
    """Whether a file may say which Keras a project gets, or how it is checked."""
    return _NAME.fullmatch(path.name) is not None
