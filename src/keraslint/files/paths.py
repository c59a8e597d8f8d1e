"""Paths as they are printed, and as files are identified."""

from __future__ import annotations

import os
from pathlib import Path

from keraslint.files.disk import ROOT, held


def display(path: Path | str, cwd: Path) -> str:
    """A path as it is printed: relative to ``cwd`` when below it."""
    text, base = str(path), str(cwd).rstrip("/\\")
    below = text.startswith(base) and text[len(base) : len(base) + 1] in ("/", "\\")
    return text[len(base) + 1 :] if below else text


def absolute(path: str) -> str:
    """The absolute path of a file, with its links unresolved: a link is identified by its own name."""
    return os.path.abspath(path) if held() is None else os.path.normpath(os.path.join(ROOT, path))  # noqa: PTH100, PTH118
