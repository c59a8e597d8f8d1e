"""verdict(): whether a measured outcome is what the code of the case names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Literal, TypeAlias

from keraslint.behaviour.measured.cases import EVERYWHERE, EXTRA_KEY, Case
from keraslint.behaviour.measured.table import Measurement, Outcome, RaisedOutcome, TrainedOutcome
from keraslint.behaviour.structure import Absent, Delivery, Leaf, Named, Positional, Structure

Verdict: TypeAlias = Literal["right", "misrouted", "raises"]
VERDICTS: tuple[Verdict, ...] = ("right", "misrouted", "raises")


def verdict(case: Case, outcome: Outcome) -> Verdict:
    """Misrouted: a loss, weight, target, sample weight or metric reached another output, or one of them ran nowhere.

    Which output a key names is plain; in a list or tuple the place counts, except that those "in the order of the
    sorted keys" mean just that. The names of logs are not looked at.
    """
    if isinstance(outcome, RaisedOutcome):
        return "raises"
    astray = any(_wrong(case, delivery) for delivery in outcome.deliveries)
    astray = astray or any(metric_astray(case, metric) for metric in outcome.metrics)
    return "misrouted" if astray or _lost(case, outcome) or lost_metrics(case, outcome) else "right"


def metric_astray(case: Case, metric: Measurement) -> bool:
    """Whether a metric measured another output than its own, by another target or another sample weight."""
    wrong = not metric.meant_for == key_of(case, metric.output) == metric.target
    return wrong or metric.sample_weight != meant_metric_weight(case, metric.output)


def lost_metrics(case: Case, outcome: TrainedOutcome) -> tuple[Hashable, ...]:
    """What the metrics that never ran are meant for."""
    asked = (*_tokens(case.metrics_structure), *_tokens(case.weighted_metrics_structure))
    ran = {metric.meant_for for metric in outcome.metrics}
    return tuple(token for token in asked if token not in ran)


def meant_weight(case: Case, output: str) -> Hashable:
    """The loss weight that is meant for an output: 1 where none is given."""
    return _number(case.loss_weights_structure, case, key_of(case, output)) or 1.0


def meant_sample_weight(case: Case, output: str) -> Hashable:
    """The sample weight that is meant for an output; None where none is given."""
    return _number(case.sample_weight_structure, case, key_of(case, output))


def meant_metric_weight(case: Case, output: str) -> Hashable:
    """The sample weight that is meant for the metrics of an output."""
    return meant_sample_weight(case, output) if case.weighted_metrics else None


def outputs_without_their_loss(case: Case, outcome: TrainedOutcome) -> tuple[str, ...]:
    """The outputs that no loss trains, though one is meant for them."""
    meant = set(_tokens(case.loss_structure))
    idle = (delivery.output for delivery in outcome.deliveries if not delivery.losses)
    return tuple(output for output in idle if meant & {key_of(case, output), EVERYWHERE})


def key_of(case: Case, output: str) -> str:
    """What dicts call an output."""
    return dict(zip(case.outputs.labels, case.keys, strict=True))[output]


def _wrong(case: Case, delivery: Delivery) -> bool:
    if not delivery.losses:
        return False
    key = key_of(case, delivery.output)
    return (
        not set(delivery.losses) <= {key, EVERYWHERE, "second"}
        or delivery.target != key
        or delivery.weight != meant_weight(case, delivery.output)
        or delivery.sample_weight != meant_sample_weight(case, delivery.output)
    )


def _lost(case: Case, outcome: TrainedOutcome) -> bool:
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
