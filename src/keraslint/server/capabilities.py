"""The capabilities that the client states when it starts the server."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import get_capability


@dataclass(frozen=True, slots=True)
class Abilities:
    """The capabilities of the client that the server uses.

    pulls: it requests diagnostics itself. refreshes: the server can tell it to request them again. versioned: edits may
    name the version of the document that they are for. disabled: it shows actions that are disabled, with the reason.
    watches: it can watch files. configures: it answers requests for its settings. tells_settings: it can notify the
    server of changed settings. markdown: hovers may be Markdown.
    """

    pulls: bool = False
    refreshes: bool = False
    versioned: bool = False
    disabled: bool = False
    watches: bool = False
    configures: bool = False
    tells_settings: bool = False
    markdown: bool = False

    @classmethod
    def of(cls, client: types.ClientCapabilities) -> Abilities:
        """Read the client's capabilities."""
        return cls(
            pulls=get_capability(client, "text_document.diagnostic") is not None,
            refreshes=bool(get_capability(client, "workspace.diagnostics.refresh_support")),
            versioned=bool(get_capability(client, "workspace.workspace_edit.document_changes")),
            disabled=bool(get_capability(client, "text_document.code_action.disabled_support")),
            watches=bool(get_capability(client, "workspace.did_change_watched_files.dynamic_registration")),
            configures=bool(get_capability(client, "workspace.configuration")),
            tells_settings=bool(get_capability(client, "workspace.did_change_configuration.dynamic_registration")),
            markdown=types.MarkupKind.Markdown in (get_capability(client, "text_document.hover.content_format") or ()),
        )
