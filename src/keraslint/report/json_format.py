"""Diagnostics as JSON: the objects that ``docs/diagnostics.schema.json`` describes."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from keraslint.diagnostic import Diagnostic, Fix, KerasClaim, Position, Span


def render_json(diagnostics: Sequence[Diagnostic]) -> str:
    """One JSON array."""
    return dumps([as_dict(diagnostic) for diagnostic in diagnostics], indent=2) + "\n"


def render_json_lines(diagnostics: Sequence[Diagnostic]) -> str:
    """One JSON object on each line."""
    return "".join(dumps(as_dict(diagnostic)) + "\n" for diagnostic in diagnostics)


def dumps(value: Any, indent: int | None = None) -> str:
    """JSON of ASCII characters alone, without what a log of GitHub or Azure takes for a command."""
    return json.dumps(value, indent=indent).replace("##", "#\\u0023")


def as_dict(diagnostic: Diagnostic) -> dict[str, Any]:
    """One diagnostic; file names are absolute, as in Ruff's JSON, except names in brackets and ``-``."""
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "url": diagnostic.url,
        "filename": absolute(diagnostic.filename),
        **_locations(diagnostic.span),
        "cell": diagnostic.cell,
        "noqa_row": diagnostic.noqa_rows[0] if diagnostic.noqa_rows else None,
        "outputs": None if diagnostic.outputs is None else list(diagnostic.outputs),
        "keras": None if diagnostic.keras is None else _claim(diagnostic.keras),
        "fixes": [_fix(fix) for fix in diagnostic.fixes],
    }


def place_in_file(diagnostic: Diagnostic) -> tuple[Position, Position]:
    """The start and the end in the file for services that show its lines: as Ruff says it, the first of a notebook."""
    if diagnostic.cell is not None:
        return Position(1, 1), Position(1, 1)
    return diagnostic.span.start, diagnostic.span.end


def absolute(filename: str) -> str:
    """The absolute path of a file; ``-`` and ``<string>`` are not files and stay as they are."""
    return filename if filename == "-" or filename.startswith("<") else os.path.abspath(filename)  # noqa: PTH100


def _claim(claim: KerasClaim) -> dict[str, Any]:
    return {
        "admitted": claim.admitted,
        "pinned": claim.pinned,
        "evidence": [
            {
                "filename": absolute(item.filename) if item.row else item.filename,  # row 0: an option, not a file
                **_cell(item.cell),
                "row": item.row,
                "text": item.text,
            }
            for item in claim.evidence
        ],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "style": fix.style,
        "applicability": fix.applicability.value,
        "message": fix.message,
        "edits": [{"content": edit.content, **_cell(edit.cell), **_locations(edit.span)} for edit in fix.edits],
    }


def _cell(cell: int | None) -> dict[str, int]:
    """The number of a cell, in a notebook alone."""
    return {} if cell is None else {"cell": cell}


def _locations(span: Span) -> dict[str, dict[str, int]]:
    ends = {"location": span.start, "end_location": span.end}
    return {name: {"row": position.row, "column": position.column} for name, position in ends.items()}
