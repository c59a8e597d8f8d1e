"""Every client gets diagnostics, pushed or pulled, and code actions for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from .conftest import FIXED, PROGRAM, RECORDED, WRITTEN, Servers, Session

pytestmark = pytest.mark.slow

PUSHED = [name for name in (*RECORDED, *WRITTEN) if name not in ("neovim@v0.11.0", "zed", "vscode")]


@pytest.mark.parametrize("client", PUSHED)
def test_diagnostics_are_pushed(client: str, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        published = await editor.diagnostics(uri, version=1)
        (found,) = published.diagnostics
        assert found.code == "KER101"
        assert found.code_description == types.CodeDescription("https://keraslint.readthedocs.io/rules/misrouted-loss/")
        assert found.source == "keraslint"
        assert found.severity == types.DiagnosticSeverity.Error
        assert found.range == types.Range(types.Position(6, 37), types.Position(6, 81))
        assert "(requirements.txt:2)" in found.message
        assert found.related_information is not None
        pin, outputs = found.related_information
        assert pin.location.uri == editor.uri("requirements.txt")
        assert pin.location.range == types.Range(types.Position(1, 0), types.Position(1, 12))
        assert outputs.location == types.Location(uri, types.Range(types.Position(5, 0), types.Position(5, 41)))
        assert outputs.message == "the outputs in order: 'output_small', 'output_big'"
        assert found.data["fixes"][0]["style"] == "tuple"
        editor.change(uri, 2, FIXED)
        assert (await editor.diagnostics(uri, version=2)).diagnostics == ()
        editor.change(uri, 3, PROGRAM)
        assert len((await editor.diagnostics(uri, version=3)).diagnostics) == 1
        editor.close(uri)
        await editor.until(lambda: editor.published[-1] == types.PublishDiagnosticsParams(uri, ()))

    servers.ask(project, conversation, client)


@pytest.mark.parametrize("client", [*RECORDED, *WRITTEN])
def test_the_quick_fix_and_the_comment(client: str, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        fix, other, suppression = await editor.actions(
            uri, types.Range(types.Position(6, 40), types.Position(6, 40)), ["quickfix"]
        )
        assert (fix.title, fix.kind, fix.is_preferred) == ("Pass the losses in output order", "quickfix", True)
        assert fix.diagnostics is not None
        assert fix.diagnostics[0].code == "KER101"
        assert applied(PROGRAM, fix) == FIXED
        assert other.title.startswith("Use safe_compile")
        assert not other.is_preferred
        assert (suppression.title, suppression.is_preferred) == ("Disable KER101 for this line", None)
        assert applied(PROGRAM, suppression) == PROGRAM.replace('"mae"})', '"mae"})  # noqa: KER101')

    servers.ask(project, conversation, client)


def applied(text: str, action: types.CodeAction) -> str:
    """A text after an action; columns are those of a text without characters above U+FFFF."""
    assert action.edit is not None
    if action.edit.document_changes is not None:
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 1
        edits = list(change.edits)
    else:
        assert action.edit.changes is not None
        (edits,) = map(list, action.edit.changes.values())
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        start, end = (sum(map(len, lines[: at.line])) + at.character for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


def test_a_pin_is_flagged_in_the_dependency_file_and_mended(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("requirements.txt", language="pip-requirements")
        (found,) = (await editor.diagnostics(uri, version=1)).diagnostics
        assert found.code == "KER201"
        assert found.range == types.Range(types.Position(1, 0), types.Position(1, 12))
        fix, *_ = await editor.actions(uri, found.range, ["quickfix"])
        assert applied((project / "requirements.txt").read_text(), fix).endswith("keras==3.7.0\n")

    servers.ask(project, conversation, "visual-studio-code")
