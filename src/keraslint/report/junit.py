"""Diagnostics as JUnit's XML: a test suite for each file, a failed test case for each finding."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from keraslint.diagnostic import Diagnostic
from keraslint.report.json_format import absolute
from keraslint.words import one_line

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
    text = f"line {start.row}, col {start.column}, {message}"
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
