"""Random notebooks: a program cut into cells gives the findings of the program, and a fix changes sources alone."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keraslint.api import check_source
from keraslint.config.settings import Settings
from keraslint.diagnostic import Diagnostic
from keraslint.engine.checker import Checker
from keraslint.engine.discovery import InputFile
from keraslint.engine.opening import opened
from keraslint.engine.reports import Fixing
from keraslint.notebook.places import in_cells
from keraslint.pins.given import releases_from_option
from tests.notebook.notebooks import cell

pytestmark = pytest.mark.slow

PROGRAMS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[1] / "programs").glob("*.py"))[::9]
    if "__file__" not in path.read_text(encoding="utf-8")
]
MAGICS = ("%matplotlib inline", "!ls -l", "%%time", "model?", "%pip install numpy", "  ", "# %%")
KERAS = releases_from_option("3.5.0")


@st.composite
def notebooks(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A program, and a notebook of its statements with other cells and magics between them."""
    program = draw(st.sampled_from(PROGRAMS))
    lines = program.splitlines(keepends=True)
    first = [statement.lineno - 1 for statement in ast.parse(program).body if not hasattr(statement, "decorator_list")]
    cuts = sorted({0, *draw(st.lists(st.sampled_from(first), max_size=6))}) if first else [0]
    cells = []
    for start, end in zip(cuts, [*cuts[1:], len(lines)], strict=True):
        if draw(st.booleans()):
            cells.append(cell(draw(st.text(max_size=9)), draw(st.sampled_from(["markdown", "raw"]))))
        source = "".join(lines[start:end])
        head = draw(st.sampled_from(["", *MAGICS]))
        made = cell(f"{head}\n{source}" if head and start else source)
        if draw(st.booleans()):
            made["source"] = "".join(made["source"])
        if draw(st.booleans()):
            made["outputs"] = [{"output_type": "stream", "name": "stdout", "text": draw(st.text(max_size=20))}]
        cells.append(made)
    return program, {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def shown(found: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in found if one.code != "KER002"]


def dumped(content: dict[str, Any], draw: st.DataObject) -> bytes:
    indent, ascii_only = draw.draw(st.sampled_from([None, 1, 2])), draw.draw(st.booleans())
    return json.dumps(content, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")


def checked(data: bytes, fixing: Fixing | None = None) -> tuple[bytes, list[Diagnostic]]:
    """The notebook after its fixes, and the findings."""
    report = Checker(fixing, keras=KERAS, alone=True).check_file(InputFile("nb.ipynb", Settings("", "")), data)
    assert report.error is None, report.detail
    after = opened("nb.ipynb", data).encode(report.text) if report.fixed else data
    return after, in_cells(report.diagnostics, lambda _: report.text or "")


@settings(deadline=None, max_examples=60)
@given(notebooks(), st.data())
def test_cells_are_the_program_that_they_are_cut_from(made: tuple[str, dict[str, Any]], draw: st.DataObject) -> None:
    program, content = made
    _, found = checked(dumped(content, draw))
    cells = ["".join(one["source"]).splitlines() for one in content["cells"]]
    for one in found:
        assert one.cell is not None
        assert one.span.end.row <= len(cells[one.cell - 1])
        assert content["cells"][one.cell - 1]["cell_type"] == "code"
    assert shown(found) == [
        (code, message.replace("<string>", "nb.ipynb")) for code, message in shown(check_source(program, keras=KERAS))
    ]


@settings(deadline=None, max_examples=60)
@given(notebooks(), st.data())
def test_a_fix_leaves_all_but_the_sources_as_it_was(made: tuple[str, dict[str, Any]], draw: st.DataObject) -> None:
    _, content = made
    before = dumped(content, draw)
    after, _ = checked(before, Fixing("tuple", unsafe=True, write=False))
    fixed, document = json.loads(after), opened("nb.ipynb", before)
    assert opened("nb.ipynb", after).encode() == after
    assert document.encode() == before
    for old, new in zip(content["cells"], fixed["cells"], strict=True):
        assert type(old["source"]) is type(new["source"])
        if "".join(old["source"]) == "".join(new["source"]):
            assert old == new
        assert {**old, "source": ""} == {**new, "source": ""}
    assert {**content, "cells": 0} == {**fixed, "cells": 0}
