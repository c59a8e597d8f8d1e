"""The server itself: the protocol's messages, the state of the client, its folders and checks."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcServerNotInitialized
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from keraslint import __version__
from keraslint.config.find import ConfigFinder
from keraslint.config.options import Options
from keraslint.config.settings import ConfigError
from keraslint.server.actions import Offers
from keraslint.server.checks import LATER, Checks, Worker
from keraslint.server.client import Abilities, options_of_editor
from keraslint.server.client_result import ClientResult
from keraslint.server.documents import OpenDocument, key_of, path_of
from keraslint.server.folder import Checked, Folder, Interrupt
from keraslint.server.notebooks import OpenNotebook
from keraslint.server.opened import OpenDocuments

if TYPE_CHECKING:
    from pygls.protocol.json_rpc import MessageCallback, MessageHandler, MsgId


def _left_to_our_handler(method: str) -> Any:
    @lsp_method(method)
    def leave(self: LanguageServerProtocol, params: Any) -> Generator[Any, Any, None]:
        yield self.fm.features[method], (params,), None

    return leave


class Protocol(LanguageServerProtocol):
    """pygls's protocol. Its own documents also split lines at form feeds, and raise for a place past a line's end.

    left_early: the client said ``exit`` without ``shutdown``.
    """

    left_early = False
    _begun = False

    lsp_text_document__did_open = _left_to_our_handler(types.TEXT_DOCUMENT_DID_OPEN)
    lsp_text_document__did_change = _left_to_our_handler(types.TEXT_DOCUMENT_DID_CHANGE)
    lsp_text_document__did_close = _left_to_our_handler(types.TEXT_DOCUMENT_DID_CLOSE)
    lsp_notebook_document__did_open = _left_to_our_handler(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    lsp_notebook_document__did_change = _left_to_our_handler(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    lsp_notebook_document__did_close = _left_to_our_handler(types.NOTEBOOK_DOCUMENT_DID_CLOSE)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: object) -> Generator[Any, Any, None]:
        """Cancel what is pending. pygls 2.1.1 fails here: what it cancels leaves the dict that it goes through."""
        for identifier, future in tuple(self._request_futures.items()):
            if identifier != self.msg_id:
                future.cancel()
        self._shutdown = True
        yield from ()

    def handle_message(self, message: Any) -> None:
        """Refuse requests before ``initialize``, after ``shutdown``, and a second ``initialize``."""
        method = getattr(message, "method", None)
        refused = self._refusal(method)
        if method == types.EXIT:
            self.left_early = not self._shutdown
        if method == types.INITIALIZE:
            self._begun = True
        if refused is None:
            super().handle_message(message)
        elif (identifier := getattr(message, "id", None)) is not None:
            self._send_response(identifier, error=refused.to_response_error())

    def _refusal(self, method: str | None) -> JsonRpcException | None:
        if method in (None, types.EXIT):
            return None
        if self._shutdown:
            return JsonRpcInvalidRequest("the server was shut down")
        if self._begun and method == types.INITIALIZE:
            return JsonRpcInvalidRequest("the server was initialized already")
        if not self._begun and method != types.INITIALIZE:
            return JsonRpcServerNotInitialized("the server is not initialized yet")
        return None

    def _execute_handler(
        self,
        msg_id: MsgId,
        handler: MessageHandler,
        callback: MessageCallback,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Drop a message's future when it is done: pygls 2.1.1 keeps those of notifications forever."""
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        future = self._request_futures.get(msg_id)
        if future is not None:
            future.add_done_callback(lambda _: self._request_futures.pop(msg_id, None))

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message as the protocol's type. Raises for a malformed one, which is answered if it is a request."""
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise


EDIT_DELAY = 0.02
"""Seconds without another edit after which a document is checked: below what a person notices."""

PROJECT_DELAY = 0.1
"""Seconds without another change after which all documents are checked, where several depend on it."""

NOTEBOOKS = types.NotebookDocumentSyncOptions(
    [
        # Cells of any kind, so that cells are numbered as in the file.
        types.NotebookDocumentFilterWithNotebook("jupyter-notebook"),
        types.NotebookDocumentFilterWithNotebook("interactive"),
        types.NotebookDocumentFilterWithNotebook("*", [types.NotebookCellLanguage("python")]),
    ],
    save=True,
)
"""The notebooks that a client tells of."""

Finder = Callable[[Path, Options], ConfigFinder]

logger = logging.getLogger(__name__)


class Server(LanguageServer):
    """The state of one session. ``finder`` makes the finder of configuration below a folder."""

    def __init__(self, finder: Finder) -> None:
        super().__init__(
            "keraslint",
            __version__,
            protocol_cls=Protocol,
            converter_factory=get_converter,
            notebook_document_sync=NOTEBOOKS,
        )
        self.opened = OpenDocuments()
        self.abilities = Abilities()
        self._finder = finder
        self._options: dict[Path | None, Options] = {}
        self._folders: dict[Path, Folder] = {}
        self._outside: dict[Path, Folder] = {}
        self._offers: dict[str, Offers] = {}
        self._published: dict[str, types.PublishDiagnosticsParams] = {}
        self._said: set[str] = set()
        self._misconfigured: dict[Path, set[str]] = {}
        self._refresh: asyncio.TimerHandle | None = None
        self.worker: Worker
        self.checks: Checks

    def begin(self, params: types.InitializeParams) -> None:
        """Store the client's capabilities, the folders of the workspace and the settings."""
        self.abilities = Abilities.of(params.capabilities)
        self.opened.encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        self.worker = Worker()
        self.checks = Checks(self.worker, self.opened, self.check, self._done, self._failed)
        uris = [folder.uri for folder in params.workspace_folders or ()]
        uris = uris or ([params.root_uri] if params.root_uri else [])
        roots = [path for uri in uris if (path := path_of(uri)) is not None]
        if not roots and params.root_path and Path(params.root_path).is_absolute():
            roots = [Path(params.root_path)]
        for root in roots:
            self.add_folder(root)
        self.configure({None: params.initialization_options})

    @property
    def left_early(self) -> bool:
        """True if the client sent ``exit`` without ``shutdown``."""
        return isinstance(self.protocol, Protocol) and self.protocol.left_early

    @property
    def roots(self) -> list[Path]:
        """The folders of the workspace."""
        return list(self._folders)

    def add_folder(self, root: Path) -> None:
        """Add a folder to the workspace."""
        self._folders[root] = self._made(root)

    def remove_folder(self, root: Path) -> None:
        """Remove a folder from the workspace."""
        self._folders.pop(root, None)

    def configure(self, said: dict[Path | None, object]) -> bool:
        """Store the editor's settings by folder (None: for all) and show wrong ones; True if they changed."""
        options = dict(self._options)
        for root, value in said.items():
            try:
                options[root] = options_of_editor(value)
            except ConfigError as error:
                self.tell_once(str(error))
        if options == self._options:
            return False
        self._options = options
        for root, folder in self._every_folder().items():
            folder.configure(self._options_for(root))
        return True

    def folder_of(self, path: Path | None) -> Folder:
        """The innermost folder of the workspace that holds a file; outside of them, the file's own folder."""
        inside = [root for root in self._folders if path is not None and path.is_relative_to(root)]
        if inside:
            return self._folders[max(inside, key=lambda root: len(root.parts))]
        if path is None:
            return next(iter(self._folders.values()), None) or self._outside_folder(Path.cwd())
        return self._outside_folder(path.parent)

    def _outside_folder(self, root: Path) -> Folder:
        if root not in self._outside:
            self._outside[root] = self._made(root)
        return self._outside[root]

    def _made(self, root: Path) -> Folder:
        folder = Folder(root, self.opened, self._finder)
        folder.configure(self._options_for(root))
        return folder

    def _options_for(self, root: Path) -> Options:
        return self._options.get(root, Options()).over(self._options.get(None, Options()))

    def _every_folder(self) -> dict[Path, Folder]:
        return {**self._outside, **self._folders}

    def check(self, source: OpenDocument, interrupt: Interrupt) -> Checked:
        """Check a document; in the worker's thread."""
        return self.folder_of(source.path).check(source, interrupt)

    def edited(self, source: OpenDocument, delay: float) -> None:
        """Check a document whose text has changed, and the documents that depend on it."""
        if source.is_checked and self._pushes(source):
            self.checks.start(source, delay=delay)
        if source.path is not None:
            self.recheck(self.checks.followers(source.path), max(delay, PROJECT_DELAY))

    def _pushes(self, source: OpenDocument) -> bool:
        """True if diagnostics of a document are sent unasked: those of a cell may change by an edit in another one."""
        return not self.abilities.pulls or isinstance(source, OpenNotebook)

    def project_changed(self) -> None:
        """Read files again on which several documents depend, and check every document."""
        for folder in self._every_folder().values():
            folder.reread()
        self.recheck([document for document in self.opened if document.is_checked], PROJECT_DELAY)

    def recheck(self, documents: list[OpenDocument], delay: float) -> None:
        """Check documents again whose own text has not changed; a client that pulls is asked to do so."""
        for source in documents:
            if self._pushes(source):
                self.checks.start(source, delay=delay, priority=LATER)
            else:
                self.checks.forget(source)
        if self.abilities.refreshes and not all(map(self._pushes, documents)):
            if self._refresh is not None:
                self._refresh.cancel()
            self._refresh = asyncio.get_running_loop().call_later(delay, self.workspace_diagnostic_refresh, None)

    def closed(self, source: OpenDocument) -> None:
        """Remove the diagnostics of a document that was closed."""
        self.checks.forget(source)
        self._offers.pop(source.key, None)
        if isinstance(source, OpenNotebook):
            self.closed_cells([one.document for one in source.cells])
        elif source.is_checked and self._pushes(source):
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(source.uri, []))

    def closed_cells(self, cells: Iterable[OpenDocument]) -> None:
        """Remove the diagnostics of cells that are gone."""
        for cell in cells:
            if self._published.pop(cell.key, None) is not None:
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(cell.uri, []))

    def shown(self, checked: Checked) -> ClientResult:
        """A result as the client gets it."""

        def uri_of(filename: str) -> str:
            path = checked.root / filename
            opened = self.opened.at(path)
            return opened.uri if opened is not None else path.as_uri()

        return ClientResult(
            checked, self.opened.encoding, uri_of, self.protocol._converter, versioned=self.abilities.versioned
        )

    def offers(self, checked: Checked) -> Offers:
        """The code actions for a result; made once for each result."""
        offers = self._offers.get(checked.source.key)
        if offers is None or offers.checked is not checked:
            offers = self._offers[checked.source.key] = Offers(self.shown(checked), disabled=self.abilities.disabled)
        return offers

    def _done(self, checked: Checked) -> None:
        if checked.report.error is not None:
            self._report(checked)
        elif checked.root in self._misconfigured:
            self._said -= self._misconfigured.pop(checked.root)  # the same mistake is shown again when it comes back
        if isinstance(checked.source, OpenNotebook):
            self._publish_cells(checked)
        elif not self.abilities.pulls:
            (params,) = self.shown(checked).published()
            self.text_document_publish_diagnostics(params)

    def _publish_cells(self, checked: Checked) -> None:
        """Send the diagnostics of each cell where they differ from those that were sent."""
        for params in self.shown(checked).published():
            key = key_of(params.uri)
            before = self._published.get(key)
            if params != before and (params.diagnostics or (before is not None and before.diagnostics)):
                self._published[key] = params
                self.text_document_publish_diagnostics(params)

    def _report(self, checked: Checked) -> None:
        if checked.misconfigured:
            text = f"{checked.root}: {checked.report.error}"
            self._misconfigured.setdefault(checked.root, set()).add(text)
            self.tell_once(text)
            return
        self.tell_once(f"{checked.source.path or checked.source.uri}: {checked.report.error}")
        if checked.report.detail:
            logger.error(checked.report.detail)
            self.window_log_message(types.LogMessageParams(types.MessageType.Error, checked.report.detail))

    def _failed(self, source: OpenDocument, error: BaseException) -> None:
        logger.error("check of %s failed", source.uri, exc_info=error)
        self.tell_once(f"{source.path or source.uri}: internal error: {type(error).__name__}: {error}")

    def tell_once(self, text: str) -> None:
        """Show an error to the user, each once."""
        logger.error(text)
        if text not in self._said:
            self._said.add(text)
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"keraslint: {text}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log an error about a message of the client on both sides, without showing it to the user."""
        logger.error("%s: %s", getattr(source, "__name__", source), error)
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"keraslint: {error}"))

    def information(self) -> dict[str, Any]:
        """The details for a report of a flaw: version, folders, and each open document with a digest of its text."""
        return {
            "version": __version__,
            "positionEncoding": self.opened.encoding,
            "folders": [str(root) for root in self._folders],
            "tasks": len(asyncio.all_tasks()),
            "documents": [
                {
                    "uri": item.uri,
                    "version": item.version,
                    "length": len(item.text),
                    "sha256": hashlib.sha256(item.text.encode("utf-8", "surrogatepass")).hexdigest(),
                }
                for item in self.opened
            ],
        }
