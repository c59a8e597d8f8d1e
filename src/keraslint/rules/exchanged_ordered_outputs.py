"""KER111: calling a model with an OrderedDict of outputs gives them under each other's keys."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import ModuleFacts, OutputRead
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.metrics_and_logs import called_values
from keraslint.behaviour.releases import MEASURED, first_after
from keraslint.diagnostic import Diagnostic, KerasClaim
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.shared.drawing import drawn_outputs
from keraslint.rules.shared.wording import advise, sentence, severity

_MODEL = """\
from collections import OrderedDict

import keras
import numpy as np

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, OrderedDict(small=small, big=big))
x = np.ones((2, 8))
"""
_READ = 'loss = keras.ops.mean(model(x)["small"])\n'
_PLAIN = _MODEL.replace("OrderedDict(small=small, big=big)", '{"small": small, "big": big}')


class ExchangedOrderedOutputs(Rule):
    """**What it does.** Finds an output that is read by its key from what calling a model gives, `model(x)["small"]`,
    or from `predict_on_batch`, where the model's outputs are an `OrderedDict` and that key holds another output.

    **Why is this bad?** From Keras 3.1.0 to 3.7.0 a Functional model whose outputs are an `OrderedDict`, with keys that
    are not in alphabetical order, puts its results together in the order of the sorted keys. `predict` is right, and so
    is a call on symbolic inputs.

    It fires only where the model, and that it is called on data, can be seen.

    **Use instead.** A plain dict of outputs, which is right on every release.

    **Fix safety.** There is no fix: what else relies on the order of the outputs can't be seen.
    """

    code = "KER111"
    name = "exchanged-ordered-outputs"
    summary = "a key of the OrderedDict that a model returns gives another output"
    draws = "key"
    triggers = frozenset({Trigger.ORDERED_OUTPUTS, Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING})
    measured = ("called: odict", "called: odict-sorted")
    examples = (
        Example("An output that is read by its key", _MODEL + _READ, keras="3.7.0", finds=True),
        Example("What predict gives", _MODEL + _READ.replace("model(", "model.predict("), keras="3.7.0", finds=False),
        Example("A plain dict of outputs", _PLAIN + _READ, keras="3.7.0", finds=False),
        Example("A release that keeps the keys", _MODEL + _READ, keras="3.8.0", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The reads that give another output on an allowed release."""
        by_place: dict[tuple[int, int], dict[OutputRead, list[Version]]] = {}
        for read in facts.reads:
            if read.module == facts.path:
                affected = [
                    release for release in within(keras, read.run).versions if _gives(release, read) is not None
                ]
                if affected:
                    by_place.setdefault((read.node.lineno, read.node.col_offset), {})[read] = affected
        for reads in by_place.values():
            sure = surely_wrong(facts.runs, ((read.run, affected) for read, affected in reads.items()))
            for read, found in reads.items():
                if known := tuple(release for release in found if release in sure):
                    yield self._finding(document, read, known, keras)
                    break

    def _finding(
        self, document: Document, read: OutputRead, affected: tuple[Version, ...], keras: KerasReleases
    ) -> Diagnostic:
        what = "outputs of an OrderedDict when the model is called"
        details = f"the key '{read.key}' gives '{_gives(affected[-1], read)}'"
        cure = first_after(release for release in MEASURED if _gives(release, read) is not None)
        advice = advise("give the model a plain dict of outputs", cure, None)
        span = document.span(read.node)
        return Diagnostic(
            self.code,
            self.name,
            severity(keras, affected),
            sentence(keras, affected, "exchange", what, details, advice),
            document.path,
            span,
            noqa_rows=tuple(range(span.start.row, span.end.row + 1)),
            outputs=read.outputs.labels,
            keras=KerasClaim(keras.admitted, keras.pinned, keras.evidence),
            drawn=drawn_outputs(read.outputs),
        )


def _gives(release: Version, read: OutputRead) -> str | None:
    """The output that a release puts under the key; None if that is the right one."""
    found = called_values(release, read.outputs).get(read.key, read.key)
    return None if found == read.key else found
