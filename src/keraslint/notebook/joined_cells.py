"""A notebook as a document: the code cells joined to one program, with a line between each and the next."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from keraslint.document import Document, UndecodableSource, lines_of, parsed
from keraslint.notebook.cells import Cell, NotANotebook, code_cells, with_sources
from keraslint.notebook.magics import may_have_magics, unknown_effects, without_magics
from keraslint.notebook.places import BETWEEN, MARK, split_cells


@dataclass(frozen=True)
class NotebookDocument(Document):
    """A notebook. ``text`` is that of its code cells; ``encode`` puts it back into the ``json`` of the file."""

    json: str = ""
    cells: tuple[Cell, ...] = ()

    def encode(self, text: str | None = None) -> bytes:
        """The bytes of the notebook with the cells of ``text`` in it. Raises ValueError where these are not its own."""
        sources = split_cells(self.text if text is None else text) if self.cells else []
        content = with_sources(self.json, self.cells, sources).encode("utf-8", "surrogatepass")
        return b"\xef\xbb\xbf" + content if self.bom else content

    @cached_property
    def broken(self) -> tuple[SyntaxError, ...]:
        """The error of each Python cell that does not parse."""
        return tuple(error for _, error in self._programs if error is not None)

    @cached_property
    def _programs(self) -> tuple[tuple[str, SyntaxError | None], ...]:
        found, row = [], 0
        for cell, source in zip(self.cells, split_cells(self.text), strict=False):
            text, error = _program(cell, source)
            if error is not None:
                error.lineno = row + (error.lineno or 1)
            found.append((text, error))
            row += len(lines_of(f"{source}{BETWEEN}"))
        return tuple(found)

    @cached_property
    def _outcome(self) -> tuple[str, ast.Module] | SyntaxError | ValueError:
        return parsed(BETWEEN.join(text for text, _ in self._programs))


def open_notebook(path: str, data: bytes) -> NotebookDocument:
    """The document in the bytes of a notebook. Raises UndecodableSource."""
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        text = data[3 if bom else 0 :].decode("utf-8", "surrogatepass")
        cells = code_cells(text)
    except (UnicodeDecodeError, NotANotebook) as error:
        raise UndecodableSource(str(error)) from error
    if any(MARK in cell.source for cell in cells):
        raise UndecodableSource("a cell holds a character that is not one")
    return NotebookDocument(path, BETWEEN.join(cell.source for cell in cells), bom=bom, json=text, cells=cells)


def _program(cell: Cell, source: str) -> tuple[str, SyntaxError | None]:
    """The Python of a cell in as many rows, and the error where it does not parse."""
    rows = "".join(char for char in source if char in "\r\n")
    if not cell.is_python:
        return rows, None
    found = parsed(source)
    if isinstance(found, Exception) and may_have_magics(source):
        found = parsed(without_magics(source))
    if not isinstance(found, Exception):
        return found[0], None
    told = found if isinstance(found, SyntaxError) else SyntaxError(str(found))
    return unknown_effects(source), told
