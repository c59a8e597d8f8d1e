"""KER113: a list of loss weights with a dict of losses, for outputs in a dict, which Keras matches to sorted keys."""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.crossed_names import crosses_names
from keraslint.rules.shared.listed_for_dict import find_misplaced
from keraslint.rules.shared.wording import in_tuple_or_dict, weights_in_words
from keraslint.rules.templates import CallRule, Finding

_MODEL = example_model({"small": 1, "big": 64}, outputs='{"small": small, "big": big}')
_COMPILED = 'model.compile("adam", loss={"small": "mse", "big": "mae"}, loss_weights=[1.0, 0.2])\n'
_BY_NAME = _COMPILED.replace("[1.0, 0.2]", '{"small": 1.0, "big": 0.2}')
_SORTED = 'model.compile("adam", loss={"big": "mae", "small": "mse"}, loss_weights=[0.2, 1.0])\n'
_FIT = 'model.fit(x, {"small": y_small, "big": y_big})\n'


class MisplacedLossWeights(CallRule):
    """**What it does.** Finds a list or tuple of `loss_weights` with a dict of losses, on a model whose outputs are a
    dict, where a weight reaches another output than the one in its place.

    **Why is this bad?** Keras hands such weights out in the alphabetical order of the keys, from 3.5.0 up to and
    including 3.15.1; until 3.4.1 it raises.

    Where only some outputs have a loss, the weights are those of these. It fires where the outputs and the losses are
    in the same order, so that the weights can be read in one order only, or where their own names say which output
    each is for. Where the two orders differ, KER107 fires if it is
    selected.

    **Use instead.** A dict of weights, like that of the losses.

    **Fix safety.** There is no fix: only the author knows which order was meant, that of the source or the sorted one,
    by which the model was trained.
    """

    code = "KER113"
    name = "misplaced-loss-weights"
    summary = "a loss weight of a list, beside a dict of losses, reaches another output than the one in its place"
    draws = "weight"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    measured = ("dict loss=dict y=dict loss_weights=list",)
    examples = (
        Example("A list of weights with a dict of losses", _MODEL + _COMPILED + _FIT, keras="3.15.1", finds=True),
        Example("A dict of weights", _MODEL + _BY_NAME + _FIT, keras="3.15.1", finds=False),
        Example("Losses that are written in sorted order", _MODEL + _SORTED + _FIT, keras="3.15.1", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The findings in a program that does not sort: one that does may sort the weights as Keras does.

        Nor does it give a value the name of another output.
        """
        sorts = any(word in document.text for word in ("sorted(", ".sort("))
        if not sorts and not crosses_names(document, facts):
            yield from super().check_calls(document, facts, keras)

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A list of loss weights that an allowed release gives to other outputs."""
        found = find_misplaced(call, keras)
        if found is None:
            return None
        what, details = "a list of loss weights to the outputs by their sorted keys", weights_in_words(found.mismatches)
        advice = in_tuple_or_dict(found.outputs, "loss_weights as a tuple")
        return Finding(call.loss_weights, found.releases, "give", what, details, advice, found.cure)
