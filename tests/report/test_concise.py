from __future__ import annotations

from dataclasses import replace

from keraslint.diagnostic import Diagnostic
from keraslint.report.concise import render_concise


def test_lines(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    rendered = render_concise([one_row, several_rows], style="tuple", unsafe=False, colour=False)
    assert rendered == "train.py:3:20: KER101 [*] it is swapped\ntrain.py:5:10: KER102 unseen\n"


def test_the_mark_says_what_fix_would_apply(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    assert "KER102 [*] unseen" in render_concise([several_rows], style="tuple", unsafe=True, colour=False)
    assert "[*]" not in render_concise([one_row], style="upgrade", unsafe=True, colour=False)


def test_a_name_with_a_line_end_stays_on_its_line(one_row: Diagnostic) -> None:
    diagnostic = replace(one_row, message="'a\r\nb' is swapped")
    assert render_concise([diagnostic], style="x", unsafe=False, colour=False).count("\n") == 1


def test_cell(one_row: Diagnostic) -> None:
    rendered = render_concise([replace(one_row, cell=2)], style="x", unsafe=False, colour=False)
    assert rendered.startswith("train.py:cell 2:3:20: KER101 ")


def test_colour_adds_only_escapes(one_row: Diagnostic) -> None:
    import re

    plain = render_concise([one_row], style="tuple", unsafe=False, colour=False)
    coloured = render_concise([one_row], style="tuple", unsafe=False, colour=True)
    assert coloured != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_names_can_neither_end_a_line_nor_steer_a_terminal(one_row: Diagnostic) -> None:
    odd = replace(one_row, filename="a\nb\x1b[31m\x9b\u2028\udcff.py", message="'\x1b]0;x\x07' trains\t'\r'")
    rendered = render_concise([odd], style="tuple", unsafe=False, colour=False)
    assert rendered == "a\\nb\\x1b[31m\\x9b\\u2028\\udcff.py:3:20: KER101 [*] '\\x1b]0;x\\x07' trains\t'\\r'\n"
