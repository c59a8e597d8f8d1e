from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from keraslint.diagnostic import Diagnostic, Evidence, KerasClaim
from keraslint.report.json_format import render_json, render_json_lines

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "diagnostics.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_field(one_row: Diagnostic) -> None:
    items = json.loads(render_json([one_row]))
    VALIDATOR.validate(items)
    here = Path.cwd()
    assert items == [
        {
            "code": "KER101",
            "name": "misrouted-loss",
            "severity": "error",
            "message": "it is swapped",
            "url": "https://keraslint.readthedocs.io/rules/misrouted-loss/",
            "filename": str(here / "train.py"),
            "location": {"row": 3, "column": 20},
            "end_location": {"row": 3, "column": 36},
            "cell": None,
            "noqa_row": 3,
            "outputs": ["a", "b"],
            "keras": {
                "admitted": "==3.5.0",
                "pinned": True,
                "evidence": [{"filename": str(here / "requirements.txt"), "row": 2, "text": "keras==3.5.0"}],
            },
            "fixes": [
                {
                    "style": "tuple",
                    "applicability": "safe",
                    "message": "Pass the losses as a tuple in output order",
                    "edits": [
                        {
                            "content": "(y, x)",
                            "location": {"row": 3, "column": 20},
                            "end_location": {"row": 3, "column": 36},
                        }
                    ],
                }
            ],
        }
    ]


def test_nothing_known(several_rows: Diagnostic) -> None:
    items = json.loads(render_json([replace(several_rows, filename="-", fixes=())]))
    VALIDATOR.validate(items)
    (item,) = items
    assert (item["filename"], item["noqa_row"], item["outputs"], item["keras"]) == ("-", None, None, None)


def test_lines(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    lines = render_json_lines([one_row, several_rows]).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render_json([one_row, several_rows]))
    assert render_json([]) == "[]\n"
    assert render_json_lines([]) == ""


@pytest.mark.parametrize(
    "wrong", [{"severity": "fatal"}, {"location": {"row": 0, "column": 1}}, {"code": "E501"}, {"more": 1}]
)
def test_the_schema_refuses(one_row: Diagnostic, wrong: dict[str, object]) -> None:
    items = json.loads(render_json([one_row]))
    assert not VALIDATOR.is_valid([items[0] | wrong])


def test_the_schema_asks_for_every_field(one_row: Diagnostic) -> None:
    (item,) = json.loads(render_json([one_row]))
    for missing in item:
        assert not VALIDATOR.is_valid([{key: value for key, value in item.items() if key != missing}])


def test_an_option_is_no_file(one_row: Diagnostic) -> None:
    claim = KerasClaim("==3.5.0", True, (Evidence("--keras-version", 0, "3.5.0"),))
    (item,) = json.loads(render_json([replace(one_row, keras=claim)]))
    assert item["keras"]["evidence"] == [{"filename": "--keras-version", "row": 0, "text": "3.5.0"}]
