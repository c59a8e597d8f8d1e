"""Sessions with the real server over stdio, driven by pytest-lsp's client with the capabilities of real editors."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "keraslint", "server"]

RECORDED = ("visual-studio-code", "neovim@v0.7.0", "neovim@v0.11.0", "emacs")
WRITTEN = ("helix", "zed")

PROGRAM = """\
import keras

inputs = keras.Input((16,))
small = keras.layers.Dense(1, name="output_small")(inputs)
big = keras.layers.Dense(64, name="output_big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="adam", loss={"output_small": "mse", "output_big": "mae"})
model.fit(x, [y_small, y_big])
"""
FIXED = PROGRAM.replace('{"output_small": "mse", "output_big": "mae"}', '("mse", "mae")')


def capabilities(name: str) -> types.ClientCapabilities:
    """The capabilities of an editor: recorded by pytest-lsp, or written by hand in ``clients``."""
    if name in WRITTEN:
        said = json.loads((HERE / "clients" / f"{name}.json").read_text(encoding="utf-8"))
        return get_converter().structure(said, types.ClientCapabilities)
    return client_capabilities(name)


class Session:
    """One session with the server, and everything that it said."""

    def __init__(self, client: LanguageClient, root: Path) -> None:
        self.client = client
        self.root = root
        self.published: list[types.PublishDiagnosticsParams] = []
        self.registered: list[types.Registration] = []
        self.refreshed = 0
        self.result: types.InitializeResult
        self.news = asyncio.Event()

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str | None = None, version: int = 1, language: str = "python") -> str:
        """Open a file (also by its whole URI) in the editor; its URI."""
        uri = name if ":" in name else self.uri(name)
        if text is None:
            text = (self.root / name).read_bytes().decode("utf-8")
        item = types.TextDocumentItem(uri, language, version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent | str) -> None:
        whole = types.TextDocumentContentChangeWholeDocument
        edits = [whole(change) if isinstance(change, str) else change for change in changes]
        identifier = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, edits))

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def diagnostics(self, uri: str, version: int | None = None) -> types.PublishDiagnosticsParams:
        """What was published last for a document, of this version, as soon as it is there."""
        return await self.until(
            lambda: next(
                (
                    item
                    for item in reversed(self.published)
                    if item.uri == uri and (version is None or item.version == version)
                ),
                None,
            )
        )

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for something that the server says."""

        async def wait() -> Any:
            while not (found := condition()):
                self.news.clear()
                await self.news.wait()
            return found

        return await asyncio.wait_for(wait(), 30)

    async def actions(
        self,
        uri: str,
        where: types.Range,
        only: list[str] | None = None,
        about: list[types.Diagnostic] | None = None,
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext(about or [], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), where, context)
        return list(await self.client.text_document_code_action_async(params) or [])

    async def information(self) -> dict[str, Any]:
        params = types.ExecuteCommandParams("keraslint.debugInformation")
        said = await self.client.workspace_execute_command_async(params)
        return json.loads(json.dumps(said, default=lambda item: item._asdict()))


@asynccontextmanager
async def session(
    root: Path,
    name: str = "neovim@v0.7.0",
    *,
    options: object = None,
    folders: list[Path] | None = None,
    arguments: tuple[str, ...] = (),
    configuration: object = None,
    environment: dict[str, str] | None = None,
    command: list[str] | None = None,
):
    """A session with a server that was started as editors do, and that is shut down properly at the end."""
    client = make_test_lsp_client()
    held = Session(client, root)
    if configuration is not None:
        client.set_configuration(configuration, section="keraslint")

    def published(params: types.PublishDiagnosticsParams) -> None:
        held.published.append(params)
        held.news.set()

    def registered(params: types.RegistrationParams) -> None:
        held.registered += params.registrations
        held.news.set()

    def refreshed(_: Any) -> None:
        held.refreshed += 1
        held.news.set()

    def said(kind: list) -> Callable[[Any], None]:
        def note(params: Any) -> None:
            kind.append(params)
            held.news.set()

        return note

    client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)
    client.protocol.fm.features.pop(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)
    client.protocol.fm.features.pop(types.WINDOW_LOG_MESSAGE, None)
    client.protocol.fm.features.pop(types.WINDOW_SHOW_MESSAGE, None)
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(registered)
    client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)(refreshed)
    client.feature(types.WINDOW_LOG_MESSAGE)(said(client.log_messages))
    client.feature(types.WINDOW_SHOW_MESSAGE)(said(client.messages))
    await client.start_io(*(command or COMMAND), *arguments, cwd=root, env={**os.environ, **(environment or {})})
    held.result = await client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities(name),
            root_uri=root.as_uri(),
            workspace_folders=[types.WorkspaceFolder(path.as_uri(), path.name) for path in folders or [root]],
            initialization_options=options,
        )
    )
    try:
        yield held
    finally:
        await client.shutdown_session()
        code = client._server.returncode if client._server else None
        await client.stop()
        assert code == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that pins a release that goes wrong."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("numpy\nkeras==3.5.0\n")
    (tmp_path / "train.py").write_text(PROGRAM)
    return tmp_path


def run(conversation: Awaitable[None], limit: int = 60) -> None:
    """Hold a conversation to its end, which comes after some seconds at the most."""
    asyncio.run(asyncio.wait_for(conversation, limit))


def everything(text: str) -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(len(text.splitlines()), 0))
