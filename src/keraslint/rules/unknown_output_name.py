"""KER105: a key of loss, loss_weights or metrics names no output of the model."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.releases import first_after
from keraslint.behaviour.structure import Named, Outputs
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.metrics import refused_keys
from keraslint.rules.shared.misrouting import checkable_outputs, known_names, releases_that_raise
from keraslint.rules.shared.wording import names
from keraslint.rules.templates import CallRule, Finding, find_surely

_COMPILED = '\nmodel.compile("adam", loss={"age": "mse", "sex": "binary_crossentropy"})\n'
_RIGHT = example_model({"age": 1, "sex": 2}) + _COMPILED
_WRONG = example_model({"age": 1, "sex": 2}) + _COMPILED.replace("sex", "gender")
_BY_KEY = example_model({"x": 1, "y": 2}, outputs='{"age": x, "sex": y}') + _COMPILED


class UnknownOutputName(CallRule):
    """**What it does.** Finds a key in a dict of `loss`, `loss_weights` or `metrics` that names no output of the
    model.

    **Why is this bad?** A loss or metric with such a key raises on every measured Keras 3 release, but only when
    training starts. Among loss weights it may also pass without an error: Keras 3.5.0 and 3.6.0 hand the weights out in
    the alphabetical order of the keys, and from 3.7.0 on a weight too many is dropped.

    Outputs in a dict are known by their keys, but until Keras 3.4.1 only by the names of the layers that make them, and
    in a dict of metrics until 3.11.3. The outputs of a model that is called as a layer all have its name, whatever they
    are called inside of it; those of a model with a `call` of its own that returns a list have none.

    **Use instead.** The names of the layers that make the outputs, or the keys of a dict of outputs; a tuple in output
    order where several outputs have one name.

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
        "list-shared loss=dict y=list",
        "dict-renamed loss=dict y=dict",
        "dict-renamed loss=dict y=dict metrics=dict",
    )
    examples = (
        Example("A name that no layer has", _WRONG, keras="3.15.1", finds=True),
        Example("The names of the layers", _RIGHT, keras="3.15.1", finds=False),
        Example("Keys of outputs that layers with other names make", _BY_KEY, keras="3.4.1", finds=True),
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
    if outputs is None or not isinstance(argument.structure, Named):
        return None
    if title == "loss":
        return _loss(outputs, argument, argument.structure, keras)
    if None in outputs.names or len(outputs.names) < 2:
        return None
    if title == "loss_weights" and not isinstance(call.loss.structure, Named):
        return None  # with other losses the weights are misrouted: that is another rule's finding
    unknown = [key for key in argument.structure.keys if key not in known_names(outputs)]
    if unknown:
        return _finding(outputs, argument, title, unknown, keras.versions)
    return None if title == "loss_weights" else _metrics(outputs, argument, title, argument.structure, keras)


def _loss(outputs: Outputs, argument: Argument, loss: Named, keras: KerasReleases) -> Finding | None:
    nameless = None in outputs.names and not outputs.keys
    if nameless and (outputs.functional or set(outputs.names) != {None}):
        return None
    unknown = loss.keys if nameless else [key for key in loss.keys if key not in outputs.addresses]
    hidden = [key for key in loss.keys if key not in outputs.names]
    if not unknown and (not hidden or None in outputs.names):
        return None
    releases = releases_that_raise(outputs, loss, keras)
    if unknown:
        return _finding(outputs, argument, "loss", unknown, releases)
    as_keys = releases_that_raise(replace(outputs, names=outputs.keys or outputs.names), loss, keras)
    return _of_layers(outputs, argument, "loss", hidden, [one for one in releases if one not in as_keys])


def _metrics(outputs: Outputs, argument: Argument, title: str, metrics: Named, keras: KerasReleases) -> Finding | None:
    unknown, releases = refused_keys(outputs, metrics, keras)
    if set(unknown) & set(outputs.keys):
        return _of_layers(outputs, argument, title, unknown, releases)
    return _finding(outputs, argument, title, unknown, releases)


def _of_layers(
    outputs: Outputs, argument: Argument, title: str, keys: Sequence[str], releases: Sequence[Version]
) -> Finding | None:
    """The finding about keys of outputs in a dict, on releases that ask for the names of the layers."""
    if not keys or not releases:
        return None
    layers = names(dict.fromkeys(name for name in outputs.names if name is not None))
    details = f"only the names of the layers count there, {layers}"
    shared = len(set(outputs.names)) < len(outputs.names)
    advice = f"give each output {'a layer of its own with' if shared else ''} the name of its key".replace("  ", " ")
    return Finding(
        argument, tuple(releases), "raise", f"for {_keys(title, keys)}", details, advice, first_after(releases)
    )


def _finding(
    outputs: Outputs, argument: Argument, title: str, unknown: Sequence[str], releases: Sequence[Version]
) -> Finding | None:
    """The finding about keys that name no output; None without a key or a release."""
    if not unknown or not releases:
        return None
    keys, known = _keys(title, unknown), list(outputs.addresses)
    verb, what = ("give", f"{keys} to no output") if title == "loss_weights" else ("raise", f"for {keys}")
    if outputs.shares_names or None in outputs.names:
        advice = "pass a tuple in output order"
    else:
        near = difflib.get_close_matches(unknown[0], known, 1) if len(unknown) == 1 else []
        advice = f"did you mean '{near[0]}'?" if near else "use the names of the outputs"
    details = f"the outputs are {names(known)}" if outputs.functional else "the outputs have no names"
    return Finding(argument, tuple(releases), verb, what, details, advice)


def _keys(title: str, keys: Sequence[str]) -> str:
    return f"the {title} key{'s' if len(keys) > 1 else ''} {names(keys)}"
