"""All documents and notebooks that are open in the editor, by their URIs and by their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lsprotocol import types

from keraslint.server import notebooks
from keraslint.server.documents import OpenDocument, changed, key_of
from keraslint.server.notebooks import OpenNotebook


@dataclass
class OpenDocuments:
    """All that is open, by a key equal for all spellings of a URI. ``encoding``: the encoding of columns."""

    encoding: str = "utf-16"
    _by_key: dict[str, OpenDocument] = field(default_factory=dict)
    _by_path: dict[Path, OpenDocument] = field(default_factory=dict)
    _notebooks: dict[str, str] = field(default_factory=dict)

    def open(self, item: types.TextDocumentItem) -> OpenDocument:
        """Add a document that was opened, and return it."""
        return self._keep(OpenDocument(item.uri, item.language_id, item.version, item.text))

    def change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> OpenDocument | None:
        """Apply edits to a document and return its new version; None if it is not open."""
        before = self._by_key.get(key_of(identifier.uri))
        if before is None:
            return None
        text = before.text
        for change in changes:
            text = changed(text, change, self.encoding)
        return self._keep(replace(before, text=text, version=identifier.version))

    def close(self, uri: str) -> OpenDocument | None:
        """Remove a document that was closed, and return it; None if it was not open."""
        return self._drop(self._by_key.get(key_of(uri)))

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> OpenNotebook:
        """Add a notebook that was opened, and return it. Raises ValueError."""
        notebook = notebooks.opened(params)
        self._keep(notebook)
        self._list_cells(notebook)
        return notebook

    def change_notebook(
        self, params: types.DidChangeNotebookDocumentParams
    ) -> tuple[OpenNotebook, OpenNotebook] | None:
        """Apply changes to a notebook and return it before and after; None if it is not open. Raises ValueError."""
        identifier = params.notebook_document
        before = self.notebook(identifier.uri)
        if before is None:
            return None
        after = notebooks.changed_notebook(before, identifier.version, params.change, self.encoding)
        self._forget_cells(before)
        self._list_cells(after)
        self._keep(after)
        return before, after

    def close_notebook(self, uri: str) -> OpenNotebook | None:
        """Remove a notebook that was closed, and return it; None if it was not open."""
        notebook = self.notebook(uri)
        if notebook is not None:
            self._drop(notebook)
            self._forget_cells(notebook)
        return notebook

    def notebook(self, uri: str) -> OpenNotebook | None:
        """The current version of an open notebook; None if it is not open as one."""
        found = self._by_key.get(f"notebook {key_of(uri)}")
        return found if isinstance(found, OpenNotebook) else None

    def get(self, uri: str) -> OpenDocument | None:
        """The current version of what is open under a URI, which may be that of a notebook or of a cell in one."""
        key = key_of(uri)
        return self.current(self._notebooks.get(key, f"notebook {key}")) or self.current(key)

    def current(self, key: str) -> OpenDocument | None:
        """The current version of the document with a key; None if it is not open any more."""
        return self._by_key.get(key)

    def at(self, path: Path) -> OpenDocument | None:
        """The open document of a file; None if it is not open."""
        return self._by_path.get(path)

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(tuple(self._by_key.values()))

    def _keep(self, document: OpenDocument) -> OpenDocument:
        self._by_key[document.key] = document
        if document.path is not None:
            self._by_path[document.path] = document
        return document

    def _drop(self, document: OpenDocument | None) -> OpenDocument | None:
        if document is not None:
            del self._by_key[document.key]
            if document.path is not None and self._by_path.get(document.path) is document:
                del self._by_path[document.path]
        return document

    def _list_cells(self, notebook: OpenNotebook) -> None:
        self._notebooks.update({one.document.key: notebook.key for one in notebook.cells})

    def _forget_cells(self, notebook: OpenNotebook) -> None:
        for one in notebook.cells:
            self._notebooks.pop(one.document.key, None)
