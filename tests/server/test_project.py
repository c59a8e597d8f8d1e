"""The checks depend on pins, configuration, modules, settings and folders, too, on the disk and unsaved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types

from .conftest import FIXED, PROGRAM, Servers, Session, run, session

pytestmark = pytest.mark.slow

ALL_CHANGES = (types.FileChangeType.Created, types.FileChangeType.Changed, types.FileChangeType.Deleted)


def tell(editor: Session, *names: str, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
    """Tell the server, as an editor does that watches files, that some have changed."""
    events = [types.FileEvent(editor.uri(name), kind) for name in names]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))


async def empty(editor: Session, uri: str) -> None:
    await editor.until(lambda: [item.diagnostics for item in editor.published if item.uri == uri][-1:] == [()])


async def messages(editor: Session, uri: str, wanted: str) -> None:
    """Wait until the last thing published for a document is one finding that says this."""

    def last() -> bool:
        found = [item.diagnostics for item in editor.published if item.uri == uri][-1:]
        return [wanted in one.message for items in found for one in items] == [True]

    await editor.until(last)


def test_unsaved_dependencies_count(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        await messages(editor, uri, "Keras 3.5.0 (requirements.txt:2)")
        pins = editor.open("requirements.txt", language="plaintext")
        editor.change(pins, 2, "keras==3.7.0\n")
        await empty(editor, uri)
        editor.change(pins, 3, "\nkeras>=3.4\n")
        await messages(editor, uri, "keras>=3.4 (requirements.txt:2) allows 3.5.0 and 3.6.0")
        editor.close(pins)
        await messages(editor, uri, "Keras 3.5.0 (requirements.txt:2)")

    servers.ask(project, conversation)


@pytest.mark.parametrize("client", ["visual-studio-code", "helix"])
def test_files_are_watched_where_the_client_can(client: str, project: Path) -> None:
    async def conversation() -> None:
        async with session(project, client) as editor:
            uri = editor.open("train.py")
            await messages(editor, uri, "Keras 3.5.0 (requirements.txt:2)")
            watch = next(item for item in editor.registered if item.method == "workspace/didChangeWatchedFiles")
            globs = [watcher["globPattern"] for watcher in plain(watch.register_options)["watchers"]]
            assert any(".py" in glob or "{py" in glob for glob in globs)
            (project / "requirements.txt").write_text("keras==3.7.0\n")
            tell(editor, "requirements.txt")
            await empty(editor, uri)
            (project / "requirements.txt").unlink()
            tell(editor, "requirements.txt", kind=types.FileChangeType.Deleted)
            await messages(editor, uri, "no Keras pin found")
            (project / "keraslint.toml").write_text('keras-version = "3.6.0"\n')
            tell(editor, "keraslint.toml", kind=types.FileChangeType.Created)
            await messages(editor, uri, "Keras 3.6.0 (keraslint.toml:1)")

    run(conversation())


def test_what_was_saved_elsewhere_counts_for_a_client_that_can_not_watch(project: Path) -> None:
    async def conversation() -> None:
        async with session(project, "neovim@v0.7.0") as editor:
            uri = editor.open("train.py")
            await messages(editor, uri, "Keras 3.5.0")
            assert editor.registered == []
            (project / "requirements.txt").write_text("keras==3.7.0\n")
            editor.save(uri)
            await empty(editor, uri)

    run(conversation())


def test_imported_modules(project: Path, servers: Servers) -> None:
    head, tail = PROGRAM.split("model.compile")
    (project / "models.py").write_text(head)
    (project / "train.py").write_text(f"from models import model\n\nmodel.compile{tail}")

    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        await messages(editor, uri, "Keras 3.5.0")
        found = editor.published[-1].diagnostics[0]
        assert found.related_information is not None
        assert found.related_information[1].location.uri == editor.uri("models.py")
        sorted_names = head.replace("output_small", "a").replace("output_big", "b")
        renamed = tail.replace("output_small", "a").replace("output_big", "b")
        models = editor.open("models.py")
        editor.change(models, 2, head.replace("[small, big]", "[big, small]"))
        await empty(editor, uri)
        editor.close(models)
        await messages(editor, uri, "Keras 3.5.0")
        (project / "models.py").write_text(sorted_names)
        tell(editor, "models.py")
        editor.change(uri, 2, f"from models import model\n\nmodel.compile{renamed}")
        assert (await editor.diagnostics(uri, version=2)).diagnostics == ()

    servers.ask(project, conversation, "visual-studio-code")


class TestPull:
    def test_a_client_that_pulls_gets_nothing_pushed(self, project: Path, servers: Servers) -> None:
        async def conversation(editor: Session) -> None:
            uri = editor.open("train.py")
            first = await pulled(editor, uri)
            assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
            assert [item.code for item in first.items] == ["KER101"]
            again = await pulled(editor, uri, first.result_id)
            assert again == types.RelatedUnchangedDocumentDiagnosticReport(str(first.result_id))
            editor.change(uri, 2, FIXED)
            fixed = await pulled(editor, uri, first.result_id)
            assert isinstance(fixed, types.RelatedFullDocumentDiagnosticReport)
            assert fixed.items == ()
            assert editor.published == []

        servers.ask(project, conversation, "zed")

    def test_it_is_told_to_pull_again(self, project: Path, servers: Servers) -> None:
        async def conversation(editor: Session) -> None:
            uri = editor.open("train.py")
            first = await pulled(editor, uri)
            before = editor.refreshed
            pins = editor.open("requirements.txt", language="plaintext")
            editor.change(pins, 2, "keras==3.7.0\n")
            await editor.until(lambda: editor.refreshed > before)
            fixed = await pulled(editor, uri, first.result_id)
            assert isinstance(fixed, types.RelatedFullDocumentDiagnosticReport)
            assert fixed.items == ()

        servers.ask(project, conversation, "zed")

    def test_what_is_not_open_has_none(self, project: Path, servers: Servers) -> None:
        async def conversation(editor: Session) -> None:
            for uri in (editor.uri("gone.py"), "untitled:Untitled-1", "git:/train.py", ""):
                said = await pulled(editor, uri)
                assert isinstance(said, types.RelatedFullDocumentDiagnosticReport)
                assert said.items == ()

        servers.ask(project, conversation, "zed")


async def pulled(editor: Session, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
    params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri), "keraslint", previous)
    return await editor.client.text_document_diagnostic_async(params)


class TestSettings:
    @pytest.mark.parametrize(
        "wrapped", [lambda said: said, lambda said: {"keraslint": said}, lambda said: {"settings": said}]
    )
    def test_they_come_with_the_first_message(self, wrapped, project: Path) -> None:
        async def conversation() -> None:
            async with session(project, options=wrapped({"keras-version": ">=3.6"})) as editor:
                uri = editor.open("train.py")
                await messages(editor, uri, "allows 3.6.0")

        run(conversation())

    def test_the_client_is_asked(self, project: Path) -> None:
        async def conversation() -> None:
            async with session(project, "helix", configuration={"kerasVersion": "3.7.0"}) as editor:
                uri = editor.open("train.py")
                await empty(editor, uri)
                editor.client.set_configuration({"ignore": ["KER102"], "kerasVersion": None}, section="keraslint")
                editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
                await messages(editor, uri, "Keras 3.5.0 (requirements.txt:2)")

        run(conversation())

    def test_the_client_sends_them(self, project: Path) -> None:
        async def conversation() -> None:
            async with session(project, "neovim@v0.7.0") as editor:
                uri = editor.open("train.py")
                await messages(editor, uri, "Keras 3.5.0")
                params = types.DidChangeConfigurationParams({"keraslint": {"ignore": ["KER101"]}})
                editor.client.workspace_did_change_configuration(params)
                if editor.client.capabilities.workspace.configuration:
                    editor.client.set_configuration({"ignore": ["KER101"]}, section="keraslint")
                    editor.client.workspace_did_change_configuration(params)
                await empty(editor, uri)

        run(conversation())

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (
                {"selekt": ["KER1"]},
                "unknown key 'selekt' in the configuration of keraslint; the nearest valid one is 'select'",
            ),
            ({"select": "KER1"}, "'select' must be a list of strings, not a string"),
            ([1], "an object is needed"),
        ],
    )
    def test_wrong_ones_are_shown_and_the_server_goes_on(self, options: object, said: str, project: Path) -> None:
        async def conversation() -> None:
            async with session(project, options=options) as editor:
                uri = editor.open("train.py")
                await messages(editor, uri, "Keras 3.5.0")
                (shown,) = editor.client.messages
                assert shown.type == types.MessageType.Error
                assert shown.message == f"keraslint: the editor's settings: {said}"

        run(conversation())


def test_a_wrong_configuration_file_is_shown(project: Path, servers: Servers) -> None:
    (project / "keraslint.toml").write_text('selekt = ["KER1"]\n')

    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        await empty(editor, uri)
        (shown,) = editor.client.messages
        assert "keraslint.toml:1: unknown key 'selekt'" in shown.message
        (project / "keraslint.toml").write_text('select = ["KER1"]\n')
        editor.save(editor.uri("keraslint.toml"))
        await messages(editor, uri, "Keras 3.5.0")

    servers.ask(project, conversation)


@pytest.mark.parametrize("arguments", [("--isolated",), ("--config", 'keras-version = "3.6.0"')])
def test_options_of_the_command(arguments: tuple[str, ...], project: Path) -> None:
    (project / "keraslint.toml").write_text('keras-version = "3.4.0"\n')

    async def conversation() -> None:
        async with session(project, arguments=arguments) as editor:
            uri = editor.open("train.py")
            await messages(editor, uri, "Keras 3.5.0" if "--isolated" in arguments else "Keras 3.6.0")

    run(conversation())


def test_folders_have_their_own_pins(tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ("one", "two", "three")]
    for root, version in zip(roots, ("3.5.0", "3.6.0", "3.5.0"), strict=True):
        (root / ".git").mkdir(parents=True)
        (root / "train.py").write_text(PROGRAM)
        (root / "requirements.txt").write_text(f"keras=={version}\n")

    async def conversation() -> None:
        async with session(tmp_path, "visual-studio-code", folders=roots[:2]) as editor:
            one, two, three = (editor.open(f"{root.name}/train.py") for root in roots)
            for uri, version in ((one, "3.5.0"), (two, "3.6.0"), (three, "3.5.0")):
                await editor.diagnostics(uri)
                await messages(editor, uri, f"Keras {version} (requirements.txt:1)")
            event = types.WorkspaceFoldersChangeEvent(
                added=[types.WorkspaceFolder(roots[2].as_uri(), "three")],
                removed=[types.WorkspaceFolder(roots[0].as_uri(), "one")],
            )
            editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
            said = await editor.information()
            assert said["folders"] == [str(root) for root in roots[1:]]

    run(conversation())


def test_excluded_files_are_not_checked(project: Path, servers: Servers) -> None:
    (project / "keraslint.toml").write_text('extend-exclude = ["train.py"]\n')

    async def conversation(editor: Session) -> None:
        uri = editor.open("train.py")
        assert (await editor.diagnostics(uri, version=1)).diagnostics == ()
        assert await editor.actions(uri, types.Range(types.Position(0, 0), types.Position(9, 0))) == []

    servers.ask(project, conversation)


def plain(value: object) -> dict:
    return json.loads(json.dumps(value, default=lambda item: item._asdict()))


def test_a_mistake_in_the_configuration_is_shown_once_for_all_documents_and_once_more_when_it_comes_back(
    project: Path,
    servers: Servers,
) -> None:
    config = project / "keraslint.toml"

    async def conversation(editor: Session) -> None:
        uris = [editor.open(f"m{number}.py", PROGRAM) for number in range(4)]
        for uri in uris:
            await editor.diagnostics(uri, version=1)
        for wrong in (True, False, True):
            config.write_text("selekt = []\n" if wrong else "select = []\n")
            editor.published.clear()
            event = types.FileEvent(config.as_uri(), types.FileChangeType.Changed)
            editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
            for uri in uris:
                assert (await editor.diagnostics(uri, version=1)).diagnostics == ()
        first, second = (item.message for item in editor.client.messages)
        assert first.startswith(f"keraslint: {project}: keraslint.toml:1: unknown key 'selekt' ")
        assert second == first

    servers.ask(project, conversation)
