"""Sessions with the real server over stdio, driven by pytest-lsp's client with the capabilities of real editors."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from lsprotocol.converters import get_converter
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from ..installed import HANG

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "keraslint", "server"]

RECORDED = ("visual-studio-code", "neovim@v0.7.0", "neovim@v0.11.0", "emacs")
WRITTEN = ("helix", "zed", "vscode")

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
        self.edits: list[types.WorkspaceEdit] = []
        self.result: types.InitializeResult
        self.news = asyncio.Event()
        self.opened: set[str] = set()

    def uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def open(self, name: str, text: str | None = None, version: int = 1, language: str = "python") -> str:
        """Open a file (also by its whole URI) in the editor; its URI."""
        uri = name if ":" in name else self.uri(name)
        if text is None:
            text = (self.root / name).read_bytes().decode("utf-8")
        item = types.TextDocumentItem(uri, language, version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        self.opened.add(uri)
        return uri

    def change(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent | str) -> None:
        whole = types.TextDocumentContentChangeWholeDocument
        edits = [whole(change) if isinstance(change, str) else change for change in changes]
        identifier = types.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, edits))

    def save(self, uri: str) -> None:
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))

    def close(self, uri: str) -> None:
        self.opened.discard(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))

    async def diagnostics(self, uri: str, version: int | None = None) -> types.PublishDiagnosticsParams:
        """The diagnostics published last for a document, of this version, as soon as they are there."""
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
        while not (found := condition()):
            self.news.clear()
            await self.news.wait()
        return found

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

    async def enter(self, root: Path) -> None:
        """Make a folder the only one of the workspace, and forget what was said of another."""
        self.root = root
        self.published.clear()
        self.client.messages.clear()
        self.client.log_messages.clear()
        await self._exchange_folders(added=[root])

    async def leave(self) -> None:
        """Close all documents, and take the folder away from the workspace."""
        for uri in list(self.opened):
            self.close(uri)
        await self._exchange_folders(removed=[self.root])

    async def _exchange_folders(self, added: list[Path] | None = None, removed: list[Path] | None = None) -> None:
        come, gone = (
            [types.WorkspaceFolder(one.as_uri(), one.name) for one in many or ()] for many in (added, removed)
        )
        event = types.WorkspaceFoldersChangeEvent(come, gone)
        self.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
        while (said := await self.information())["folders"] != list(map(str, added or ())):
            pass
        assert said["documents"] == []


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
) -> AsyncIterator[Session]:
    """A session with a server of its own, started as editors do, that is shut down properly at the end."""
    client = make_test_lsp_client()
    held = Session(client, root)
    if configuration is not None:
        client.set_configuration(configuration, section="keraslint")
    _listen(held)
    await client.start_io(*(command or COMMAND), *arguments, cwd=root, env={**os.environ, **(environment or {})})
    held.result = await client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities(name),
            root_uri=None if folders == [] else root.as_uri(),
            workspace_folders=[
                types.WorkspaceFolder(path.as_uri(), path.name) for path in ([root] if folders is None else folders)
            ],
            initialization_options=options,
        )
    )
    try:
        yield held
    finally:
        await asyncio.wait_for(client.shutdown_session(), HANG)
        code = client._server.returncode if client._server else None
        await client.stop()
        assert code == 0


def _listen(held: Session) -> None:
    """Keep what the server says."""
    client = held.client

    def published(params: types.PublishDiagnosticsParams) -> None:
        held.published.append(params)
        held.news.set()

    def registered(params: types.RegistrationParams) -> None:
        held.registered += params.registrations
        held.news.set()

    def refreshed(_: Any) -> None:
        held.refreshed += 1
        held.news.set()

    def edit(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        held.edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def said(kind: list[Any]) -> Callable[[Any], None]:
        def note(params: Any) -> None:
            kind.append(params)
            held.news.set()

        return note

    client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)
    client.protocol.fm.features.pop(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)
    client.protocol.fm.features.pop(types.WORKSPACE_APPLY_EDIT, None)
    client.protocol.fm.features.pop(types.WINDOW_LOG_MESSAGE, None)
    client.protocol.fm.features.pop(types.WINDOW_SHOW_MESSAGE, None)
    client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
    client.feature(types.WORKSPACE_APPLY_EDIT)(edit)
    client.feature(types.CLIENT_REGISTER_CAPABILITY)(registered)
    client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)(refreshed)
    client.feature(types.WINDOW_LOG_MESSAGE)(said(client.log_messages))
    client.feature(types.WINDOW_SHOW_MESSAGE)(said(client.messages))


class Servers:
    """The servers that the tests of one module share: one for each client, from when it is first asked to the end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._running: dict[str, tuple[Any, Session]] = {}

    def ask(self, root: Path, conversation: Callable[[Session], Awaitable[None]], name: str = "neovim@v0.7.0") -> None:
        """Hold a conversation with the server for a client, in a workspace that is just the folder ``root``.

        A server about which something failed is not asked again.
        """

        async def hold() -> None:
            started, held = self._running.pop(name, None) or await self._start(name, root.parent)
            try:
                await held.enter(root)
                await conversation(held)
                await held.leave()
            except BaseException as error:
                await started.__aexit__(type(error), error, None)
                raise
            self._running[name] = started, held

        self._loop.run_until_complete(asyncio.wait_for(hold(), HANG))

    def end(self) -> None:
        """Shut all of them down."""
        for started, _ in self._running.values():
            self._loop.run_until_complete(asyncio.wait_for(started.__aexit__(None, None, None), HANG))
        self._loop.close()

    async def _start(self, name: str, folder: Path) -> tuple[Any, Session]:
        started = session(folder, name, folders=[])
        return started, await started.__aenter__()


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """The servers that the tests of a module share, which only ask them something."""
    shared = Servers()
    yield shared
    shared.end()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that pins a release that goes wrong."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("numpy\nkeras==3.5.0\n")
    (tmp_path / "train.py").write_text(PROGRAM)
    return tmp_path


def run(conversation: Awaitable[None]) -> None:
    """Hold a conversation to its end."""
    asyncio.run(asyncio.wait_for(conversation, HANG))


def everything(text: str) -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(len(text.splitlines()), 0))
