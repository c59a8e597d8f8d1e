"""URIs of an editor's documents, and the paths of their files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_DRIVE = re.compile(r"/[A-Za-z]:(?:/|\Z)")


def path_of(uri: str) -> Path | None:
    """The absolute path of a file on this machine; None for other schemes, and for another system's paths."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or "\0" in path:
        return None
    if os.name == "nt":  # file:///c%3A/folder, file://server/share
        path = path[1:] if _DRIVE.match(path) else f"//{parts.netloc}{path}" if parts.netloc else path
    elif parts.netloc not in ("", "localhost") or _DRIVE.match(path):
        return None
    return Path(os.path.normpath(path)) if os.path.isabs(path) else None  # noqa: PTH117 - of a text that may not be a path


def key_of(uri: str) -> str:
    """A key equal for all spellings of a URI: clients don't always escape the same characters, as in ``%3A``."""
    return unquote(uri)


def shown(uri: str) -> str:
    """The name of a document in messages."""
    path = path_of(uri)
    return str(path) if path is not None else unquote(uri)
