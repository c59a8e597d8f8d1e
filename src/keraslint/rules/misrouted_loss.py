"""KER101: a loss of a dict trains another output than the one it names."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named, has_none
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.misrouting import LOSSES_MOVED, Misrouting, find_misrouting, losses_differ
from keraslint.rules.shared.wording import in_tuples_or_dicts, who_trains_what, without_none
from keraslint.rules.templates import CallRule, Finding, compile_fixes

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, activation="sigmoid", name="output_small")(inputs)
big = keras.layers.Dense(64, activation="softmax", name="output_big")(inputs)
model = keras.Model(inputs, [small, big])
"""
_BY_NAME = """
model.compile(
    optimizer="adam",
    loss={
        "output_small": "binary_crossentropy",
        "output_big": "categorical_crossentropy",
    },
)
"""
_IN_ORDER = _BY_NAME.replace("{", "(").replace("}", ")").replace('"output_small": ', "").replace('"output_big": ', "")
_IN_ONE_LINE = """
model.compile(optimizer="adam", loss={"output_small": "binary_crossentropy", "output_big": "categorical_crossentropy"})
"""
_IN_A_VARIABLE = """
losses = {{"output_small": "binary_crossentropy"}}
losses["output_big"] = "categorical_crossentropy"
model.compile(optimizer="adam", loss={}, loss_weights={})
"""
_FIT = "model.fit(x, [y_small, y_big])\n"
_FIT_BY_NAME = 'model.fit(x, {"output_small": y_small, "output_big": y_big})\n'


class MisroutedLoss(CallRule):
    """**What it does.** Finds a `compile` call whose dict of losses reaches other outputs than the ones it names,
    on a Keras release that the project allows.

    **Why is this bad?** Keras 3.5.0 and 3.6.0 apply a dict of losses to the outputs of a list or tuple model in
    the alphabetical order of the keys, not by name. Keras itself does not notice: where each loss can be computed for
    the output that it reaches, the model trains on the wrong objective without an error, and the logs show each value
    under the other output's name. Where it can't, because the shapes do not fit, the error is about shapes and names no
    cause: ``Arguments `target` and `output` must have the same shape``, such as with integer labels for outputs of
    different widths, or on JAX `Incompatible shapes for broadcasting`. Loss weights in a dict move with the losses.
    The cause is keras-team/keras pull request 20015, the reports are issues 20346 and 20596.

    It fires only where something is really misrouted: names that happen to be sorted, an `OrderedDict` in output
    order, models with dict outputs, or a swap of equal losses are right and not reported.

    **Use instead.** A tuple in output order is right on every Keras 3 release; so is keras>=3.7.

    **Fix safety.** The fix makes a tuple of the dict, and of a dict of loss weights, targets or sample weights
    with it. It is safe where the source shows every training call and what reaches it, and unsafe where a part
    of that could not be seen. There is none where the rewrite could break what is right on another release.
    """

    code = "KER101"
    name = "misrouted-loss"
    summary = "a loss trains another output than the one it names"
    draws = "loss"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    misroutes_silently = True
    measured = (
        "known-bad: dict_of_losses",
        "list loss=dict y=list",
        "list loss=dict y=dict",
        "list-sorted loss=odict-reversed y=list",
        "dict loss=odict y=dict",
    )
    examples = (
        Example(
            "A dict of losses on list outputs",
            _MODEL + _BY_NAME + _FIT,
            keras="3.5.0",
            finds=True,
            fixed=_MODEL + _IN_ORDER + _FIT,
        ),
        Example(
            "Losses in a variable, with weights",
            _MODEL + _IN_A_VARIABLE.format("losses", '{"output_small": 1, "output_big": 0.2}') + _FIT_BY_NAME,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL
            + _IN_A_VARIABLE.format('(losses["output_small"], losses["output_big"])', "(1.0, 0.2)")
            + _FIT_BY_NAME.replace('{"output_small": y_small, "output_big": y_big}', "(y_small, y_big)"),
        ),
        Example(
            "An OrderedDict in output order",
            "from collections import OrderedDict\n\n"
            + _MODEL
            + """
losses = OrderedDict([("output_small", "binary_crossentropy"), ("output_big", "categorical_crossentropy")])
model.compile(optimizer="adam", loss=losses)
"""
            + _FIT,
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "Equal losses change places",
            _MODEL + '\nmodel.compile(optimizer="adam", loss={"output_small": "mse", "output_big": "mse"})\n' + _FIT,
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "The names of the outputs are sorted",
            (_MODEL + _IN_ONE_LINE + _FIT).replace("output_small", "a_small").replace("output_big", "b_big"),
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "The same losses on dict outputs",
            _MODEL.replace("[small, big]", '{"output_small": small, "output_big": big}') + _IN_ONE_LINE + _FIT_BY_NAME,
            keras="3.5.0",
            finds=False,
        ),
        Example("A release that goes by the names", _MODEL + _IN_ONE_LINE + _FIT, keras="3.7.0", finds=False),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A dict of losses that an allowed release sends to other outputs."""
        if not isinstance(call.loss.structure, Named):
            return None
        found = find_misrouting(call, keras, LOSSES_MOVED)
        if found is None:
            return None
        # A tuple with a None in it is shifted or cut short by the same and by older releases.
        none = has_none(call.loss.structure)
        advice = without_none(call) if none else in_tuples_or_dicts(call, found.outputs)
        details = who_trains_what(found.mismatches)
        return Finding(call.loss, found.releases, "send", _moved(found), details, advice, found.cure, compile_fixes)


def _moved(found: Misrouting) -> str:
    if not any(map(losses_differ, found.mismatches)):
        return "each loss weight to another output"
    whole = len(found.mismatches) == len(found.outputs.names)
    return "each loss to another output" if whole else "losses to other outputs"
