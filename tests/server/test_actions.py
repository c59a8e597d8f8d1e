"""Code actions and hovers, as a client asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter

from keraslint.diagnostic import Applicability, Diagnostic, Edit, Fix, Position, Severity, Span
from keraslint.document import Document
from keraslint.engine.reports import FileReport
from keraslint.server.actions import Offers
from keraslint.server.client_result import ClientResult
from keraslint.server.documents import OpenDocument
from keraslint.server.folder import Checked

from .conftest import FIXED, PROGRAM, Servers, Session, everything, run, session

pytestmark = pytest.mark.slow

UNSEEN = PROGRAM.replace("model.fit(x, [y_small, y_big])\n", "")
EMOJI = PROGRAM.replace('optimizer="adam"', 'name="\N{GRINNING FACE}"')
HERE = types.Range(types.Position(6, 40), types.Position(6, 40))


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (None, ["quickfix", "quickfix", "quickfix", "source.fixAll.keraslint"]),
        (["quickfix"], ["quickfix", "quickfix", "quickfix"]),
        ([""], ["quickfix", "quickfix", "quickfix", "source.fixAll.keraslint"]),
        (["source"], ["source.fixAll.keraslint"]),
        (["source.fixAll"], ["source.fixAll.keraslint"]),
        (["source.fixAll.keraslint"], ["source.fixAll.keraslint"]),
        (["source.fixAll.ruff"], []),
        (["source.fix"], []),
        (["refactor"], []),
    ],
)
def test_kinds_are_matched_by_prefix(only: list[str] | None, kinds: list[str], project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        assert [action.kind for action in await editor.actions(uri, HERE, only)] == kinds

    servers.ask(project, conversation)


def test_away_from_a_finding_only_what_is_asked_for(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        away = types.Range(types.Position(0, 0), types.Position(0, 3))
        assert await editor.actions(uri, away) == []
        (action,) = await editor.actions(uri, away, ["source.fixAll"])
        assert applied(PROGRAM, action) == FIXED

    servers.ask(project, conversation)


@pytest.mark.parametrize("by", ["keraslint.toml", "editor"])
def test_all_fixes_are_unsafe_ones_too_where_the_settings_say_so(by: str, project: Path) -> None:
    if by == "keraslint.toml":
        (project / by).write_text("unsafe-fixes = true\n")

    async def conversation() -> None:
        options = {"unsafeFixes": True} if by == "editor" else None
        async with session(project, options=options) as editor:
            uri = editor.open("train.py", UNSEEN)
            (action,) = await editor.actions(uri, everything(UNSEEN), ["source.fixAll"])
            assert action.title == "Fix all that can be fixed, unsafe fixes included (keraslint)"
            assert applied(UNSEEN, action) == FIXED.replace("model.fit(x, [y_small, y_big])\n", "")
            asked = types.ExecuteCommandParams("keraslint.fixAll", [uri])
            assert await editor.client.workspace_execute_command_async(asked)
            assert len(editor.edits) == 1
            assert [one.kind for one in await editor.actions(uri, HERE)][-1] == "source.fixAll.keraslint"

    run(conversation())


def test_a_fix_that_is_unsafe_is_offered_and_not_preferred(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py", UNSEEN)
        fix, *_ = await editor.actions(uri, HERE)
        assert fix.title.startswith("Pass the losses in output order (unsafe: ")
        assert fix.is_preferred is None
        assert await editor.actions(uri, everything(UNSEEN), ["source.fixAll"]) == []

    servers.ask(project, conversation)


def test_diagnostics_of_the_client_are_not_needed(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        bare = types.Diagnostic(HERE, "something else", code=7)
        assert len(await editor.actions(uri, HERE, about=[bare])) == 4

    servers.ask(project, conversation)


def test_actions_are_for_the_newest_text(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py", FIXED)
        for version in range(2, 20):
            editor.change(uri, version, f"# {version}\n{PROGRAM}")
        (action,) = await editor.actions(uri, everything(PROGRAM), ["source.fixAll"])
        assert action.edit is not None
        assert action.edit.document_changes is not None
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document == types.OptionalVersionedTextDocumentIdentifier(uri, 19)
        assert applied(f"# 19\n{PROGRAM}", action) == f"# 19\n{FIXED}"

    servers.ask(project, conversation, "visual-studio-code")


@pytest.mark.parametrize(("client", "start"), [("neovim@v0.7.0", 30), ("helix", 32)])
def test_columns_are_counted_as_the_client_does(client: str, start: int, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        encoding = editor.result.capabilities.position_encoding
        assert encoding == ("utf-8" if client == "helix" else "utf-16")
        uri = editor.open("train.py", EMOJI)
        (found,) = (await editor.diagnostics(uri)).diagnostics
        assert found.range.start == types.Position(6, start)
        fix, *_ = await editor.actions(uri, found.range, ["quickfix"])
        assert fix.edit is not None
        # an edit in the client's units: a space put in before the emoji moves the dict by one
        before = types.Position(6, 20)
        editor.change(uri, 2, types.TextDocumentContentChangePartial(types.Range(before, before), " "))
        (found,) = (await editor.diagnostics(uri, version=2)).diagnostics
        assert found.range.start == types.Position(6, start + 1)

    servers.ask(project, conversation, client)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"mae"})', '"mae"})  # noqa: KER101'),
        ('"mae"})  # noqa: E501', '"mae"})  # noqa: E501, KER101'),
        ('"mae"})  # seen', '"mae"})  # seen  # noqa: KER101'),
    ],
)
def test_the_comment_that_suppresses(before: str, after: str, project: Path, servers: Servers) -> None:
    text = PROGRAM.replace('"mae"})', before)

    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py", text)
        suppression = next(action for action in await editor.actions(uri, HERE) if action.title.startswith("Disable"))
        assert applied(text, suppression) == PROGRAM.replace('"mae"})', after)
        editor.change(uri, 2, applied(text, suppression))
        assert (await editor.diagnostics(uri, version=2)).diagnostics == ()

    servers.ask(project, conversation)


class TestHover:
    @pytest.mark.parametrize("client", ["visual-studio-code", "helix"])
    def test_what_each_admitted_release_does(self, client: str, project: Path, servers: Servers) -> None:
        (project / "requirements.txt").write_text("keras>=3.5\n")

        async def conversation(editor: Session) -> None:
            uri = editor.open("train.py")
            hover = await hovered(editor, uri, HERE.start)
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            assert hover.contents.kind == types.MarkupKind.Markdown
            assert hover.contents.value.splitlines() == [
                "| output | the code says | Keras 3.5.0 and 3.6.0 | Keras 3.7.0 to 3.15.1 |",
                "| --- | --- | --- | --- |",
                "| `output_small` | `mse` on `y_small` | **`mae`** on `y_small` | `mse` on `y_small` |",
                "| `output_big` | `mae` on `y_big` | **`mse`** on `y_big` | `mae` on `y_big` |",
            ]
            assert hover.range == types.Range(types.Position(6, 37), types.Position(6, 81))
            assert await hovered(editor, uri, types.Position(0, 0)) is None

        servers.ask(project, conversation, client)

    def test_weights_and_targets(self, project: Path, servers: Servers) -> None:
        text = PROGRAM.replace('"mae"})', '"mae"}, loss_weights={"output_small": 1.0, "output_big": 0.2})').replace(
            "[y_small, y_big]", '{"output_small": y_small, "output_big": y_big}'
        )

        async def conversation(editor: Session) -> None:
            uri = editor.open("train.py", text)
            hover = await hovered(editor, uri, HERE.start)
            assert hover is not None
            assert isinstance(hover.contents, types.MarkupContent)
            assert hover.contents.value.splitlines()[2:] == [
                "| `output_small` | `mse` on `y_small` | **`mae`** **\u00d7 0.2** **on `y_big`** |",
                "| `output_big` | `mae` \u00d7 0.2 on `y_big` | **`mse`** **on `y_small`** |",
            ]

        servers.ask(project, conversation)


async def hovered(editor, uri: str, place: types.Position) -> types.Hover | None:
    return await editor.client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), place))


def applied(text: str, action: types.CodeAction) -> str:
    """A text after an action; columns are those of a text without characters above U+FFFF."""
    assert action.edit is not None
    if action.edit.document_changes is not None:
        (change,) = action.edit.document_changes
        assert isinstance(change, types.TextDocumentEdit)
        edits = list(change.edits)
    else:
        assert action.edit.changes is not None
        (edits,) = map(list, action.edit.changes.values())
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        assert isinstance(edit, types.TextEdit)
        start, end = (sum(map(len, lines[: at.line])) + at.character for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


def test_a_fix_is_tried_out_by_itself() -> None:
    """That another finding can't be fixed says nothing against it."""
    document = Document("/t.py", "x = 1\ny = 2\n")

    def finding(row: int, content: str) -> Diagnostic:
        span = Span(Position(row, 5), Position(row, 6))
        fix = Fix("tuple", Applicability.SAFE, f"Write {content}", (Edit(span, content),))
        return Diagnostic("KER101", "n", Severity.ERROR, f"row {row}", "/t.py", span, fixes=(fix,))

    first, second = finding(1, "3"), finding(2, "2")  # the second fix changes nothing
    source = OpenDocument("file:///t.py", "python", 1, document.text)
    checked = Checked(source, Path("/"), document, FileReport("", (first, second)))
    offers = Offers(ClientResult(checked, "utf-16", str, get_converter(), versioned=True), disabled=True)
    offered = offers.actions(
        source.uri,
        everything(document.text),
        ["quickfix"],
        lambda text: [second] if text.startswith("x = 3") else [first, second],
    )
    disabled = {
        action.title: action.disabled and action.disabled.reason
        for action in offered
        if isinstance(action, types.CodeAction) and action.title.startswith("Write")
    }
    assert disabled == {"Write 3": None, "Write 2": "it changes nothing"}
