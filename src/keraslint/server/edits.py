"""Changes to a document in the terms of the protocol, with its version if the client accepts that."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from lsprotocol import types

from keraslint.diagnostic import Edit, Position, Span
from keraslint.document import Document
from keraslint.report.lsp_format import lsp_range
from keraslint.server.documents import OpenDocument


def workspace_edit(
    source: OpenDocument, document: Document, edits: Sequence[Edit], encoding: str, *, versioned: bool
) -> types.WorkspaceEdit:
    """The edit of one document; ``versioned``: the client refuses it if the document has changed since."""
    texts = [types.TextEdit(as_range(document, edit.span, encoding), edit.content) for edit in edits]
    if not versioned:
        return types.WorkspaceEdit(changes={source.uri: texts})
    identifier = types.OptionalVersionedTextDocumentIdentifier(uri=source.uri, version=source.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, texts)])


def as_range(document: Document, span: Span, encoding: str) -> types.Range:
    """The range of a span."""
    said = lsp_range(document, span, encoding)
    return types.Range(types.Position(**said["start"]), types.Position(**said["end"]))


def differences(before: Document, after: Document) -> list[Edit]:
    """The edits that turn one text into another, by whole lines, so that a cursor on other lines stays."""
    matcher = difflib.SequenceMatcher(None, before.lines, after.lines, autojunk=False)
    return [
        Edit(Span(_start(before, first), _start(before, last)), "".join(after.lines[start:end]))
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _start(document: Document, index: int) -> Position:
    """The beginning of a line; past the last one, the end of the text."""
    if index < len(document.lines) or not document.lines or document.lines[-1].endswith(("\n", "\r")):
        return Position(index + 1, 1)
    return Position(len(document.lines), len(document.lines[-1]) + 1)
