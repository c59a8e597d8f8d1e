"""Writes docs/behaviour-table.md from the measured table.

With ``--check`` it writes nothing: it exits with 1 and says so if the page is not up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterator
from itertools import groupby
from pathlib import Path

from keraslint.behaviour.measured import table
from keraslint.behaviour.measured.cases import EVERYWHERE, MODELS, Case
from keraslint.behaviour.measured.table import Outcome, RaisedOutcome, ReleaseSpan, TrainedOutcome
from keraslint.behaviour.measured.verdict import (
    key_in,
    key_of,
    lost_metrics,
    meant_metric_weight,
    meant_sample_weight,
    meant_weight,
    tokens_in,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "behaviour-table.md"

HEAD = """\
# What was measured on which release

Measured on {measured} with JAX {jax}: {cases} calls on each of the {count} Keras releases from {first} to {last}. Each
call trained a model for one step with losses and metrics that record what reaches them (`tools/measure_keras`).
"Right" is what the keys name, and in lists the place; what is wrong is **bold**, and a loss `a → b` is the loss for `a`
that trained `b`. Where `loss_weights` or sample weights are given they are 2, 5 and 8 in output order, 4 where there is
one for all. Written by `tools/document_behaviour.py`.

Which of the releases that your project allows misroute your own call, `keraslint check FILE` says; for all of Keras 3,
`keraslint check --keras-version '>=3.0' FILE`.
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


def _rows(case: Case, spans: tuple[ReleaseSpan, ...]) -> Iterator[str]:
    """One row for each range of releases; those that differ only in their logs are one range."""
    words = case.in_words
    for what, same in groupby(spans, key=lambda span: outcome_in_words(case, span.outcome)):
        run = list(same)
        first, last = run[0].first, run[-1].last
        yield f"| {words} | {first if first == last else f'{first} to {last}'} | {what} |"
        words = ""


def outcome_in_words(case: Case, outcome: Outcome) -> str:
    """The outcome of a call in words: its wrong parts in bold, else "right", or the error that it raises."""
    if isinstance(outcome, RaisedOutcome):
        return f"raises {outcome.error}"
    if not any(delivery.losses for delivery in outcome.deliveries):
        return "**no loss runs**" if _outputs_without_their_loss(case, outcome) else "right; no loss runs"
    wrong, idle = list(_wrong_parts(case, outcome)), _outputs_without_their_loss(case, outcome)
    left_out = (each.output for each in outcome.deliveries if not each.losses and each.output not in idle)
    return "; ".join([*(wrong or ["right"]), *(f"no loss at {output}" for output in left_out)])


def _outputs_without_their_loss(case: Case, outcome: TrainedOutcome) -> tuple[str, ...]:
    """The outputs that no loss trains, though one is meant for them."""
    meant = set(tokens_in(case.loss_structure))
    idle = (delivery.output for delivery in outcome.deliveries if not delivery.losses)
    return tuple(output for output in idle if meant & {key_of(case, output), EVERYWHERE})


def _wrong_parts(case: Case, outcome: TrainedOutcome) -> Iterator[str]:
    """Each part that is wrong, in words."""
    for delivery in outcome.deliveries:
        key = key_in(case, case.loss, delivery.output)
        others = [loss for loss in delivery.losses if loss not in (EVERYWHERE, key, "second")]
        yield from (f"**loss {loss} → {delivery.output}**" for loss in others)
        if delivery.losses and delivery.target != key_in(case, case.y, delivery.output):
            yield f"**target {delivery.target} → {delivery.output}**"
    for delivery in filter(lambda each: each.losses, outcome.deliveries):
        output, sample_weight = delivery.output, delivery.sample_weight
        yield from _instead("weight", output, delivery.weight, meant_weight(case, output))
        yield from _instead("sample weight", output, sample_weight, meant_sample_weight(case, output))
    yield from (f"**no loss at {output}**" for output in _outputs_without_their_loss(case, outcome))
    yield from (f"**metric {token} never runs**" for token in lost_metrics(case, outcome))
    for metric in outcome.metrics:
        if metric.meant_for != key_in(case, case.metrics or case.weighted_metrics, metric.output):
            yield f"**metric {metric.meant_for} → {metric.output}**"
        if metric.target != key_in(case, case.y, metric.output):
            yield f"**metric of {metric.output} gets the target of {metric.target}**"
        meant = meant_metric_weight(case, metric.output)
        yield from _instead("metric's sample weight", metric.output, metric.sample_weight, meant)


def _instead(what: str, output: str, found: Hashable, meant: Hashable) -> Iterator[str]:
    if found != meant:
        yield f"**{what} {_number(found)} instead of {_number(meant)} at {output}**"


def _number(weight: Hashable) -> str:
    return f"{weight:g}" if isinstance(weight, (int, float)) else "none" if weight is None else str(weight)


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
