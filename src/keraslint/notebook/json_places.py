"""Places in the JSON of a notebook: from the joined text of its cells to the text of the file."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from keraslint.diagnostic import Diagnostic, Edit, Position, Span
from keraslint.document import Document
from keraslint.notebook.cells import DECODER, Cell, items
from keraslint.notebook.changed_cells import changes, common_ends, written_characters
from keraslint.notebook.joined_cells import NotebookDocument
from keraslint.notebook.places import BETWEEN, CellIndex


class JsonIndex:
    """The characters of the cells of one notebook, by their places in its JSON."""

    def __init__(self, notebook: NotebookDocument) -> None:
        self.file = Document(notebook.path, notebook.json)
        self._notebook = notebook
        self._words = CellIndex(notebook.text)
        lengths = (len(cell.source) + len(BETWEEN) for cell in notebook.cells)
        self._starts = list(itertools.accumulate(lengths, initial=0))
        self._rows = list(itertools.accumulate(map(len, self.file.lines), initial=0))
        self._written: dict[int, list[tuple[int, int]]] = {}

    def placed(self, diagnostic: Diagnostic, name: str) -> Diagnostic:
        """The diagnostic at its places in the JSON, without its fixes. Its message names cells.

        ``name``: the name by which its message and its evidence call the file.
        """
        filename, claim, shown = diagnostic.filename, diagnostic.keras, diagnostic.outputs_place
        if claim is not None:
            evidence = (
                replace(item, row=self._row(item.row)) if item.filename == name and item.row else item
                for item in claim.evidence
            )
            claim = replace(claim, evidence=tuple(evidence))
        if shown is not None and shown[0] == filename:
            shown = (filename, self._row(shown[1]))
        return replace(
            diagnostic,
            message=self._words.in_words(diagnostic.message, name),
            span=self.span(diagnostic.span),
            noqa_rows=tuple(map(self._row, diagnostic.noqa_rows)),
            keras=claim,
            fixes=(),
            outputs_place=shown,
        )

    def span(self, span: Span) -> Span:
        """The place in the JSON of a span of the joined text."""
        start, end = (self._notebook.offset(place) for place in (span.start, span.end))
        first, _ = self._character(start)
        if end <= start:
            return Span(self._position(first), self._position(first))
        last, length = self._character(end - 1)
        return Span(self._position(first), self._position(last + length))

    def rewritten(self, text: str) -> Iterator[Edit]:
        """The edits of the JSON by which its cells get the sources of another joined text. Raises ValueError."""
        for start, end, new in changes(self.file.text, self._notebook.cells, self._notebook.sources(text)):
            head, tail = common_ends(self.file.text[start:end], new)
            yield Edit(Span(self._position(start + head), self._position(end - tail)), new[head : len(new) - tail])

    def _row(self, row: int) -> int:
        place = Position(row, 1)
        return self.span(Span(place, place)).start.row

    def _character(self, offset: int) -> tuple[int, int]:
        """The index in the JSON of a character of the joined text, and the number of characters that write it.

        The end of a cell, and what stands between it and the next, is where its source ends.
        """
        number = min(max(bisect_right(self._starts, offset) - 1, 0), len(self._notebook.cells) - 1)
        if number not in self._written:
            self._written[number] = list(self._of_cell(self._notebook.cells[number]))
        characters, within = self._written[number], offset - self._starts[number]
        if within < len(characters):
            return characters[within]
        cell = self._notebook.cells[number]
        return (sum(characters[-1]) if characters else min(cell.start + 1, cell.end)), 0

    def _of_cell(self, cell: Cell) -> Iterator[tuple[int, int]]:
        """Each character of the source of a cell, as ``_character`` returns it."""
        text = self.file.text
        kind = text[cell.start : cell.end][:1]
        for start, end in items(text, cell.start) if kind == "[" else [(cell.start, cell.end)] if kind == '"' else []:
            if isinstance(DECODER.raw_decode(text, start)[0], str):
                at = start + 1
                for written in written_characters(text[start + 1 : end - 1]):
                    yield at, len(written)
                    at += len(written)

    def _position(self, index: int) -> Position:
        row = min(max(bisect_right(self._rows, index), 1), max(len(self.file.lines), 1))
        return Position(row, index - self._rows[row - 1] + 1)
