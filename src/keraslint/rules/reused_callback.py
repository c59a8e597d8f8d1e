"""KER302: one EarlyStopping or ReduceLROnPlateau for the training of several models."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, Run, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.behaviour.structure import Unseen
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.changed_callbacks import changes_callbacks
from keraslint.rules.templates import CallRule, Finding
from keraslint.syntax import called_name

_KNOWN = {"EarlyStopping": "early_stopping_reused", "ReduceLROnPlateau": "plateau_reused"}
_EFFECTS = {
    "EarlyStopping": "it may stop this model because of the best value of the earlier one",
    "ReduceLROnPlateau": "it may lower the learning rate of this model because of the best value of the earlier one",
}
# The program itself makes a callback as new.
_RESETS = frozenset({"copy", "deepcopy", "on_train_begin", "_reset", "reset"})

_TRAIN = """\
import keras


def make_model():
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    return model


"""
_STOP = 'stop = keras.callbacks.EarlyStopping(monitor="loss", patience=2)\n'
_LOOP = "for fold in range(2):\n"
_FIT = "    make_model().fit(x, y, epochs=9, callbacks=[stop])\n"


class ReusedCallback(CallRule):
    """**What it does.** Finds an `EarlyStopping` or `ReduceLROnPlateau` object that is passed to the training of one
    model after another, such as the one that is made before the loop over the folds of a cross-validation.

    **Why is this bad?** On some releases the object does not begin anew: the best value of the first training counts
    in the second one, which is another model. `EarlyStopping` then ends it after as many epochs as its `patience`
    says, however well it learns, and `ReduceLROnPlateau` lowers its learning rate. Nothing says so. `EarlyStopping` is
    right from 3.7.0 to 3.10.0, and both are from 3.15.0 on.

    It fires only where the `patience` and the number of epochs are seen, and the callback could act in so many.

    **Use instead.** A callback of its own for each training.

    **Fix safety.** There is no fix.
    """

    code = "KER302"
    name = "reused-callback"
    summary = "one callback stops or slows the training of a model by the results of another one"
    of_all_callers = True
    triggers = frozenset({Trigger.STATEFUL_CALLBACK})
    measured = ("known-bad: early_stopping_reused", "known-bad: plateau_reused")
    examples = (
        Example("One for all folds", _TRAIN + _STOP + _LOOP + _FIT, keras="3.6.0", finds=True),
        Example("A release on which it begins anew", _TRAIN + _STOP + _LOOP + _FIT, keras="3.15.1", finds=False),
        Example("One for each fold", _TRAIN + _LOOP + f"    {_STOP}" + _FIT, keras="3.6.0", finds=False),
        Example(
            "The same model again",
            f"{_TRAIN}{_STOP}model = make_model()\n{_LOOP}{_FIT.replace('make_model()', 'model')}",
            keras="3.6.0",
            finds=False,
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The training calls with a callback that trained another model before, on releases where that counts."""
        seen: set[tuple[int, int, str]] = set()
        trainings = [*facts.trainings()]
        if not any(training.reused for _, training in trainings) or _resets(document):
            return
        for call, training in trainings:
            for callback in training.reused:
                key = (training.call.lineno, training.call.col_offset, callback)
                releases = () if key in seen else _wrong(facts, training, callback, keras)
                seen.add(key)
                if releases:
                    yield self.report(document, call, _finding(training, callback, releases), keras, at=training.call)


def _wrong(facts: ModuleFacts, training: TrainingCall, callback: str, keras: KerasReleases) -> tuple[Version, ...]:
    """The allowed releases on which the callback goes on in a second training at this place."""
    bad = set(known_bad_call(_KNOWN[callback]).releases())
    found: dict[Run, set[Version]] = {}
    for call in facts.compiles:
        if any(twin.call is training.call and callback in twin.reused for twin in call.trainings) and _trains(call):
            found.setdefault(call.run, set()).update(bad & set(within(keras, call.run).versions))
    return tuple(sorted(surely_wrong(facts.runs, found.items())))


def _trains(call: CompileCall) -> bool:
    return call.model.keras and not call.model.legacy


def _finding(training: TrainingCall, callback: str, releases: tuple[Version, ...]) -> Finding:
    return Finding(
        Argument(Unseen(), training.callbacks),
        releases,
        "keep",
        f"the state of an {callback} that trained another model before".replace("an R", "a R"),
        _EFFECTS[callback],
        f"make a new {callback} for each training",
        known_bad_call(_KNOWN[callback]).cured(),
    )


def _resets(document: Document) -> bool:
    """Return True if a program may make a callback as new by itself: it copies, resets or changes one."""
    calls = (node for node in ast.walk(document.tree) if isinstance(node, ast.Call))
    return changes_callbacks(document) or any(called_name(call) in _RESETS for call in calls)
