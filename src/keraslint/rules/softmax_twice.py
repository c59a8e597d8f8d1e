"""KER315: softmax on the result of softmax."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.trained_heads import OF_CLASSES, trained_heads
from keraslint.rules.templates import CallRule, Finding

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, activation="softmax")])
model.add(keras.layers.Softmax())
"""
_COMPILED = 'model.compile("adam", "categorical_crossentropy")\n'


class SoftmaxTwice(CallRule):
    """**What it does.** Finds softmax that is applied to the result of softmax, before a crossentropy of classes.

    **Why is this bad?** The first softmax gives numbers between 0 and 1, and the second one makes them nearly equal: of
    four classes the surest gets 0.48 at most. The loss can't come near 0. The accuracy hardly changes, so that nothing
    shows it.

    **Use instead.** Softmax once.

    **Fix safety.** There is no fix.
    """

    code = "KER315"
    name = "softmax-twice"
    summary = "softmax is applied twice, so that all classes get nearly the same probability"
    triggers = frozenset({Trigger.CROSSENTROPY})
    measured = ("known-bad: softmax_twice",)
    examples = (
        Example("Softmax in a layer and behind it", _MODEL + _COMPILED, keras="3.15.1", finds=True),
        Example(
            "Softmax once",
            _MODEL.replace(', activation="softmax"', "") + _COMPILED,
            keras="3.15.1",
            finds=False,
        ),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """An output with softmax after softmax."""
        for output in trained_heads(call):
            if output.head.activations[-2:] == ("softmax", "softmax") and output.loss in OF_CLASSES:
                units = output.head.units
                surest = (
                    f", at most {2.71828 / (units + 1.71828):.2f} for the most probable of {units} classes"
                    if units
                    else ""
                )
                what, why = f"nearly equal probabilities{output.label}{surest}", "softmax is applied to softmax"
                return Finding(output.place(call), keras.versions, "predict", what, why, "apply softmax once")
        return None
