"""Diagnostics as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from keraslint import __version__
from keraslint.diagnostic import Diagnostic, Fix, Span
from keraslint.report.concise import place_in_words
from keraslint.report.json_format import dumps, place_in_file
from keraslint.report.lsp_format import uri_of
from keraslint.site import SITE
from keraslint.words import one_line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """One log with one run; columns count characters, and the run says so."""
    run = {
        "tool": {
            "driver": {
                "name": "keraslint",
                "informationUri": SITE,
                "version": __version__,
                "rules": _rules({diagnostic.code: diagnostic for diagnostic in diagnostics}),
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic) for diagnostic in diagnostics],
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rules(found: dict[str, Diagnostic]) -> list[dict[str, Any]]:
    """The rules that have found something, in the order of their codes."""
    from keraslint.rules.registry import ALL_RULES

    return [
        {
            "id": rule.code,
            "name": rule.name,
            "shortDescription": {"text": rule.summary},
            "help": {"text": rule.summary, "markdown": rule.documentation()},
            "helpUri": found[rule.code].url,
        }
        for rule in ALL_RULES
        if rule.code in found
    ]


def _result(diagnostic: Diagnostic) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "level": diagnostic.severity.value,
        "message": {"text": _plain(diagnostic.message)},
        "locations": [_location(diagnostic)],
    }
    claimed = diagnostic.keras.evidence if diagnostic.keras is not None else ()
    evidence = [item for item in claimed if item.row]  # without a row it is an option, not a file
    if evidence:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _place(item.filename, {"startLine": 1 if item.cell else item.row}),
                "message": {"text": _plain(item.text)},
            }
            for number, item in enumerate(evidence, start=1)
        ]
    if diagnostic.fixes and diagnostic.cell is None:  # the edits of a notebook are in cells, not in lines of the file
        result["fixes"] = [_fix(diagnostic.filename, fix) for fix in diagnostic.fixes]
    return result


def _location(diagnostic: Diagnostic) -> dict[str, Any]:
    """The place in the file; in a notebook its first line, and the place by cell as a name."""
    place: dict[str, Any] = {"physicalLocation": _place(diagnostic.filename, _region(Span(*place_in_file(diagnostic))))}
    if diagnostic.cell is not None:
        place["logicalLocations"] = [
            {"name": f"cell {diagnostic.cell}", "fullyQualifiedName": place_in_words(diagnostic)}
        ]
    return place


def _plain(text: str) -> str:
    """A message of one line, in which nothing is a link: SARIF has ``[text](target)`` for links."""
    return re.sub(r"\[([^\]]*)\](?=\()", r"\\[\1\\]", one_line(text))


def _fix(filename: str, fix: Fix) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.content}} for edit in fix.edits
    ]
    change = {"artifactLocation": {"uri": uri_of(filename)}, "replacements": replacements}
    return {"description": {"text": _plain(fix.message)}, "artifactChanges": [change]}


def _place(filename: str, region: dict[str, int]) -> dict[str, Any]:
    return {"artifactLocation": {"uri": uri_of(filename)}, "region": region}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start.row,
        "startColumn": span.start.column,
        "endLine": span.end.row,
        "endColumn": span.end.column,
    }
