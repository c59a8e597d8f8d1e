"""The handlers of the client's messages: one function for each message."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from lsprotocol import types

from keraslint.config.settings import ConfigError
from keraslint.notebook.places import CellIndex
from keraslint.report.admitted import admitted_in_words, admitted_lines, admitted_object
from keraslint.server.actions import KINDS
from keraslint.server.client import SECTION, configures, watchers
from keraslint.server.documents import path_of
from keraslint.server.folder import Checked, Interrupt
from keraslint.server.hover import flagged_call, routing_table
from keraslint.server.notebooks import OpenNotebook
from keraslint.server.server import EDIT_DELAY, Finder, Server
from keraslint.words import one_line

INFORMATION = "keraslint.debugInformation"
KERAS = "keraslint.keras"
FIX_ALL_COMMAND = "keraslint.fixAll"


def make_server(finder: Finder) -> Server:
    """Return a server with a handler for each message that it uses."""
    server = Server(finder)
    actions = types.CodeActionOptions(code_action_kinds=list(KINDS))
    pull = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier=SECTION)
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(did_save)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(did_open_notebook)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(did_change_notebook)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_SAVE)(did_save_notebook)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(did_close_notebook)
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, pull)(diagnostic)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, actions)(code_action)
    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_workspace_folders)
    server.command(INFORMATION)(information)
    server.command(KERAS)(keras)
    server.command(FIX_ALL_COMMAND)(fix_all)
    return server


def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Store the client's capabilities and settings from its first message."""
    ls.begin(params)


async def initialized(ls: Server, _params: types.InitializedParams) -> None:
    """Ask the client, which is ready now, to watch files, and for its settings."""
    wanted = []
    if ls.abilities.watches:
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers())
        wanted.append(types.Registration("watch", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if ls.abilities.tells_settings:
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(types.Registration("settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if wanted:
        await ls.client_register_capability_async(types.RegistrationParams(wanted))
    await _ask_for_settings(ls)


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Check a document that was opened."""
    source = ls.opened.open(params.text_document)
    if configures(source.path) or not ls.abilities.watches:
        ls.project_changed()
    ls.edited(source, 0.0)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Check a document that was edited."""
    source = ls.opened.change(params.text_document, params.content_changes)
    if source is None:
        raise ValueError(f"{params.text_document.uri} was changed, but never opened")
    if configures(source.path):
        ls.project_changed()
    ls.edited(source, EDIT_DELAY)


def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """Check again after a document was saved: configuration is read from the disk."""
    path = path_of(params.text_document.uri)
    if configures(path) or not ls.abilities.watches:
        ls.project_changed()


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a document that was closed: the file on the disk counts again."""
    source = ls.opened.close(params.text_document.uri)
    if source is None:
        return
    followers = ls.checks.followers(source.path)
    ls.closed(source)
    if configures(source.path) or followers:
        ls.project_changed()


def did_open_notebook(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    """Check a notebook that was opened."""
    notebook = ls.opened.open_notebook(params)
    if not ls.abilities.watches:
        ls.project_changed()
    ls.edited(notebook, 0.0)


def did_change_notebook(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    """Check a notebook whose cells have changed: their number, order, kind or text."""
    change = ls.opened.change_notebook(params)
    if change is None:
        raise ValueError(f"{params.notebook_document.uri} was changed, but never opened")
    before, after = change
    left = {one.document.key for one in after.cells}
    ls.closed_cells(one.document for one in before.cells if one.document.key not in left)
    ls.edited(after, EDIT_DELAY)


def did_save_notebook(ls: Server, _params: types.DidSaveNotebookDocumentParams) -> None:
    """Check again after a notebook was saved: configuration is read from the disk."""
    if not ls.abilities.watches:
        ls.project_changed()


def did_close_notebook(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    """Forget a notebook that was closed."""
    notebook = ls.opened.close_notebook(params.notebook_document.uri)
    if notebook is not None:
        ls.closed(notebook)


async def diagnostic(ls: Server, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """Return the diagnostics of a document; none for a cell, to which they are sent unasked."""
    checked = await _checked(ls, params.text_document.uri)
    if checked is None or isinstance(checked.source, OpenNotebook):
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    items = ls.shown(checked).diagnostics
    said = json.dumps(ls.protocol._converter.unstructure(items), sort_keys=True)
    result_id = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    if result_id == params.previous_result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id)
    return types.RelatedFullDocumentDiagnosticReport(items, result_id=result_id)


async def code_action(ls: Server, params: types.CodeActionParams) -> list[types.Command | types.CodeAction] | None:
    """Return the code actions for the diagnostics in a range; those in the request are not used."""
    checked = await _checked(ls, params.text_document.uri)
    if checked is None or checked.settings is None:
        return None
    offers, only = ls.offers(checked), params.context.only

    def find(interrupt: Interrupt) -> list[types.Command | types.CodeAction]:
        recheck = ls.folder_of(checked.source.path).recheck(checked, interrupt)
        return offers.actions(params.text_document.uri, params.range, only, recheck)

    return await ls.worker.result(find)


async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """Return what each allowed release does with the call whose argument is flagged at a place."""
    checked = await _checked(ls, params.text_document.uri)
    if checked is None or checked.settings is None or not checked.source.is_python:
        return None
    document, shown = checked.document, ls.shown(checked)
    flagged = shown.at(params.text_document.uri, params.position)
    facts, folder = checked.report.facts, ls.folder_of(checked.source.path)
    if not flagged or facts is None:
        return None
    span = max(flagged)

    def table(_: object) -> str | None:
        keras = folder.releases(checked)
        call = flagged_call(document, facts, span, keras)
        return None if call is None else routing_table(call, keras)

    text = await ls.worker.result(table)
    if text is None:
        return None
    kind = types.MarkupKind.Markdown if ls.abilities.markdown else types.MarkupKind.PlainText
    return types.Hover(types.MarkupContent(kind, text), shown.range_of(span))


def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Check again after files have changed on the disk; open files count as they are in the editor."""
    paths = [path for event in params.changes if (path := path_of(event.uri)) is not None]
    if any(configures(path) or ls.opened.at(path) is None for path in paths):
        ls.project_changed()


async def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Check again with the changed settings of the client."""
    if ls.abilities.configures:
        await _ask_for_settings(ls)
    elif ls.configure({None: params.settings}):
        ls.project_changed()


async def did_change_workspace_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Check again with the changed folders of the workspace."""
    for removed in params.event.removed:
        if (path := path_of(removed.uri)) is not None:
            ls.remove_folder(path)
    for added in params.event.added:
        if (path := path_of(added.uri)) is not None:
            ls.add_folder(path)
    ls.project_changed()
    await _ask_for_settings(ls)


def information(ls: Server) -> dict[str, Any]:
    """Return the information for a bug report."""
    return ls.information()


async def keras(ls: Server, uri: str) -> dict[str, Any] | None:
    """Return which Keras the project of a document, cell, file or folder gets, and why: as words, lines and object."""
    source = ls.opened.get(uri)
    path, text = (path_of(uri), None) if source is None else (source.path, source.document.text)
    if path is None:
        return None

    def find(_: object) -> dict[str, Any]:
        project, settings = ls.folder_of(path).admitted(path, text)
        if isinstance(source, OpenNotebook) and project.releases.evidence:
            name = os.path.relpath(path, ls.folder_of(path).root)
            evidence = CellIndex(source.text).evidence(project.releases.evidence, name)
            project = replace(project, releases=replace(project.releases, evidence=evidence))
        lines = list(map(one_line, admitted_lines(project, settings)))
        return {"words": admitted_in_words(project.releases), "lines": lines, **admitted_object(project)}

    try:
        return await ls.worker.result(find)
    except ConfigError as error:
        return {"words": "not known", "lines": [one_line(str(error))]}


async def fix_all(ls: Server, uri: str) -> bool:
    """Ask the client to make all fixes of a document or of a whole notebook that the settings allow; True if it did."""
    checked = await _checked(ls, uri)
    if checked is None or checked.settings is None:
        return False
    offers = ls.offers(checked)
    edit = await ls.worker.result(
        lambda interrupt: offers.fix_all(ls.folder_of(checked.source.path).recheck(checked, interrupt))
    )
    if edit is None:
        return False
    said = await ls.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, "keraslint: fix all"))
    return said.applied


async def _checked(ls: Server, uri: str) -> Checked | None:
    source = ls.opened.get(uri)
    return await ls.checks.latest(source.key) if source is not None and source.is_checked else None


async def _ask_for_settings(ls: Server) -> None:
    if not ls.abilities.configures:
        return
    roots: list[Path | None] = [None, *ls.roots]
    items = [types.ConfigurationItem(root.as_uri() if root else None, SECTION) for root in roots]
    said = await asyncio.wait_for(ls.workspace_configuration_async(types.ConfigurationParams(items)), 30)
    answers = {root: value for root, value in zip(roots, said, strict=False) if value is not None}
    if ls.configure(answers):
        ls.project_changed()
