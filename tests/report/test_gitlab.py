"""As docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format says: there is no schema."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from keraslint.diagnostic import Diagnostic
from keraslint.report.ci import render_gitlab


def test_an_entry(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    first, second = json.loads(render_gitlab([one_row, several_rows], {}))
    assert len(first.pop("fingerprint")) == 32
    assert first == {
        "check_name": "KER101",
        "description": "KER101: it is swapped",
        "severity": "major",
        "location": {
            "path": "train.py",
            "positions": {"begin": {"line": 3, "column": 20}, "end": {"line": 3, "column": 36}},
        },
    }
    assert second["severity"] == "minor"


def test_a_fingerprint_is_of_one_finding_and_stays_where_lines_move(one_row: Diagnostic) -> None:
    moved = replace(one_row, span=replace(one_row.span, start=replace(one_row.span.start, row=2)))
    others = [replace(one_row, filename="b.py"), replace(one_row, message="else"), replace(one_row, code="KER103")]
    prints = [entry["fingerprint"] for entry in json.loads(render_gitlab([one_row, one_row, *others], {}))]
    assert len(set(prints)) == 5
    assert json.loads(render_gitlab([moved], {}))[0]["fingerprint"] == prints[0]


def test_paths_are_relative_to_the_project(one_row: Diagnostic) -> None:
    def path(root: str, filename: str) -> str:
        return json.loads(render_gitlab([replace(one_row, filename=filename)], {"CI_PROJECT_DIR": root}))[0][
            "location"
        ]["path"]

    here = Path.cwd()
    assert path(str(here.parent), "src/a.py") == f"{here.name}/src/a.py"
    assert path("", "src/a.py") == "src/a.py"
    assert path("/nowhere", "/else/a.py") == "/else/a.py"


def test_nothing_found() -> None:
    assert render_gitlab([], {}) == "[]\n"
