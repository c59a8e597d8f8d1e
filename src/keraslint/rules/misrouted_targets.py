"""KER103: a target of a dict reaches another output than the one it names."""

from __future__ import annotations

from keraslint.analysis.facts import Argument, CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import TARGETS_MOVED, find_misrouting, target_differs
from keraslint.rules.shared.wording import in_tuple_or_dict, under_key
from keraslint.rules.templates import DataRule, Finding, compile_fixes

_MODEL = example_model({"small": 1, "big": 64}, prefix="output_") + 'model.compile("adam", loss="mse")\n'


class MisroutedTargets(DataRule):
    """**What it does.** Finds a dict of targets, given to `fit`, `evaluate`, `train_on_batch` or `test_on_batch` or
    within `validation_data`, whose targets reach other outputs than the ones they name.

    **Why is this bad?** On Keras 3.5.0 and 3.6.0 a dict of targets is applied to the outputs of a list or tuple
    model in the alphabetical order of its keys, whatever the losses are: also with a tuple of losses, and with
    one loss for all outputs. Where the shapes fit, the model trains without an error. Where they do not, the error is
    about shapes and names no cause: ``Arguments `target` and `output` must have the same shape``, or on JAX
    `Incompatible shapes for broadcasting`.

    **Use instead.** Targets as a tuple in output order, or keras>=3.7.

    **Fix safety.** The targets become a tuple, and with them a dict of sample weights, and the dict of losses and
    weights of the `compile` call where that is one; safe and unsafe as for KER101.
    """

    code = "KER103"
    name = "misrouted-targets"
    summary = "a target reaches another output than the one it names"
    draws = "target"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING})
    misroutes_silently = True
    measured = (
        "list loss=tuple y=dict",
        "list loss=one y=dict",
    )
    examples = (
        Example(
            "A dict of targets on list outputs",
            _MODEL + '\nmodel.fit(x, {"output_small": y_small, "output_big": y_big})\n',
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + "\nmodel.fit(x, (y_small, y_big))\n",
        ),
        Example(
            "A list of targets",
            _MODEL + "\nmodel.fit(x, [y_small, y_big])\n",
            keras="3.6.0",
            finds=False,
        ),
    )

    def find_in_data(self, call: CompileCall, argument: Argument, keras: KerasReleases) -> Finding | None:
        """A dict of targets that an allowed release sends to other outputs."""
        found = find_misrouting(call, keras, TARGETS_MOVED)
        if found is None:
            return None
        wrong = [pair for pair in found.mismatches if target_differs(pair)]
        words = {pair.output: under_key(pair.delivered.target, argument, "the target", "no target") for pair in wrong}
        details = ", ".join(f"'{name}' is trained on {target}" for name, target in words.items())
        what = "each target to another output" if len(wrong) == len(found.outputs.names) else "targets to other outputs"
        every = isinstance(argument.structure, Named) and set(found.outputs.labels) <= set(argument.structure.keys)
        advice = in_tuple_or_dict(found.outputs, "a tuple") + ("" if every else " with a target for each output")
        return Finding(argument, found.releases, "send", what, details, advice, found.cure, compile_fixes)
