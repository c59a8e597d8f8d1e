"""KER115: metrics that are passed as loss_weights, as Keras 2 had metrics in that place."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import CompileCall, ModuleFacts, Token
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Leaf, Unseen, leaves
from keraslint.diagnostic import Applicability, Edit, Fix
from keraslint.document import Document
from keraslint.fixes.tuple_style import STYLE
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.metrics import metric_of
from keraslint.rules.templates import CallRule, Contexts, Finding

_MODEL = example_model({"age": 1, "sex": 2})
_BY_PLACE = _MODEL + 'model.compile("adam", ["mse", "mae"], ["mae", "acc"])\n'
_BY_NAME = _MODEL + 'model.compile("adam", ["mse", "mae"], metrics=["mae", "acc"])\n'
_WEIGHTS = _MODEL + 'model.compile("adam", ["mse", "mae"], [1.0, 0.2])\n'

# The third and fourth argument of compile in Keras 2.
_NAMES = ("metrics", "loss_weights")


class MetricsAsLossWeights(CallRule):
    """**What it does.** Finds metrics in the place of `loss_weights`: most often as the third argument of `compile`.

    **Why is this bad?** The third argument was `metrics` in Keras 2. In Keras 3 it is `loss_weights`, and every
    measured release raises for texts there, but only when training starts.

    **Use instead.** `metrics=...`, by name.

    **Fix safety.** The fix, of the style `tuple`, names the third argument, and the fourth one, which was
    `loss_weights`. It is safe: no Keras 3 release trains the call as it is.
    """

    code = "KER115"
    name = "metrics-as-loss-weights"
    summary = "metrics are passed as loss_weights"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    measured = (
        "tensor loss=one y=one loss_weights=texts",
        "list loss=tuple y=list loss_weights=texts",
        "list loss=dict y=list loss_weights=dict-of-lists-of-texts",
    )
    examples = (
        Example("Metrics as the third argument", _BY_PLACE, keras="3.15.1", finds=True, fixed=_BY_NAME),
        Example("Loss weights as the third argument", _WEIGHTS, keras="3.15.1", finds=False),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """Loss weights among which there are metrics, and no number."""
        overridden = "compile" in call.model.overrides or call.model.legacy or not call.model.keras
        given = list(leaves(call.loss_weights.structure))
        if overridden or not any(map(_is_metric, given)) or not all(map(_may_be_one, given)) or not keras.versions:
            return None
        by_place = len(call.call.args) > len(_NAMES)
        in_keras_2 = "the third argument of compile is loss_weights, in Keras 2 it was metrics"
        details = in_keras_2 if by_place else "a loss weight is a number"
        what, advice = "for metrics in the place of loss_weights", "pass metrics by name"
        return Finding(call.loss_weights, keras.versions, "raise", what, details, advice, fixes=_named)


def _is_metric(leaf: Leaf | Unseen) -> bool:
    return metric_of(leaf) is not None


def _may_be_one(leaf: Leaf | Unseen) -> bool:
    return isinstance(leaf, Unseen) or (isinstance(leaf, Leaf) and isinstance(leaf.token, Token))


def _named(document: Document, _facts: ModuleFacts, contexts: Contexts) -> tuple[Fix, ...]:
    """The fix that names the third and the fourth argument; none where one of them is given by name, too."""
    call = contexts[0].call
    given = {keyword.arg for keyword in call.keywords}
    if not 2 < len(call.args) < 5 or any(isinstance(argument, ast.Starred) for argument in call.args):
        return ()
    if None in given or given & set(_NAMES):
        return ()
    if not all(any(map(_is_metric, leaves(context.loss_weights.structure))) for context in contexts):
        return ()
    edits = []
    for name, argument in zip(_NAMES, call.args[2:], strict=False):
        span = document.span(argument)
        edits.append(Edit(span, f"{name}={document.slice(span)}"))
    return (Fix(STYLE, Applicability.SAFE, "Name the arguments after the loss", tuple(edits)),)
