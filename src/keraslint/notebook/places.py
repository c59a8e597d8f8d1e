"""Places in a notebook: from rows of the joined program to cells and rows within them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace

from keraslint.diagnostic import Diagnostic, Edit, Evidence, Position, Span

MARK = "#\ufdd0"
"""The line between two cells: a comment that no program has, as its character is none."""

BETWEEN = f"\n{MARK}\n"
SUFFIX = ".ipynb"


def is_notebook(path: str) -> bool:
    """Return True if the name of a file is that of a notebook."""
    return path.endswith(SUFFIX)


def split_cells(text: str) -> list[str]:
    """The sources of the cells in a joined text."""
    return text.split(BETWEEN)


class CellIndex:
    """The cells of one joined text. As in Ruff, cells of any kind count, from 1 on."""

    def __init__(self, text: str) -> None:
        from keraslint.document import lines_of

        rows = [row for row, line in enumerate(lines_of(text), 1) if line.rstrip("\r\n") == MARK]
        self._starts = [1, *(row + 1 for row in rows)]

    def cell(self, row: int) -> int:
        """The number of the cell with this row of the text."""
        return max(bisect_right(self._starts, row), 1)

    def row(self, row: int) -> int:
        """The row within its cell."""
        return row - self._starts[self.cell(row) - 1] + 1

    def place(self, row: int) -> str:
        """The place of a row as messages write it: "cell 3:2"."""
        return f"cell {self.cell(row)}:{self.row(row)}"

    def in_words(self, text: str, filename: str) -> str:
        """A text with the rows of this file that it names, ``nb.ipynb:17``, as places by cell."""
        named = re.compile(rf"(?<![\w./\\-]){re.escape(filename)}:(\d+)\b")
        return named.sub(lambda match: f"{filename}:{self.place(int(match[1]))}", text)

    def placed(self, diagnostic: Diagnostic, name: str | None = None) -> Diagnostic:
        """The diagnostic with its positions by cell; those of its edits are within the cells that they change.

        ``name``: the name by which its message and its evidence call the file, where that is another one.
        """
        filename, claim, shown = diagnostic.filename, diagnostic.keras, diagnostic.outputs_place
        name, shown_cell = name or filename, None
        if claim is not None:
            claim = replace(claim, evidence=self.evidence(claim.evidence, name))
        if shown is not None and shown[0] == filename:
            shown, shown_cell = (filename, self.row(shown[1])), self.cell(shown[1])
        return replace(
            diagnostic,
            cell=self.cell(diagnostic.span.start.row),
            message=self.in_words(diagnostic.message, name),
            span=self._span(diagnostic.span),
            noqa_rows=tuple(self.row(row) for row in diagnostic.noqa_rows),
            keras=claim,
            fixes=tuple(replace(fix, edits=tuple(self.edits(fix.edits))) for fix in diagnostic.fixes),
            outputs_place=shown,
            outputs_cell=shown_cell,
        )

    def evidence(self, items: Iterable[Evidence], filename: str) -> tuple[Evidence, ...]:
        """The evidence with the rows of this file by cell."""
        return tuple(
            replace(item, cell=self.cell(item.row), row=self.row(item.row))
            if item.filename == filename and item.row
            else item
            for item in items
        )

    def edits(self, edits: Iterable[Edit]) -> list[Edit]:
        """Edits of the text as edits of its cells."""
        return [Edit(self._span(edit.span), edit.content, self.cell(edit.span.start.row)) for edit in edits]

    def _span(self, span: Span) -> Span:
        above = span.start.row - self.row(span.start.row)
        start, end = (Position(place.row - above, place.column) for place in (span.start, span.end))
        return Span(start, end)


def in_cells(diagnostics: Iterable[Diagnostic], text_of: Callable[[str], str]) -> list[Diagnostic]:
    """The diagnostics with those of notebooks placed by cell; ``text_of`` gives the joined text of a notebook.

    What is said of a file that can't be read as a notebook has no cell.
    """
    indices: dict[str, CellIndex | None] = {}
    placed = []
    for one in diagnostics:
        if one.filename not in indices:
            text = text_of(one.filename) if is_notebook(one.filename) else ""
            indices[one.filename] = CellIndex(text) if text else None
        index = indices[one.filename]
        placed.append(one if index is None else index.placed(one))
    return placed


def text_of_cell(text: str, cell: int | None) -> str:
    """The source of a cell in a joined text; the text of a file that is no notebook."""
    return text if cell is None else split_cells(text)[cell - 1]
