"""One line for each diagnostic: ``train.py:14:20: KER101 [*] message``."""

from __future__ import annotations

from collections.abc import Sequence

from keraslint.diagnostic import Diagnostic
from keraslint.fixes.applicable import applicable_fix
from keraslint.report.colour import paint
from keraslint.words import one_line, path_first


def render_concise(diagnostics: Sequence[Diagnostic], *, style: str, unsafe: bool, colour: bool) -> str:
    """One line for each diagnostic, with ``[*]`` before the message if ``--fix`` would apply a fix."""
    return "".join(_line(diagnostic, style, unsafe, colour) for diagnostic in diagnostics)


def headline(diagnostic: Diagnostic, *, style: str, unsafe: bool, colour: bool) -> str:
    """Code, mark and message."""
    mark = "" if applicable_fix(diagnostic, unsafe=unsafe, style=style) is None else f"[{paint('*', 'cyan', colour)}] "
    return f"{paint(diagnostic.code, 'red', colour)} {mark}{one_line(diagnostic.message)}"


def _line(diagnostic: Diagnostic, style: str, unsafe: bool, colour: bool) -> str:
    start, colon = diagnostic.span.start, paint(":", "cyan", colour)
    place = paint(path_first(diagnostic.filename), "bold", colour)
    if diagnostic.cell is not None:
        place += f"{colon}cell {diagnostic.cell}"
    head = headline(diagnostic, style=style, unsafe=unsafe, colour=colour)
    return f"{place}{colon}{start.row}{colon}{start.column}{colon} {head}\n"
