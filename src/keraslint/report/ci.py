"""Diagnostics for CI services: workflow commands of GitHub, a code quality report of GitLab, and JUnit's XML."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from keraslint.diagnostic import Diagnostic, Severity
from keraslint.report.concise import place_in_words
from keraslint.report.json_format import absolute, dumps, place_in_file
from keraslint.words import one_line


def render_github(diagnostics: Sequence[Diagnostic]) -> str:
    """One command on each line, with the concise line as its text for readers of the log."""
    return "".join(_command(diagnostic) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    start, end = place_in_file(diagnostic)
    properties: dict[str, object] = {
        "title": f"keraslint ({diagnostic.code})",
        "file": _visible(absolute(diagnostic.filename)),
        "line": start.row,
        "endLine": end.row,
    }
    if start.row == end.row:  # GitHub accepts columns only for a place within one line
        properties |= {"col": start.column, "endColumn": end.column}
    escaped = {name: _data(str(value)).replace(":", "%3A").replace(",", "%2C") for name, value in properties.items()}
    written = ",".join(f"{name}={value}" for name, value in escaped.items())
    place = f"{one_line(diagnostic.filename)}:{place_in_words(diagnostic)}"
    text = f"{place}: {diagnostic.code} {one_line(diagnostic.message)}"
    command = "notice" if diagnostic.severity is Severity.NOTE else diagnostic.severity.value
    return f"::{command} {written}::{_data(text)}\n"


def _visible(path: str) -> str:
    """A path with its ends of lines, for which the runner's toolkit has escapes, and nothing else that is not seen."""
    return "".join(part if part in ("\r", "\n") else one_line(part) for part in re.split("([\r\n])", path))


def _data(text: str) -> str:
    """``text`` escaped as the runner's toolkit does it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render_gitlab(diagnostics: Sequence[Diagnostic], environment: Mapping[str, str] = os.environ) -> str:
    """One JSON array. Paths are relative to ``CI_PROJECT_DIR``, or to the current folder if that is not set.

    A fingerprint does not depend on the row, so a finding stays the same one if only lines above it have changed.
    """
    root = environment.get("CI_PROJECT_DIR") or str(Path.cwd())
    seen: Counter[str] = Counter()
    entries = []
    for diagnostic in diagnostics:
        path = _relative(diagnostic.filename, root)
        identity = f"{path}\0{diagnostic.code}\0{diagnostic.message}"
        entries.append(_entry(diagnostic, path, f"{identity}\0{seen[identity]}"))
        seen[identity] += 1
    return dumps(entries, indent=2) + "\n"


def _entry(diagnostic: Diagnostic, path: str, identity: str) -> dict[str, Any]:
    start, end = place_in_file(diagnostic)
    places = {"begin": start, "end": end}
    return {
        "check_name": diagnostic.code,
        "description": f"{diagnostic.code}: {diagnostic.message}",
        "severity": _SEVERITY[diagnostic.severity],
        "fingerprint": hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        "location": {
            "path": path,
            "positions": {name: {"line": place.row, "column": place.column} for name, place in places.items()},
        },
    }


def _relative(filename: str, root: str) -> str:
    """The path relative to ``root`` with forward slashes; one that is not below it stays as it is."""
    path = absolute(filename)
    try:
        inside = os.path.relpath(path, root) if Path(path).is_absolute() else path
    except ValueError:  # on another drive
        return Path(path).as_posix()
    return Path(path if inside.startswith("..") else inside).as_posix()


# The characters that XML 1.0 can't hold, even escaped.
_NOT_IN_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def render_junit(diagnostics: Sequence[Diagnostic]) -> str:
    """One document; without findings it holds one passed test case, so that services show something."""
    if diagnostics:
        groups = groupby(diagnostics, key=lambda diagnostic: diagnostic.filename)
        suites = "".join(_suite(one_line(absolute(filename)), list(found)) for filename, found in groups)
    else:
        suites = _element(
            "testsuite", _counts("keraslint", 1, 0), '<testcase name="No errors found" classname="keraslint"/>\n'
        )
    counts = _counts("keraslint", len(diagnostics) or 1, len(diagnostics))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _element("testsuites", counts, suites)


def _suite(path: str, found: list[Diagnostic]) -> str:
    cases = "".join(_case(path, diagnostic) for diagnostic in found)
    return _element("testsuite", {**_counts(path, len(found), len(found)), "package": "org.keraslint"}, cases)


def _case(path: str, diagnostic: Diagnostic) -> str:
    start = diagnostic.span.start
    message = one_line(diagnostic.message)
    cell = "" if diagnostic.cell is None else f"cell {diagnostic.cell}, "
    text = f"{cell}line {start.row}, col {start.column}, {message}"
    failure = {"message": message, "type": diagnostic.severity.value}
    case = {"name": f"org.keraslint.{diagnostic.code}", "classname": os.path.splitext(path)[0]}  # noqa: PTH122
    return _element("testcase", case, f"<failure{_attributes(failure)}>{escape(_in_xml(text))}</failure>\n")


def _element(name: str, attributes: dict[str, str], inside: str) -> str:
    indented = "".join(f"  {line}\n" for line in inside.rstrip("\n").split("\n"))
    return f"<{name}{_attributes(attributes)}>\n{indented}</{name}>\n"


def _counts(name: str, tests: int, failures: int) -> dict[str, str]:
    return {"name": name, "tests": str(tests), "failures": str(failures), "errors": "0"}


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_in_xml(value))}" for name, value in attributes.items())


def _in_xml(text: str) -> str:
    return _NOT_IN_XML.sub(lambda match: f"\\x{ord(match.group()):02x}", text)
