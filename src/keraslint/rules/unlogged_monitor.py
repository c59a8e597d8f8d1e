"""KER112: a callback watches the loss of one output, which is not in the logs."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Monitor, Run, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.metrics_and_logs import logs_losses
from keraslint.behaviour.releases import MEASURED
from keraslint.behaviour.structure import Outputs, Unseen
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.limits import poll
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.metrics import has_one_loss_each, releases_without_log
from keraslint.rules.shared.wording import advise, names
from keraslint.rules.templates import CallRule, Finding
from keraslint.syntax import called_name

_MODEL = example_model({"small": 1, "big": 64}) + 'model.compile("adam", loss=("mse", "mae"))\n'
_STOP = 'stop = keras.callbacks.EarlyStopping("val_small_loss", mode="min")\n'
_FIT = "model.fit(x, [y_small, y_big], validation_data=(v, [v_small, v_big]), callbacks=[stop])\n"
# By callback, what comes of it, and the modes with which it does not raise.
_CALLBACKS = {
    "EarlyStopping": ("EarlyStopping never stops", ("min", "max")),
    "ReduceLROnPlateau": ("ReduceLROnPlateau never lowers the learning rate", ("min", "max", "auto")),
    "ModelCheckpoint": ("ModelCheckpoint saves nothing", ("min", "max", "auto")),
}
_END = "_loss"


class UnloggedMonitor(CallRule):
    """**What it does.** Finds an `EarlyStopping`, `ReduceLROnPlateau` or `ModelCheckpoint(save_best_only=True)` that
    watches `<name>_loss` or `val_<name>_loss`, where no log of that name exists.

    **Why is this bad?** Until Keras 3.4.1 the losses of single outputs are not logged; from 3.5.0 on they are, under
    the names of the outputs, if there are several. Where the log is missing, the callback only warns: training is never
    stopped, the learning rate stays, and no checkpoint is saved. With the `mode` left to Keras,
    `EarlyStopping` raises on such a log, so that is not reported; from 3.11.0 on the others raise, too.

    It fires only where outputs, losses and metrics are known, and all callbacks are Keras' own: others can write to the
    logs.

    **Use instead.** `val_loss`, a metric of the output, or a release that logs the loss.

    **Fix safety.** There is no fix: only the author knows what to watch instead.
    """

    code = "KER112"
    name = "unlogged-monitor"
    summary = "a callback watches the loss of an output, which is not logged"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING, Trigger.WATCHED_OUTPUT})
    measured = ("logs: list loss=dict y=list",)
    examples = (
        Example("The loss of an output", _MODEL + _STOP + _FIT, keras="3.4.1", finds=True),
        Example(
            "The loss of something that is not an output",
            _MODEL + _STOP.replace("small", "tiny") + _FIT,
            keras="3.15.1",
            finds=True,
        ),
        Example("A release that logs it", _MODEL + _STOP + _FIT, keras="3.15.1", finds=False),
        Example("The whole loss", _MODEL + _STOP.replace("small_", "") + _FIT, keras="3.4.1", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The monitors that watch what an admitted release does not log, whichever model is trained there."""
        told: set[tuple[Monitor, int, int]] = set()
        trainings = ((call, training) for contexts in facts.sites() for call in contexts for training in call.trainings)
        for call, training in trainings:
            poll()
            for monitor in training.monitors if training.module == facts.path else ():
                key = (monitor, training.call.lineno, training.call.col_offset)
                releases = () if key in told else _missing(facts, training, monitor, keras)
                told.add(key)
                if releases and call.model.outputs is not None:
                    place = Argument(Unseen(), _place(document, training, monitor))
                    found = _finding(place, call, call.model.outputs, monitor, releases)
                    yield self.report(document, call, found, keras, at=training.call)


def _missing(facts: ModuleFacts, training: TrainingCall, monitor: Monitor, keras: KerasReleases) -> tuple[Version, ...]:
    """The admitted releases that do not log what is watched, for every compile call that can be in force there."""
    stem = _stem(monitor)
    if stem is None or monitor.mode not in _CALLBACKS[monitor.callback][1]:
        return ()
    found: dict[Run, set[Version]] = {}
    for call in facts.compiles:
        for twin in call.trainings:
            if twin.call is training.call and monitor in twin.monitors:
                lacking = {*releases_without_log(call, twin, monitor.mode, stem, within(keras, call.run))}
                found[call.run] = found.get(call.run, lacking) & lacking
    return tuple(sorted(surely_wrong(facts.runs, found.items())))


def _stem(monitor: Monitor) -> str | None:
    """The name of the output whose loss is watched; None if something else is watched."""
    name = monitor.name.removeprefix("val_")
    return name.removesuffix(_END) if name.endswith(_END) else None


def _place(document: Document, training: TrainingCall, monitor: Monitor) -> ast.expr | None:
    """The place of the log's name, if it is written once; else the callbacks of the training call."""
    places = [
        value
        for node in ast.walk(document.tree)
        if isinstance(node, ast.Call) and called_name(node) == monitor.callback
        for value in (*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "monitor"))
        if isinstance(value, ast.Constant) and value.value == monitor.name
    ]
    return places[0] if len(places) == 1 else training.callbacks


def _finding(
    place: Argument, call: CompileCall, outputs: Outputs, monitor: Monitor, releases: tuple[Version, ...]
) -> Finding:
    stem, several = _stem(monitor) or "", len(outputs.labels) > 1
    effect, advice = _CALLBACKS[monitor.callback][0], "watch 'val_loss' or a metric"
    if stem in outputs.labels and several:
        logging = (release for release in MEASURED if release > max(releases) and logs_losses(release))
        advice = advise(advice, next(logging, None) if has_one_loss_each(outputs, call) else None, call)
        if "keras>=" in advice and monitor.mode == "auto":
            advice += " with mode='min'"  # newer releases can't tell it
    else:
        near = difflib.get_close_matches(stem, outputs.labels, 1) if several else []
        effect += ", since " + (f"the outputs are {names(outputs.labels)}" if several else "the model has one output")
        advice = f"did you mean the loss of '{near[0]}'?" if near else advice
    return Finding(place, releases, "write", f"no log '{monitor.name}'", effect, advice)
