"""The protocol's messages: documents are kept by our handlers, not pygls's, and malformed requests get an error."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidRequest, JsonRpcServerNotInitialized
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

if TYPE_CHECKING:
    from pygls.protocol.json_rpc import MessageCallback, MessageHandler, MsgId


class Protocol(LanguageServerProtocol):
    """pygls's protocol. Its own documents also split lines at form feeds, and raise for a place past a line's end.

    left_early: the client said ``exit`` without ``shutdown``.
    """

    left_early = False
    _begun = False

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        """Leave the document to our handler."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        """Leave the document to our handler."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        """Leave the document to our handler."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None

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
