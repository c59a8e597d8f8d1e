"""Scripts that were notebooks: exports with IPython's lines, files with ``# %%`` cells, and those of Databricks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keraslint.ipython.lines import UNKNOWN, without_magics

_HAS_MAGICS = re.compile(r"^[ \t]*(?:[!%?,;/]|(?:pip|cd|ls)[ \t])|=[ \t]*[!%]|\?[ \t]*(?:#.*)?$", re.MULTILINE)
_BETWEEN_CELLS = re.compile(r"^# ?(?:%%|In ?\[|COMMAND -)[^\r\n]*(?:\r\n|\r|\n)", re.MULTILINE)
# An export keeps the indentation of a magic behind the mark of the comment.
_COMMENTED = re.compile(r"^# ?([ \t]*)[%!]\w[^\r\n]*", re.MULTILINE)
_DATABRICKS = "# Databricks notebook source"
_RUN = re.compile(r"^# MAGIC[ \t]+%run\b[^\r\n]*", re.MULTILINE)


def scripts_without_magics(text: str) -> Iterator[str]:
    """Python in the rows of a script that does not parse: without its magics, then without those in comments, too.

    Nothing for a script without a line of IPython's syntax.
    """
    if not (_HAS_MAGICS.search(text) or _COMMENTED.search(text)):
        return
    cells, at = [], 0
    for match in _BETWEEN_CELLS.finditer(text):
        cells.append(text[at : match.end()])
        at = match.end()
    first = "".join(_converted(cell) for cell in (*cells, text[at:]))
    yield first
    yield _COMMENTED.sub(r"\1pass", first)


def _converted(cell: str) -> str:
    """A cell that may end with the comment that begins the next one."""
    mark = next((match.start() for match in _BETWEEN_CELLS.finditer(cell) if match.end() == len(cell)), len(cell))
    return without_magics(cell[:mark]) + cell[mark:]


def with_shared_notebooks(text: str) -> str:
    """A file of Databricks with a star import of an unknown module where it runs another; else the text."""
    return _RUN.sub(f"from {UNKNOWN} import *", text) if text.startswith(_DATABRICKS) else text
