"""Generated programs: what the interpreter and the rules say of them is what the real Keras does.

``KERASLINT_DIFFERENTIAL_PROGRAMS`` and ``KERASLINT_DIFFERENTIAL_SEED`` set how many programs, and which ones.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ..summary import note
from .comparison import Difference, compare
from .generator.programs import Program, generate
from .observation import GENERATED_RECORDER, reports
from .observation import Program as Text

pytestmark = pytest.mark.real_keras

COUNT = int(os.environ.get("KERASLINT_DIFFERENTIAL_PROGRAMS", "500"))
SEED = int(os.environ.get("KERASLINT_DIFFERENTIAL_SEED", "1"))

FIXTURES = sorted(Path(__file__).parents[1].joinpath("analysis", "fixtures").rglob("*.py"))

MOST_UNKNOWN = 0.03
"""The share of programs whose text tells the order of the outputs and that may still be unknown."""


@pytest.mark.parametrize(("release", "share"), [("3.6.0", 1.0), ("3.4.1", 0.1), ("3.7.0", 0.1)])
def test_what_is_said_is_what_is_seen(release: str, share: float, request: pytest.FixtureRequest) -> None:
    programs = generate(max(1, round(COUNT * share)), SEED)
    pairs = zip(programs, recorded([program.text for program in programs], release), strict=True)
    differences = [list(compare(program.text, report, release)) for program, report in pairs]
    unknown = [any(one.kind == "unknown" for one in found) for found in differences]
    written = sum(program.written for program in programs)
    missed = sum(program.written and not_known for program, not_known in zip(programs, unknown, strict=True))
    note(
        request.config,
        "real Keras",
        f"{len(programs)} generated programs on {release}: the order of the outputs is written in {written},"
        f" unknown in {missed} of these ({missed / max(written, 1):.1%})",
    )
    assert not _describe(programs, differences)
    assert missed <= MOST_UNKNOWN * written


def test_the_fixtures_of_the_analysis_are_what_is_seen() -> None:
    fixtures = [path.read_text(encoding="utf-8") for path in FIXTURES]
    programs = [Program(text, (), written=False) for text in fixtures]
    seen = recorded(fixtures, "3.6.0")
    assert sum(report["end"] == "ok" for report in seen) > len(seen) * 0.9
    pairs = zip(programs, seen, strict=True)
    assert not _describe(programs, [list(compare(program.text, report, "3.6.0")) for program, report in pairs])


def recorded(texts: list[str], release: str) -> list[dict[str, Any]]:
    """The record of each program on the release."""
    return reports(GENERATED_RECORDER, release, [Text(text) for text in texts], os.cpu_count() or 1)


def _describe(programs: list[Program], differences: list[list[Difference]]) -> str:
    """The programs of which something wrong is said; empty where there is none."""
    wrong = [
        (program, [one for one in found if one.kind != "unknown"])
        for program, found in zip(programs, differences, strict=True)
    ]
    return "\n\n".join(
        "\n".join([*(f"row {one.row}: {one.text}" for one in found), program.text]) for program, found in wrong if found
    )
