"""The documents that are open in the editor: their URIs, their text, and places in it as the client counts them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from keraslint.document import Document
from keraslint.files.dependency_names import SCRIPT_SUFFIXES, may_be_dependency_file

_DRIVE = re.compile(r"/[A-Za-z]:(?:/|\Z)")


def path_of(uri: str) -> Path | None:
    """The absolute path of a file on this machine; None for other schemes, and for another system's paths."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or "\0" in path:
        return None
    if os.name == "nt":  # file:///c%3A/folder, file://server/share
        path = path[1:] if _DRIVE.match(path) else f"//{parts.netloc}{path}" if parts.netloc else path
    elif parts.netloc not in ("", "localhost") or _DRIVE.match(path):
        return None
    return Path(os.path.normpath(path)) if os.path.isabs(path) else None  # noqa: PTH117 - of a text that may not be a path


def key_of(uri: str) -> str:
    """A key equal for all spellings of a URI: clients don't always escape the same characters, as in ``%3A``."""
    return unquote(uri)


# The line ends of the protocol; str.splitlines would split at form feeds and U+2028, too.
_LINE_END = re.compile(r"\r\n|\r|\n")


def changed(text: str, change: types.TextDocumentContentChangeEvent, encoding: str) -> str:
    """The text after one change, which replaces a range or the whole text."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    start, end = (offset(text, place, encoding) for place in (change.range.start, change.range.end))
    return text[:start] + change.text + text[max(start, end) :]


def offset(text: str, place: types.Position, encoding: str) -> int:
    """The index of a place in ``text``; a column or line past the end counts as the end.

    A place inside of a character is the place before it. ``encoding``: utf-8, utf-16 or utf-32.
    """
    start = 0
    for _ in range(place.line):
        match = _LINE_END.search(text, start)
        if match is None:
            return len(text)
        start = match.end()
    match = _LINE_END.search(text, start)
    line = text[start : match.start() if match else len(text)]
    return start + _characters(line, place.character, encoding)


def _characters(line: str, units: int, encoding: str) -> int:
    """The number of characters in the first ``units`` of a line."""
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    passed = 0
    for index, character in enumerate(line):
        in_utf_16 = 2 if ord(character) > 0xFFFF else 1
        passed += len(character.encode("utf-8", "surrogatepass")) if encoding == "utf-8" else in_utf_16
        if passed > units:
            return index
    return len(line)


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
        return Document(unquote(self.uri) if self.path is None else str(self.path), text)

    @property
    def is_python(self) -> bool:
        """True if it is checked as Python source."""
        if self.path is not None and self.path.suffix in SCRIPT_SUFFIXES:
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
