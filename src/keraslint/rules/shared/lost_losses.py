"""Losses that a release drops or moves to other outputs, because of a None among them or a missing target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.intent import intended
from keraslint.behaviour.structure import Named, Positional, Routed, Unseen, has_none
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.listed_for_dict import in_order
from keraslint.rules.shared.misrouting import (
    LOSSES_MOVED,
    Misrouting,
    Predicate,
    any_pair,
    data_of,
    find_misrouting,
    is_dropped,
    losses_differ,
)

_LOSSES_DIFFER = Predicate(any_pair(losses_differ), count_untrained=True)
_DROPPED = Predicate(any_pair(is_dropped), count_untrained=True)


def find_lost(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """The misrouting of a call whose losses a release drops or moves; None where it moves losses of a dict."""
    loss = call.loss.structure
    if not has_none(loss) and all(isinstance(y, Unseen) for y, _ in data_of(call)):
        return None
    if isinstance(loss, Named) and find_misrouting(call, keras, LOSSES_MOVED) is not None:
        return None
    asked = ((call, call), *_with_short_lists(call))
    return next((found for each, meant in asked if (found := _lost(each, keras, meant))), None)


def _lost(call: CompileCall, keras: KerasReleases, meant: CompileCall) -> Misrouting | None:
    loss, outputs = call.loss.structure, call.model.outputs
    predicate = _LOSSES_DIFFER if has_none(loss) else _DROPPED
    found = find_misrouting(call, keras, predicate, meant)
    if found is None or outputs is None or not isinstance(loss, Positional) or not outputs.keys:
        return found
    # The order of the outputs may not be the one that was meant: what Keras makes of their keys has to be wrong, too.
    if outputs.container != "dict" or len(loss.items) != len(outputs.keys):
        return None
    by_key = replace(call.loss, structure=in_order(loss, sorted(outputs.keys)))
    both = replace(keras, versions=found.releases)
    return find_misrouting(call, both, predicate, replace(meant, loss=by_key))


def _with_short_lists(call: CompileCall) -> Iterator[tuple[CompileCall, CompileCall]]:
    """The call for each list of targets for just the listed outputs that have a loss, and what is meant by that."""
    outputs = call.model.outputs
    meant = intended(outputs, call.loss.structure) if outputs else None
    if outputs is None or outputs.keys or not isinstance(meant, Routed):
        return
    trained = [delivery.output for delivery in meant.deliveries if delivery.losses]
    for training in call.trainings:
        for alone in training.train_and_validation():
            y = alone.y.structure
            if isinstance(y, Positional) and len(y.items) == len(trained) < len(outputs.names):
                by_name = replace(alone, y=replace(alone.y, structure=in_order(y, trained)))
                yield replace(call, trainings=(alone,)), replace(call, trainings=(by_name,))
