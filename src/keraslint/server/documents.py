"""The documents that are open in the editor, with their text in the client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from lsprotocol import types

from keraslint.document import Document
from keraslint.files.dependency_names import PYTHON_SUFFIXES, may_be_dependency_file
from keraslint.server.positions import changed
from keraslint.server.uris import key_of, path_of, shown


@dataclass(frozen=True)
class OpenDocument:
    """One version of a document. ``uri`` is spelled as by the client; ``path`` is None if it is not a file."""

    uri: str
    language: str
    version: int
    text: str

    @cached_property
    def path(self) -> Path | None:
        """The path of the file; None for a document that is not a file."""
        return path_of(self.uri)

    @cached_property
    def document(self) -> Document:
        """The text as the checks read it, parsed at most once.

        Some clients send a byte-order mark, which Python refuses in a text: a form feed, which it skips, stands for it.
        """
        text = f"\f{self.text[1:]}" if self.text.startswith("\ufeff") else self.text
        return Document(shown(self.uri), text)

    @property
    def is_python(self) -> bool:
        """True if it is checked as Python source."""
        if self.path is not None and self.path.suffix in PYTHON_SUFFIXES:
            return True
        return self.language == "python" and self.uri.startswith(("file:", "untitled:"))

    @property
    def is_checked(self) -> bool:
        """True if it is checked, as Python source or as a dependency file."""
        path = self.path
        return self.is_python or (path is not None and may_be_dependency_file(path.parent.as_posix(), path.name))


@dataclass
class OpenDocuments:
    """All open documents, by a key equal for all spellings of a URI. ``encoding``: the encoding of columns."""

    encoding: str = "utf-16"
    _by_key: dict[str, OpenDocument] = field(default_factory=dict)
    _by_path: dict[Path, OpenDocument] = field(default_factory=dict)

    def open(self, item: types.TextDocumentItem) -> OpenDocument:
        """Add a document that was opened, and return it."""
        return self._keep(OpenDocument(item.uri, item.language_id, item.version, item.text))

    def change(
        self, identifier: types.VersionedTextDocumentIdentifier, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> OpenDocument | None:
        """Apply edits to a document and return its new version; None if it is not open."""
        before = self.get(identifier.uri)
        if before is None:
            return None
        text = before.text
        for change in changes:
            text = changed(text, change, self.encoding)
        return self._keep(replace(before, text=text, version=identifier.version))

    def close(self, uri: str) -> OpenDocument | None:
        """Remove a document that was closed, and return it; None if it was not open."""
        closed = self._by_key.pop(key_of(uri), None)
        if closed is not None and closed.path is not None:
            self._by_path.pop(closed.path, None)
        return closed

    def get(self, uri: str) -> OpenDocument | None:
        """The current version of an open document; None if it is not open."""
        return self._by_key.get(key_of(uri))

    def at(self, path: Path) -> OpenDocument | None:
        """The open document of a file; None if it is not open."""
        return self._by_path.get(path)

    def __iter__(self) -> Iterator[OpenDocument]:
        return iter(tuple(self._by_key.values()))

    def _keep(self, document: OpenDocument) -> OpenDocument:
        self._by_key[key_of(document.uri)] = document
        if document.path is not None:
            self._by_path[document.path] = document
        return document
