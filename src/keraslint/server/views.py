"""A checked document as the client has it: one text, the cells of a notebook, or the JSON of one."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from keraslint.diagnostic import Diagnostic, Edit, Fix, Position, Span
from keraslint.document import Document
from keraslint.fixes.apply import edited
from keraslint.notebook.joined_cells import NotebookDocument
from keraslint.notebook.json_places import JsonIndex
from keraslint.notebook.places import CellIndex, split_cells
from keraslint.server.documents import OpenDocument, key_of
from keraslint.server.notebooks import OpenNotebook


@dataclass(frozen=True)
class Part:
    """A text that the client has, and the version of it."""

    uri: str
    version: int
    document: Document


class ClientView(Protocol):
    """Places of the checked document as places of its parts."""

    @property
    def parts(self) -> Mapping[int | None, Part]:
        """The texts by the number of the cell; without cells the only one, by None."""

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """The diagnostic at its place in a part, with the edits of its fixes."""

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        """Edits of the checked document as edits of its parts."""

    def rewritten(self, text: str) -> list[Edit]:
        """The edits of the parts by which the checked document gets another text."""

    def cell(self, uri: str) -> int | None:
        """The number of the cell with a URI; None for what has no cells, and for a whole notebook."""


def view_of(source: OpenDocument, document: Document, root: Path) -> ClientView:
    """The view of the client on a document that it has opened, which was checked as ``document``.

    ``root``: the folder that names of files in its diagnostics are relative to.
    """
    name = os.path.relpath(document.path, root)
    if isinstance(source, OpenNotebook):
        return _Cells(source, document, name)
    return _Json(source, document, name) if isinstance(document, NotebookDocument) else _Text(source, document)


@dataclass(frozen=True)
class _Text:
    source: OpenDocument
    document: Document

    @property
    def parts(self) -> Mapping[int | None, Part]:
        return {None: Part(self.source.uri, self.source.version, self.document)}

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        return diagnostic

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        return list(edits)

    def rewritten(self, text: str) -> list[Edit]:
        return list(differences(self.document, text))

    def cell(self, uri: str) -> int | None:  # noqa: ARG002 - it has none
        return None


@dataclass(frozen=True)
class _Cells:
    source: OpenNotebook
    document: Document
    name: str

    @cached_property
    def parts(self) -> Mapping[int | None, Part]:
        path, texts = self.document.path, [one.document for one in self.source.cells]
        return {number: Part(text.uri, text.version, Document(path, text.text)) for number, text in enumerate(texts, 1)}

    @cached_property
    def _index(self) -> CellIndex:
        return CellIndex(self.document.text)

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        return self._index.placed(diagnostic, self.name)

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        return self._index.edits(edits)

    def rewritten(self, text: str) -> list[Edit]:
        before, after = split_cells(self.document.text), split_cells(text)
        return [
            replace(edit, cell=number)
            for number, (old, new) in enumerate(zip(before, after, strict=True), 1)
            if old != new
            for edit in differences(Document(self.document.path, old), new)
        ]

    def cell(self, uri: str) -> int | None:
        keys = [one.document.key for one in self.source.cells]
        return keys.index(key_of(uri)) + 1 if key_of(uri) in keys else None


@dataclass(frozen=True)
class _Json:
    source: OpenDocument
    document: NotebookDocument
    name: str

    @cached_property
    def parts(self) -> Mapping[int | None, Part]:
        return {None: Part(self.source.uri, self.source.version, self._index.file)}

    @cached_property
    def _index(self) -> JsonIndex:
        return JsonIndex(self.document)

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        return replace(self._index.placed(diagnostic, self.name), fixes=tuple(map(self._fix, diagnostic.fixes)))

    def _fix(self, fix: Fix) -> Fix:
        """The fix with its edits of the JSON; none if it changes a cell without a source: it will be refused."""
        try:
            return replace(fix, edits=tuple(self.edits(fix.edits)))
        except ValueError:
            return replace(fix, edits=())

    def edits(self, edits: Sequence[Edit]) -> list[Edit]:
        return self.rewritten(edited(self.document, edits))

    def rewritten(self, text: str) -> list[Edit]:
        return list(self._index.rewritten(text))

    def cell(self, uri: str) -> int | None:  # noqa: ARG002 - the client knows none
        return None


def differences(before: Document, text: str) -> Iterator[Edit]:
    """The edits that turn a document into another text, by whole lines, so that a cursor on other lines stays."""
    after = Document(before.path, text)
    matcher = difflib.SequenceMatcher(None, before.lines, after.lines, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(Span(_start(before, first), _start(before, last)), "".join(after.lines[start:end]))


def _start(document: Document, index: int) -> Position:
    """The beginning of a line; past the last one, the end of the text."""
    if index < len(document.lines) or not document.lines or document.lines[-1].endswith(("\n", "\r")):
        return Position(index + 1, 1)
    return Position(len(document.lines), len(document.lines[-1]) + 1)
