"""KER108: a dict of losses that is right only because the names of the outputs happen to be sorted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named, Outputs
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import ANYTHING, LOSSES_MOVED, find_misrouting
from keraslint.rules.templates import CallRule, Contexts, Finding, compile_fixes

_MODEL = example_model({"age": 1, "sex": 2})
_BY_NAME = 'model.compile("adam", loss={"age": "mse", "sex": "binary_crossentropy"})\n'
_IN_ORDER = 'model.compile("adam", loss=("mse", "binary_crossentropy"))\n'
_FIT = "model.fit(x, [y_age, y_sex])\n"


class SortedByLuck(CallRule):
    """**What it does.** Finds a dict of losses on list or tuple outputs that goes right on a release that the project
    allows only since the names of the outputs happen to be in alphabetical order.

    **Why is this bad?** Keras 3.5.0 and 3.6.0 apply such a dict in the alphabetical order of its keys (KER101). A new
    name for one output, or a further output, and the losses train other outputs than they name, without an error.

    **Use instead.** A tuple in output order, or keras>=3.7.

    **Fix safety.** As for KER101.
    """

    code = "KER108"
    name = "sorted-by-luck"
    summary = "a dict of losses is right only because the names of the outputs are sorted"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    opt_in = True
    measured = (
        "list-sorted loss=dict y=list",
        "list loss=dict y=list",
    )
    examples = (
        Example(
            "Outputs that are named in alphabetical order",
            _MODEL + _BY_NAME + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + _IN_ORDER + _FIT,
        ),
        Example("A tuple in output order", _MODEL + _IN_ORDER + _FIT, keras="3.6.0", finds=False),
        Example("A release that goes by the names", _MODEL + _BY_NAME + _FIT, keras="3.7.0", finds=False),
    )

    def contexts(self, contexts: Contexts, _facts: ModuleFacts, keras: KerasReleases) -> Iterable[CompileCall]:
        """All of them, if nothing is wrong in any: else that is another rule's finding."""
        return () if any(find_misrouting(call, keras, ANYTHING) for call in contexts) else contexts

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A dict of losses that an allowed release would send elsewhere if the names were in the opposite order."""
        outputs, loss = call.model.outputs, call.loss.structure
        if outputs is None or outputs.keys or None in outputs.names or outputs.shares_names:
            return None
        if not isinstance(loss, Named) or not set(loss.keys) <= set(outputs.labels):
            return None
        if list(outputs.labels) != sorted(outputs.labels):
            return None
        found = find_misrouting(_renamed(call, outputs), keras, LOSSES_MOVED)
        if found is None:
            return None
        what, advice = "losses to the outputs by their sorted names", "pass a tuple in output order"
        details = "they are right by luck, since the outputs are named in that order"
        return Finding(call.loss, found.releases, "give", what, details, advice, found.cure, compile_fixes)


def _renamed(call: CompileCall, outputs: Outputs) -> CompileCall:
    """The call with names for the outputs that sort in the opposite order."""
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
