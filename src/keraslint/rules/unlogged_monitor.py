"""KER112: a callback watches a loss or metric that is not in the logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Monitor, Run, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Unseen
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.changed_callbacks import changes_callbacks, changes_logs
from keraslint.rules.shared.logs import (
    outputs_in_logs,
    releases_without_log,
    releases_without_validation,
    watched_loss,
)
from keraslint.rules.shared.monitors import place_of, told, watched_logs
from keraslint.rules.templates import CallRule, Finding

LackingIn: TypeAlias = Callable[[CompileCall, TrainingCall, Monitor, KerasReleases], Iterator[Version]]
"""Gives the allowed releases on which the log that is watched is not written for a model."""

_MODEL = example_model({"small": 1, "big": 64}) + 'model.compile("adam", loss=("mse", "mae"))\n'
_METRICS = _MODEL.replace('"mae"))', '"mae"), metrics={"small": ["accuracy"]})')
_STOP = 'stop = keras.callbacks.EarlyStopping("val_small_loss", mode="min")\n'
_UNVALIDATED = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
stop = keras.callbacks.EarlyStopping(patience=3)
"""
_FIT_ALONE = "model.fit(x, y, epochs=100, callbacks=[stop])\n"
_FIT = "model.fit(x, [y_small, y_big], validation_data=(v, [v_small, v_big]), callbacks=[stop])\n"


class UnloggedMonitor(CallRule):
    """**What it does.** Finds an `EarlyStopping`, `ReduceLROnPlateau` or `ModelCheckpoint(save_best_only=True)` that
    watches the loss or a metric of an output, such as `val_<name>_loss` or `val_<name>_accuracy`, where no log of that
    name exists; a field of that kind in the path of a `ModelCheckpoint`; and the `objective` of a tuner of keras-tuner.
    Also one that watches a log of the validation data, such as `val_loss`, where `fit` is given none.

    **Why is this bad?** Until Keras 3.4.1 the losses of single outputs are not logged; from 3.5.0 on they are, under
    the names of the outputs, if there are several. A metric is logged as it was written ("acc" or "accuracy"), behind
    the name of its output if there are several. Where the log is missing, a callback that knows whether lower is
    better, such as by its `mode`, only warns: `EarlyStopping` never ends the training early, the learning rate stays,
    and no checkpoint is saved, or from 3.10.0 on one after each epoch. One that does not know it may stop the program
    with an error: `EarlyStopping` on every release, the others from 3.11.0 on; that is reported for metrics. A path
    with such a field raises, and so does a tuner, after the first epoch of its search.

    It fires only where outputs, losses and metrics are known, and all callbacks are Keras' own: others can write to the
    logs.

    **Use instead.** `val_loss`, a metric of the output, or a release that logs the loss.

    **Fix safety.** There is no fix: only the author knows what to watch instead.
    """

    code = "KER112"
    name = "unlogged-monitor"
    summary = "a callback watches a loss or metric that is not logged"
    of_all_callers = True
    triggers = frozenset(
        {Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING, Trigger.WATCHED_OUTPUT, Trigger.UNVALIDATED}
    )
    measured = ("logs: list loss=dict y=list",)
    examples = (
        Example("The loss of an output", _MODEL + _STOP + _FIT, keras="3.4.1", finds=True),
        Example(
            "The loss of something that is not an output",
            _MODEL + _STOP.replace("small", "tiny") + _FIT,
            keras="3.15.1",
            finds=True,
        ),
        Example("No validation data", _UNVALIDATED + _FIT_ALONE, keras="3.15.1", finds=True),
        Example("A release that logs it", _MODEL + _STOP + _FIT, keras="3.15.1", finds=False),
        Example(
            "A metric without the name of its output",
            _METRICS + _STOP.replace("small_loss", "accuracy").replace("min", "max") + _FIT,
            keras="3.15.1",
            finds=True,
        ),
        Example("The whole loss", _MODEL + _STOP.replace("small_", "") + _FIT, keras="3.4.1", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The monitors that watch what an allowed release does not log, whichever model is trained there."""
        for call, training, monitor in watched_logs(facts):
            outputs = outputs_in_logs(call)
            seen = outputs is not None
            releases = _missing(facts, training, monitor, keras, releases_without_log) if seen else ()
            if not releases:
                outputs, releases = None, _missing(facts, training, monitor, keras, releases_without_validation)
            if not releases:
                continue
            if changes_callbacks(document) or changes_logs(document):
                return
            place = Argument(Unseen(), place_of(document, training, monitor))
            said = told(call, outputs, monitor, releases)
            if said is not None:
                yield self.report(document, call, Finding(place, *said), keras, at=training.call)


def _missing(
    facts: ModuleFacts, training: TrainingCall, monitor: Monitor, keras: KerasReleases, lacking_in: LackingIn
) -> tuple[Version, ...]:
    """The allowed releases that do not log what is watched, for every compile call that can be in force there."""
    if watched_loss(monitor) is not None and (monitor.callback, monitor.mode) == ("EarlyStopping", "auto"):
        return ()
    found: dict[Run, set[Version]] = {}
    for call in facts.compiles:
        for twin in call.trainings:
            if twin.call is training.call and monitor in twin.monitors:
                lacking = {*lacking_in(call, twin, monitor, within(keras, call.run))}
                found[call.run] = found.get(call.run, lacking) & lacking
    return tuple(sorted(surely_wrong(facts.runs, found.items())))
