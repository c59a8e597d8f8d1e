"""KER112: a callback watches the loss of one output, which is not in the logs."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, Monitor, Token, TrainingCall
from keraslint.behaviour.intent import named
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import MEASURED, groups
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import ABSENT, Leaf, Named, Outputs, Positional, Routed, Structure, Unseen
from keraslint.diagnostic import Diagnostic
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.refusal import quoted, surveyed
from keraslint.rules.shared.wording import advise, sentence, severity
from keraslint.syntax import called_name

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss=("mse", "mae"))
"""
_FIT = "model.fit(x, [y_small, y_big], validation_data=(v, [v_small, v_big]), callbacks=[stop])\n"
_EFFECTS = {
    "EarlyStopping": "EarlyStopping never stops",
    "ReduceLROnPlateau": "ReduceLROnPlateau never lowers the learning rate",
    "ModelCheckpoint": "ModelCheckpoint saves nothing",
}
_END = "_loss"
_MODES = {
    "EarlyStopping": ("min", "max"),  # with another mode it raises
    "ReduceLROnPlateau": ("min", "max", "auto"),
    "ModelCheckpoint": ("min", "max", "auto"),
}


class UnloggedMonitor(Rule):
    """**What it does.** Finds an `EarlyStopping`, `ReduceLROnPlateau` or `ModelCheckpoint(save_best_only=True)` that
    watches `<name>_loss` or `val_<name>_loss`, where no log of that name exists.

    **Why is this bad?** Until Keras 3.4.1 the losses of single outputs are not logged; from 3.5.0 on they are, under
    the names of the outputs, if there are several. Where the log is missing, the callback only warns: training is never
    stopped, the learning rate stays, and no checkpoint is saved. With the `mode` left to Keras,
    `EarlyStopping` raises on such a log, so that is not reported; nor do the others go on in silence from 3.11.0 on.

    It fires only where outputs, losses and metrics are known, and all callbacks are Keras' own: others can write to the
    logs.

    **Use instead.** `val_loss`, a metric of the output, or a release that logs the loss.

    **Fix safety.** There is no fix: only the author knows what to watch instead.
    """

    code = "KER112"
    name = "unlogged-monitor"
    summary = "a callback watches the loss of an output, which is not logged"
    measured = ("logs: list loss=dict y=list",)
    examples = (
        Example(
            "The loss of an output",
            _MODEL + 'stop = keras.callbacks.EarlyStopping("val_small_loss", mode="min")\n' + _FIT,
            keras="3.4.1",
            finds=True,
        ),
        Example(
            "The loss of something that is no output",
            _MODEL + 'stop = keras.callbacks.EarlyStopping("val_tiny_loss", mode="min")\n' + _FIT,
            keras="3.15.1",
            finds=True,
        ),
        Example(
            "A release that logs it",
            _MODEL + 'stop = keras.callbacks.EarlyStopping("val_small_loss", mode="min")\n' + _FIT,
            keras="3.15.1",
            finds=False,
        ),
        Example(
            "The whole loss",
            _MODEL + 'stop = keras.callbacks.EarlyStopping("val_loss", mode="min")\n' + _FIT,
            keras="3.4.1",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The monitors that watch what an admitted release does not log, whichever model is trained there."""
        told: set[tuple[Monitor, int, int]] = set()
        for contexts in facts.sites():
            for call in contexts:
                for training in call.trainings:
                    for monitor in training.monitors:
                        key = (monitor, training.call.lineno, training.call.col_offset)
                        if training.module != facts.path or key in told:
                            continue
                        told.add(key)
                        releases = _missing(facts, training, monitor, keras)
                        if releases:
                            message, level = _message(call, monitor, releases, keras), severity(keras, releases)
                            place = Argument(Unseen(), _place(document, training, monitor))
                            yield self.diagnostic(document, call, place, message, level, keras, at=training.call)


def _missing(facts: ModuleFacts, training: TrainingCall, monitor: Monitor, keras: KerasReleases) -> tuple[Version, ...]:
    """The admitted releases that do not log what is watched, for every compile call that can be in force there."""
    stem = _stem(monitor)
    if stem is None or monitor.mode not in _MODES[monitor.callback]:
        return ()
    found: set[Version] | None = None
    for call in facts.compiles:
        for twin in call.trainings:
            if twin.call is training.call and monitor in twin.monitors:
                missing = set(_without(call, twin, monitor.mode, stem, keras))
                found = missing if found is None else found & missing
    return tuple(sorted(found or ()))


def _stem(monitor: Monitor) -> str | None:
    """The name of the output whose loss is watched; None where it is something else that is."""
    name = monitor.name.removeprefix("val_")
    return name.removesuffix(_END) if name.endswith(_END) else None


def _without(
    call: CompileCall, training: TrainingCall, mode: str, stem: str, keras: KerasReleases
) -> Iterator[Version]:
    outputs = surveyed(call)
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
    return not _is_plain(outputs, call) or (stem in outputs.labels and len(outputs.labels) > 1)


def _is_plain(outputs: Outputs, call: CompileCall) -> bool:
    """Whether each output has one loss: only then are the names of the logs beyond doubt, where there are any."""
    if not outputs.functional or None in outputs.names:
        return False
    if outputs.container not in ("list", "tuple", "dict") and len(outputs.names) > 1:
        return False
    if outputs.container == "dict" and len(outputs.names) == 1:
        return False
    meant = named(outputs, call.loss.structure)
    return isinstance(meant, Routed) and all(len(delivery.losses) == 1 for delivery in meant.deliveries)


def _harmless(metrics: Structure) -> bool:
    """Whether no metric can write a log that is called like one of a loss."""
    if metrics == ABSENT:
        return True
    if isinstance(metrics, Positional):
        return all(map(_harmless, metrics.items))
    if isinstance(metrics, Named):
        return all(_harmless(value) for _, value in metrics.entries)
    name = metrics.token.metric if isinstance(metrics, Leaf) and isinstance(metrics.token, Token) else None
    return name is not None and not name.lower().endswith("loss")


def _place(document: Document, training: TrainingCall, monitor: Monitor) -> ast.expr | None:
    """Where the name of the log is written, if that is one place; else the callbacks of the training call."""
    places = [
        value
        for node in ast.walk(document.tree)
        if isinstance(node, ast.Call) and called_name(node) == monitor.callback
        for value in (*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "monitor"))
        if isinstance(value, ast.Constant) and value.value == monitor.name
    ]
    return places[0] if len(places) == 1 else training.callbacks


def _message(call: CompileCall, monitor: Monitor, releases: tuple[Version, ...], keras: KerasReleases) -> str:
    outputs = call.model.outputs
    assert outputs is not None
    stem = _stem(monitor) or ""
    what = f"no log '{monitor.name}'"
    effect = _EFFECTS[monitor.callback]
    if stem in outputs.labels and len(outputs.labels) > 1:
        logging = (release for release in MEASURED if release > max(releases) and logs_losses(release))
        cure = next(logging, None) if _is_plain(outputs, call) else None
        advice = advise("watch 'val_loss' or a metric", cure, call)
        if "keras>=" in advice and monitor.mode == "auto":
            advice += " with mode='min'"  # newer releases can't tell it
    else:
        near = difflib.get_close_matches(stem, outputs.labels, 1) if len(outputs.labels) > 1 else []
        several = (
            f"the outputs are {quoted(list(outputs.labels))}" if len(outputs.labels) > 1 else "the model has one output"
        )
        effect = f"{effect}, since {several}"
        advice = f"did you mean the loss of '{near[0]}'?" if near else "watch 'val_loss' or a metric"
    return sentence(keras, releases, f"writes {what}", f"write {what}", effect, advice)
