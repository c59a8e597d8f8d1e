"""KER113: a list of loss weights beside a dict of losses, for outputs in a dict, which Keras matches to sorted keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.behaviour.structure import Named, Positional
from keraslint.diagnostic import Diagnostic
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.meant_order import in_order, meant_by_names
from keraslint.rules.shared.misrouting import Mismatch, Misrouting, Question, find_misrouting
from keraslint.rules.shared.wording import advise, in_tuple_or_dict, number, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
"""
_FIT = 'model.fit(x, {"small": y_small, "big": y_big})\n'


def _only_weights(mismatches: tuple[Mismatch, ...], moved: bool) -> bool:
    return not moved and all(pair.named.losses == pair.delivered.losses for pair in mismatches)


ONLY_WEIGHTS = Question(_only_weights)
"""Do weights go astray while every loss stays where it belongs?"""


class MisplacedLossWeights(Rule):
    """**What it does.** Finds a list or tuple of `loss_weights` beside a dict of losses, on a model whose outputs are a
    dict, where a weight reaches another output than the one in its place.

    **Why is this bad?** Keras hands such weights out in the alphabetical order of the keys, from 3.5.0 up to and
    including 3.15.1; until 3.4.1 it raises.

    Where only some outputs have a loss, the weights are those of these. It fires where the outputs and the losses stand
    in one and the same order, so that there is only one way to read the
    weights, or where their own names say which output each is for. Where the two orders differ, KER107 fires if it is
    selected.

    **Use instead.** A dict of weights, like that of the losses.

    **Fix safety.** There is no fix: only the author knows which order was meant, that of the source or the sorted one,
    by which the model was trained.
    """

    code = "KER113"
    name = "misplaced-loss-weights"
    summary = "a loss weight of a list, beside a dict of losses, reaches another output than the one in its place"
    measured = ("dict loss=dict y=dict loss_weights=list",)
    examples = (
        Example(
            "A list of weights beside a dict of losses",
            _MODEL + 'model.compile("adam", loss={"small": "mse", "big": "mae"}, loss_weights=[1.0, 0.2])\n' + _FIT,
            keras="3.15.1",
            finds=True,
        ),
        Example(
            "A dict of weights",
            _MODEL
            + 'model.compile("adam", loss={"small": "mse", "big": "mae"}, loss_weights={"small": 1.0, "big": 0.2})\n'
            + _FIT,
            keras="3.15.1",
            finds=False,
        ),
        Example(
            "Losses that are written in sorted order",
            _MODEL + 'model.compile("adam", loss={"big": "mae", "small": "mse"}, loss_weights=[0.2, 1.0])\n' + _FIT,
            keras="3.15.1",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The compile calls whose listed weights an admitted release sends elsewhere."""
        for contexts in facts.sites():
            for call in contexts:
                found = find_misplaced(call, keras)
                if found is not None:
                    what = "a list of loss weights to the outputs by their sorted keys"
                    details = weights_in_words(found)
                    advice = advise(in_tuple_or_dict(found.outputs, "loss_weights as a tuple"), found.cure, call)
                    message = sentence(keras, found.releases, f"gives {what}", f"give {what}", details, advice)
                    level = severity(keras, found.releases)
                    yield self.diagnostic(document, call, call.loss_weights, message, level, keras)
                    break


def find_misplaced(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """What goes wrong with listed weights beside a dict of losses, where their order is beyond doubt."""
    outputs, loss, weights = call.model.outputs, call.loss.structure, call.loss_weights.structure
    if (
        outputs is None
        or outputs.container not in ("dict", "odict")
        or not isinstance(loss, Named)
        or not isinstance(weights, Positional)
    ):
        return None
    trained = tuple(key for key in outputs.keys if key in loss.keys)
    meant = meant_by_names(call.loss_weights, trained)
    if meant is None and loss.keys == trained and len(weights.items) == len(trained):
        meant = in_order(weights, trained)
    if meant is None:
        return None
    return find_misrouting(
        call, keras, ONLY_WEIGHTS, replace(call, loss_weights=replace(call.loss_weights, structure=meant))
    )


def weights_in_words(found: Misrouting) -> str:
    """Each wrong weight: "'small' gets 0.2 instead of 1.0"."""
    wrong = [pair for pair in found.mismatches if pair.named.weight != pair.delivered.weight]
    return ", ".join(
        f"'{pair.output}' gets {number(pair.delivered.weight)} instead of {number(pair.named.weight)}" for pair in wrong
    )
