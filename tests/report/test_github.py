"""As the runner reads them: github.com/actions/toolkit, packages/core/src/command.ts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from keraslint.diagnostic import Diagnostic
from keraslint.report.ci import render_github


def read(line: str) -> tuple[str, dict[str, str], str]:
    """Read a line as the runner does: the command, its properties and its text."""
    match = re.fullmatch(r"::(\w+) ([^\n]*?)::([^\n]*)", line)
    assert match
    pairs = dict(pair.split("=", 1) for pair in match[2].split(","))

    def plain(text: str) -> str:
        codes = (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%"))
        for code, char in codes:
            text = text.replace(code, char)
        return text

    return match[1], {name: plain(value) for name, value in pairs.items()}, plain(match[3])


def test_one_row_and_several(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    here = Path.cwd()
    assert [read(line) for line in render_github([one_row, several_rows]).splitlines()] == [
        (
            "error",
            {
                "title": "keraslint (KER101)",
                "file": f"{here}/train.py",
                "line": "3",
                "endLine": "3",
                "col": "20",
                "endColumn": "36",
            },
            "train.py:3:20: KER101 it is swapped",
        ),
        (
            "warning",
            {"title": "keraslint (KER102)", "file": f"{here}/train.py", "line": "5", "endLine": "8"},
            "train.py:5:10: KER102 unseen",
        ),
    ]


def test_what_has_a_meaning_is_escaped(one_row: Diagnostic) -> None:
    odd = replace(one_row, filename="/a,b:100%\n::error::c.py", message="50%\n::error::more, and")
    text = render_github([odd])
    assert text.count("\n") == 1
    _, properties, said = read(text.rstrip("\n"))
    assert properties["file"] == "/a,b:100%\n::error::c.py"
    assert said.endswith("KER101 50%\\n::error::more, and")


def test_nothing_found() -> None:
    assert render_github([]) == ""
