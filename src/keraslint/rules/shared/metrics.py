"""What a release takes the metrics of a call on."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, Token
from keraslint.behaviour.metrics_and_logs import called_values, metric_keys, metric_targets
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import (
    ABSENT,
    Leaf,
    Named,
    Outputs,
    Positional,
    Routed,
    Structure,
    Unseen,
)
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.misrouting import checkable_outputs


def trains(release: Version, call: CompileCall) -> bool:
    """Return True if a release is known to train the model on the data of each training call in view."""
    outputs, arguments = call.model.outputs, (call.loss.structure, call.loss_weights.structure)
    data = [(training.y.structure, training.sample_weight.structure) for training in call.trainings]
    return outputs is not None and all(
        isinstance(route(release, outputs, *arguments, *each), Routed) for each in data or [(Unseen(), ABSENT)]
    )


def wrong_outputs(release: Version, call: CompileCall) -> Mapping[str, str]:
    """By output, the other one on which a release takes its metrics: the one that it puts under its key."""
    outputs = checkable_outputs(call)
    if outputs is None or not outputs.functional or outputs.container != "odict":
        return {}
    watched = _with_metrics(outputs, call)
    return {key: other for key, other in called_values(release, outputs).items() if key in watched and other != key}


def wrong_targets(release: Version, call: CompileCall, y: Structure) -> Mapping[str, Hashable]:
    """By output, the target of another one that its metrics get from a dict of targets with one for each output."""
    outputs = checkable_outputs(call)
    if outputs is None or outputs.container == "tensor" or None in outputs.names or not isinstance(y, Named):
        return {}
    if (
        outputs.shares_names
        or set(y.keys) != set(outputs.labels)
        or not all(isinstance(value, Leaf) for _, value in y.entries)
    ):
        return {}
    meant, given = dict(y.entries), metric_targets(release, outputs, y)
    watched = _with_metrics(outputs, call)
    return {label: given[label] for label in outputs.labels if label in watched and meant[label] != Leaf(given[label])}


def refused_keys(outputs: Outputs, metrics: Named, keras: KerasReleases) -> tuple[tuple[str, ...], tuple[Version, ...]]:
    """The keys in a dict of metrics that the last release which refuses any does not take, and the releases like it."""
    refused: dict[Version, tuple[str, ...]] = {}
    for release in keras.versions:
        known = metric_keys(release, outputs)
        if unknown := tuple(key for key in metrics.keys if key not in known):
            refused[release] = unknown
    last = refused[max(refused)] if refused else ()
    return last, tuple(release for release, unknown in refused.items() if unknown == last)


def metric_of(leaf: Structure) -> str | None:
    """What the log of a metric is called, or the class or function that decides it; None where it is not known."""
    return leaf.token.metric if isinstance(leaf, Leaf) and isinstance(leaf.token, Token) else None


def _with_metrics(outputs: Outputs, call: CompileCall) -> set[str]:
    """The outputs that surely have a metric."""
    return _named_in(outputs, call.metrics.structure) | _named_in(outputs, call.weighted_metrics.structure)


def _named_in(outputs: Outputs, metrics: Structure) -> set[str]:
    if isinstance(metrics, Named) and not outputs.shares_names and set(metrics.keys) <= set(outputs.labels):
        return {key for key, value in metrics.entries if _is_some(value)}
    if isinstance(metrics, Positional) and len(metrics.items) == len(outputs.labels):
        labels = sorted(outputs.labels) if outputs.container == "dict" else outputs.labels
        return {label for label, value in zip(labels, metrics.items, strict=True) if _is_some(value)}
    return set()


def _is_some(metric: Structure) -> bool:
    if isinstance(metric, Positional):
        return any(map(_is_some, metric.items))
    return metric != ABSENT and not isinstance(metric, Unseen)
