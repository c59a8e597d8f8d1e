"""KER311: softmax on one unit, which is 1 for every sample."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.trained_heads import trained_heads
from keraslint.rules.templates import CallRule, Finding

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1, activation="softmax")])
"""
_COMPILED = 'model.compile("adam", "binary_crossentropy")\n'


class SoftmaxOfOneUnit(CallRule):
    """**What it does.** Finds a model with an output of one unit to which softmax is applied.

    **Why is this bad?** Softmax divides by the sum of all units. Of one unit it gives 1.0, whatever the input is: the
    model predicts the same for every sample, its loss does not fall, and its accuracy is the share of the class 1.
    Keras warns when the model is built, and trains.

    It fires only where the last layers and a loss of Keras are seen.

    **Use instead.** Sigmoid, or a unit for each class.

    **Fix safety.** There is no fix: what the author means is one of both.
    """

    code = "KER311"
    name = "softmax-of-one-unit"
    summary = "softmax on an output of one unit, which predicts 1.0 for every sample"
    triggers = frozenset({Trigger.CROSSENTROPY})
    measured = ("known-bad: softmax_of_one_unit",)
    examples = (
        Example("Two classes, one unit", _MODEL + _COMPILED, keras="3.15.1", finds=True),
        Example("Sigmoid", _MODEL.replace("softmax", "sigmoid") + _COMPILED, keras="3.15.1", finds=False),
        Example(
            "A unit for each class",
            _MODEL.replace("Dense(1", "Dense(2") + _COMPILED.replace("binary", "categorical"),
            keras="3.15.1",
            finds=False,
        ),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """An output of one unit with softmax."""
        for output in trained_heads(call):
            if output.head.units == 1 and "softmax" in output.head.activations:
                what, why = f"1.0 for every sample{output.label}", "softmax of one unit is 1, whatever the input is"
                return Finding(
                    output.place(call), keras.versions, "predict", what, why, "use sigmoid, or a unit for each class"
                )
        return None
