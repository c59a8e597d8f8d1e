"""verdict(): whether a measured outcome is what the code of the case names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Literal, TypeAlias

from keraslint.behaviour.cases import EVERYWHERE, EXTRA_KEY, Case
from keraslint.behaviour.structure import Absent, Delivery, Leaf, Named, Positional, Structure
from keraslint.behaviour.table import Measurement, Outcome, Refused, Trained

Verdict: TypeAlias = Literal["right", "misrouted", "raises"]
VERDICTS: tuple[Verdict, ...] = ("right", "misrouted", "raises")


def verdict(case: Case, outcome: Outcome) -> Verdict:
    """Misrouted: a loss, weight, target, sample weight or metric reached another output, or one of them ran nowhere.

    Which output a key names is plain; in a list or tuple the place counts, except that those "in the order of the
    sorted keys" mean just that. The names of logs are not looked at.
    """
    if isinstance(outcome, Refused):
        return "raises"
    labels = dict(zip(case.outputs.labels, case.keys, strict=True))
    astray = any(_wrong(case, delivery, labels[delivery.output]) for delivery in outcome.deliveries)
    astray = astray or any(metric_astray(case, metric) for metric in outcome.metrics)
    return "misrouted" if astray or _lost(case, outcome) or lost_metrics(case, outcome) else "right"


def metric_astray(case: Case, metric: Measurement) -> bool:
    """Whether a metric measured another output than its own, by another target or another sample weight."""
    key = dict(zip(case.outputs.labels, case.keys, strict=True))[metric.output]
    weights = case.sample_weight_structure if case.weighted_metrics else Leaf(None)
    return not metric.meant_for == key == metric.target or metric.sample_weight != _number(weights, case, key)


def lost_metrics(case: Case, outcome: Trained) -> tuple[Hashable, ...]:
    """What the metrics that never ran are meant for."""
    asked = (*_tokens(case.metrics_structure), *_tokens(case.weighted_metrics_structure))
    ran = {metric.meant_for for metric in outcome.metrics}
    return tuple(token for token in asked if token not in ran)


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
    if isinstance(structure, Positional):
        return next(_tokens(structure.items[case.keys.index(key)]), None)
    if isinstance(structure, Named):
        return next(_tokens(dict(structure.entries).get(key, Leaf(None))), None)
    assert isinstance(structure, Absent)
    return None
