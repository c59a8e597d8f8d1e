"""What the client on the other side can do, as it says when it starts the server."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types
from pygls.capabilities import get_capability


@dataclass(frozen=True, slots=True)
class Abilities:
    """What counts for us of the client's capabilities.

    pulls: it asks for diagnostics by itself. refreshes: it can be told to ask again. versioned: edits may name the
    version of the document that they are for. disabled: it shows actions that can't be taken, with the reason.
    watches: it can be asked to watch files. configures: it answers questions about its settings. tells_settings: it
    can be asked to say when they change. markdown: hovers may be Markdown.
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
