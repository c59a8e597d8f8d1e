"""What was measured of the calls that a rule is about, in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from keraslint.behaviour import table
from keraslint.behaviour.cases import Case
from keraslint.behaviour.verdict import verdict
from keraslint.rules.wording import releases


def measured(cases: Sequence[str]) -> str:
    """The range of measured releases, and the verdict on each case by release, as Markdown.

    ``cases`` are texts of ``Case``. Raises KeyError for one that is not in the table.
    """
    shipped = table.load()
    first, last = shipped.releases[0], shipped.releases[-1]
    head = f"Measured on each Keras release from {first} to {last}, the newest tried, on {shipped.measured}:"
    return "\n".join((head, "", *(_line(shipped, Case.parse(text)) for text in cases)))


def _line(shipped: table.Table, case: Case) -> str:
    verdicts = groupby(shipped.spans(case), key=lambda span: verdict(case, span.outcome))
    ranges = (f"{what} on {_range(shipped, list(spans))}" for what, spans in verdicts)
    return f"- outputs: {case.model_in_words}; {case.in_words}: {', '.join(ranges)}"


def _range(shipped: table.Table, spans: Sequence[table.Span]) -> str:
    first, last = spans[0].first, spans[-1].last
    return releases([release for release in shipped.releases if first <= release <= last])
