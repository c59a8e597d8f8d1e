"""KER313: a crossentropy of logits is given probabilities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.trained_heads import OF_PROBABILITIES, trained_heads
from keraslint.rules.templates import CallRule, Finding

_MODEL = """\
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4, activation="softmax")])
"""
_COMPILED = 'model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))\n'

# The program chooses a backend that takes the loss as it is written.
_OTHER_BACKEND = re.compile(r"""KERAS_BACKEND["'\])]*\s*[,=]\s*["'](?:jax|torch)["']""")


class ProbabilitiesAsLogits(CallRule):
    """**What it does.** Finds softmax or sigmoid on an output whose crossentropy has `from_logits=True`. By default
    only in a program that sets `KERAS_BACKEND` to `"jax"` or `"torch"` itself.

    **Why is this bad?** The loss applies softmax, or sigmoid, to the probabilities once more. The accuracy hardly
    changes, but the loss can't come near 0, and the model never gets sure. JAX and torch say nothing. TensorFlow takes
    the numbers from before the activation and warns, except in mixed precision and where anything follows the
    activation.

    **Use instead.** `from_logits=False`, which is the default, or no activation.

    **Fix safety.** There is no fix: with the one the model predicts probabilities, with the other logits.
    """

    code = "KER313"
    name = "probabilities-as-logits"
    summary = "softmax or sigmoid, and a crossentropy that applies it once more"
    certain_by_default = True
    triggers = frozenset({Trigger.CROSSENTROPY})
    measured = ("known-bad: softmax_as_logits", "known-bad: sigmoid_as_logits")
    examples = (
        Example("Softmax in the model and in the loss", _MODEL + _COMPILED, keras="3.15.1", finds=True),
        Example("Softmax in the model", _MODEL + _COMPILED.replace("True", "False"), keras="3.15.1", finds=False),
        Example(
            "Softmax in the loss", _MODEL.replace(', activation="softmax"', "") + _COMPILED, keras="3.15.1", finds=False
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings in a program that chooses JAX or torch."""
        if _OTHER_BACKEND.search(document.text):
            yield from super().check_calls(document, facts, keras)

    def check_calls_strictly(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases
    ) -> Iterator[Diagnostic]:
        """The findings for any backend."""
        yield from super().check_calls(document, facts, keras)

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """An output with softmax or sigmoid as its last activation, whose loss takes logits."""
        for output in trained_heads(call):
            last = output.head.activations[-1:]
            if output.from_logits and output.loss in OF_PROBABILITIES and last in (("softmax",), ("sigmoid",)):
                what = f"the result of {last[0]}{output.label} for logits"
                why = f"{last[0]} is applied twice on JAX and torch, and TensorFlow warns"
                return Finding(
                    call.loss, keras.versions, "take", what, why, "leave out from_logits=True, or the activation"
                )
        return None
