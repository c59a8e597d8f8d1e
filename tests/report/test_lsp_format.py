from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from lsprotocol import converters, types

from keraslint.diagnostic import Diagnostic, Edit, Position, Span
from keraslint.document import Document
from keraslint.report.lsp_format import publish, render_lsp

CONVERTER = converters.get_converter()


def parse(text: str) -> list[types.PublishDiagnosticsParams]:
    return CONVERTER.structure(json.loads(text), list[types.PublishDiagnosticsParams])


def test_parses_as_the_protocol_has_it(one_row: Diagnostic, several_rows: Diagnostic, text: str) -> None:
    other = replace(one_row, filename="a b/é.py")
    params = parse(render_lsp([other, one_row, several_rows], lambda _: text))
    assert [item.uri for item in params] == [(Path.cwd() / name).as_uri() for name in ("a b/é.py", "train.py")]
    first, second = params[1].diagnostics
    assert first.range == types.Range(types.Position(2, 19), types.Position(2, 35))
    assert first.severity == types.DiagnosticSeverity.Error
    assert (first.code, first.source, first.message) == ("KER101", "keraslint", "it is swapped")
    assert first.code_description == types.CodeDescription("https://keraslint.readthedocs.io/rules/misrouted-loss/")
    assert first.related_information is not None
    (related,) = first.related_information
    assert related.message == "keras==3.5.0"
    assert related.location.uri == (Path.cwd() / "requirements.txt").as_uri()
    assert related.location.range == types.Range(types.Position(1, 0), types.Position(1, 12))
    assert second.severity == types.DiagnosticSeverity.Warning
    assert second.range == types.Range(types.Position(4, 9), types.Position(7, 5))


def test_fixes_are_workspace_edits(one_row: Diagnostic, several_rows: Diagnostic, text: str) -> None:
    (params,) = parse(render_lsp([one_row, several_rows], lambda _: text))
    safe, unsafe = (item.data["fixes"][0] for item in params.diagnostics)
    assert (safe["isPreferred"], unsafe["isPreferred"]) == (True, False)
    edit = CONVERTER.structure(safe["edit"], types.WorkspaceEdit)
    assert edit.changes is not None
    assert list(edit.changes) == [params.uri]
    expected = types.TextEdit(types.Range(types.Position(2, 19), types.Position(2, 35)), "(y, x)")
    assert list(edit.changes[params.uri]) == [expected]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("encoding", "before", "units"), [("utf-16", 2, 6), ("utf-8", 4, 8), ("utf-32", 1, 5)])
def test_columns_after_an_emoji(one_row: Diagnostic, newline: str, encoding: str, before: int, units: int) -> None:
    document = Document("train.py", newline.join(["x", "\N{GRINNING FACE}loss", ""]))
    span = Span(Position(2, 2), Position(2, 6))
    fix = replace(one_row.fixes[0], edits=(Edit(span, "y"),))
    published = publish("file:///train.py", document, [replace(one_row, span=span, fixes=(fix,))], encoding)
    params = CONVERTER.structure(published, types.PublishDiagnosticsParams)
    expected = types.Range(types.Position(1, before), types.Position(1, units))
    assert params.diagnostics[0].range == expected
    edit = params.diagnostics[0].data["fixes"][0]["edit"]["changes"]["file:///train.py"][0]
    assert CONVERTER.structure(edit, types.TextEdit).range == expected


def test_nothing_found_and_no_file(one_row: Diagnostic, text: str) -> None:
    assert parse(render_lsp([], lambda _: text)) == []
    (params,) = parse(render_lsp([replace(one_row, filename="-")], lambda _: text))
    assert params.uri == "untitled:-"
