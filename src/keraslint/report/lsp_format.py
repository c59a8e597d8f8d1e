"""Diagnostics as the language server protocol has them (3.17): 0-based lines, columns in UTF-16 units."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from keraslint.diagnostic import Applicability, Diagnostic, Fix, Position, Severity, Span
from keraslint.document import Document
from keraslint.report.json_format import absolute

SOURCE = "keraslint"
_SEVERITY = {Severity.ERROR: 1, Severity.WARNING: 2}


def render_lsp(diagnostics: Sequence[Diagnostic], text_of: Callable[[str], str]) -> str:
    """An array of PublishDiagnosticsParams, one for each file that has diagnostics."""
    published = [
        publish(uri_of(filename), Document(filename, text_of(filename)), items)
        for filename, items in groupby(diagnostics, key=lambda diagnostic: diagnostic.filename)
    ]
    return json.dumps(published, indent=2) + "\n"


def publish(
    uri: str, document: Document, diagnostics: Iterable[Diagnostic], encoding: str = "utf-16"
) -> dict[str, Any]:
    """PublishDiagnosticsParams for one document. ``encoding``: utf-8, utf-16 or utf-32."""
    return {
        "uri": uri,
        "diagnostics": [_diagnostic(uri, document, diagnostic, encoding) for diagnostic in diagnostics],
    }


def uri_of(filename: str) -> str:
    """The ``file:`` URI of a path; a name such as ``-`` becomes one of the scheme ``untitled``."""
    path = absolute(filename)
    return Path(path).as_uri() if Path(path).is_absolute() else "untitled:" + filename.strip("<>")


def lsp_range(document: Document, span: Span, encoding: str = "utf-16") -> dict[str, Any]:
    """A Range."""
    return {
        "start": _position(document, span.start, encoding),
        "end": _position(document, span.end, encoding),
    }


def _diagnostic(uri: str, document: Document, diagnostic: Diagnostic, encoding: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "range": lsp_range(document, diagnostic.span, encoding),
        "severity": _SEVERITY[diagnostic.severity],
        "code": diagnostic.code,
        "codeDescription": {"href": diagnostic.url},
        "source": SOURCE,
        "message": diagnostic.message,
        "data": {
            "name": diagnostic.name,
            "noqa_row": diagnostic.noqa_rows[0] if diagnostic.noqa_rows else None,
            "fixes": [_fix(uri, document, fix, encoding) for fix in diagnostic.fixes],
        },
    }
    evidence = diagnostic.keras.evidence if diagnostic.keras is not None else ()
    if evidence:
        entry["relatedInformation"] = [
            {
                "location": {
                    "uri": uri_of(item.filename),
                    "range": {
                        "start": {"line": max(0, item.row - 1), "character": 0},
                        "end": {"line": max(0, item.row - 1), "character": _units(item.text, encoding)},
                    },
                },
                "message": item.text,
            }
            for item in evidence
        ]
    return entry


def _fix(uri: str, document: Document, fix: Fix, encoding: str) -> dict[str, Any]:
    edits = [{"range": lsp_range(document, edit.span, encoding), "newText": edit.content} for edit in fix.edits]
    return {
        "style": fix.style,
        "title": fix.message,
        "isPreferred": fix.applicability is Applicability.SAFE,
        "edit": {"changes": {uri: edits}},
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
