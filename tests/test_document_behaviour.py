"""tools/document_behaviour: what is wrong, and nothing else, is bold in the page."""

from __future__ import annotations

import pytest
from packaging.version import Version

from keraslint.behaviour.measured import table
from keraslint.behaviour.measured.cases import Case
from keraslint.behaviour.measured.verdict import verdict
from tools.document_behaviour import outcome_in_words

TABLE = table.load()


def test_what_is_bold_is_what_the_verdict_calls_misrouted() -> None:
    for case in TABLE.cases:
        for span in TABLE.spans(case):
            said = outcome_in_words(case, span.outcome)
            kinds = {"misrouted": "**" in said, "right": said.startswith("right"), "raises": said.startswith("raises ")}
            assert [kind for kind, holds in kinds.items() if holds] == [verdict(case, span.outcome)], (case, said)


@pytest.mark.parametrize(
    ("case", "release", "said"),
    [
        ("list loss=dict y=list loss_weights=dict", "3.7.0", "right"),
        (
            "list loss=tuple y=list loss_weights=dict",
            "3.15.1",
            "**weight 5 instead of 2 at out_small**; **weight 2 instead of 5 at out_big**",
        ),
        ("list loss=none-first y=list", "3.6.0", "**loss out_big → out_small**; **no loss at out_big**"),
        ("list loss=none-first y=list", "3.7.0", "right; no loss at out_small"),
        ("list loss=none-second y=list", "3.6.0", "**no loss runs**"),
        ("list loss=first y=list", "3.6.0", "raises ValueError"),
    ],
)
def test_what_a_row_says(case: str, release: str, said: str) -> None:
    parsed = Case.parse(case)
    assert outcome_in_words(parsed, TABLE.outcome(parsed, Version(release))) == said
