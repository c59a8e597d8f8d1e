"""What a release takes the metrics of a call on, and what it does not log."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, Token, TrainingCall
from keraslint.behaviour.intent import intended
from keraslint.behaviour.metrics_and_logs import called_values, logs_losses, metric_targets
from keraslint.behaviour.releases import groups
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
    is_nested,
    parts,
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
    if set(y.keys) != set(outputs.labels) or not all(isinstance(value, Leaf) for _, value in y.entries):
        return {}
    meant, given = dict(y.entries), metric_targets(release, outputs, y)
    watched = _with_metrics(outputs, call)
    return {label: given[label] for label in outputs.labels if label in watched and meant[label] != Leaf(given[label])}


def _with_metrics(outputs: Outputs, call: CompileCall) -> set[str]:
    """The outputs that surely have a metric."""
    return _named_in(outputs, call.metrics.structure) | _named_in(outputs, call.weighted_metrics.structure)


def _named_in(outputs: Outputs, metrics: Structure) -> set[str]:
    if isinstance(metrics, Named) and set(metrics.keys) <= set(outputs.labels):
        return {key for key, value in metrics.entries if _is_some(value)}
    if isinstance(metrics, Positional) and len(metrics.items) == len(outputs.labels):
        labels = sorted(outputs.labels) if outputs.container == "dict" else outputs.labels
        return {label for label, value in zip(labels, metrics.items, strict=True) if _is_some(value)}
    return set()


def _is_some(metric: Structure) -> bool:
    if isinstance(metric, Positional):
        return any(map(_is_some, metric.items))
    return metric != ABSENT and not isinstance(metric, Unseen)


def releases_without_log(
    call: CompileCall, training: TrainingCall, mode: str, stem: str, keras: KerasReleases
) -> Iterator[Version]:
    """The admitted releases that train a model and do not log the loss of the output ``stem``, or something like it.

    ``mode``: that of the callback which watches the log.
    """
    outputs = checkable_outputs(call)
    if outputs is None or (None in outputs.names and not outputs.keys):
        return
    if not (_harmless(call.metrics.structure) and _harmless(call.weighted_metrics.structure)):
        return
    no_output = stem not in outputs.labels or len(outputs.labels) == 1
    if mode == "auto" and no_output:
        return  # a log that no release has: newer ones refuse to watch it
    arguments = (call.loss.structure, call.loss_weights.structure)
    data = (training.y.structure, training.sample_weight.structure)
    never = has_one_loss_each(outputs, call) and no_output  # no release logs it
    for run in groups(keras.versions):
        if isinstance(route(run[0], outputs, *arguments, *data), Routed):
            yield from (release for release in run if never or not logs_losses(release))


def has_one_loss_each(outputs: Outputs, call: CompileCall) -> bool:
    """Return True if each output has one loss: only then are the names of its logs certain."""
    if not outputs.functional or None in outputs.names:
        return False
    if outputs.container not in ("list", "tuple", "dict") and len(outputs.names) > 1:
        return False
    if outputs.container == "dict" and len(outputs.names) == 1:
        return False
    meant = intended(outputs, call.loss.structure)
    return isinstance(meant, Routed) and all(len(delivery.losses) == 1 for delivery in meant.deliveries)


def _harmless(metrics: Structure) -> bool:
    """Return True if no metric can write a log that is called like one of a loss."""
    if metrics == ABSENT:
        return True
    if is_nested(metrics):
        return all(map(_harmless, parts(metrics)))
    name = metrics.token.metric if isinstance(metrics, Leaf) and isinstance(metrics.token, Token) else None
    return name is not None and not name.lower().endswith("loss")
