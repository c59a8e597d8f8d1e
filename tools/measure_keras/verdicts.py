"""The verdict on one cell: right, misrouted or raises."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Literal, TypeAlias

from keraslint.behaviour.cases import EVERYWHERE, EXTRA_KEY, Case
from keraslint.behaviour.structure import Absent, Delivery, Leaf, Named, Positional, Structure
from keraslint.behaviour.table import Outcome, Refused, Trained

Verdict: TypeAlias = Literal["right", "misrouted", "raises"]
VERDICTS: tuple[Verdict, ...] = ("right", "misrouted", "raises")


def verdict(case: Case, outcome: Outcome) -> Verdict:
    """Misrouted: a loss, weight, target or metric reached another output than its own, or a loss never ran."""
    if isinstance(outcome, Refused):
        return "raises"
    labels = dict(zip(case.outputs.labels, case.keys, strict=True))
    astray = any(_wrong(case, delivery, labels[delivery.output]) for delivery in outcome.deliveries)
    return "misrouted" if astray or _lost(case, outcome) or _metrics_astray(outcome) else "right"


def _wrong(case: Case, delivery: Delivery, key: str) -> bool:
    if not delivery.losses:
        return False
    weight = _number(case.loss_weights_structure, case, key) or 1.0
    return (
        not set(delivery.losses) <= {key, EVERYWHERE, "second"}
        or delivery.target != key
        or delivery.weight != weight
        or delivery.sample_weight != _number(case.sample_weight_structure, case, key)
    )


def _lost(case: Case, outcome: Trained) -> bool:
    """Whether a loss that is meant for an output never ran."""
    ran = {loss for delivery in outcome.deliveries for loss in delivery.losses}
    if EVERYWHERE in ran:
        return not all(delivery.losses for delivery in outcome.deliveries)
    return bool({token for token in _tokens(case.loss_structure) if token != EXTRA_KEY} - ran)


def _metrics_astray(outcome: Trained) -> bool:
    return any(not metric.meant_for == metric.output == metric.target for metric in outcome.metrics)


def _tokens(structure: Structure) -> Iterator[Hashable]:
    if isinstance(structure, Leaf):
        yield structure.token
    elif isinstance(structure, Positional):
        for item in structure.items:
            yield from _tokens(item)
    elif isinstance(structure, Named):
        for _, value in structure.entries:
            yield from _tokens(value)


def _number(structure: Structure, case: Case, key: str) -> Hashable:
    """The weight that is meant for an output; None where none is."""
    if isinstance(structure, Leaf):
        return structure.token
    if isinstance(structure, Absent):
        return None
    if isinstance(structure, Positional):
        return next(_tokens(structure.items[case.keys.index(key)]))
    assert isinstance(structure, Named)
    return next(_tokens(dict(structure.entries).get(key, Leaf(None))))
