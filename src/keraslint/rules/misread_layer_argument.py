"""KER304: a layer has an argument that a release takes otherwise than it is meant."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import LayerCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.diagnostic import Diagnostic, KerasClaim
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.wording import advise, sentence, severity
from keraslint.rules.templates import CallRule

# By the name of an entry: what a release does, why that is wrong, and what to write instead.
_WORDS = {
    "gru_recurrent_dropout": (
        "drop",
        "parts of the state that {layer}(recurrent_dropout=…) is to keep",
        "the model learns badly",
        "use dropout alone",
    ),
    "activity_regularizer": (
        "scale",
        "activity_regularizer of {layer} by the size of the batch",
        "its weight depends on the batch",
        "divide its factor by the size of the batch",
    ),
    "output_padding_after_load": (
        "forget",
        "output_padding of {layer} when the model is saved and loaded",
        "its output has another size then",
        "crop or pad the output in a layer of its own",
    ),
}
_ALWAYS = frozenset({"gru_recurrent_dropout"})

_MODEL = """\
import keras

layer = keras.layers.GRU(8, recurrent_dropout=0.5)
model = keras.Sequential([keras.Input((4, 3)), layer, keras.layers.Dense(1)])
model.compile("adam", "mse")
"""


class MisreadLayerArgument(CallRule):
    """**What it does.** Finds `GRU(recurrent_dropout=…)` on releases that apply it to the state which is carried from
    one step to the next. Where it is selected by its own code, also an `activity_regularizer` and the `output_padding`
    of a transposed convolution.

    **Why is this bad?** Until Keras 3.7.0 a GRU drops parts of the state at each step, also of what its update gate
    keeps: after a few steps little is left of what it has seen. It trains, and learns badly. LSTM is right.
    `activity_regularizer` is multiplied by the size of the batch until 3.13.2, so that a factor that was found by trial
    is right for one size of the batch alone. `output_padding` is lost when a model is saved, until 3.14.1.

    It fires only where the value is seen.

    **Use instead.** A newer release, or a GRU with `dropout` alone.

    **Fix safety.** There is no fix.
    """

    code = "KER304"
    name = "misread-layer-argument"
    summary = "an argument of a layer that a release handles otherwise than it is meant"
    certain_by_default = True
    triggers = frozenset({Trigger.LAYER_ARGUMENT})
    measured = (
        "known-bad: gru_recurrent_dropout",
        "known-bad: activity_regularizer",
        "known-bad: output_padding_after_load",
    )
    examples = (
        Example("GRU", _MODEL, keras="3.6.0", finds=True),
        Example("A release that is right", _MODEL, keras="3.8.0", finds=False),
        Example("LSTM", _MODEL.replace("GRU", "LSTM"), keras="3.6.0", finds=False),
        Example(
            "A regularizer, selected by the code of the rule",
            _MODEL.replace("GRU(8, recurrent_dropout=0.5)", 'LSTM(8, activity_regularizer="l2")'),
            keras="3.6.0",
            finds=True,
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The layers that are surely wrong, whatever is done with the model."""
        certain = tuple(layer for layer in facts.layers if layer.entry in _ALWAYS)
        yield from self._found(document, facts, certain, keras)

    def check_calls_strictly(
        self, document: Document, facts: ModuleFacts, keras: KerasReleases
    ) -> Iterator[Diagnostic]:
        """All layers with such an argument."""
        yield from self._found(document, facts, facts.layers, keras)

    def _found(
        self, document: Document, facts: ModuleFacts, layers: tuple[LayerCall, ...], keras: KerasReleases
    ) -> Iterator[Diagnostic]:
        places: dict[tuple[int, int, str], list[LayerCall]] = {}
        for layer in layers:
            if layer.module == facts.path:
                places.setdefault((layer.node.lineno, layer.node.col_offset, layer.entry), []).append(layer)
        for found in places.values():
            bad = known_bad_call(found[0].entry).releases()
            by_run = ((one.run, set(bad) & set(within(keras, one.run).versions)) for one in found)
            if sure := surely_wrong(facts.runs, by_run):
                yield self._finding(document, found[0], tuple(sorted(sure)), keras)

    def _finding(
        self, document: Document, layer: LayerCall, affected: tuple[Version, ...], keras: KerasReleases
    ) -> Diagnostic:
        verb, what, why, instead = _WORDS[layer.entry]
        value = next((one.value for one in layer.node.keywords if one.arg == layer.argument), layer.node)
        cure = known_bad_call(layer.entry).cured()
        advice = advise(instead, cure, None)
        span = document.span(value)
        return Diagnostic(
            self.code,
            self.name,
            severity(keras, affected),
            sentence(keras, affected, verb, what.format(layer=layer.layer), why, advice),
            document.path,
            span,
            noqa_rows=tuple(dict.fromkeys((layer.node.lineno, *range(span.start.row, span.end.row + 1)))),
            keras=KerasClaim(keras.admitted, keras.pinned, keras.evidence),
        )
