"""The fixtures: what the interpreter knows of a model, and what is reported, beside the line it is about.

``# outputs: list b, a`` beside a compile call: what is known of its outputs ("unknown": nothing). ``# expect:
KER101`` beside a line: a diagnostic starts on it, on Keras 3.6.0; no other one does.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.analysis import analyze
from keraslint.behaviour.structure import Outputs
from keraslint.document import Document

FIXTURES = sorted(Path(__file__).with_name("fixtures").rglob("*.py"))

_OUTPUTS = re.compile(r"# outputs: (.*?)(?=\s+# |$)")
_EXPECTED = re.compile(r"# expect: (KER\d{3})\b")


def _name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def _beside(text: str, comment: re.Pattern[str]) -> dict[int, list[str]]:
    rows = enumerate(text.splitlines(), start=1)
    found = {row: [said.strip() for said in comment.findall(line)] for row, line in rows}
    return {row: said for row, said in found.items() if said}


def _shown(outputs: Outputs | None) -> str:
    return "unknown" if outputs is None else f"{outputs.container} {', '.join(outputs.addresses)}"


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
def test_analysis_knows_the_outputs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    sites = analyze(Document(str(path), text)).sites()
    known = {group[0].call.lineno: sorted({_shown(call.model.outputs) for call in group}) for group in sites}
    expected = _beside(text, _OUTPUTS)
    assert {row: known.get(row) for row in expected} == expected


@pytest.mark.parametrize("path", FIXTURES, ids=_name)
def test_analysis_leads_to_these_reports(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    reported: dict[int, list[str]] = {}
    for one in check_source(text, str(path), "3.6.0"):
        reported.setdefault(one.span.start.row, []).append(one.code)
    assert reported == _beside(text, _EXPECTED)


def test_every_fixture_has_a_silent_twin() -> None:
    for path in FIXTURES:
        rows = path.read_text(encoding="utf-8").splitlines()
        calls = [row for row in rows if ".compile(" in row and not row.lstrip().startswith("#")]
        assert len(calls) > 1 or not any("# expect" in row for row in calls), path
        assert any("# expect" not in row for row in calls), path
