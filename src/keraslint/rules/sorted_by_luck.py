"""KER108: a dict of losses that is right only because the names of the outputs happen to be sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.analysis.facts import Argument, CompileCall
from keraslint.behaviour.structure import Named, Outputs
from keraslint.diagnostic import Diagnostic
from keraslint.fixes.compile_fixes import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.misrouting import ANYTHING, LOSSES_MOVED, Misrouting, find_misrouting
from keraslint.rules.shared.wording import advise, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
age = keras.layers.Dense(1, name="age")(inputs)
sex = keras.layers.Dense(2, name="sex")(inputs)
model = keras.Model(inputs, [age, sex])
"""
_FIT = "model.fit(x, [y_age, y_sex])\n"


class SortedByLuck(Rule):
    """**What it does.** Finds a dict of losses on list or tuple outputs that goes right on a release that the project
    admits only since the names of the outputs happen to be in alphabetical order.

    **Why is this bad?** Keras 3.5.0 and 3.6.0 apply such a dict in the alphabetical order of its keys (KER101). A new
    name for one output, or a further output, and the losses train other outputs than they name, in silence.

    **Use instead.** A tuple in output order, or keras>=3.7.

    **Fix safety.** As for KER101.
    """

    code = "KER108"
    name = "sorted-by-luck"
    summary = "a dict of losses is right only because the names of the outputs are sorted"
    opt_in = True
    measured = (
        "list-sorted loss=dict y=list",
        "list loss=dict y=list",
    )
    examples = (
        Example(
            "Outputs that are named in alphabetical order",
            _MODEL + 'model.compile("adam", loss={"age": "mse", "sex": "binary_crossentropy"})\n' + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + 'model.compile("adam", loss=("mse", "binary_crossentropy"))\n' + _FIT,
        ),
        Example(
            "A tuple in output order",
            _MODEL + 'model.compile("adam", loss=("mse", "binary_crossentropy"))\n' + _FIT,
            keras="3.6.0",
            finds=False,
        ),
        Example(
            "A release that goes by the names",
            _MODEL + 'model.compile("adam", loss={"age": "mse", "sex": "binary_crossentropy"})\n' + _FIT,
            keras="3.7.0",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The dicts of losses that other names would send elsewhere."""
        for contexts in facts.sites():
            if any(find_misrouting(call, keras, ANYTHING) for call in contexts):
                continue
            for call in contexts:
                found = _find(call, keras)
                if found is not None:
                    what = "losses to the outputs by their sorted names"
                    message = sentence(
                        keras,
                        found.releases,
                        f"gives {what}",
                        f"give {what}",
                        "they are right by luck, since the outputs are named in that order",
                        advise("pass a tuple in output order", found.cure, call),
                    )
                    level, fixes = severity(keras, found.releases), compile_fixes(document, facts, contexts)
                    yield self.diagnostic(document, call, call.loss, message, level, keras, fixes)
                    break


def _find(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """What would go wrong if the outputs had names in the opposite order."""
    outputs, loss = call.model.outputs, call.loss.structure
    if outputs is None or outputs.keys or None in outputs.names or not isinstance(loss, Named):
        return None
    labels = outputs.labels
    if list(labels) != sorted(labels) or not set(loss.keys) <= set(labels):
        return None
    return find_misrouting(_renamed(call, outputs), keras, LOSSES_MOVED)


def _renamed(call: CompileCall, outputs: Outputs) -> CompileCall:
    """The call with names for the outputs that sort the other way round."""
    count = len(outputs.labels)
    names = {label: f"{count - place:04}" for place, label in enumerate(outputs.labels)}

    def renamed(argument: Argument) -> Argument:
        structure = argument.structure
        if not isinstance(structure, Named):
            return argument
        entries = tuple((names.get(key, key), value) for key, value in structure.entries)
        return replace(argument, structure=replace(structure, entries=entries))

    trainings = tuple(
        replace(
            training,
            y=renamed(training.y),
            sample_weight=renamed(training.sample_weight),
            validation_y=renamed(training.validation_y),
            validation_sample_weight=renamed(training.validation_sample_weight),
        )
        for training in call.trainings
    )
    model = replace(call.model, outputs=replace(outputs, names=tuple(names.values())))
    weights = renamed(call.loss_weights)
    return replace(call, model=model, loss=renamed(call.loss), loss_weights=weights, trainings=trainings)
