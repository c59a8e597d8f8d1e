"""KER314: a crossentropy of probabilities is given logits."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.trained_heads import OF_CLASSES, trained_heads
from keraslint.rules.templates import CallRule, Finding

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4)])
"""
_COMPILED = 'model.compile("adam", "sparse_categorical_crossentropy")\n'
_LOGITS = 'model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))\n'

_NO_PROBABILITIES = {(): "the last layer has no activation", ("relu",): "relu gives no probabilities"}


class LogitsAsProbabilities(CallRule):
    """**What it does.** Finds `categorical_crossentropy`, `sparse_categorical_crossentropy` or
    `categorical_focal_crossentropy` without `from_logits=True` on an output of several units to which no activation,
    or relu, is applied.

    **Why is this bad?** The loss takes the numbers for probabilities: it divides them by their sum and cuts off what is
    not between 0 and 1. Where it cuts off there is no gradient. The model learns little or nothing, its loss may be
    NaN, and nothing says why.

    It fires only where the last layer with weights and all that follows it are seen.

    **Use instead.** `from_logits=True`, or softmax.

    **Fix safety.** There is no fix: with the one the model predicts logits, with the other probabilities.
    """

    code = "KER314"
    name = "logits-as-probabilities"
    summary = "a crossentropy of probabilities on an output without softmax"
    triggers = frozenset({Trigger.CROSSENTROPY})
    measured = ("known-bad: logits_as_probabilities", "known-bad: relu_as_probabilities")
    examples = (
        Example("No activation", _MODEL + _COMPILED, keras="3.15.1", finds=True),
        Example("A loss of logits", _MODEL + _LOGITS, keras="3.15.1", finds=False),
        Example(
            "Softmax",
            _MODEL.replace("Dense(4", 'Dense(4, activation="softmax"') + _COMPILED,
            keras="3.15.1",
            finds=False,
        ),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """An output of several units without an activation, whose loss takes probabilities."""
        for output in trained_heads(call):
            why = _NO_PROBABILITIES.get(output.head.activations)
            several = output.head.units is not None and output.head.units > 1
            if why is not None and several and output.loss in OF_CLASSES and output.from_logits is False:
                what = f"the values{output.label} for probabilities in {output.loss}"
                return Finding(call.loss, keras.versions, "take", what, why, "use from_logits=True, or softmax")
        return None
