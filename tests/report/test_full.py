from __future__ import annotations

import re
from dataclasses import replace

import pytest

from keraslint.diagnostic import Diagnostic, Position, Span
from keraslint.report.full import render_full


def full(diagnostic: Diagnostic, text: str, *, unsafe: bool = False, colour: bool = False) -> str:
    return render_full([diagnostic], {"train.py": text}.__getitem__, style="tuple", unsafe=unsafe, colour=colour)


def test_one_row(one_row: Diagnostic, text: str) -> None:
    assert full(one_row, text) == (
        "KER101 [*] it is swapped\n"
        " --> train.py:3:20\n"
        "  |\n"
        "1 | import keras\n"
        "2 |\n"
        '3 | model.compile(loss={"b": x, "a": y})\n'
        "  |                    ^^^^^^^^^^^^^^^^\n"
        "4 | model.compile(\n"
        "5 |     loss={\n"
        "  |\n"
        "  = help: Pass the losses as a tuple in output order\n"
        "\n"
    )


def test_several_rows(several_rows: Diagnostic, text: str) -> None:
    assert full(several_rows, text) == (
        "KER102 unseen\n"
        " --> train.py:5:10\n"
        "  |\n"
        '3 |   model.compile(loss={"b": x, "a": y})\n'
        "4 |   model.compile(\n"
        "5 |       loss={\n"
        "  |  __________^\n"
        '6 | |         "b": x,\n'
        '7 | |         "a": y,\n'
        "8 | |     },\n"
        "  | |_____^\n"
        "9 |   )\n"
        "  |\n"
        "  = help: Pass the losses as a tuple in output order "
        "(unsafe: it may change what correct code does)\n"
        "\n"
    )


def test_the_help_says_unsafe_once_and_how_to_ask_for_another_style(several_rows: Diagnostic, text: str) -> None:
    (fix,) = several_rows.fixes
    said = replace(fix, message="Pass a tuple (unsafe: no training call is in view)")
    assert "help: Pass a tuple (unsafe: no training call is in view)\n" in full(
        replace(several_rows, fixes=(said,)), text
    )
    pin = replace(fix, style="upgrade", message="Replace `==3.5.0` by `==3.7.0`")
    assert full(replace(several_rows, fixes=(pin,)), text).endswith(
        "  = help: Replace `==3.5.0` by `==3.7.0` (unsafe: it may change what correct code does): "
        "`--unsafe-fixes --fix-style upgrade`\n\n"
    )


def test_a_long_span_is_shown_without_its_middle(several_rows: Diagnostic) -> None:
    text = "f({\n" + "".join(f"    {index}: x,\n" for index in range(2, 100)) + "})\n"
    long = replace(several_rows, span=Span(Position(1, 3), Position(100, 2)), fixes=())
    lines = full(long, text).splitlines()
    assert "..." in [line.rstrip("| ") for line in lines]
    assert len(lines) < 20
    assert lines[-3].endswith("|_^")


@pytest.mark.parametrize(
    ("before", "width"),
    [
        ("\N{GRINNING FACE}", 2),
        ("e\N{COMBINING ACUTE ACCENT}", 1),
        ("\t", 4),
        ("漢字", 4),
        ("", 0),
        ("\x1b", 1),
    ],
)
def test_carets_stand_below_what_is_flagged(one_row: Diagnostic, before: str, width: int) -> None:
    text = f"{before}loss\n"
    start = len(before) + 1
    diagnostic = replace(one_row, span=Span(Position(1, start), Position(1, start + 4)), fixes=())
    rendered = full(diagnostic, text)
    assert f"  | {' ' * width}^^^^\n" in rendered
    assert "\x1b" not in rendered


def test_an_empty_span_and_a_row_past_the_end(one_row: Diagnostic) -> None:
    empty = replace(one_row, span=Span(Position(1, 1), Position(1, 1)), fixes=())
    assert "  | ^\n" in full(empty, "x\n")
    past = replace(one_row, span=Span(Position(9, 1), Position(9, 1)), fixes=())
    assert " --> train.py:9:1\n" in full(past, "x\n")
    assert "train.py:1:1" in full(empty, "")


def test_a_file_without_a_text_has_its_place_and_no_frame(one_row: Diagnostic) -> None:
    assert full(replace(one_row, fixes=()), "") == "KER101 it is swapped\n --> train.py:3:20\n\n"


def test_crlf(one_row: Diagnostic, text: str) -> None:
    assert full(one_row, text.replace("\n", "\r\n")) == full(one_row, text)


def test_colour_adds_only_escapes(one_row: Diagnostic, several_rows: Diagnostic, text: str) -> None:
    for diagnostic in (one_row, several_rows):
        coloured = re.sub(r"\x1b\[[\d;]*m", "", full(diagnostic, text, colour=True))
        assert [line.rstrip() for line in coloured.splitlines()] == full(diagnostic, text).splitlines()


def test_the_name_of_the_file_is_one_line(one_row: Diagnostic, text: str) -> None:
    odd = replace(one_row, filename="a\n\x1b.py")
    shown = render_full([odd], lambda _: text, style="tuple", unsafe=False, colour=False)
    assert shown.splitlines()[1] == " --> a\\n\\x1b.py:3:20"
