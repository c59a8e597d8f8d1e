from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import xmlschema

from keraslint.diagnostic import Diagnostic
from keraslint.report.ci import render_junit

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "schemas" / "junit-10.xsd")


def document(diagnostics: list[Diagnostic]) -> ET.Element:
    text = render_junit(diagnostics)
    SCHEMA.validate(text)
    return ET.fromstring(text.encode())


def test_the_schema_refuses_what_is_wrong(one_row: Diagnostic) -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate(render_junit([one_row]).replace("<failure", "<broken").replace("</failure", "</broken"))


def test_a_suite_for_each_file(one_row: Diagnostic, several_rows: Diagnostic) -> None:
    here = Path.cwd()
    root = document([one_row, several_rows, replace(one_row, filename="b.py")])
    assert root.attrib == {"name": "keraslint", "tests": "3", "failures": "3", "errors": "0"}
    assert [(suite.get("name"), suite.get("failures")) for suite in root] == [
        (f"{here}/train.py", "2"),
        (f"{here}/b.py", "1"),
    ]
    case = root[0][0]
    assert case.attrib == {"name": "org.keraslint.KER101", "classname": f"{here}/train"}
    assert case[0].attrib == {"message": "it is swapped", "type": "error"}
    assert case[0].text == "line 3, col 20, it is swapped"
    assert root[0][1][0].get("type") == "warning"


@pytest.mark.parametrize("char", ["\0", "\x0b", "\x1b", "\ud800", "\ufffe", "<", "&", '"', "'", "]]>", "\u2028", "\n"])
def test_any_character_of_a_name(one_row: Diagnostic, char: str) -> None:
    said = document([replace(one_row, message=f"a{char}b", filename=f"a{char}b.py")])[0][0][0].get("message")
    assert said is not None
    assert (said[0], said[-1]) == ("a", "b")
    assert len(said) > 2


def test_nothing_found_is_a_case_that_passed() -> None:
    root = document([])
    assert root.attrib == {"name": "keraslint", "tests": "1", "failures": "0", "errors": "0"}
    assert len(root[0][0]) == 0
