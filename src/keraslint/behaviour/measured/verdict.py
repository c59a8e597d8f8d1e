"""verdict(): compares a measured outcome with what the code of its case names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Literal, TypeAlias

from keraslint.behaviour.measured.cases import EVERYWHERE, EXTRA_KEY, Case
from keraslint.behaviour.measured.table import Measurement, Outcome, RaisedOutcome, TrainedOutcome
from keraslint.behaviour.structure import Delivery, Leaf, Named, Positional, Structure, parts

Verdict: TypeAlias = Literal["right", "misrouted", "raises"]


def verdict(case: Case, outcome: Outcome) -> Verdict:
    """Return "misrouted" if a loss, weight, target, sample weight or metric reached another output or never ran.

    A key names its output; in a list or tuple the place names it, but in those "in the order of the sorted keys" the
    place in that order. The names of logs are not compared.
    """
    if isinstance(outcome, RaisedOutcome):
        return "raises"
    misrouted = any(_wrong(case, delivery) for delivery in outcome.deliveries)
    misrouted = misrouted or any(metric_is_wrong(case, metric) for metric in outcome.metrics)
    return "misrouted" if misrouted or _lost(case, outcome) or lost_metrics(case, outcome) else "right"


def metric_is_wrong(case: Case, metric: Measurement) -> bool:
    """Return True if a metric got another output than its own, another target or another sample weight."""
    form = case.metrics or case.weighted_metrics
    wrong = metric.meant_for != key_in(case, form, metric.output) or metric.target != key_in(
        case, case.y, metric.output
    )
    return wrong or metric.sample_weight != meant_metric_weight(case, metric.output)


def lost_metrics(case: Case, outcome: TrainedOutcome) -> tuple[Hashable, ...]:
    """The outputs whose metrics never ran, as tokens."""
    asked = (*tokens_in(case.metrics_structure), *tokens_in(case.weighted_metrics_structure))
    ran = {metric.meant_for for metric in outcome.metrics}
    return tuple(token for token in asked if token not in ran)


def meant_weight(case: Case, output: str) -> Hashable:
    """The loss weight that is meant for an output: 1 if none is given."""
    return _number(case.loss_weights_structure, case, key_in(case, case.loss_weights, output)) or 1.0


def meant_sample_weight(case: Case, output: str) -> Hashable:
    """The sample weight that is meant for an output; None if none is given."""
    return _number(case.sample_weight_structure, case, key_in(case, case.sample_weight, output))


def meant_metric_weight(case: Case, output: str) -> Hashable:
    """The sample weight that is meant for the metrics of an output."""
    return meant_sample_weight(case, output) if case.weighted_metrics else None


def key_of(case: Case, output: str) -> str:
    """The key of an output in dicts of arguments."""
    return dict(zip(case.outputs.labels, case.keys, strict=True))[output]


def key_in(case: Case, form: str, output: str) -> str:
    """The key of the output whose leaf a form holds for this one, too: the first of those under one name, or of all."""
    key = key_of(case, output)
    if form == "one":
        return case.keys[0]
    if form != "by-layer":
        return key
    names = case.outputs.names
    return case.keys[names.index(names[case.keys.index(key)])]


def _wrong(case: Case, delivery: Delivery) -> bool:
    if not delivery.losses:
        return False
    return (
        not set(delivery.losses) <= {key_in(case, case.loss, delivery.output), EVERYWHERE, "second"}
        or delivery.target != key_in(case, case.y, delivery.output)
        or delivery.weight != meant_weight(case, delivery.output)
        or delivery.sample_weight != meant_sample_weight(case, delivery.output)
    )


def _lost(case: Case, outcome: TrainedOutcome) -> bool:
    """Return True if a loss that is meant for an output never ran."""
    ran = {loss for delivery in outcome.deliveries for loss in delivery.losses}
    if EVERYWHERE in ran:
        return not all(delivery.losses for delivery in outcome.deliveries)
    return bool({token for token in tokens_in(case.loss_structure) if token != EXTRA_KEY} - ran)


def tokens_in(structure: Structure) -> Iterator[Hashable]:
    """The tokens of all leaves of a structure, in their order."""
    if isinstance(structure, Leaf):
        yield structure.token
    for part in parts(structure):
        yield from tokens_in(part)


def _number(structure: Structure, case: Case, key: str) -> Hashable:
    """The weight that is meant for an output; None if there is none."""
    if isinstance(structure, Leaf):
        return structure.token
    if isinstance(structure, Positional):
        return next(tokens_in(structure.items[case.keys.index(key)]), None)
    if isinstance(structure, Named):
        return next(tokens_in(dict(structure.entries).get(key, Leaf(None))), None)
    return None
