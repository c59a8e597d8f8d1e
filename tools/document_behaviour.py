"""Writes docs/behaviour-table.md from the measured table.

With ``--check`` it writes nothing: it says whether the page is up to date, and exits with 1 if it is not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from keraslint.behaviour import table
from keraslint.behaviour.cases import EVERYWHERE, MODELS, Case
from keraslint.behaviour.table import Outcome, Refused, Span, Trained
from keraslint.behaviour.verdict import lost_metrics

PAGE = Path(__file__).resolve().parents[1] / "docs" / "behaviour-table.md"

HEAD = """\
# What was measured on which release

Measured on {measured} with JAX {jax}: {cases} calls on each of the {count} Keras releases from {first} to {last}. Each
call trained a model for one step with losses and metrics that record what reaches them (`tools/measure_keras`).
"Right" is what the keys name, and in lists the place; a loss `a → b` is the loss for `a` that trained `b`. Where
`loss_weights` or sample weights are given they are 2, 5 and 8 in output order, 4 where there is one for all. Written
by `tools/document_behaviour.py`.
"""


def page() -> str:
    """The whole page: one table for each model."""
    shipped = table.load()
    first, last = shipped.releases[0], shipped.releases[-1]
    head = HEAD.format(
        measured=shipped.measured,
        jax=shipped.jax,
        cases=len(shipped.cases),
        count=len(shipped.releases),
        first=first,
        last=last,
    )
    by_model = sorted(shipped.cases, key=lambda case: list(MODELS).index(case.model))
    parts = [head]
    for model, cases in groupby(by_model, key=lambda case: case.model):
        keys = ", ".join(f"`{key}`" for key in MODELS[model].keys)
        rows = [row for case in cases for row in _rows(case, shipped.spans(case))]
        parts.append(f"## {MODELS[model].words}: {keys}\n\n| arguments | releases | what happens |\n|---|---|---|\n")
        parts[-1] += "\n".join(rows) + "\n"
    return "\n".join(parts)


def _rows(case: Case, spans: tuple[Span, ...]) -> Iterator[str]:
    """One row for each range of releases; those that differ only in their logs are one range."""
    words = case.in_words
    for what, same in groupby(spans, key=lambda span: _what(case, span.outcome)):
        run = list(same)
        first, last = run[0].first, run[-1].last
        yield f"| {words} | {first if first == last else f'{first} to {last}'} | {what} |"
        words = ""


def _what(case: Case, outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        return f"raises {outcome.error}"
    losses = list(_astray(case, outcome))
    return "; ".join(losses) if losses else _nothing(outcome)


def _nothing(outcome: Trained) -> str:
    return "right" if any(delivery.losses for delivery in outcome.deliveries) else "**no loss runs**"


def _astray(case: Case, outcome: Trained) -> Iterator[str]:
    for delivery in outcome.deliveries:
        others = [loss for loss in delivery.losses if loss not in (EVERYWHERE, delivery.output, "second")]
        yield from (f"**loss {loss} → {delivery.output}**" for loss in others)
        if delivery.losses and delivery.target != delivery.output:
            yield f"**target {delivery.target} → {delivery.output}**"
    if any(delivery.weight != 1.0 for delivery in outcome.deliveries):
        yield "weights " + ", ".join(f"{delivery.output} {delivery.weight:g}" for delivery in outcome.deliveries)
    if any(delivery.sample_weight is not None for delivery in outcome.deliveries):
        given = (f"{delivery.output} {delivery.sample_weight or 0:g}" for delivery in outcome.deliveries)
        yield "sample weights " + ", ".join(given)
    if any(not delivery.losses for delivery in outcome.deliveries):
        yield from (f"no loss at {delivery.output}" for delivery in outcome.deliveries if not delivery.losses)
    yield from (f"**metric {token} never runs**" for token in lost_metrics(case, outcome))
    for metric in outcome.metrics:
        if metric.meant_for != metric.output:
            yield f"**metric {metric.meant_for} → {metric.output}**"
        if metric.target != metric.output:
            yield f"**metric of {metric.output} gets the target of {metric.target}**"
    if case.weighted_metrics and case.sample_weight:
        weights = (f"{metric.output} {metric.sample_weight or 0:g}" for metric in outcome.metrics)
        yield "weighted metrics " + ", ".join(weights)


def main() -> int:
    """Write the page, or compare it with ``--check``."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted
        if stale:
            print("docs/behaviour-table.md is not up to date: run tools/document_behaviour.py")
        return int(stale)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
