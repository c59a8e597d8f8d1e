"""A document that is open in the editor: its URI, its text, and places in it as the client counts them."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from keraslint.document import Document, UndecodableSource
from keraslint.files.dependency_names import PYTHON_SUFFIXES, may_be_dependency_file
from keraslint.notebook.cells import is_python_name
from keraslint.notebook.joined_cells import JoinedCells, open_notebook
from keraslint.notebook.places import is_notebook

_DRIVE = re.compile(r"/[A-Za-z]:(?:/|\Z)")
_VIRTUAL = ".virtual_documents"
"""The folder below which JupyterLab's client puts the code of each notebook, under the notebook's path."""


def path_of(uri: str) -> Path | None:
    """The absolute path of a file on this machine; None for other schemes, and for another system's paths.

    It is that of the notebook for what JupyterLab's client makes of one.
    """
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
    if not os.path.isabs(path):  # noqa: PTH117 - of a text that may not be a path
        return None
    return Path(*(part for part in Path(os.path.normpath(path)).parts if part != _VIRTUAL))


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

    @property
    def key(self) -> str:
        """A key that is equal for all versions."""
        return key_of(self.uri)

    @cached_property
    def path(self) -> Path | None:
        """The path of the file; None for a document that is not a file."""
        return path_of(self.uri)

    @property
    def name(self) -> str:
        """The name under which it is checked, as long as it has no other: its path, or its URI."""
        return unquote(self.uri) if self.path is None else str(self.path)

    @cached_property
    def document(self) -> Document:
        """The text as the checks read it, parsed at most once; that of a notebook's file as its cells.

        Some clients send a byte-order mark, which Python and JSON refuse in a text: what both skip stands for it.
        """
        space = " " if self.is_notebook_file else "\f"
        text = space + self.text[1:] if self.text.startswith("\ufeff") else self.text
        if self.is_notebook_file:
            with contextlib.suppress(UndecodableSource):
                return open_notebook(self.name, text.encode("utf-8", "surrogatepass"))
        return Document(self.name, text)

    @property
    def is_notebook_file(self) -> bool:
        """True for the text of a notebook's file, of which a client knows no cells."""
        return self.path is not None and is_notebook(self.path.name)

    @property
    def is_unreadable_notebook(self) -> bool:
        """True for a notebook's file that is no notebook, and no Python either, which some clients make of one."""
        return self.is_notebook_file and not (is_python_name(self.language) or isinstance(self.document, JoinedCells))

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
