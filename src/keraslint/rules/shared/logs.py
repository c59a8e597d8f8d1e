"""What a release does not log of a model: the losses and metrics that callbacks watch."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, Monitor, Token, TrainingCall
from keraslint.behaviour.intent import intended
from keraslint.behaviour.logged_metrics import TO_MAXIMISE, metric_logs, name_of_metric
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import MEASURED, groups
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
    leaves,
)
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.metrics import metric_of
from keraslint.rules.shared.misrouting import checkable_outputs, single_output

_LOSS = "_loss"
_NUMBER = "#"  # behind a name to which Keras may add a number
_ACCURACY = {"acc": "accuracy", "accuracy": "acc"}
_CLASSES = "keras.metrics."


def stem_of(monitor: Monitor) -> str:
    """The name of the log that is watched, without the "val_" of that on the validation data."""
    return monitor.name.removeprefix("val_")


def watched_loss(monitor: Monitor) -> str | None:
    """The name of the output whose loss is watched; None if something else is."""
    stem = stem_of(monitor)
    return stem.removesuffix(_LOSS) if stem.endswith(_LOSS) else None


def outputs_in_logs(call: CompileCall) -> Outputs | None:
    """The outputs of a model that Keras itself writes logs of, if they are known as far as logs tell them apart."""
    return single_output(call) or checkable_outputs(call)


def releases_without_validation(
    call: CompileCall, training: TrainingCall, monitor: Monitor, keras: KerasReleases
) -> Iterator[Version]:
    """The allowed releases, if Keras itself trains a model without validation data and a log of that is watched."""
    model = call.model
    logs_itself = not model.keras or model.legacy or model.overrides or model.own_logs
    if training.unvalidated and monitor.name.startswith("val_") and monitor.mode != "objective" and not logs_itself:
        yield from keras.versions


def releases_without_log(
    call: CompileCall, training: TrainingCall, monitor: Monitor, keras: KerasReleases
) -> Iterator[Version]:
    """The allowed releases that train a model and do not log what is watched, or something like it."""
    outputs = outputs_in_logs(call)
    if outputs is None or (None in outputs.names and not outputs.keys) or call.model.own_logs:
        return
    arguments = (call.loss.structure, call.loss_weights.structure)
    data = (training.y.structure, training.sample_weight.structure)
    for run in groups(keras.versions):
        if isinstance(route(run[0], outputs, *arguments, *data), Routed):
            yield from (release for release in run if _lacks(release, outputs, call, monitor))


def _lacks(release: Version, outputs: Outputs, call: CompileCall, monitor: Monitor) -> bool:
    name = watched_loss(monitor)
    if name is None:
        return _lacks_metric(release, outputs, call, stem_of(monitor))
    if not (_harmless(call.metrics.structure) and _harmless(call.weighted_metrics.structure)):
        return False
    no_output = name not in outputs.addresses or len(outputs.names) == 1
    if no_output and monitor.mode == "auto":
        return False  # a log that no release has: newer ones refuse to watch it
    return not logs_losses(release) or (has_one_loss_each(outputs, call) and no_output)


def _lacks_metric(release: Version, outputs: Outputs, call: CompileCall, stem: str) -> bool:
    """Return True if no metric is logged as ``stem``, though that is like the name of one, or of an output's."""
    logs = logged_metrics(release, call)
    if logs is None or stem == "loss" or any(_is_called(log, stem) for log in logs):
        return False
    if any(log.startswith(f"{stem}_") or stem.startswith(f"{log}_") for log in logs):
        return True
    if stem in _ACCURACY or is_a_metric(release, call, stem) or _short_names(call, stem):
        return True
    if difflib.get_close_matches(stem, logs, 1, 0.75):
        return True
    return any(stem.startswith(f"{output}_") for output in outputs.addresses)


def logged_metrics(release: Version, call: CompileCall) -> tuple[str, ...] | None:
    """The names of the logs of a model's metrics on a release; None if one of them is not known."""
    outputs = outputs_in_logs(call)
    if outputs is None or not outputs.functional:
        return None
    return metric_logs(release, outputs, *_by_name(release, call))


def is_a_metric(release: Version, call: CompileCall, name: str) -> bool:
    """Return True if a metric has this name by itself, without that of its output."""
    own = (leaf for metrics in _by_name(release, call) for leaf in leaves(metrics))
    return any(isinstance(leaf, Leaf) and _is_called(str(leaf.token), name) for leaf in own)


def _short_names(call: CompileCall, name: str) -> list[str]:
    """The short names of Keras, such as "mae", by which metrics are given that have this whole name."""
    tokens = (leaf.token for leaf in leaves(call.metrics.structure) if isinstance(leaf, Leaf))
    alike = (token for token in tokens if isinstance(token, Token) and token.identity == ("loss", name))
    return [token.metric for token in alike if token.metric]


def similar(call: CompileCall, stem: str, logs: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the logs that a name like this one may stand for."""
    plain = [log.partition(_NUMBER)[0] for log in logs]
    words = {stem, *_short_names(call, stem)}
    words.update(stem.removesuffix(short) + long for short, long in _ACCURACY.items() if stem.endswith(short))
    found = [log for log in plain if log in words or any(log.endswith(f"_{word}") for word in words)]
    return tuple(found or difflib.get_close_matches(stem, plain, 1))


def maximises(call: CompileCall, monitor: Monitor) -> bool:
    """Return True if the log that is watched is that of a metric of Keras that is better the higher it is."""
    stem, found = stem_of(monitor), list[bool]()
    for leaf in (*leaves(call.metrics.structure), *leaves(call.weighted_metrics.structure)):
        token = leaf.token if isinstance(leaf, Leaf) else None
        if not isinstance(token, Token):
            return False
        own = token.metric or ""
        named = name_of_metric(own.removeprefix(_CLASSES), MEASURED[-1]) if own.startswith(_CLASSES) else None
        log = own if named is None else named[0]
        if log and (_is_called(log + _NUMBER, stem) or stem.endswith(f"_{log}")):
            kind = token.identity
            found.append(isinstance(kind, tuple) and kind[:1] == ("loss",) and kind[1] in TO_MAXIMISE)
    return bool(found) and all(found)


def _by_name(release: Version, call: CompileCall) -> tuple[Structure, Structure]:
    return _named(call.metrics.structure, release), _named(call.weighted_metrics.structure, release)


def _named(metrics: Structure, release: Version) -> Structure:
    """The metrics by the names of their logs: Unseen where that is not known."""
    if isinstance(metrics, Positional):
        return Positional(tuple(_named(item, release) for item in metrics.items), metrics.kind)
    if isinstance(metrics, Named):
        return Named(tuple((key, _named(value, release)) for key, value in metrics.entries), metrics.ordered)
    metric = metric_of(metrics)
    if metric is None:
        return metrics if metrics == ABSENT else Unseen("a metric")
    if not metric.startswith(_CLASSES):
        return Leaf(metric)
    found = name_of_metric(metric.removeprefix(_CLASSES), release)
    return Unseen("a metric") if found is None else Leaf(found[0] + (_NUMBER if found[1] else ""))


def _is_called(log: str, name: str) -> bool:
    """Return True if a log may have this name."""
    start, number, _ = log.partition(_NUMBER)
    return log == name or (bool(number) and re.fullmatch(rf"{re.escape(start)}(_\d+)*", name) is not None)


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
    names = [metric_of(leaf) for leaf in leaves(metrics)]
    return all(name is not None and not name.lower().endswith("loss") for name in names)
