"""Each diagnostic with its source lines, carets under the flagged part, and the help of its fix."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from keraslint.diagnostic import Applicability, Diagnostic, Fix, Position
from keraslint.document import Document
from keraslint.fixes.apply import ALWAYS, asking_for, best_fix
from keraslint.notebook.places import text_of_cell
from keraslint.report.concise import headline, paint, place_in_words
from keraslint.words import one_line

CONTEXT = 2
TAB = 4
# A flagged span of more lines than this is shown without its middle.
MAX_LINES = 12
# What a log of GitHub or Azure takes for a command, wherever it stands.
_COMMAND = re.compile(r"##(?=\[|vso\[)")


def render_full(
    diagnostics: Sequence[Diagnostic],
    text_of: Callable[[str], str],
    *,
    style: str,
    unsafe: bool,
    colour: bool,
) -> str:
    """One block for each diagnostic, with an empty line after it."""
    documents: dict[tuple[str, int | None], Document] = {}
    out = []
    for diagnostic in diagnostics:
        name = diagnostic.filename, diagnostic.cell
        if name not in documents:
            documents[name] = Document(diagnostic.filename, text_of_cell(text_of(diagnostic.filename), diagnostic.cell))
        out.append(headline(diagnostic, style=style, unsafe=unsafe, colour=colour) + "\n")
        out.extend(line.rstrip() + "\n" for line in _block(diagnostic, documents[name], style, colour))
        out.append("\n")
    return "".join(out)


def _block(diagnostic: Diagnostic, document: Document, style: str, colour: bool) -> Iterator[str]:
    start, end = diagnostic.span.start, diagnostic.span.end
    first = max(1, start.row - CONTEXT)
    last = min(len(document.lines), end.row + CONTEXT)
    width = len(str(max(last, start.row)))
    bar = paint("|", "blue", colour)
    place = f"{one_line(diagnostic.filename)}:{place_in_words(diagnostic)}"
    yield f"{' ' * width}{paint('-->', 'blue', colour)} {place}"
    if first > last:
        return  # the text could not be read
    yield f"{' ' * width} {bar}"
    several = end.row > start.row
    for row in range(first, last + 1):
        if several and end.row - start.row > MAX_LINES and start.row + 4 <= row <= end.row - 4:
            if row == start.row + 4:
                yield paint("...", "blue", colour) + " " * (width - 2) + f" {paint('|', 'red', colour)}"
            continue
        line = document.lines[row - 1].rstrip("\r\n")
        number = paint(str(row).rjust(width), "blue", colour)
        inside = "| " if several and start.row < row <= end.row else "  " if several else ""
        yield f"{number} {bar} {paint(inside, 'red', colour)}{shown_line(line)}"
        marks = _marks(row, line, start, end, several)
        if marks:
            yield f"{' ' * width} {bar} {paint(marks, 'red', colour)}"
    yield f"{' ' * width} {bar}"
    fix = best_fix(diagnostic, style)
    if fix is not None:
        label = f"{paint('=', 'blue', colour)} {paint('help', 'bold', colour)}"
        yield f"{' ' * width} {label}: {fix_in_words(fix, style)}"


def fix_in_words(fix: Fix, style: str) -> str:
    """The message of a fix, that it is unsafe unless it says so itself, and the option for one of another style."""
    said = one_line(fix.message)
    if fix.applicability is Applicability.UNSAFE and "(unsafe: " not in said:
        said += " (unsafe: it may change what correct code does)"
    return said if fix.style in (style, *ALWAYS) else f"{said}: {asking_for(fix)}"


def _marks(row: int, line: str, start: Position, end: Position, several: bool) -> str:
    """The marks below a source line: carets, or the corners of the bracket around several lines."""
    if not several:
        if row != start.row:
            return ""
        before, flagged = line[: start.column - 1], line[start.column - 1 : end.column - 1]
        return " " * _width(before) + "^" * max(1, _width(flagged))
    if row == start.row:
        return " " + "_" * (_width(line[: start.column - 1]) + 1) + "^"
    if row == end.row:
        return "|" + "_" * _width(line[: max(0, end.column - 2)]) + "_^"
    return ""


def shown_line(line: str) -> str:
    """A source line as it is printed: tabs as blanks, and no control characters."""
    line = line.replace("\t", " " * TAB)
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
    return _COMMAND.sub("#\N{REPLACEMENT CHARACTER}", shown)


def _width(text: str) -> int:
    """The number of columns of a terminal that a text takes as it is shown."""
    seen = [char for char in shown_line(text) if not unicodedata.combining(char)]
    return len(seen) + sum(unicodedata.east_asian_width(char) in "WF" for char in seen)
