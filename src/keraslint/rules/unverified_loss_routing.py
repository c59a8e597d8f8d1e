"""KER102: a dict of losses on a model whose outputs can't be known, where an allowed release may misroute it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

from keraslint.analysis.facts import CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named, Outputs
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.misrouting import ANYTHING, Misrouting, find_misrouting
from keraslint.rules.shared.wording import advise
from keraslint.rules.templates import CallRule, Contexts, Finding, fixes_by_name

_LOADED = """\
import keras

model = keras.models.load_model("model.keras")
model.compile(optimizer="adam", loss={"output_small": "mse", "output_big": "mae"})
"""
_MOST_PERMUTED = 4
# On a model with a dict of outputs a tuple is matched to the sorted keys, on every release.
_ADVICE = "pass a tuple in output order if the outputs are a list"


class UnverifiedLossRouting(CallRule):
    """**What it does.** Finds a dict of two or more losses on a Keras model whose outputs the source does not show,
    in a project that pins, locks or bounds Keras to releases on which their order decides.

    **Why is this bad?** On Keras 3.5.0 and 3.6.0 each loss may train another output than the one it names; see
    KER101. Whether it does depends on the order of the outputs, which can't be known here: the message says why.
    Where the losses are all the same and there are no weights and no dict of targets nothing can go wrong, and
    nothing is reported. Nor is it where the project says nothing about its Keras: two unknowns make no finding.

    **Use instead.** keras>=3.7; or a tuple in output order, if the outputs are a list or tuple (on a dict of outputs a
    tuple is matched to the sorted keys); or build the model where the linter can see it.

    **Fix safety.** No fix by default: the order is not known. The style `safe-compile` has one, which is unsafe.
    """

    code = "KER102"
    name = "unverified-loss-routing"
    summary = "a dict of losses on a model whose outputs can't be known, on a release where their order decides"
    triggers = frozenset({Trigger.SEVERAL_LOSSES})
    misroutes_silently = True
    needs_callers = True
    measured = (
        "list loss=dict y=list",
        "list-sorted loss=dict y=list",
        "list loss=dict y=list loss_weights=dict",
    )
    examples = (
        Example("A loaded model", _LOADED, keras="3.5.0", finds=True),
        Example(
            "A model that is handed in",
            """\
import keras


def prepare(model: keras.Model) -> None:
    model.compile(optimizer="adam", loss={"output_small": "mse", "output_big": "mae"})
""",
            keras="3.6.0",
            finds=True,
        ),
        Example("The same loss for both outputs", _LOADED.replace("mae", "mse"), keras="3.5.0", finds=False),
    )

    def contexts(self, contexts: Contexts, facts: ModuleFacts, keras: KerasReleases) -> Iterable[CompileCall]:
        """Those in which the model is one of Keras, if nothing is wrong in any: else that is another rule's finding."""
        if not keras.versioned or any(find_misrouting(call, keras, ANYTHING) for call in contexts):
            return ()
        return [call for call in contexts if call.model.keras or facts.imports_keras]

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A dict of losses that an allowed release may send to other outputs."""
        found = _possible(call, keras)
        if found is None:
            return None
        supposed = replace(call, model=replace(call.model, outputs=found.outputs))
        advice = ", or ".join(part for part in (_ADVICE, advise("", found.cure, supposed)) if part)
        details = f"the order of the outputs is not known ({call.model.why})"
        what = "each loss to another output"
        return Finding(call.loss, found.releases, "may send", what, details, advice, fixes=fixes_by_name)


def _possible(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """The misrouting if the outputs are a list with the names of the losses in some order."""
    loss = call.loss.structure
    if call.model.outputs is not None or not isinstance(loss, Named) or len(loss.entries) < 2:
        return None
    orders = itertools.permutations(loss.keys) if len(loss.keys) <= _MOST_PERMUTED else [loss.keys, loss.keys[::-1]]
    for order in orders:
        model = replace(call.model, outputs=Outputs("list", tuple(order)), keras=True)
        found = find_misrouting(replace(call, model=model), keras, ANYTHING)
        if found is not None:
            return found
    return None
