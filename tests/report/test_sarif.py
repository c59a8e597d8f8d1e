from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from keraslint import __version__
from keraslint.diagnostic import Applicability, Diagnostic, Edit, Evidence, Fix, Position, Span
from keraslint.report.sarif import render_sarif

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def run_of(diagnostics: list[Diagnostic]):
    log = json.loads(render_sarif(diagnostics))
    VALIDATOR.validate(log)
    assert log["version"] == "2.1.0"
    return log["runs"][0]


def test_the_schema_refuses_what_is_wrong(one_row: Diagnostic) -> None:
    log = json.loads(render_sarif([one_row]))
    log["runs"][0]["results"][0]["level"] = "grave"
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)


def test_a_result(one_row: Diagnostic) -> None:
    run = run_of([one_row])
    here = Path.cwd().as_uri()
    region = {"startLine": 3, "startColumn": 20, "endLine": 3, "endColumn": 36}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"] == [
        {
            "ruleId": "KER101",
            "level": "error",
            "message": {"text": "it is swapped"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": f"{here}/train.py"}, "region": region}}],
            "relatedLocations": [
                {
                    "id": 1,
                    "physicalLocation": {
                        "artifactLocation": {"uri": f"{here}/requirements.txt"},
                        "region": {"startLine": 2},
                    },
                    "message": {"text": "keras==3.5.0"},
                }
            ],
            "fixes": [
                {
                    "description": {"text": "Pass the losses as a tuple in output order"},
                    "artifactChanges": [
                        {
                            "artifactLocation": {"uri": f"{here}/train.py"},
                            "replacements": [{"deletedRegion": region, "insertedContent": {"text": "(y, x)"}}],
                        }
                    ],
                }
            ],
        }
    ]


def test_rules_that_found_something_in_order(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    run = run_of([several_rows, one_row, one_row])
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("keraslint", __version__)
    assert [(rule["id"], rule["name"]) for rule in driver["rules"]] == [
        ("KER101", "misrouted-loss"),
        ("KER102", "unverified-loss-routing"),
    ]
    assert "**Why is this bad?**" in driver["rules"][0]["help"]["markdown"]
    assert [result["level"] for result in run["results"]] == ["warning", "error", "error"]


def test_nothing_found() -> None:
    run = run_of([])
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_names_that_no_uri_holds_and_an_edit_that_inserts(one_row: Diagnostic) -> None:
    place = Position(1, 1)
    fix = Fix("tuple", Applicability.SAFE, "insert", (Edit(Span(place, place), "import x\n"),))
    for name in ("-", "<string>", "a b/ü#%.py"):
        run = run_of([replace(one_row, filename=name, fixes=(fix,), span=Span(place, place))])
        assert run["results"][0]["level"] == "error"


def test_an_option_is_no_place(one_row: Diagnostic) -> None:
    assert one_row.keras is not None
    claim = replace(one_row.keras, evidence=(Evidence("--keras-version", 0, "3.5.0"), *one_row.keras.evidence))
    (result,) = json.loads(render_sarif([replace(one_row, keras=claim)]))["runs"][0]["results"]
    (place,) = result["relatedLocations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"].endswith("/requirements.txt")
