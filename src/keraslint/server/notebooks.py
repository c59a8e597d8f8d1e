"""A notebook that is open in the editor as a notebook: its cells, and the changes that a client tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lsprotocol import types

from keraslint.notebook.cells import Cell, is_python_name
from keraslint.notebook.joined_cells import JoinedCells, joined_text
from keraslint.notebook.places import MARK, SUFFIX, is_notebook
from keraslint.server.documents import OpenDocument, changed, key_of


@dataclass(frozen=True)
class OpenCell:
    """One version of a cell, whose source is a document of its own."""

    document: OpenDocument
    is_code: bool

    @property
    def cell(self) -> Cell:
        """The cell as notebooks are read: one without code has an empty source."""
        text = self.document.text if self.is_code else ""
        return Cell(text, is_python=self.is_code and is_python_name(self.document.language))


@dataclass(frozen=True)
class OpenNotebook(OpenDocument):
    """One version of a notebook. ``text`` is that of its cells, joined."""

    cells: tuple[OpenCell, ...] = ()

    @property
    def key(self) -> str:
        """A key that is equal for all versions, and is not that of the text of the same file."""
        return f"notebook {key_of(self.uri)}"

    @property
    def name(self) -> str:
        """The name under which it is checked, which is that of a notebook also where it is not saved yet."""
        name = super().name
        return name if is_notebook(name) else name + SUFFIX

    @cached_property
    def document(self) -> JoinedCells:
        """The cells as the checks read them, parsed at most once."""
        return JoinedCells(self.name, self.text, cells=tuple(one.cell for one in self.cells))

    @property
    def is_python(self) -> bool:
        """True if it is checked: a cell with the line that stands between cells would be taken for two."""
        return not any(MARK in one.cell.source for one in self.cells)

    @property
    def is_checked(self) -> bool:
        """The same: a notebook is Python source."""
        return self.is_python


def opened(params: types.DidOpenNotebookDocumentParams) -> OpenNotebook:
    """The notebook that a client has opened. Raises ValueError where the text of a cell is missing."""
    said = params.notebook_document
    texts = _documents(params.cell_text_documents)
    return _of(said.uri, said.version, _cells(said.cells, texts))


def changed_notebook(
    before: OpenNotebook, version: int, change: types.NotebookDocumentChangeEvent, encoding: str
) -> OpenNotebook:
    """The notebook after a change: cells were added, deleted or moved, got another kind, or another text.

    Raises ValueError where the text of a cell was never sent.
    """
    if change.cells is None:
        return replace(before, version=version)
    cells = list(before.cells)
    if (structure := change.cells.structure) is not None:
        texts = {one.document.key: one.document for one in cells} | _documents(structure.did_open or ())
        first, last = structure.array.start, structure.array.start + structure.array.delete_count
        cells[first:last] = _cells(structure.array.cells or (), texts)
        cells = [replace(one, document=texts[one.document.key]) for one in cells]
    for said in change.cells.data or ():
        cells = [
            replace(one, is_code=_is_code(said)) if one.document.key == key_of(said.document) else one for one in cells
        ]
    for text in change.cells.text_content or ():
        cells = [_changed_text(one, text, encoding) for one in cells]
    return _of(before.uri, version, cells)


def _of(uri: str, version: int, cells: Iterable[OpenCell]) -> OpenNotebook:
    kept = tuple(cells)
    return OpenNotebook(uri, "ipynb", version, joined_text(one.cell for one in kept), kept)


def _documents(items: Sequence[types.TextDocumentItem]) -> dict[str, OpenDocument]:
    documents = (OpenDocument(item.uri, item.language_id, item.version, item.text) for item in items)
    return {document.key: document for document in documents}


def _cells(said: Sequence[types.NotebookCell], texts: dict[str, OpenDocument]) -> list[OpenCell]:
    missing = [cell.document for cell in said if key_of(cell.document) not in texts]
    if missing:
        raise ValueError(f"the text of {missing[0]} was never sent")
    return [OpenCell(texts[key_of(cell.document)], _is_code(cell)) for cell in said]


def _is_code(cell: types.NotebookCell) -> bool:
    return cell.kind == types.NotebookCellKind.Code


def _changed_text(one: OpenCell, said: types.NotebookDocumentCellContentChanges, encoding: str) -> OpenCell:
    if one.document.key != key_of(said.document.uri):
        return one
    text = one.document.text
    for change in said.changes:
        text = changed(text, change, encoding)
    return replace(one, document=replace(one.document, text=text, version=said.document.version))
