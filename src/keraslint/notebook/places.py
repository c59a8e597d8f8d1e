"""Places in a notebook: from rows of the joined program to cells and rows within them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace

from keraslint.diagnostic import Diagnostic, Edit, Evidence, Fix, Position, Span

MARK = "#\ufdd0"
"""The line between two cells: a comment that no program has, as its character is none."""

BETWEEN = f"\n{MARK}\n"
SUFFIX = ".ipynb"


def is_notebook(path: str) -> bool:
    """Return True if the name of a file is that of a notebook."""
    return path.endswith(SUFFIX)


def split_cells(text: str) -> list[str]:
    """The sources of the code cells in a joined text."""
    return text.split(BETWEEN)


class CellIndex:
    """The cells of one joined text."""

    def __init__(self, text: str) -> None:
        from keraslint.document import lines_of

        rows = [row for row, line in enumerate(lines_of(text), 1) if line.rstrip("\r\n") == MARK]
        self._starts = [1, *(row + 1 for row in rows)]

    def cell(self, row: int) -> int:
        """The 1-based number of the code cell with this row."""
        return max(bisect_right(self._starts, row), 1)

    def row(self, row: int) -> int:
        """The row within its cell."""
        return row - self._starts[self.cell(row) - 1] + 1

    def start(self, cell: int) -> int:
        """The first row of a cell."""
        return self._starts[cell - 1]

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic with its positions by cell; those of its edits are within the cells that they change."""
        cell = self.cell(diagnostic.span.start.row)
        message = diagnostic.message
        claim = diagnostic.keras
        if claim is not None:
            own = [item for item in claim.evidence if item.filename == diagnostic.filename and item.row]
            for item in sorted(own, key=lambda one: -one.row):
                here = f"{item.filename}:{item.row}"
                there = f"{item.filename}:cell {self.cell(item.row)}:{self.row(item.row)}"
                message = message.replace(f"({here})", f"({there})").replace(f"({here},", f"({there},")
            claim = replace(claim, evidence=tuple(self._evidence(item, diagnostic.filename) for item in claim.evidence))
        return replace(
            diagnostic,
            cell=cell,
            message=message,
            span=self._span(diagnostic.span, cell),
            noqa_rows=tuple(self.row(row) for row in diagnostic.noqa_rows),
            keras=claim,
            fixes=tuple(self._fix(fix) for fix in diagnostic.fixes),
        )

    def _evidence(self, item: Evidence, filename: str) -> Evidence:
        if item.filename != filename or not item.row:
            return item
        return replace(item, cell=self.cell(item.row), row=self.row(item.row))

    def _span(self, span: Span, cell: int) -> Span:
        first = self.start(cell) - 1
        start, end = (Position(place.row - first, place.column) for place in (span.start, span.end))
        return Span(start, end)

    def _fix(self, fix: Fix) -> Fix:
        edits = []
        for edit in fix.edits:
            cell = self.cell(edit.span.start.row)
            edits.append(Edit(self._span(edit.span, cell), edit.content, cell))
        return replace(fix, edits=tuple(edits))


def in_cells(diagnostics: list[Diagnostic], text_of: Callable[[str], str]) -> list[Diagnostic]:
    """The diagnostics with those of notebooks placed by cell; ``text_of`` gives the joined text of a notebook."""
    indices: dict[str, CellIndex] = {}
    placed = []
    for one in diagnostics:
        if is_notebook(one.filename) and one.filename not in indices:
            indices[one.filename] = CellIndex(text_of(one.filename))
        placed.append(indices[one.filename].placed(one) if one.filename in indices else one)
    return placed
