"""Calls that a release takes as they are meant, beyond doubt or as far as the source shows."""

from __future__ import annotations

from dataclasses import replace

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.measured.table import load
from keraslint.behaviour.metrics_and_logs import called_values, metric_keys, metric_targets
from keraslint.behaviour.releases import group_start, measured
from keraslint.behaviour.structure import Leaf, Named, Outputs, Positional, Structure, Unseen
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.misrouting import Predicate, Routes, checkable_outputs, data_of

_EVERYTHING = Predicate(lambda *_: True, count_targets=True, count_sample_weights=True)


def is_surely_right(call: CompileCall, keras: KerasReleases) -> bool:
    """Return True if every allowed release gives each output what the code names for it, whatever the targets are."""
    outputs = checkable_outputs(call)
    if outputs is None or None in outputs.names or outputs.shares_names:
        return False
    if not keras.versions or keras.admits_others:
        return False
    weights = (call.loss_weights.structure, *(weights for _, weights in data_of(call)))
    if any(isinstance(part, Unseen) for part in weights) or _is_refused(call, outputs, keras):
        return False
    by_name = Named(tuple((label, Leaf(("target", label))) for label in outputs.labels))
    return _metrics_are_right(call, outputs, keras, by_name) and _deliveries_are_right(call, outputs, keras, by_name)


def goes_right(release: Version, call: CompileCall) -> bool:
    """Return True if a release takes a call and leads nothing that is seen to another output than the one it names.

    Without known outputs nothing is seen to be wrong.
    """
    return not goes_wrong(release, call)


def goes_wrong(release: Version, call: CompileCall) -> str:
    """What a release does to a call that goes wrong: "refused", "moved", "metric keys", "metric targets"; else ""."""
    outputs, start = call.model.outputs, group_start(release)
    if outputs is None or start is None or (not outputs.keys and None in outputs.names):
        return ""
    routes, data = Routes(start, outputs, call, call), data_of(call)
    verdicts = [routes.mismatches(each, each, _EVERYTHING) for each in data]
    if not all(verdict in ("right", "unknown") for verdict in verdicts):
        return "moved" if any(isinstance(verdict, tuple) for verdict in verdicts) else "refused"
    if not _has_metrics(call):
        return ""
    if any(_refuses_keys(release, outputs, metrics.structure) for metrics in (call.metrics, call.weighted_metrics)):
        return "metric keys"
    exchanged = outputs.functional and _exchanges(release, outputs)
    right = not exchanged and all(isinstance(y, Unseen) or _leads_to_metrics(release, outputs, y) for y, _ in data)
    return "" if right else "metric targets"


def _refuses_keys(release: Version, outputs: Outputs, metrics: Structure) -> bool:
    """Return True if a release does not take one of the keys in a dict of metrics for several outputs."""
    known = metric_keys(release, outputs) if len(outputs.names) > 1 and outputs.functional else None
    return known is not None and isinstance(metrics, Named) and not set(metrics.keys) <= known


def _is_refused(call: CompileCall, outputs: Outputs, keras: KerasReleases) -> bool:
    """Return True if a dict leaves out an output of the model, which an allowed release refuses."""
    dicts = (call.loss.structure, *(y for y, _ in data_of(call)))
    partial = any(isinstance(part, Named) and set(part.keys) != set(outputs.labels) for part in dicts)
    refusing = load().releases_that_refuse_losses_for_some()
    return partial and any(measured(release) in refusing for release in keras.versions)


def _metrics_are_right(call: CompileCall, outputs: Outputs, keras: KerasReleases, by_name: Named) -> bool:
    """Return True if the metrics, if there are any, get their own outputs and targets on every allowed release."""
    if not _has_metrics(call):
        return True
    if outputs.keys and outputs.labels != outputs.names:
        return False
    targets = [by_name if isinstance(y, Unseen) else y for y, _ in data_of(call)]
    if call.escapes:
        targets.append(by_name)
    return not any(_exchanges(release, outputs) for release in keras.versions) and all(
        _leads_to_metrics(release, outputs, y) for release in keras.versions for y in targets
    )


def _deliveries_are_right(call: CompileCall, outputs: Outputs, keras: KerasReleases, by_name: Named) -> bool:
    """Return True if no allowed release moves anything, with targets by name, too, where they are not seen."""
    call = replace(call, loss_weights=replace(call.loss_weights, structure=_doubted(call.loss_weights.structure)))
    starts = {start for release in keras.versions if (start := group_start(release)) is not None}
    data = [
        (each, weights) for y, weights in data_of(call) for each in ((y, by_name) if isinstance(y, Unseen) else (y,))
    ]
    return all(
        Routes(start, outputs, call, call).mismatches(each, each, _EVERYTHING) == "right"
        for start in starts
        for each in data
    )


def _has_metrics(call: CompileCall) -> bool:
    return call.metrics.given or call.weighted_metrics.given


def _doubted(weights: Structure) -> Structure:
    """The loss weights, those that may be no numbers of Python's own as if they were none."""
    if isinstance(weights, Positional):
        return replace(weights, items=tuple(map(_doubted, weights.items)))
    if isinstance(weights, Named):
        return replace(weights, entries=tuple((key, _doubted(value)) for key, value in weights.entries))
    if isinstance(weights, Leaf) and not isinstance(weights.token, (int, float)):
        return replace(weights, foreign=True)
    return weights


def _leads_to_metrics(release: Version, outputs: Outputs, y: Structure) -> bool:
    """Return True if the metrics of each output surely get its own target, where the losses do."""
    if (
        len(outputs.labels) == 1
        or isinstance(y, Positional)
        or measured(release) not in load().releases_that_exchange_metric_targets()
    ):
        return True
    if not isinstance(y, Named) or set(y.keys) != set(outputs.labels):
        return False
    reached = metric_targets(release, outputs, y)
    return all(value == Leaf(reached[label]) for label, value in y.entries)


def _exchanges(release: Version, outputs: Outputs) -> bool:
    return any(key != other for key, other in called_values(release, outputs).items())
