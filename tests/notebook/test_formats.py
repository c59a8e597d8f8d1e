"""A finding in a notebook in each output format: its place by cell is written as Ruff writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.command import outcome
from tests.notebook.notebooks import COMPILED, MODEL, cell, dumped

ROOT = Path(__file__).parents[2]
COMPILE, FIT = COMPILED.splitlines()
CELLS = (cell("# Title", "markdown"), MODEL, f"\n{COMPILE}", 'model.fit(x, {"small": a, "big": b})')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "nb.ipynb").write_bytes(dumped(*CELLS))
    return tmp_path


def output(folder: Path, style: str, *options: str) -> str:
    on = ("--isolated", "--keras-version", "3.5.0", "--select", "KER101", "--output-format", style)
    return outcome(folder, "check", *on, *options)[1]


def parsed(folder: Path, style: str) -> Any:
    return json.loads(output(folder, style))


def test_concise(folder: Path) -> None:
    assert output(folder, "concise").startswith("nb.ipynb:cell 3:2:28: KER101 ")


def test_full_shows_the_lines_of_the_cell_alone(folder: Path) -> None:
    shown = output(folder, "full").splitlines()
    assert shown[1:7] == [
        " --> nb.ipynb:cell 3:2:28",
        "  |",
        "1 |",
        '2 | model.compile("adam", loss={"small": "mse", "big": "mae"})',
        "  |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  |",
    ]


def test_json_has_the_cell_of_the_finding_and_of_each_edit(folder: Path) -> None:
    found = parsed(folder, "json")
    schema = json.loads((ROOT / "docs" / "diagnostics.schema.json").read_text())
    jsonschema.validate(found, schema)
    assert found == [json.loads(output(folder, "json-lines"))]
    (one,) = found
    assert (one["cell"], one["location"], one["noqa_row"]) == (3, {"row": 2, "column": 28}, 2)
    edits = next(fix for fix in one["fixes"] if fix["style"] == "tuple")["edits"]
    assert [(edit["cell"], edit["location"], edit["content"]) for edit in edits] == [
        (3, {"row": 2, "column": 28}, '("mse", "mae")'),
        (4, {"row": 1, "column": 14}, "(a, b)"),
    ]


def test_services_that_show_lines_of_the_file_get_its_first_one(folder: Path) -> None:
    assert ",line=1,endLine=1,col=1,endColumn=1::nb.ipynb:cell 3:2:28: KER101 " in output(folder, "github")
    positions = parsed(folder, "gitlab")[0]["location"]["positions"]
    assert positions == {"begin": {"line": 1, "column": 1}, "end": {"line": 1, "column": 1}}
    (result,) = parsed(folder, "sarif")["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"]["startLine"] == 1
    assert location["logicalLocations"] == [{"name": "cell 3", "fullyQualifiedName": "cell 3:2:28"}]
    assert "fixes" not in result
    schema = ROOT / "tests" / "report" / "schemas" / "sarif-2.1.0-rtm.5.json"
    jsonschema.validate(parsed(folder, "sarif"), json.loads(schema.read_text()))


def test_junit(folder: Path) -> None:
    assert ">cell 3, line 2, col 28, Keras 3.5.0 " in output(folder, "junit")


def test_lsp_takes_each_cell_for_a_document(folder: Path) -> None:
    (published,) = parsed(folder, "lsp")
    assert published["uri"] == f"{(folder / 'nb.ipynb').as_uri()}#cell-3"
    (found,) = published["diagnostics"]
    assert found["range"]["start"] == {"line": 1, "character": 27}
    fix = next(fix for fix in found["data"]["fixes"] if fix["style"] == "tuple")
    assert {uri.rpartition("#")[2]: len(edits) for uri, edits in fix["edit"]["changes"].items()} == {
        "cell-3": 1,
        "cell-4": 1,
    }


def test_diff_is_one_for_each_changed_cell(folder: Path) -> None:
    before = (folder / "nb.ipynb").read_bytes()
    code, out, err = outcome(folder, "check", "--isolated", "--keras-version", "3.5.0", "--diff")
    assert (code, err) == (1, "Would fix 2 errors.\n")
    assert out.splitlines() == [
        "--- nb.ipynb:cell 3",
        "+++ nb.ipynb:cell 3",
        "@@ -1,2 +1,2 @@",
        " ",
        '-model.compile("adam", loss={"small": "mse", "big": "mae"})',
        '+model.compile("adam", loss=("mse", "mae"))',
        "--- nb.ipynb:cell 4",
        "+++ nb.ipynb:cell 4",
        "@@ -1 +1 @@",
        '-model.fit(x, {"small": a, "big": b})',
        "+model.fit(x, (a, b))",
    ]
    assert (folder / "nb.ipynb").read_bytes() == before


def test_comments_in_cells_suppress(tmp_path: Path) -> None:
    for comment in ("  # noqa", "  # noqa: KER101", "\n# keraslint: ignore-file"):
        (tmp_path / "nb.ipynb").write_bytes(dumped(MODEL, "%matplotlib inline\n" + COMPILE + comment))
        assert output(tmp_path, "concise") == ""
    (tmp_path / "nb.ipynb").write_bytes(dumped("import keras", "x = 1  # noqa: KER101"))
    on = ("--isolated", "--select", "KER002,KER101")
    found = outcome(tmp_path, "check", *on, "--output-format", "json")[1]
    assert [(one["code"], one["cell"], one["location"]["row"]) for one in json.loads(found)] == [("KER002", 2, 1)]
    comment = "# noqa: KER101"
    cells = ("import keras", f"x = 1  {comment}", f"y = 2\n{comment}", comment, f"z = 3\n{comment}\nw = 1")
    (tmp_path / "nb.ipynb").write_bytes(dumped(*cells))
    assert outcome(tmp_path, "check", *on, "--fix")[0] == 0
    fixed = ["".join(one["source"]) for one in json.loads((tmp_path / "nb.ipynb").read_bytes())["cells"]]
    assert fixed == ["import keras", "x = 1", "y = 2\n", "", "z = 3\nw = 1"]
