"""KER303: fit is told to make as many steps in an epoch as there are batches, after which older releases pause."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import Argument, ModuleFacts, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.behaviour.structure import Unseen
from keraslint.diagnostic import Applicability, Diagnostic, Fix
from keraslint.document import Document
from keraslint.fixes.apply import ARGUMENT
from keraslint.fixes.one_argument import is_in_parametrised_function, without_keyword
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.templates import CallRule, Finding
from keraslint.syntax import called_name

_EFFECTS = {
    "steps_per_epoch": ("epochs", "every second or third epoch trains on no batch"),
    "validation_steps": ("validation", "every second epoch has no val_loss"),
}
_KNOWN = {"steps_per_epoch": "steps_of_whole_dataset", "validation_steps": "validation_steps_of_whole_dataset"}
# Words of programs that decide themselves about steps or epochs.
_OTHERWISE = ("num_batches", "validation_freq", "stop_training", "on_epoch_end(self)")
# The number of epochs from which on one of them is empty on every backend.
_EPOCHS = {"steps_per_epoch": 3, "validation_steps": 2}

_MODEL = """\
import keras


class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return keras.ops.ones((2, 8)), keras.ops.ones((2, 1))


model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
data = Batches()
"""
_FIT = "model.fit(data, steps_per_epoch=len(data), epochs=5)\n"


class StepsOfWholeDataset(CallRule):
    """**What it does.** Finds `fit(data, steps_per_epoch=len(data))` and
    `fit(validation_data=data, validation_steps=len(data))` for several epochs.

    **Why is this bad?** Until Keras 3.6.0 an epoch that ends with the last batch is followed by one that finds the data
    exhausted: it trains on nothing, and its loss is logged as 0.0. Keras warns that the input ran out of data, and goes
    on. For validation the `val_loss` of every second epoch is missing, so that a callback that watches it does not see
    it. On 3.4.1 `validation_steps` of that kind raises an error.

    **Use instead.** Leave the argument out: Keras takes all batches of each epoch by itself, on every release.

    **Fix safety.** The fix takes the argument out, which makes no difference on a release without the bug. It is safe
    outside of functions that take arguments. Nothing is said of a program that sets `num_batches`, `validation_freq` or
    `stop_training`.
    """

    code = "KER303"
    name = "steps-of-whole-dataset"
    summary = "the number of steps is the length of the data, so that older releases skip an epoch"
    of_all_callers = True
    triggers = frozenset({Trigger.STEPS_BY_LENGTH})
    measured = ("known-bad: steps_of_whole_dataset", "known-bad: validation_steps_of_whole_dataset")
    examples = (
        Example(
            "As many steps as batches",
            _MODEL + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + _FIT.replace(" steps_per_epoch=len(data),", ""),
        ),
        Example("A release that is right", _MODEL + _FIT, keras="3.7.0", finds=False),
        Example("One epoch", _MODEL + _FIT.replace(", epochs=5", ""), keras="3.6.0", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The training calls with such an argument, on releases that leave out epochs after it."""
        seen: set[tuple[int, int]] = set()
        decides = any(word in document.text for word in _OTHERWISE)
        for call, training in () if decides else facts.trainings():
            place = (training.call.lineno, training.call.col_offset)
            if place in seen or not call.model.keras or call.model.legacy:
                continue
            seen.add(place)
            for keyword in _steps_by_length(training):
                name = keyword.arg or ""
                releases = _wrong(facts, training, name, keras)
                if releases:
                    argument = Argument(Unseen(), keyword.value)
                    cure = known_bad_call(_KNOWN[name]).cured()
                    found = Finding(argument, releases, "skip", *_EFFECTS[name], f"leave out {name}", cure)
                    yield self.report(
                        document, call, found, keras, _fixes(document, training.call, keyword), at=training.call
                    )


def _steps_by_length(training: TrainingCall) -> Iterator[ast.keyword]:
    """The arguments that give the length of the data as the number of steps."""
    call, keywords = training.call, {keyword.arg: keyword.value for keyword in training.call.keywords}
    if training.method != "fit" or None in keywords or any(isinstance(one, ast.Starred) for one in call.args):
        return
    x = call.args[0] if call.args else keywords.get("x")
    data = {"steps_per_epoch": None if len(call.args) > 1 or "y" in keywords else x}
    data["validation_steps"] = keywords.get("validation_data")
    for keyword in call.keywords:
        if (whole := data.get(keyword.arg or "")) is not None and _is_length_of(keyword.value, whole):
            yield keyword


def _is_length_of(steps: ast.expr, data: ast.expr) -> bool:
    if not isinstance(steps, ast.Call) or called_name(steps) != "len" or len(steps.args) != 1:
        return False
    return isinstance(data, (ast.Name, ast.Attribute)) and ast.dump(steps.args[0]) == ast.dump(data)


def _wrong(facts: ModuleFacts, training: TrainingCall, name: str, keras: KerasReleases) -> tuple[Version, ...]:
    """The allowed releases that leave out an epoch of every training at this place."""
    bad, found = set(known_bad_call(_KNOWN[name]).releases()), []
    for call in facts.compiles:
        for twin in call.trainings:
            if twin.call is training.call:
                if twin.epochs is None or twin.epochs < _EPOCHS[name] or call.model.overrides:
                    return ()
                found.append((call.run, bad & set(within(keras, call.run).versions)))
    return tuple(sorted(surely_wrong(facts.runs, found)))


def _fixes(document: Document, call: ast.Call, keyword: ast.keyword) -> tuple[Fix, ...]:
    edit = without_keyword(document, call, keyword)
    if edit is None:
        return ()
    unsafe = is_in_parametrised_function(document, call)
    level = Applicability.UNSAFE if unsafe else Applicability.SAFE
    reason = ": other code may pass data without an end" * unsafe
    return (Fix(ARGUMENT, level, f"Leave {keyword.arg} out{reason}", (edit,)),)
