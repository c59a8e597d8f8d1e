"""KER116: a list of metrics that has not one entry for each of several outputs."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Positional
from keraslint.diagnostic import Applicability, Edit, Fix
from keraslint.document import Document
from keraslint.fixes.tuple_style import STYLE
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import checkable_outputs
from keraslint.rules.templates import CallRule, Contexts, Finding

_MODEL = example_model({"left": 2, "right": 2})
_ONE = _MODEL + 'model.compile("adam", "mse", metrics=["mae"])\n'
_EACH = _MODEL + 'model.compile("adam", "mse", metrics=[["mae"]] * 2)\n'


class MetricsForNoOutput(CallRule):
    """**What it does.** Finds a list of `metrics` or `weighted_metrics` that has not one entry for each output of a
    model with several outputs.

    **Why is this bad?** In Keras 2 the metrics in a flat list were taken for every output. Every measured Keras 3
    release raises, but only when training starts.

    **Use instead.** A list with the metrics of each output, or a dict by the names of the outputs.

    **Fix safety.** The fix, of the style `tuple`, repeats a list of texts for each output. It is safe: no Keras 3
    release trains the call as it is.
    """

    code = "KER116"
    name = "metrics-for-no-output"
    summary = "a list of metrics does not have one entry for each output"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.LISTED_METRICS})
    measured = ("list loss=one y=dict metrics=list-one", "dict loss=one y=dict metrics=list-one")
    examples = (
        Example("One metric for two outputs", _ONE, keras="3.15.1", finds=True, fixed=_EACH),
        Example("Metrics for each output", _EACH, keras="3.15.1", finds=False),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """A list of metrics with more or fewer entries than the model has outputs."""
        outputs = checkable_outputs(call)
        if outputs is None or len(outputs.names) < 2 or not outputs.functional or not keras.versions:
            return None
        for title in ("metrics", "weighted_metrics"):
            argument: Argument = getattr(call, title)
            items = argument.structure.items if isinstance(argument.structure, Positional) else ()
            if items and len(items) != len(outputs.names):
                what = f"for a list of {title} of length {len(items)}"
                details = f"the model has {len(outputs.names)} outputs"
                advice = "give a list of metrics for each output"
                return Finding(argument, keras.versions, "raise", what, details, advice, fixes=_repeated)
        return None


def _repeated(document: Document, _facts: ModuleFacts, contexts: Contexts) -> tuple[Fix, ...]:
    """The fix that repeats lists of texts, written at the call, for each output; none where contexts differ."""
    counts = {len(call.model.outputs.names) if call.model.outputs is not None else 0 for call in contexts}
    edits = []
    for argument in (contexts[0].metrics, contexts[0].weighted_metrics):
        node = argument.node
        if isinstance(node, ast.List) and len(counts) == 1 and len(node.elts) not in counts:
            if not all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in node.elts):
                return ()
            span = document.span(node)
            edits.append(Edit(span, f"[{document.slice(span)}] * {next(iter(counts))}"))
    return (Fix(STYLE, Applicability.SAFE, "Give the metrics to each output", tuple(edits)),) if edits else ()
