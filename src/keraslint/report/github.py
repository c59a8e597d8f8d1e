"""Diagnostics as workflow commands of GitHub Actions, which shows them at the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from keraslint.diagnostic import Diagnostic, Severity
from keraslint.report.concise import one_line
from keraslint.report.json_format import absolute


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command on each line, with the concise line as its text for readers of the log."""
    return "".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    start, end = diagnostic.span.start, diagnostic.span.end
    properties: dict[str, object] = {
        "title": f"keraslint ({diagnostic.code})",
        "file": absolute(diagnostic.filename),
        "line": start.row,
        "endLine": end.row,
    }
    if start.row == end.row:  # GitHub accepts columns only for a place within one line
        properties |= {"col": start.column, "endColumn": end.column}
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    place = f"{one_line(diagnostic.filename)}:{start.row}:{start.column}"
    text = f"{place}: {diagnostic.code} {one_line(diagnostic.message)}"
    command = "notice" if diagnostic.severity is Severity.NOTE else diagnostic.severity.value
    return f"::{command} {written}::{_data(text)}\n"


def _data(text: str) -> str:
    """``text`` escaped as the runner's toolkit does it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
