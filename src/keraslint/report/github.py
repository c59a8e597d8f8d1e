"""Diagnostics as workflow commands of GitHub Actions, which shows them at the lines of a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from keraslint.diagnostic import Diagnostic
from keraslint.report.json_format import absolute
from keraslint.words import one_line


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command on each line, with the concise line as its text for readers of the log."""
    return "".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    start, end = diagnostic.span.start, diagnostic.span.end
    properties: dict[str, object] = {
        "title": f"keraslint ({diagnostic.code})",
        "file": _visible(absolute(diagnostic.filename)),
        "line": start.row,
        "endLine": end.row,
    }
    if start.row == end.row:  # GitHub accepts columns only for a place within one line
        properties |= {"col": start.column, "endColumn": end.column}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    place = f"{one_line(diagnostic.filename)}:{start.row}:{start.column}"
    text = f"{place}: {diagnostic.code} {one_line(diagnostic.message)}"
    return f"::{diagnostic.severity.value} {written}::{_data(text)}\n"


def _visible(path: str) -> str:
    """A path with its ends of lines, for which the runner's toolkit has escapes, and nothing else that is not seen."""
    return "".join(part if part in ("\r", "\n") else one_line(part) for part in re.split("([\r\n])", path))


def _data(text: str) -> str:
    """``text`` escaped as the runner's toolkit does it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
