"""KER301: a callback minimises a metric that is to be maximised."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Monitor, Run, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.behaviour.structure import Unseen
from keraslint.diagnostic import Applicability, Diagnostic, Fix
from keraslint.document import Document
from keraslint.fixes.apply import ARGUMENT
from keraslint.fixes.one_argument import is_in_parametrised_function, with_keyword
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.changed_callbacks import changes_callbacks
from keraslint.rules.shared.logs import maximises
from keraslint.rules.shared.monitors import place_of, watched_logs, written
from keraslint.rules.templates import CallRule, Finding

_KNOWN = {"ModelCheckpoint": "checkpoint_mode", "ReduceLROnPlateau": "plateau_mode"}
_EFFECTS = {
    "ModelCheckpoint": "ModelCheckpoint keeps the epoch with the lowest value",
    "ReduceLROnPlateau": "ReduceLROnPlateau lowers the learning rate while the metric improves",
}
# The number of positional arguments up to, and without, the mode.
_BEFORE_MODE = {"ModelCheckpoint": 5, "ReduceLROnPlateau": 4}

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.AUC()])
"""
_BEST = 'best = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_auc", save_best_only=True)\n'
_FIT = "model.fit(x, y, validation_data=(v, y), epochs=20, callbacks=[best])\n"


class GuessedMode(CallRule):
    """**What it does.** Finds a `ModelCheckpoint(save_best_only=True)` or `ReduceLROnPlateau` whose `mode` is left to
    Keras and that watches a metric of Keras which is better the higher it is, such as `val_auc`, `val_recall` or
    `val_f1_score`.

    **Why is this bad?** Until Keras 3.10.0 these two callbacks guess from the name alone: only a name with "acc" in it
    is maximised. For every other one `ModelCheckpoint` keeps the epoch with the lowest value, and `ReduceLROnPlateau`
    lowers the learning rate while the model gets better. Nothing says so. `EarlyStopping` asks the metric.

    It fires only where the metric is seen to be one of Keras, by its class, function or name, whatever its log is
    called, and where the callback sees more than one epoch.

    **Use instead.** `mode="max"`, which is right on every release.

    **Fix safety.** The fix adds `mode="max"`. It is safe where the callback is written at one place, outside of
    functions that take arguments, and watches such a metric of every model that it trains.
    """

    code = "KER301"
    name = "guessed-mode"
    summary = "a callback minimises a metric that is better the higher it is"
    of_all_callers = True
    triggers = frozenset({Trigger.WATCHED_OUTPUT})
    measured = ("known-bad: checkpoint_mode", "known-bad: plateau_mode")
    examples = (
        Example(
            "The best epoch by AUC",
            _MODEL + _BEST + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + _BEST.replace("only=True)", 'only=True, mode="max")') + _FIT,
        ),
        Example("A release that asks the metric", _MODEL + _BEST + _FIT, keras="3.15.1", finds=False),
        Example("The loss", _MODEL + _BEST.replace("val_auc", "val_loss") + _FIT, keras="3.6.0", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The callbacks that minimise, on an allowed release, what is to be maximised, once for each training call."""
        for call, training, monitor in watched_logs(facts):
            releases = _wrong(facts, training, monitor, keras)
            if not releases or _has_nothing_to_compare(document, facts, training, monitor):
                continue
            if changes_callbacks(document):
                return
            found, fixes = _finding(document, training, monitor, releases), _fixes(document, facts, monitor)
            yield self.report(document, call, found, keras, fixes, at=training.call)


def _wrong(facts: ModuleFacts, training: TrainingCall, monitor: Monitor, keras: KerasReleases) -> tuple[Version, ...]:
    """The allowed releases that minimise, for every compile call that can be in force there."""
    if monitor.mode != "auto" or monitor.callback not in _KNOWN or "acc" in monitor.name:
        return ()
    if monitor.name.startswith("fmeasure"):
        return ()  # ModelCheckpoint maximises it
    bad = known_bad_call(_KNOWN[monitor.callback]).releases()
    found: dict[Run, set[Version]] = {}
    for call in facts.compiles:
        for twin in call.trainings:
            if twin.call is training.call and monitor in twin.monitors:
                wrong = set(bad) & set(within(keras, call.run).versions) if _is_maximised(call, monitor) else set()
                found[call.run] = found.get(call.run, wrong) & wrong
    return tuple(sorted(surely_wrong(facts.runs, found.items())))


def _has_nothing_to_compare(document: Document, facts: ModuleFacts, training: TrainingCall, monitor: Monitor) -> bool:
    """Return True if the callback sees one epoch only: the first one is the best one in both directions.

    ReduceLROnPlateau forgets what it saw when a training begins, ModelCheckpoint does not.
    """
    if training.epochs != 1 or monitor.callback != "ModelCheckpoint":
        return training.epochs == 1
    made = [call for call, _ in written(document, monitor)]
    fits = {id(one.call) for call in facts.compiles for one in call.trainings if monitor in one.monitors}
    if len(fits) > len(made):
        return False
    loops = [[*ast.walk(node)] for node in ast.walk(document.tree) if isinstance(node, (ast.For, ast.While))]
    around = [loop for loop in loops if any(node is training.call for node in loop)]
    return all(any(node in made for node in loop) for loop in around)


def _is_maximised(call: CompileCall, monitor: Monitor) -> bool:
    known = call.model.keras and not call.model.legacy and "compile" not in call.model.overrides
    return known and maximises(call, monitor)


def _finding(document: Document, training: TrainingCall, monitor: Monitor, releases: tuple[Version, ...]) -> Finding:
    return Finding(
        Argument(Unseen(), place_of(document, training, monitor)),
        releases,
        "minimise",
        f"'{monitor.name}', which is to be maximised",
        _EFFECTS[monitor.callback],
        'pass mode="max"',
        known_bad_call(_KNOWN[monitor.callback]).cured(),
    )


def _fixes(document: Document, facts: ModuleFacts, monitor: Monitor) -> tuple[Fix, ...]:
    """The fix that adds the mode, if the callback is written once and can take it."""
    made = [call for call, _ in written(document, monitor)]
    edit = with_keyword(document, made[0], "mode", '"max"', _BEFORE_MODE[monitor.callback]) if len(made) == 1 else None
    if edit is None:
        return ()
    watched = (call for call in facts.compiles for training in call.trainings if monitor in training.monitors)
    unsafe = is_in_parametrised_function(document, made[0]) or not all(_is_maximised(one, monitor) for one in watched)
    level = Applicability.UNSAFE if unsafe else Applicability.SAFE
    return (Fix(ARGUMENT, level, 'Add mode="max"' + (": other code may pass another metric" * unsafe), (edit,)),)
