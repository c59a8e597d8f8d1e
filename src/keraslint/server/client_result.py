"""The result of a check as the client gets it: diagnostics in the documents that it has, and edits of these."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol import types

from keraslint.diagnostic import Diagnostic, Edit, Span
from keraslint.document import Document
from keraslint.report.lsp_format import CellText, lsp_range, publish
from keraslint.server.documents import offset
from keraslint.server.folder import Checked
from keraslint.server.views import ClientView, view_of

if TYPE_CHECKING:
    from cattrs import Converter


@dataclass(frozen=True)
class ClientResult:
    """One result for one client. ``encoding``: of columns. ``uri_of``: the URI of another file that is named.

    converter: makes the protocol's types. versioned: an edit names the version of its document, so that a client
    refuses it if that has changed since.
    """

    checked: Checked
    encoding: str
    uri_of: Callable[[str], str]
    converter: Converter
    versioned: bool = False

    @cached_property
    def view(self) -> ClientView:
        """The documents that the client has."""
        return view_of(self.checked.source, self.checked.document, self.checked.root)

    @cached_property
    def placed(self) -> Sequence[Diagnostic]:
        """The diagnostics of the result, each at its place in a document of the client."""
        return tuple(map(self.view.placed, self.checked.report.diagnostics))

    @cached_property
    def diagnostics(self) -> Sequence[types.Diagnostic]:
        """The same as they are sent, in the same order."""
        return tuple(one for item in self.placed for one in self._sent([item], item.cell).diagnostics)

    def published(self) -> Iterator[types.PublishDiagnosticsParams]:
        """The diagnostics of each document of the client, also of those without any."""
        for cell in self.view.parts:
            yield self._sent([item for item in self.placed if item.cell == cell], cell)

    def at(self, uri: str, place: types.Position) -> list[Span]:
        """The spans in the checked document of what is flagged at a place of a document of the client."""
        cell = self.view.cell(uri)
        if cell not in self.view.parts:
            return []
        document = self.view.parts[cell].document
        index = offset(document.text, place, self.encoding)
        return [
            one.span
            for one, item in zip(self.checked.report.diagnostics, self.placed, strict=True)
            if item.cell == cell and document.offset(item.span.start) <= index < document.offset(item.span.end)
        ]

    def range_of(self, span: Span) -> types.Range:
        """The range of what is flagged at a span of the checked document."""
        index = [one.span for one in self.checked.report.diagnostics].index(span)
        return self.diagnostics[index].range

    def workspace_edit(self, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        """The edit of the client's documents that edits of the view's parts make."""
        texts: dict[int | None, list[types.TextEdit]] = {}
        for edit in edits:
            place = as_range(self.view.parts[edit.cell].document, edit.span, self.encoding)
            texts.setdefault(edit.cell, []).append(types.TextEdit(place, edit.content))
        parts = {cell: self.view.parts[cell] for cell in texts}
        if not self.versioned:
            return types.WorkspaceEdit(changes={parts[cell].uri: found for cell, found in texts.items()})
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(uri=parts[cell].uri, version=parts[cell].version),
                    found,
                )
                for cell, found in texts.items()
            ]
        )

    @cached_property
    def _cells(self) -> Sequence[CellText]:
        parts = self.view.parts.items()
        return tuple(CellText(part.uri, part.document.text) for cell, part in parts if cell is not None)

    def _sent(self, items: Sequence[Diagnostic], cell: int | None) -> types.PublishDiagnosticsParams:
        part = self.view.parts[cell]
        said = publish(
            part.uri,
            part.document,
            items,
            self.encoding,
            version=part.version,
            uri_of=self.uri_of,
            cells=self._cells,
        )
        return self.converter.structure(said, types.PublishDiagnosticsParams)


def as_range(document: Document, span: Span, encoding: str) -> types.Range:
    """The range of a span."""
    said = lsp_range(document, span, encoding)
    return types.Range(types.Position(**said["start"]), types.Position(**said["end"]))
