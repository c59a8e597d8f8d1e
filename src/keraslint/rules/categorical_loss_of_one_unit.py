"""KER312: a loss for several classes on an output of one unit."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.trained_heads import OF_CLASSES, trained_heads
from keraslint.rules.templates import CallRule, Finding

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1, activation="sigmoid")])
"""
_COMPILED = 'model.compile("adam", "categorical_crossentropy")\n'


class CategoricalLossOfOneUnit(CallRule):
    """**What it does.** Finds `categorical_crossentropy`, `sparse_categorical_crossentropy` or
    `categorical_focal_crossentropy` as the loss of an output of one unit.

    **Why is this bad?** These losses compare the units with each other. With one unit there is nothing to compare: the
    loss is 0.0, or the same for every prediction, and nothing is learnt. With `sparse_categorical_crossentropy` and
    labels of 0 and 1, JAX trains without an error, and TensorFlow and torch raise an error when training begins.

    **Use instead.** `binary_crossentropy` with sigmoid, or a unit for each class.

    **Fix safety.** There is no fix: what the author means is one of both.
    """

    code = "KER312"
    name = "categorical-loss-of-one-unit"
    summary = "a crossentropy of several classes on an output of one unit, which learns nothing"
    triggers = frozenset({Trigger.CROSSENTROPY})
    measured = ("known-bad: categorical_loss_of_one_unit", "known-bad: sparse_loss_of_one_unit")
    examples = (
        Example("Two classes, one unit", _MODEL + _COMPILED, keras="3.15.1", finds=True),
        Example(
            "The loss of one unit", _MODEL + _COMPILED.replace("categorical", "binary"), keras="3.15.1", finds=False
        ),
        Example(
            "A unit for each class",
            _MODEL.replace("1, activation", "2, activation") + _COMPILED,
            keras="3.15.1",
            finds=False,
        ),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """An output of one unit with a loss of classes; one with softmax is the matter of another rule."""
        for output in trained_heads(call):
            if output.head.units == 1 and output.loss in OF_CLASSES and "softmax" not in output.head.activations:
                what, why = f"nothing{output.label}", f"{output.loss} compares units, and the output has one"
                return Finding(
                    call.loss, keras.versions, "train", what, why, "use binary_crossentropy, or a unit for each class"
                )
        return None
