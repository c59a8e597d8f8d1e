"""The releases that do not log the loss of an output."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, Token, TrainingCall
from keraslint.behaviour.intent import intended
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import groups
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import ABSENT, Leaf, Outputs, Routed, Structure, is_nested, parts
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.refusal import checkable_outputs


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
    if mode == "auto" and (stem not in outputs.labels or len(outputs.labels) == 1):
        return  # a log that no release has: newer ones refuse to watch it
    arguments = (call.loss.structure, call.loss_weights.structure)
    data = (training.y.structure, training.sample_weight.structure)
    for run in groups(keras.versions):
        if isinstance(route(run[0], outputs, *arguments, *data), Routed):
            yield from (release for release in run if not _may_log(release, outputs, call, stem))


def _may_log(release: Version, outputs: Outputs, call: CompileCall, stem: str) -> bool:
    if not logs_losses(release):
        return False
    return not has_one_loss_each(outputs, call) or (stem in outputs.labels and len(outputs.labels) > 1)


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
