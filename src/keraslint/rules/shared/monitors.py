"""Callbacks that watch a log: where they are written, and the message about one that watches what is not logged."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from typing import NamedTuple

from packaging.version import Version

from keraslint.analysis.facts import CompileCall, ModuleFacts, Monitor, TrainingCall
from keraslint.analysis.keras.tuners import TUNERS
from keraslint.behaviour.logged_metrics import Unlogged, unlogged
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.structure import Outputs
from keraslint.document import Document
from keraslint.limits import poll
from keraslint.rules.shared.logs import has_one_loss_each, is_a_metric, logged_metrics, similar, stem_of, watched_loss
from keraslint.rules.shared.wording import advise, names
from keraslint.syntax import called_name

_EFFECTS = {
    "EarlyStopping": "EarlyStopping never stops",
    "ReduceLROnPlateau": "ReduceLROnPlateau never lowers the learning rate",
    "ModelCheckpoint": "ModelCheckpoint saves ",
}

# Uses that raise on every release, by mode. A missing objective was measured with keras-tuner 1.4.8 on Keras 3.4.1,
# 3.6.0 and 3.15.1: a KeyError (several: a ValueError) after the first epoch.
_RAISING = {"path": "the field '{}' of a path", "objective": "the tuner's objective '{}'"}


class Said(NamedTuple):
    """The parts of a message: the releases that it is about, what they do, why, and what to write instead."""

    releases: tuple[Version, ...]
    verb: str
    what: str
    details: str
    advice: str


def watched_logs(facts: ModuleFacts) -> Iterator[tuple[CompileCall, TrainingCall, Monitor]]:
    """Yield each log that is watched in a training call of a file once, with the first compile call in force there."""
    seen: set[tuple[Monitor, int, int]] = set()
    for call, training in facts.trainings():
        poll()
        for monitor in training.monitors:
            key = (monitor, training.call.lineno, training.call.col_offset)
            if key not in seen:
                seen.add(key)
                yield call, training, monitor


def written(document: Document, monitor: Monitor) -> list[tuple[ast.Call, ast.expr]]:
    """The calls in a document that make such a callback or tuner, each with the text that names the log."""
    keyword = {"path": "filepath", "objective": "objective"}.get(monitor.mode, "monitor")
    callees = {monitor.callback} if monitor.mode != "objective" else {"Objective", *TUNERS}
    return [
        (node, value)
        for node in ast.walk(document.tree)
        if isinstance(node, ast.Call) and called_name(node) in callees
        for given in (*node.args, *(given.value for given in node.keywords if given.arg in (keyword, "name")))
        for value in (given.elts if isinstance(given, ast.List) else [given])
        if isinstance(value, ast.Constant)
        and (f"{{{monitor.name}" in str(value.value) if monitor.mode == "path" else value.value == monitor.name)
    ]


def place_of(document: Document, training: TrainingCall, monitor: Monitor) -> ast.expr | None:
    """The place of the log's name, if it is written once; else the callbacks of the training call."""
    places = written(document, monitor)
    return places[0][1] if len(places) == 1 else training.callbacks


def told(call: CompileCall, outputs: Outputs | None, monitor: Monitor, releases: tuple[Version, ...]) -> Said | None:
    """What is to be said of a callback on these releases, none of which logs what it watches.

    outputs: those of the model; None if it is trained without the validation data whose log is watched.
    It is about those on which the callback does nothing, or saves each time; where Keras raises on all of them, it is
    about these if a metric is watched, and None if a loss is.
    """
    effects: dict[Version, Unlogged] = {release: _effect(release, call, monitor) for release in releases}
    quiet = tuple(release for release, effect in effects.items() if effect != "raises")
    output = watched_loss(monitor)
    if not quiet and output is not None and monitor.mode not in _RAISING and outputs is not None:
        return None
    affected = quiet or releases
    details, advice = _in_words(call, outputs, monitor, affected) if outputs is not None else _unvalidated(monitor)
    if quiet:
        saved = {"saves": "after each epoch, not only the best", "nothing": "nothing", "raises": ""}
        how = ", or ".join(saved[effect] for effect in dict.fromkeys(effects[release] for release in quiet))
        effect = _EFFECTS[monitor.callback] + (how if monitor.callback == "ModelCheckpoint" else "")
        what, details = f"no '{monitor.name}'", f"{effect}, since {details}" if details else effect
        return Said(affected, "log", what, details, advice)
    where = _RAISING.get(monitor.mode, "the monitor '{}'").format(monitor.name)
    return Said(affected, "raise", f"for {where}, which is not logged", details, advice)


def _unvalidated(monitor: Monitor) -> tuple[str, str]:
    return "fit is given no validation data", f"pass validation_data, or watch '{stem_of(monitor)}'"


def _effect(release: Version, call: CompileCall, monitor: Monitor) -> Unlogged:
    if monitor.mode in _RAISING:
        return "raises"
    mode = "min" if stem_of(monitor) == "loss" else monitor.mode
    return unlogged(release, monitor.callback, mode, is_a_metric(release, call, stem_of(monitor)))


def _in_words(call: CompileCall, outputs: Outputs, monitor: Monitor, releases: tuple[Version, ...]) -> tuple[str, str]:
    """The reason why there is no such log, "" if the release is the reason, and what to watch instead."""
    output, several = watched_loss(monitor), len(outputs.names) > 1
    if output is None:
        return _about_metrics(call, monitor, releases[-1])
    instead = "watch 'val_loss' or a metric"
    if output in outputs.addresses and several:
        logging = (release for release in MEASURED if release > max(releases) and logs_losses(release))
        advice = advise(instead, next(logging, None) if has_one_loss_each(outputs, call) else None, call)
        if "keras>=" in advice and monitor.mode == "auto":
            advice += " with mode='min'"  # newer releases can't tell it
        return "the losses of single outputs are not logged" if monitor.mode in _RAISING else "", advice
    near = difflib.get_close_matches(output, outputs.addresses, 1) if several else []
    reason = f"the outputs are {names(outputs.addresses)}" if several else "the model has one output"
    return reason, f"did you mean the loss of '{near[0]}'?" if near else instead


def _about_metrics(call: CompileCall, monitor: Monitor, release: Version) -> tuple[str, str]:
    logs = logged_metrics(release, call) or ()
    start = "val_" if monitor.name.startswith("val_") else ""
    near = [f"{start}{log}" for log in similar(call, stem_of(monitor), logs)]
    logged = dict.fromkeys(f"{start}{log.partition('#')[0]}" for log in logs)
    reason = f"the metrics are logged as {names(logged)}" if logs else "the model is compiled without metrics"
    if len(logs) > 4:
        reason = "no metric is logged under this name"
    if not near:
        return reason, f"watch '{start}loss'" + (" or one of them" if logs else "")
    quoted = " or ".join(f"'{log}'" for log in near[:3])
    return reason, f"did you mean {quoted}?" if len(near) == 1 else f"watch {quoted}"
