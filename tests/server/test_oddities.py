"""Clients break the protocol, and checks fail: the server answers as the protocol says, and goes on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .conftest import COMMAND, FIXED, PROGRAM, Servers, Session, everything, run, session

pytestmark = pytest.mark.slow


async def lives(editor: Session) -> None:
    """The server still finds what there is to find."""
    uri = editor.open("train.py", version=99)
    assert len((await editor.diagnostics(uri, version=99)).diagnostics) == 1


async def sent(editor: Session, method: str, params: object, identifier: int | None = None) -> None:
    """Send a message as it stands, however wrong."""
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    editor.client.protocol._send_data(message if identifier is None else {**message, "id": identifier})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/codeAction", {"textDocument": {}}),
        ("textDocument/codeAction", None),
        ("textDocument/hover", {"textDocument": {"uri": "file:///a.py"}, "position": {"line": "x"}}),
        ("textDocument/diagnostic", []),
    ],
)
def test_a_malformed_request_gets_an_error(method: str, params: object, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        answer: asyncio.Future = asyncio.get_running_loop().create_future()
        handle = editor.client.protocol._handle_response

        def handled(identifier, result=None, error=None):
            if identifier == 4711:
                answer.set_result(error)
            else:
                handle(identifier, result, error)

        editor.client.protocol._handle_response = handled
        await sent(editor, method, params, 4711)
        error = await answer
        editor.client.protocol._handle_response = handle
        assert error.code in (-32602, -32603)
        await lives(editor)

    servers.ask(project, conversation)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/didOpen", {"textDocument": {"uri": 1}}),
        ("textDocument/didChange", {"contentChanges": "x"}),
        ("textDocument/didChange", None),
        ("keraslint/unknown", {"a": 1}),
        ("$/unknown", None),
        ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "file:///a.py"}]}),
        ("$/cancelRequest", {"id": 12345}),
    ],
)
def test_a_malformed_notification_is_passed_over(method: str, params: object, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        await sent(editor, method, params)
        await lives(editor)

    servers.ask(project, conversation)


def test_what_is_no_json(project: Path) -> None:
    async def conversation() -> None:
        async with session(project) as editor:
            stdin = editor.client._server.stdin
            stdin.write(b"Content-Length: 9\r\n\r\n{oh dear}")
            stdin.write(b"Content-Length: 4\r\nContent-Type: x\r\n\r\nnull")
            await stdin.drain()
            await lives(editor)

    run(conversation())


def test_unknown_documents(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        unknown = editor.uri("unknown.py")
        editor.change(unknown, 2, "text")
        editor.save(unknown)
        editor.close(unknown)
        assert await editor.actions(unknown, everything(PROGRAM)) == []
        place = types.HoverParams(types.TextDocumentIdentifier(unknown), types.Position(0, 0))
        assert await editor.client.text_document_hover_async(place) is None
        await editor.until(lambda: editor.client.log_messages)
        assert any("never opened" in item.message for item in editor.client.log_messages)
        await lives(editor)

    servers.ask(project, conversation)


def test_an_unknown_request_is_refused(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        params = types.FoldingRangeParams(types.TextDocumentIdentifier(editor.uri("train.py")))
        with pytest.raises(JsonRpcException) as error:
            await editor.client.text_document_folding_range_async(params)
        assert error.value.code == -32601
        await lives(editor)

    servers.ask(project, conversation)


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("untitled:Untitled-1", 1),
        ("file:///c%3A/Users/me/train.py", 1),
        ("file:///C:/Users/me/train.py", 1),
        ("file://server/share/train.py", 1),
        ("file:///nowhere/at%20all/tr%C3%A4in%23%3B.py", 1),
        ("file:///with/a%00null.py", 1),
        ("git:/train.py?ref", None),
        ("vscode-notebook-cell:/a.ipynb#1", None),
        ("file://[", 1),
    ],
)
def test_uris_of_all_kinds(uri: str, found: int | None, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        editor.open(uri, PROGRAM)
        if found is not None:
            published = await editor.diagnostics(uri, version=1)
            assert len(published.diagnostics) == found
            (fix, *_) = await editor.actions(uri, everything(PROGRAM), ["quickfix"])
            assert fix.edit is not None
            assert fix.edit.document_changes is not None
            (change,) = fix.edit.document_changes
            assert change.text_document.uri == uri
        else:
            assert await editor.actions(uri, everything(PROGRAM)) == []
        editor.close(uri)
        await lives(editor)
        assert {item.uri for item in editor.published} == {editor.uri("train.py"), *([uri] if found else [])}

    servers.ask(project, conversation, "visual-studio-code")


def test_one_document_in_two_spellings(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("file:///c%3A/train.py", PROGRAM)
        editor.change("file:///c:/train.py", 2, FIXED)
        assert (await editor.diagnostics(uri, version=2)).diagnostics == ()

    servers.ask(project, conversation)


def test_a_file_that_was_deleted(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        await editor.diagnostics(uri)
        (project / "train.py").unlink()
        event = types.FileEvent(uri, types.FileChangeType.Deleted)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        editor.change(uri, 2, PROGRAM + "\n")
        assert len((await editor.diagnostics(uri, version=2)).diagnostics) == 1
        editor.close(uri)
        await editor.until(lambda: editor.published[-1].version is None)

    servers.ask(project, conversation, "visual-studio-code")


FAILS = """\
import sys
import keraslint.analysis
real = keraslint.analysis.analyze

def analyze(document, *rest, **named):
    if "fail here" in document.text:
        raise ZeroDivisionError("oh\\ndear")
    return real(document, *rest, **named)

keraslint.analysis.analyze = analyze
from keraslint.cli import main
sys.exit(main(["server"]))
"""


def test_an_analysis_that_raises_is_reported(project: Path) -> None:
    async def conversation() -> None:
        async with session(project, command=[sys.executable, "-c", FAILS]) as editor:
            uri = editor.open("train.py", PROGRAM + "# fail here\n")
            assert (await editor.diagnostics(uri, version=1)).diagnostics == ()
            await editor.until(lambda: editor.client.messages and editor.client.log_messages)
            assert "train.py: internal error: ZeroDivisionError: oh dear" in editor.client.messages[0].message
            assert "Traceback" in editor.client.log_messages[-1].message
            editor.change(uri, 2, PROGRAM + "# fail here again\n")
            await editor.diagnostics(uri, version=2)
            assert len(editor.client.messages) == 1
            editor.change(uri, 3, PROGRAM)
            assert len((await editor.diagnostics(uri, version=3)).diagnostics) == 1

    run(conversation())


def test_a_request_is_cancelled(project: Path, servers: Servers) -> None:
    slow = PROGRAM + "".join(f"def f{n}(a):\n    " + f"for i in range(100): g(f{n}, i)\n" * 1 for n in range(300))

    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py", slow)
        params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        request = editor.client.protocol.send_request_async("textDocument/diagnostic", params, msg_id="slow")
        await asyncio.sleep(0)
        task = asyncio.ensure_future(request)
        await asyncio.sleep(0.01)
        editor.client.cancel_request(types.CancelParams("slow"))
        with pytest.raises(JsonRpcException) as error:
            await task
        assert error.value.code == -32800
        editor.change(uri, 2, FIXED)
        report = await editor.client.text_document_diagnostic_async(params)
        assert report.items == ()

    servers.ask(project, conversation, "zed")


def test_versions_never_go_back(project: Path) -> None:
    async def conversation() -> None:
        async with session(project) as editor:
            uri = editor.open("train.py")
            for version in range(2, 200):
                editor.change(uri, version, (PROGRAM if version % 2 else FIXED) + f"# {version}\n")
                if not version % 7:
                    await asyncio.sleep(0.05)
            last = await editor.diagnostics(uri, version=199)
            assert len(last.diagnostics) == 1
            versions = [item.version for item in editor.published]
            assert versions == sorted(set(versions))
            assert len(versions) < 100
            assert all(len(item.diagnostics) == (item.version or 0) % 2 for item in editor.published)

    run(conversation())


def test_logs_go_to_a_file(project: Path) -> None:
    async def conversation() -> None:
        async with session(project, arguments=("--log-file", "log.txt", "-v")) as editor:
            await lives(editor)

    run(conversation())
    assert "textDocument/publishDiagnostics" in (project / "log.txt").read_text()


def test_the_client_dies(project: Path) -> None:
    async def conversation() -> None:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=project
        )
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()

    run(conversation())
