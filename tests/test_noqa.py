from __future__ import annotations

import pytest

from keraslint.diagnostic import Diagnostic, Position, Severity, Span
from keraslint.document import Document
from keraslint.noqa import not_suppressed


def flagged(
    row: int, end_row: int | None = None, *, noqa_rows: tuple[int, ...] = (), code: str = "KER101"
) -> Diagnostic:
    span = Span(Position(row, 1), Position(end_row or row, 5))
    return Diagnostic(code, "name", Severity.ERROR, "message", "a.py", span, noqa_rows)


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "# NoQA",
        "# noqa: KER101",
        "# noqa:KER101",
        "# noqa : KER101",
        "# NOQA: ker101",
        "# noqa: E501,KER101",
        "# noqa: E501, KER101",
        "# noqa: E501 KER101",
        "# noqa: KER101 - the order is right here",
        "# a word before # noqa: KER101",
        "# type: ignore  # noqa",
    ],
)
def test_suppresses(comment: str) -> None:
    assert not_suppressed(Document("a.py", f"x = 1  {comment}\n"), [flagged(1)]) == []


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "# no qa",
        "# noqa: E501",
        "# noqa: KER10",
        "# noqa: KER1011",
        "# noqa: because the order is right",
        "# noqa:",
        "# keraslint: ignore-filer",
        "# keraslint ignore-file",
    ],
)
def test_does_not_suppress(comment: str) -> None:
    found = [flagged(1)]
    assert not_suppressed(Document("a.py", f"x = 1  {comment}\n"), found) == found


def test_not_in_strings() -> None:
    text = 'x = "# noqa"\ny = """\n# keraslint: ignore-file\n# noqa\n"""\n'
    found = [flagged(1), flagged(2, 5)]
    assert not_suppressed(Document("a.py", text), found) == found


def test_any_flagged_row_and_any_noqa_row() -> None:
    document = Document("a.py", "f(  # noqa: KER101\n    a=1,\n    b=2,  # noqa\n    c=3,\n)\n")
    outside = flagged(4)
    assert not_suppressed(document, [flagged(2, 4), flagged(4, noqa_rows=(1,)), outside]) == [outside]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", '\'a\' + """b\n"""\n', "\f\n", "x = '\N{LINE SEPARATOR}'\n"])
def test_ignore_file(newline: str, before: str) -> None:
    text = (before + "x = 1\n    # keraslint: ignore-file\n").replace("\n", newline)
    assert not_suppressed(Document("a.py", text), [flagged(1), flagged(2)]) == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_rows_with_every_newline(newline: str) -> None:
    document = Document("a.py", newline.join(["x = 1", "y = 2  # noqa", "z = 3", ""]))
    assert [item.span.start.row for item in not_suppressed(document, [flagged(1), flagged(2), flagged(3)])] == [
        1,
        3,
    ]


def test_a_broken_file_is_read_up_to_the_break() -> None:
    assert not_suppressed(Document("a.py", "x = 1  # noqa\ny = (\n"), [flagged(1), flagged(2)]) == [flagged(2)]
    assert not_suppressed(Document("a.py", "# noqa\n  x\n y\n"), [flagged(1)]) == []
