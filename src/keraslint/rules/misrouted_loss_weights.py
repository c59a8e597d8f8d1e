"""KER104: a loss weight of a dict reaches another output than the one it names."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named, Positional
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import ONLY_WEIGHTS, Misrouting, find_misrouting, known_names
from keraslint.rules.shared.wording import in_tuple_or_dict, weights_in_words
from keraslint.rules.templates import CallRule, Finding, compile_fixes

_MODEL = example_model({"small": 1, "big": 64}, prefix="output_")
_FIT = "model.fit(x, [y_small, y_big])\n"
_WEIGHTS = 'loss_weights={"output_small": 1.0, "output_big": 0.2})\n'


class MisroutedLossWeights(CallRule):
    """**What it does.** Finds a dict of `loss_weights` whose weights reach other outputs than the ones they name:
    with a list or tuple of losses, or with one loss for all outputs.

    **Why is this bad?** From Keras 3.5.0 on, up to and including 3.15.1, a dict of weights with a list or tuple
    of losses is applied in the alphabetical order of its keys. With one loss for all outputs it is so on
    3.5.0 and 3.6.0; from 3.7.0 on such a call raises, but a dict with one key multiplies every output by that
    weight. Until 3.4.1 all of these raise.

    **Use instead.** Weights as a tuple in output order, with a tuple of losses.

    **Fix safety.** As for KER101: the weights, and dict targets with them, become tuples. A missing weight becomes
    `1.0`, and integers become floats, which Keras before 3.5.0 insists on.
    """

    code = "KER104"
    name = "misrouted-loss-weights"
    summary = "a loss weight reaches another output than the one it names"
    draws = "weight"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    misroutes_silently = True
    measured = (
        "list loss=tuple y=list loss_weights=dict",
        "list loss=one y=list loss_weights=dict",
        "list loss=one y=list loss_weights=last",
    )
    examples = (
        Example(
            "A dict of weights with a tuple of losses",
            _MODEL + '\nmodel.compile("adam", loss=("mse", "mae"), ' + _WEIGHTS + _FIT,
            keras="3.15.1",
            finds=True,
            fixed=_MODEL + '\nmodel.compile("adam", loss=("mse", "mae"), loss_weights=(1.0, 0.2))\n' + _FIT,
        ),
        Example(
            "A dict of weights with one loss for all outputs",
            _MODEL + '\nmodel.compile("adam", loss="mse", ' + _WEIGHTS + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + '\nmodel.compile("adam", loss=("mse", "mse"), loss_weights=(1.0, 0.2))\n' + _FIT,
        ),
        Example(
            "A dict of weights with a dict of losses",
            _MODEL
            + '\nlosses = {"output_small": "mse", "output_big": "mae"}\nmodel.compile("adam", loss=losses, '
            + _WEIGHTS,
            keras="3.15.1",
            finds=False,
        ),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A dict of loss weights that an allowed release sends to other outputs."""
        if not isinstance(call.loss_weights.structure, Named) or _has_unknown_name(call):
            return None
        found = find_misrouting(call, keras, ONLY_WEIGHTS)
        if found is None:
            return None
        what, details = "loss weights to other outputs", weights_in_words(found.mismatches)
        advice = _instead(call, found)
        return Finding(call.loss_weights, found.releases, "send", what, details, advice, found.cure, compile_fixes)


def _instead(call: CompileCall, found: Misrouting) -> str:
    alone = isinstance(call.loss.structure, Positional if found.outputs.container in ("list", "tuple") else Named)
    return in_tuple_or_dict(found.outputs, "loss_weights as a tuple" if alone else "losses and loss_weights as tuples")


def _has_unknown_name(call: CompileCall) -> bool:
    """Return True if a weight given with a dict of losses names no output: that is KER105's finding."""
    outputs, weights = call.model.outputs, call.loss_weights.structure
    if outputs is None or not isinstance(weights, Named) or not isinstance(call.loss.structure, Named):
        return False
    return not set(weights.keys) <= known_names(outputs)
