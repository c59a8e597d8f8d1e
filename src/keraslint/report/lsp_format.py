"""Diagnostics in the language server protocol 3.17: 0-based lines, columns in UTF-16 units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from keraslint.diagnostic import Applicability, Diagnostic, Fix, Position, Severity, Span
from keraslint.document import Document
from keraslint.notebook.places import split_cells
from keraslint.report.json_format import absolute, dumps
from keraslint.words import one_line

SOURCE = "keraslint"
_SEVERITY = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.NOTE: 3}


def render_lsp(diagnostics: Sequence[Diagnostic], text_of: Callable[[str], str]) -> str:
    """An array of PublishDiagnosticsParams, one for each file that has diagnostics."""
    published = []
    for (filename, cell), found in groupby(diagnostics, key=lambda item: (item.filename, item.cell)):
        uri, text = uri_of(filename), text_of(filename)
        cells = () if cell is None else tuple(_cells(uri, text))
        shown = CellText(uri, text) if cell is None else cells[cell - 1]
        published.append(publish(shown.uri, Document(filename, shown.text), found, cells=cells))
    return dumps(published, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class CellText:
    """The source of a cell, which is a document of its own, and the URI of that."""

    uri: str
    text: str


def _cells(uri: str, text: str) -> Iterator[CellText]:
    """The cells in the joined text of a notebook; the URI of a cell is that of the file with a fragment."""
    for number, source in enumerate(split_cells(text), 1):
        yield CellText(f"{uri}#cell-{number}", source)


def uri_of(filename: str) -> str:
    """The ``file:`` URI of a path; a name such as ``-`` becomes one of the scheme ``untitled``."""
    path = absolute(filename)
    return Path(path).as_uri() if Path(path).is_absolute() else "untitled:" + filename.strip("<>")


def publish(
    uri: str,
    document: Document,
    diagnostics: Iterable[Diagnostic],
    encoding: str = "utf-16",
    *,
    version: int | None = None,
    uri_of: Callable[[str], str] = uri_of,
    cells: Sequence[CellText] = (),
) -> dict[str, Any]:
    """PublishDiagnosticsParams for one document.

    ``encoding``: utf-8, utf-16 or utf-32. ``version``: the version of the document in an editor. ``uri_of`` returns the
    URI of another file that a diagnostic names. ``cells``: all cells, where the document is one of a notebook.
    """
    place = _Place(uri, document, encoding, uri_of, cells)
    entry: dict[str, Any] = {"uri": uri, "diagnostics": [_diagnostic(place, item) for item in diagnostics]}
    return entry if version is None else {**entry, "version": version}


def lsp_range(document: Document, span: Span, encoding: str = "utf-16") -> dict[str, Any]:
    """The Range of a span."""
    return {
        "start": _position(document, span.start, encoding),
        "end": _position(document, span.end, encoding),
    }


@dataclass(frozen=True, slots=True)
class _Place:
    """The document that diagnostics are about, as the client knows it."""

    uri: str
    document: Document
    encoding: str
    uri_of: Callable[[str], str]
    cells: Sequence[CellText]

    def at(self, cell: int | None) -> tuple[str, Document]:
        """The document of a cell, and its URI; without one, those that the diagnostics are about."""
        if cell is None:
            return self.uri, self.document
        return self.cells[cell - 1].uri, Document(self.document.path, self.cells[cell - 1].text)


def _diagnostic(place: _Place, diagnostic: Diagnostic) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "range": lsp_range(place.document, diagnostic.span, place.encoding),
        "severity": _SEVERITY[diagnostic.severity],
        "code": diagnostic.code,
        "codeDescription": {"href": diagnostic.url},
        "source": SOURCE,
        "message": one_line(diagnostic.message),
        "data": {
            "name": diagnostic.name,
            "noqa_row": diagnostic.noqa_rows[0] if diagnostic.noqa_rows else None,
            "fixes": [_fix(place, fix) for fix in diagnostic.fixes],
        },
    }
    related = [*_pins(place, diagnostic), *_outputs(place, diagnostic)]
    return {**entry, "relatedInformation": related} if related else entry


def _pins(place: _Place, diagnostic: Diagnostic) -> Iterator[dict[str, Any]]:
    """The lines of the project's files that allow the releases."""
    for item in diagnostic.keras.evidence if diagnostic.keras is not None else ():
        if item.row:  # row 0: the command line, an editor's settings
            uri = place.uri_of(item.filename) if item.cell is None else place.at(item.cell)[0]
            yield _related(uri, item.row, _units(item.text, place.encoding), item.text)


def _outputs(place: _Place, diagnostic: Diagnostic) -> Iterator[dict[str, Any]]:
    """The line that lists the outputs of the model."""
    if diagnostic.outputs_place is None or not diagnostic.outputs:
        return
    filename, row = diagnostic.outputs_place
    message = "the outputs in order: " + ", ".join(map(repr, diagnostic.outputs))
    if absolute(filename) != absolute(place.document.path):
        yield _related(place.uri_of(filename), row, 0, message)
        return
    uri, document = place.at(diagnostic.outputs_cell)
    line = document.lines[row - 1].rstrip("\r\n") if row <= len(document.lines) else ""
    indent = len(line) - len(line.lstrip())
    yield _related(uri, row, _units(line, place.encoding), message, start=_units(line[:indent], place.encoding))


def _related(uri: str, row: int, end: int, message: str, start: int = 0) -> dict[str, Any]:
    span = {"start": {"line": row - 1, "character": start}, "end": {"line": row - 1, "character": end}}
    return {"location": {"uri": uri, "range": span}, "message": one_line(message)}


def _fix(place: _Place, fix: Fix) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        uri, document = place.at(edit.cell)
        text_edit = {"range": lsp_range(document, edit.span, place.encoding), "newText": edit.content}
        changes.setdefault(uri, []).append(text_edit)
    return {
        "style": fix.style,
        "title": one_line(fix.message),
        "isPreferred": fix.applicability is Applicability.SAFE,
        "edit": {"changes": changes},
    }


def _position(document: Document, position: Position, encoding: str) -> dict[str, int]:
    row = min(position.row, len(document.lines))
    line = document.lines[row - 1].rstrip("\r\n") if row else ""
    return {"line": position.row - 1, "character": _units(line[: position.column - 1], encoding)}


def _units(text: str, encoding: str) -> int:
    if encoding == "utf-32":
        return len(text)
    size = {"utf-8": 1, "utf-16": 2}[encoding]
    return len(text.encode("utf-8" if encoding == "utf-8" else "utf-16-le", "surrogatepass")) // size
