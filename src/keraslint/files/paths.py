"""Paths as they are printed."""

from __future__ import annotations

from pathlib import Path


def display(path: Path | str, cwd: Path) -> str:
    """A path as it is printed: relative to ``cwd`` when below it."""
    text, base = str(path), str(cwd).rstrip("/\\")
    below = text.startswith(base) and text[len(base) : len(base) + 1] in ("/", "\\")
    return text[len(base) + 1 :] if below else text
