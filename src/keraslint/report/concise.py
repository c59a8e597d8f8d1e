"""One line for each diagnostic, ``train.py:14:20: KER101 [*] message``, and the colours of a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TextIO

from keraslint.diagnostic import Diagnostic
from keraslint.fixes.apply import applicable_fix
from keraslint.words import one_line, path_first


def render_concise(diagnostics: Sequence[Diagnostic], *, style: str, unsafe: bool, colour: bool) -> str:
    """One line for each diagnostic, with ``[*]`` before the message if ``--fix`` would apply a fix."""
    return "".join(_line(diagnostic, style, unsafe, colour) for diagnostic in diagnostics)


def headline(diagnostic: Diagnostic, *, style: str, unsafe: bool, colour: bool) -> str:
    """Code, mark and message."""
    mark = "" if applicable_fix(diagnostic, unsafe=unsafe, style=style) is None else f"[{paint('*', 'cyan', colour)}] "
    return f"{paint(diagnostic.code, 'red', colour)} {mark}{one_line(diagnostic.message)}"


def _line(diagnostic: Diagnostic, style: str, unsafe: bool, colour: bool) -> str:
    colon = paint(":", "cyan", colour)
    name = paint(path_first(diagnostic.filename), "bold", colour)
    head = headline(diagnostic, style=style, unsafe=unsafe, colour=colour)
    return f"{name}{colon}{place_in_words(diagnostic, colon)}{colon} {head}\n"


def place_in_words(diagnostic: Diagnostic, colon: str = ":") -> str:
    """Row and column, in a notebook after the cell: "14:20", "cell 3:2:5"."""
    start = diagnostic.span.start
    cell = "" if diagnostic.cell is None else f"cell {diagnostic.cell}{colon}"
    return f"{cell}{start.row}{colon}{start.column}"


Colour = Literal["red", "green", "yellow", "blue", "cyan", "bold"]

_CODES: dict[Colour, str] = {
    "red": "1;31",
    "green": "1;32",
    "yellow": "1;33",
    "blue": "1;34",
    "cyan": "36",
    "bold": "1",
}


def wants_colour(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return True to colour ``stream``, by ``--color``, else FORCE_COLOR, else NO_COLOR, else if it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("FORCE_COLOR", "0") != "0":
        return True
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


def paint(text: str, colour: Colour | None, on: bool) -> str:
    """``text`` in a colour if ``on`` and there is one, else as it is."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if on and text and colour else text
