"""The client's side of a session: what it can do, the files that it watches, and the settings that its user gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability

from keraslint.config.options import Options
from keraslint.config.parse import options_of
from keraslint.config.settings import ConfigError
from keraslint.pins.gather import WORTH_ASKING


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


SECTION = "keraslint"
_SHOWN = "the editor's settings"
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")


def options_of_editor(said: object) -> Options:
    """The options in an editor's settings, at the top or under ``keraslint`` or ``settings``; null means unset.

    Keys may be written as in a file or as editors do: ``keras-version``, ``kerasVersion``. Raises ConfigError.
    """
    if said is None:
        return Options()
    if not isinstance(said, Mapping):
        raise ConfigError(f"{_SHOWN}: an object is needed")
    for name in (SECTION, "settings"):
        if isinstance(said.get(name), Mapping):
            return options_of_editor(said[name])
    names = {key: _CAPITAL.sub(lambda match: f"-{match.group().lower()}", str(key)) for key in said}
    table: dict[str, Any] = {names[key].replace("_", "-"): value for key, value in said.items() if value is not None}
    options = options_of(table, lambda *_: _SHOWN)
    return options if options.keras_version is None else replace(options, keras_version_by=_SHOWN)


GLOBS = (
    "**/*.{py,pyw}",
    "**/*.{txt,in,pip,toml,lock,yml,yaml,cfg}",
    "**/{Pipfile,Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}",
    "**/{.env,.env.*,*.env}",
)


def watchers() -> list[types.FileSystemWatcher]:
    """The watchers for Python modules, dependency files and configuration."""
    return [types.FileSystemWatcher(glob) for glob in GLOBS]


def configures(path: Path | None) -> bool:
    """Return True if a file may decide which Keras a project gets, or how it is checked."""
    return path is not None and WORTH_ASKING.fullmatch(path.name) is not None
