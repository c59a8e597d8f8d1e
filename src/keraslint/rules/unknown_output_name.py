"""KER105: a key of loss, loss_weights or metrics names no output of the model."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import partial

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Named
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import checkable_outputs, known_names, releases_that_raise
from keraslint.rules.shared.wording import names
from keraslint.rules.templates import CallRule, Finding, find_surely

_COMPILED = '\nmodel.compile("adam", loss={"age": "mse", "sex": "binary_crossentropy"})\n'
_RIGHT = example_model({"age": 1, "sex": 2}) + _COMPILED
_WRONG = example_model({"age": 1, "sex": 2}) + _COMPILED.replace("sex", "gender")


class UnknownOutputName(CallRule):
    """**What it does.** Finds a key in a dict of `loss`, `loss_weights` or `metrics` that names no output of the
    model.

    **Why is this bad?** A loss or metric with such a key raises on every measured Keras 3 release, but only when
    training starts. Among loss weights it may also pass without an error: Keras 3.5.0 and 3.6.0 hand the weights out in
    the alphabetical order of the keys, and from 3.7.0 on a weight too many is dropped.

    **Use instead.** The names of the layers that make the outputs, or the keys of a dict of outputs.

    **Fix safety.** There is no fix: only the author knows which output was meant.
    """

    code = "KER105"
    name = "unknown-output-name"
    summary = "a key of loss, loss_weights or metrics names no output"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING, Trigger.ORDERED_OUTPUTS})
    measured = (
        "list loss=typo y=list",
        "list loss=dict y=list loss_weights=typo",
        "list loss=dict y=list loss_weights=extra",
        "list loss=tuple y=list metrics=typo",
    )
    examples = (
        Example("A name that no layer has", _WRONG, keras="3.15.1", finds=True),
        Example("The names of the layers", _RIGHT, keras="3.15.1", finds=False),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The arguments with a key that names nothing: of the contexts of a call the first for each argument."""
        for contexts in facts.sites():
            for title in ("loss", "loss_weights", "metrics", "weighted_metrics"):
                found = find_surely(facts, keras, contexts, partial(_find_in, title))
                if found is not None:
                    yield self.report(document, *found, keras)


def _find_in(title: str, call: CompileCall, keras: KerasReleases) -> Finding | None:
    argument: Argument = getattr(call, title)
    outputs = checkable_outputs(call)
    if outputs is None or not isinstance(argument.structure, Named) or None in outputs.names:
        return None
    known = frozenset(outputs.labels) if title == "loss" else known_names(outputs)
    unknown = [key for key in argument.structure.keys if key not in known]
    if not unknown:
        return None
    if title == "loss":
        releases = releases_that_raise(outputs, argument.structure, keras)
    elif title == "loss_weights" and not isinstance(call.loss.structure, Named):
        return None  # with other losses the weights are misrouted: that is another rule's finding
    else:
        releases = keras.versions if len(outputs.names) > 1 else ()
    if not releases:
        return None
    keys = f"the {title} key{'s' if len(unknown) > 1 else ''} {names(unknown)}"
    verb, what = ("give", f"{keys} to no output") if title == "loss_weights" else ("raise", f"for {keys}")
    labels = list(dict.fromkeys(outputs.labels))
    near = difflib.get_close_matches(unknown[0], labels, 1) if len(unknown) == 1 else []
    advice = f"did you mean '{near[0]}'?" if near else "use the names of the outputs"
    return Finding(argument, releases, verb, what, f"the outputs are {names(labels)}", advice)
