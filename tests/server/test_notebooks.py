"""Notebooks that are open in an editor as notebooks: each cell is a document."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.command import outcome
from tests.notebook.notebooks import MODEL, dumped

from .conftest import Servers, Session

pytestmark = pytest.mark.slow

CLIENT = "vscode"
LOSSES = '{"small": "mse", "big": "mae"}'
COMPILE = f"model.compile('adam', loss={LOSSES})"
FIT = "model.fit(x, [a, b])"
CELLS = ("# Title", MODEL, f"%time\n{COMPILE}", FIT)
MARKUP, CODE = types.NotebookCellKind.Markup, types.NotebookCellKind.Code
KINDS = (MARKUP, CODE, CODE, CODE)
BETWEEN = "\n#\ufdd0\n"


@dataclass
class Notebook:
    """A notebook as a client keeps it, which tells the server of each change."""

    editor: Session
    name: str = "nb.ipynb"
    kind: str = "jupyter-notebook"
    version: int = 1
    made: int = 0
    cells: list[types.NotebookCell] = field(default_factory=list)
    documents: dict[str, types.TextDocumentItem] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        return self.name if ":" in self.name else self.editor.uri(self.name)

    def made_cell(
        self, text: str, kind: types.NotebookCellKind = CODE, language: str | None = None
    ) -> types.NotebookCell:
        uri = f"vscode-notebook-cell:{self.uri.partition(':')[2]}#W{self.made}sZmlsZQ%3D%3D"
        self.made += 1
        language = language or ("python" if kind == CODE else "markdown")
        self.documents[uri] = types.TextDocumentItem(uri, language, 1, text)
        return types.NotebookCell(kind, uri)

    def open(self, texts: tuple[str, ...] = CELLS, kinds: tuple[types.NotebookCellKind, ...] = KINDS) -> Notebook:
        self.cells = [self.made_cell(text, kind) for text, kind in zip(texts, kinds, strict=True)]
        document = types.NotebookDocument(self.uri, self.kind, self.version, list(self.cells))
        items = [self.documents[cell.document] for cell in self.cells]
        self.editor.client.notebook_document_did_open(types.DidOpenNotebookDocumentParams(document, items))
        return self

    def change(self, **changes: Any) -> None:
        self.version += 1
        identifier = types.VersionedNotebookDocumentIdentifier(self.version, self.uri)
        event = types.NotebookDocumentChangeEvent(cells=types.NotebookDocumentCellChanges(**changes))
        self.editor.client.notebook_document_did_change(types.DidChangeNotebookDocumentParams(identifier, event))

    def replace(self, start: int, count: int, new: list[types.NotebookCell]) -> None:
        """Replace cells, as one change of the structure."""
        old = {cell.document for cell in self.cells}
        self.cells[start : start + count] = new
        now = {cell.document for cell in self.cells}
        opened = [self.documents[cell.document] for cell in new if cell.document not in old]
        closed = [types.TextDocumentIdentifier(uri) for uri in sorted(old - now)]
        array = types.NotebookCellArrayChange(start, count, new)
        self.change(structure=types.NotebookDocumentCellChangeStructure(array, opened, closed))

    def write(self, number: int, *changes: types.TextDocumentContentChangeEvent | str) -> None:
        """Change the text of the cell with a number, from 1 on."""
        item = self.documents[self.cell(number)]
        item.version += 1
        said = [types.TextDocumentContentChangeWholeDocument(one) if isinstance(one, str) else one for one in changes]
        for one in said:
            item.text = one.text if isinstance(one, types.TextDocumentContentChangeWholeDocument) else item.text
        identifier = types.VersionedTextDocumentIdentifier(item.version, item.uri)
        self.change(text_content=[types.NotebookDocumentCellContentChanges(identifier, said)])

    def close(self) -> None:
        cells = [types.TextDocumentIdentifier(cell.document) for cell in self.cells]
        identifier = types.NotebookDocumentIdentifier(self.uri)
        self.editor.client.notebook_document_did_close(types.DidCloseNotebookDocumentParams(identifier, cells))

    def cell(self, number: int) -> str:
        return self.cells[number - 1].document

    def text(self, number: int) -> str:
        return self.documents[self.cell(number)].text

    def texts(self) -> list[str]:
        return [self.documents[cell.document].text for cell in self.cells]

    def apply(self, edit: types.WorkspaceEdit | None) -> None:
        """Make the edits of the server, which must be for the current versions."""
        assert edit is not None
        assert edit.document_changes is not None
        for change in edit.document_changes:
            assert isinstance(change, types.TextDocumentEdit)
            item = self.documents[change.text_document.uri]
            assert change.text_document.version == item.version
            number = next(index for index, cell in enumerate(self.cells, 1) if cell.document == item.uri)
            self.write(number, edited(item.text, list(change.edits)))


def edited(text: str, edits: list[Any]) -> str:
    """A text of characters up to U+FFFF after edits."""
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        start, end = (sum(map(len, lines[: at.line])) + at.character for at in (edit.range.start, edit.range.end))
        text = text[:start] + edit.new_text + text[end:]
    return text


async def found(editor: Session, uri: str, version: int | None = None) -> list[types.Diagnostic]:
    """What is published for a cell, as soon as something is found there."""
    return list(
        await editor.until(
            lambda: next(
                (
                    item.diagnostics
                    for item in reversed(editor.published)
                    if item.uri == uri and version in (None, item.version)
                ),
                None,
            )
        )
    )


async def nothing(editor: Session, uri: str) -> None:
    """Wait until nothing is found in a cell any more."""

    def gone() -> bool:
        said = [item for item in editor.published if item.uri == uri]
        return bool(said) and not said[-1].diagnostics

    await editor.until(gone)


def test_notebooks_are_asked_for(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        sync = editor.result.capabilities.notebook_document_sync
        assert sync == types.NotebookDocumentSyncOptions(
            (
                types.NotebookDocumentFilterWithNotebook("jupyter-notebook"),
                types.NotebookDocumentFilterWithNotebook("interactive"),
                types.NotebookDocumentFilterWithNotebook("*", (types.NotebookCellLanguage("python"),)),
            ),
            save=True,
        )

    servers.ask(project, conversation, CLIENT)


def test_a_client_without_notebooks_is_not_told_of_them(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        assert editor.result.capabilities.notebook_document_sync is None

    servers.ask(project, conversation, "helix")


def test_a_finding_is_published_for_its_cell(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        (one,) = await found(editor, notebook.cell(3), 1)
        assert (one.code, one.range) == ("KER101", types.Range(types.Position(1, 27), types.Position(1, 57)))
        assert "sends each loss to another output" in one.message
        assert one.related_information is not None
        pin, outputs = one.related_information
        assert pin.location.uri == editor.uri("requirements.txt")
        assert outputs.location == types.Location(
            notebook.cell(2), types.Range(types.Position(5, 0), types.Position(5, 41))
        )
        assert list(one.data["fixes"][0]["edit"]["changes"]) == [notebook.cell(3)]
        assert {item.uri for item in editor.published} == {notebook.cell(3)}
        report = await editor.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(types.TextDocumentIdentifier(notebook.cell(3)))
        )
        assert report.items == ()
        notebook.close()
        await nothing(editor, notebook.cell(3))

    servers.ask(project, conversation, CLIENT)


def test_an_edit_of_one_cell_counts_for_another(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        install = '!pip install "keras==3.5.0"'
        notebook = Notebook(editor).open((install, *CELLS), (CODE, *KINDS))
        (one,) = await found(editor, notebook.cell(4))
        assert "nb.ipynb:cell 1:1" in one.message
        assert one.related_information is not None
        assert one.related_information[0].location.uri == notebook.cell(1)
        (pin,) = await found(editor, notebook.cell(1))
        assert (pin.code, pin.range.start) == ("KER201", types.Position(0, 14))
        where = types.Range(types.Position(0, 21), types.Position(0, 26))
        notebook.write(1, types.TextDocumentContentChangePartial(where, "3.7.0"))
        await nothing(editor, notebook.cell(1))
        await nothing(editor, notebook.cell(4))
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_cells_are_moved_added_and_deleted(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        compiled = notebook.cell(3)
        assert len(await found(editor, compiled)) == 1
        model, compile_cell = notebook.cells[1:3]
        notebook.replace(1, 2, [compile_cell, model])  # the model is not known where it is compiled
        await editor.until(lambda: [one.code for one in editor.published[-1].diagnostics] == ["KER102"])
        notebook.replace(1, 2, [model, compile_cell])
        await editor.until(lambda: [one.code for one in editor.published[-1].diagnostics] == ["KER101"])
        added = notebook.made_cell(CELLS[2])
        notebook.replace(4, 0, [added, notebook.made_cell(FIT)])
        assert [one.code for one in await found(editor, added.document)] == ["KER101"]
        notebook.replace(4, 2, [])
        await nothing(editor, added.document)
        notebook.replace(2, 1, [])
        await nothing(editor, compiled)
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_kind_and_language_of_a_cell_change(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        compiled = notebook.cell(3)
        assert len(await found(editor, compiled)) == 1
        notebook.change(data=[types.NotebookCell(MARKUP, compiled)])
        await nothing(editor, compiled)
        notebook.change(data=[types.NotebookCell(CODE, compiled)])
        await editor.until(lambda: editor.published[-1].uri == compiled and editor.published[-1].diagnostics)
        item = types.TextDocumentItem(compiled, "julia", 2, notebook.text(3))
        array = types.NotebookCellArrayChange(2, 1, [notebook.cells[2]])
        closed = [types.TextDocumentIdentifier(compiled)]
        notebook.change(structure=types.NotebookDocumentCellChangeStructure(array, [item], closed))
        await nothing(editor, compiled)
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_the_quick_fix_edits_the_cell(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        (one,) = await found(editor, notebook.cell(3))
        fix, other, suppression = await editor.actions(notebook.cell(3), one.range, ["quickfix"])
        assert (fix.title, fix.is_preferred) == ("Pass the losses in output order", True)
        assert other.title.startswith("Use safe_compile")
        assert await editor.actions(notebook.cell(2), one.range, ["quickfix"]) == []
        notebook.apply(suppression.edit)
        assert notebook.text(3) == f"%time\n{COMPILE}  # noqa: KER101"
        await nothing(editor, notebook.cell(3))
        notebook.write(3, CELLS[2])
        (one,) = await found(editor, notebook.cell(3), notebook.documents[notebook.cell(3)].version)
        fix, *_ = await editor.actions(notebook.cell(3), one.range, ["quickfix"])
        notebook.apply(fix.edit)
        assert notebook.text(3) == CELLS[2].replace(LOSSES, '("mse", "mae")')
        await nothing(editor, notebook.cell(3))
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_a_fix_edits_each_cell_that_it_needs(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        cells = (MODEL, f"losses = {LOSSES}\n", "model.compile('adam', loss=losses)", FIT)
        notebook = Notebook(editor).open(cells, (CODE,) * 4)
        (one,) = await found(editor, notebook.cell(3))
        _, runtime, *_ = await editor.actions(notebook.cell(3), one.range, ["quickfix"])
        assert runtime.title.startswith("Use safe_compile")
        notebook.apply(runtime.edit)
        await nothing(editor, notebook.cell(3))
        assert notebook.texts()[1:] == [cells[1], "safe_compile(model, 'adam', loss=losses)", FIT]
        assert "from keraslint.runtime import safe_compile" in notebook.text(1)
        notebook.close()

    servers.ask(project, conversation, CLIENT)


TWO = (MODEL, f"{COMPILE}\n{FIT}", f"# again\n{COMPILE}\n{FIT}")


def test_all_fixes_of_a_cell_and_of_the_notebook(project: Path, servers: Servers) -> None:
    """Editors ask each cell for the first kind, and make all edits: none may come twice."""
    right = COMPILE.replace(LOSSES, '("mse", "mae")')

    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open(TWO, (CODE,) * 3)
        assert len(await found(editor, notebook.cell(2))) == 1
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        answers = [await editor.actions(notebook.cell(number), start, ["source.fixAll"]) for number in (1, 2, 3)]
        assert answers[0] == []
        for number, (action,) in ((2, answers[1]), (3, answers[2])):
            assert action.kind == "source.fixAll.keraslint"
            assert action.edit is not None
            assert action.edit.document_changes is not None
            assert [change.text_document.uri for change in action.edit.document_changes] == [notebook.cell(number)]
        (whole,) = await editor.actions(notebook.cell(1), start, ["notebook.source.fixAll"])
        assert whole.kind == "notebook.source.fixAll.keraslint"
        notebook.apply(whole.edit)
        assert notebook.texts() == [MODEL, f"{right}\n{FIT}", f"# again\n{right}\n{FIT}"]
        await nothing(editor, notebook.cell(2))
        await nothing(editor, notebook.cell(3))
        for number in (2, 3):
            notebook.write(number, TWO[number - 1])
        for answer in [await editor.actions(notebook.cell(number), start, ["source.fixAll"]) for number in (2, 3)]:
            notebook.apply(answer[0].edit)
        assert notebook.texts() == [MODEL, f"{right}\n{FIT}", f"# again\n{right}\n{FIT}"]
        assert await editor.actions(notebook.cell(1), start, ["source", "notebook.source"]) == []
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_the_command_fixes_the_whole_notebook(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open(TWO, (CODE,) * 3)
        for uri in (notebook.uri, notebook.cell(1)):
            asked = types.ExecuteCommandParams("keraslint.fixAll", [uri])
            assert await editor.client.workspace_execute_command_async(asked)
            notebook.apply(editor.edits.pop())
            assert LOSSES not in "".join(notebook.texts())
            assert not await editor.client.workspace_execute_command_async(asked)
            for number in (2, 3):
                notebook.write(number, TWO[number - 1])
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_all_fixes_of_a_cell_are_unsafe_ones_too_where_the_settings_say_so(project: Path, servers: Servers) -> None:
    (project / "keraslint.toml").write_text("unsafe-fixes = true\n")

    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open((MODEL, COMPILE), (CODE, CODE))
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        (whole,) = await editor.actions(notebook.cell(1), start, ["notebook.source.fixAll"])
        assert whole.title == "Fix all in this notebook that can be fixed, unsafe fixes included (keraslint)"
        (action,) = await editor.actions(notebook.cell(2), start, ["source.fixAll"])
        notebook.apply(action.edit)
        assert notebook.texts() == [MODEL, COMPILE.replace(LOSSES, '("mse", "mae")')]
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_which_keras_a_notebook_gets(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open(("# Title", "!pip install keras==3.6.0", MODEL), (MARKUP, CODE, CODE))

        async def asked(uri: str) -> Any:
            params = types.ExecuteCommandParams("keraslint.keras", [uri])
            return await editor.client.workspace_execute_command_async(params)

        said = await asked(notebook.cell(3))
        assert said["words"] == "3.6.0"
        assert said["lines"][:3] == [
            "Keras ==3.6.0",
            "  a lock or an exact pin decides:",
            "  nb.ipynb:cell 2:1: !pip install keras==3.6.0",
        ]
        notebook.write(2, "pass")
        for uri in (notebook.uri, editor.root.as_uri(), editor.uri("train.py")):
            assert (await asked(uri))["lines"][2] == "  requirements.txt:2: keras==3.5.0"
        assert await asked("vscode-notebook-cell:/elsewhere#W0") is None
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_the_hover_is_about_the_cell(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        where = types.Position(1, 30)

        async def hovered(uri: str) -> types.Hover | None:
            params = types.HoverParams(types.TextDocumentIdentifier(uri), where)
            return await editor.client.text_document_hover_async(params)

        said = await hovered(notebook.cell(3))
        assert said is not None
        assert isinstance(said.contents, types.MarkupContent)
        assert "| `small` | `mse` on `a` | **`mae`** on `a` |" in said.contents.value
        assert said.range == types.Range(types.Position(1, 27), types.Position(1, 57))
        assert await hovered(notebook.cell(2)) is None
        notebook.close()

    servers.ask(project, conversation, CLIENT)


@pytest.mark.parametrize(
    ("name", "kind"), [("untitled:Untitled-1.ipynb", "jupyter-notebook"), ("untitled:/One.interactive", "interactive")]
)
def test_a_notebook_that_is_not_saved(name: str, kind: str, project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor, name, kind).open()
        (one,) = await found(editor, notebook.cell(3))
        assert one.code == "KER101"
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_columns_are_those_of_the_client(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        text = f"# \N{GRINNING FACE}\n'\N{GRINNING FACE}'; {COMPILE}"
        notebook = Notebook(editor).open((MODEL, text, FIT), (CODE,) * 3)
        (one,) = await found(editor, notebook.cell(2))
        assert one.range.start == types.Position(1, 27 + len("'xx'; "))
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_a_cell_that_does_not_parse_costs_itself(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open((*CELLS, "\nfor (", "x = 1"), (*KINDS, CODE, CODE))
        (one,) = await found(editor, notebook.cell(5))
        assert (one.code, one.range.start.line) == ("KER001", 1)
        assert [item.code for item in await found(editor, notebook.cell(3))] == ["KER101"]
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_a_notebook_that_excludes_name_is_left_alone(project: Path, servers: Servers) -> None:
    (project / "keraslint.toml").write_text('exclude = ["drafts"]\n')
    (project / "drafts").mkdir()

    async def conversation(editor: Session) -> None:
        draft = Notebook(editor, "drafts/nb.ipynb").open()
        other = Notebook(editor).open()
        assert len(await found(editor, other.cell(3))) == 1
        start = types.Range(types.Position(0, 0), types.Position(9, 0))
        assert await editor.actions(draft.cell(3), start) == []
        draft.close()
        other.close()

    servers.ask(project, conversation, CLIENT)


def test_the_same_file_as_text_is_another_document(project: Path, servers: Servers) -> None:
    (project / "nb.ipynb").write_bytes(dumped(MODEL, COMPILE, FIT))

    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        uri = editor.open("nb.ipynb", language="json")
        editor.change(uri, 2, dumped(MODEL, FIT).decode())
        assert len(await found(editor, notebook.cell(3))) == 1
        editor.close(uri)
        notebook.write(3, "pass")
        await nothing(editor, notebook.cell(3))
        notebook.close()

    servers.ask(project, conversation, CLIENT)


def test_a_change_that_can_not_be_is_said_in_the_log(project: Path, servers: Servers) -> None:
    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor)
        notebook.change(data=[])
        await editor.until(lambda: any("never opened" in item.message for item in editor.client.log_messages))
        notebook.open()
        array = types.NotebookCellArrayChange(0, 0, [types.NotebookCell(CODE, "cell:unknown")])
        notebook.change(structure=types.NotebookDocumentCellChangeStructure(array))
        await editor.until(lambda: any("was never sent" in item.message for item in editor.client.log_messages))
        assert len(await found(editor, notebook.cell(3))) == 1
        notebook.close()

    servers.ask(project, conversation, CLIENT)


PIECES = ("", "x = 1", "%pip install keras\n", MODEL, COMPILE, "# \N{GRINNING FACE}\r\n", "\u2028", "for (", "y\n")


def test_after_any_changes_the_cells_are_those_of_the_client(project: Path, servers: Servers) -> None:
    chance = random.Random(3)

    def operations(notebook: Notebook) -> Iterator[None]:
        for _ in range(150):
            size = len(notebook.cells)
            start = chance.randrange(size + 1)
            count = chance.randrange(min(3, size - start) + 1)
            match chance.randrange(4) if size else 0:
                case 0:
                    new = [
                        notebook.made_cell(chance.choice(PIECES), chance.choice((CODE, CODE, MARKUP))) for _ in range(2)
                    ]
                    notebook.replace(start, count, new)
                case 1:
                    moved = notebook.cells[start : start + count]
                    chance.shuffle(moved)
                    notebook.replace(start, count, moved)
                case 2:
                    notebook.write(chance.randrange(size) + 1, chance.choice(PIECES), chance.choice(PIECES))
                case 3:
                    cell = chance.choice(notebook.cells)
                    cell.kind = chance.choice((CODE, MARKUP))
                    notebook.change(data=[cell])
            yield

    async def conversation(editor: Session) -> None:
        notebook = Notebook(editor).open()
        for _ in operations(notebook):
            (held,) = (await editor.information())["documents"]
            texts = [
                text if cell.kind == CODE else "" for cell, text in zip(notebook.cells, notebook.texts(), strict=True)
            ]
            digest = hashlib.sha256(BETWEEN.join(texts).encode()).hexdigest()
            assert (held["version"], held["sha256"]) == (notebook.version, digest)
        notebook.close()

    servers.ask(project, conversation, CLIENT)


class TestAsText:
    """Clients without notebooks open the file, which is JSON."""

    TEXT = dumped("# Title", MODEL, f'print("\t\N{GRINNING FACE}")\n%time\n{COMPILE}', FIT).decode()

    @pytest.mark.parametrize("indent", [1, None])
    def test_places_and_edits_are_those_of_the_json(self, indent: int | None, project: Path, servers: Servers) -> None:
        text = json.dumps(json.loads(self.TEXT), indent=indent, ensure_ascii=False)
        (project / "nb.ipynb").write_text(text, encoding="utf-8")

        async def conversation(editor: Session) -> None:
            uri = editor.open("nb.ipynb", language="json")
            (one,) = (await editor.diagnostics(uri)).diagnostics
            assert one.code == "KER101"
            lines = text.split("\n")
            line = lines[one.range.start.line].encode("utf-16-le")
            flagged = line[2 * one.range.start.character : 2 * one.range.end.character]
            assert flagged.decode("utf-16-le") == json.dumps(LOSSES)[1:-1]
            assert one.related_information is not None
            shown = one.related_information[1].location.range.start
            assert "model = keras.Model" in lines[shown.line]
            for only in (["quickfix"], ["source.fixAll"]):
                fix, *_ = await editor.actions(uri, one.range, only)
                assert fix.edit is not None
                assert fix.edit.changes is not None
                fixed = edited_in_utf_16(text, fix.edit.changes[uri])
                assert json.loads(fixed) == json.loads(text.replace(json.dumps(LOSSES)[1:-1], '(\\"mse\\", \\"mae\\")'))
            outcome(project, "check", "--fix", "nb.ipynb")
            assert (project / "nb.ipynb").read_text(encoding="utf-8") == fixed

        servers.ask(project, conversation)

    def test_what_is_no_notebook_says_so(self, project: Path, servers: Servers) -> None:
        async def conversation(editor: Session) -> None:
            uri = editor.open("nb.ipynb", '{"cells": ["keras.Model()"', language="json")
            (one,) = (await editor.diagnostics(uri)).diagnostics
            assert (one.code, one.range.start) == ("KER001", types.Position(0, 0))
            assert "not a notebook" in one.message

        servers.ask(project, conversation)

    def test_python_under_the_name_of_a_notebook(self, project: Path, servers: Servers) -> None:
        """JupyterLab's client sends the code of a notebook as one document with the name of the file, in a folder."""

        async def conversation(editor: Session) -> None:
            text = f"{MODEL}\n\n\n{COMPILE}\n{FIT}"
            uri = editor.open(".virtual_documents/nb.ipynb", text, language="python")
            (one,) = (await editor.diagnostics(uri)).diagnostics
            assert (one.code, one.range.start) == ("KER101", types.Position(8, 27))
            assert one.message.startswith("Keras 3.5.0 (requirements.txt:2) sends")
            assert one.related_information is not None
            assert one.related_information[1].location.uri == uri
            fix, *_ = await editor.actions(uri, one.range, ["quickfix"])
            assert fix.edit is not None
            assert fix.edit.changes is not None
            assert edited(text, list(fix.edit.changes[uri])) == text.replace(LOSSES, '("mse", "mae")')

        servers.ask(project, conversation)


def edited_in_utf_16(text: str, edits: Any) -> str:
    """A text of one-byte line ends after edits whose columns count units of UTF-16."""
    lines = [line.encode("utf-16-le") for line in text.splitlines(keepends=True)]
    data = b"".join(lines)
    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        start, end = (sum(map(len, lines[: at.line])) + 2 * at.character for at in (edit.range.start, edit.range.end))
        data = data[:start] + edit.new_text.encode("utf-16-le") + data[end:]
    return data.decode("utf-16-le")
