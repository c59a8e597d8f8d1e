"""Entries of a list, for outputs in a dict, that Keras gives to another output than they are meant for.

``strict``: the entries are also taken to be meant in the order of the outputs, not only by their own names.
"""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.facts import Argument, CompileCall
from keraslint.behaviour.structure import Named, has_none
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.meant_order import meant_argument
from keraslint.rules.shared.misrouting import (
    ONLY_WEIGHTS,
    Mismatch,
    Misrouting,
    Predicate,
    any_pair,
    find_misrouting,
    is_dropped,
    losses_differ,
)


def find_misplaced(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """The misrouting of a list of weights given with a dict of losses, if it is certain which output each is for."""
    outputs, loss = call.model.outputs, call.loss.structure
    if outputs is None or outputs.container not in ("dict", "odict") or not isinstance(loss, Named):
        return None
    trained = trained_keys(call)
    meant = meant_argument(call.loss_weights, trained, strict=loss.keys == trained)
    return None if meant is None else find_misrouting(call, keras, ONLY_WEIGHTS, replace(call, loss_weights=meant))


def trained_keys(call: CompileCall) -> tuple[str, ...]:
    """The keys of the outputs that a dict of losses names; all of them if the losses are not a dict."""
    keys, loss = call.model.outputs.keys if call.model.outputs is not None else (), call.loss.structure
    return tuple(key for key in keys if key in loss.keys) if isinstance(loss, Named) else keys


_LOSSES_DIFFER = Predicate(any_pair(losses_differ))


def find_losses(call: CompileCall, keras: KerasReleases, *, strict: bool) -> Misrouting | None:
    """The misrouting of a list of losses, if there is one."""
    meant = meant_argument(call.loss, _keys(call), strict=strict)
    return None if meant is None else find_misrouting(call, keras, _LOSSES_DIFFER, replace(call, loss=meant))


def find_weights(call: CompileCall, keras: KerasReleases, *, strict: bool) -> Misrouting | None:
    """The misrouting of a list of loss weights, except where ``find_misplaced`` finds it."""
    meant = meant_argument(call.loss_weights, trained_keys(call), strict=strict)
    if meant is None or find_misplaced(call, keras) is not None:
        return None
    return find_misrouting(call, keras, ONLY_WEIGHTS, replace(call, loss_weights=meant))


def find_targets(call: CompileCall, y: Argument, keras: KerasReleases, *, strict: bool) -> Misrouting | None:
    """The misrouting of a list of targets, if the model is trained on it alone."""
    meant = meant_argument(y, _keys(call), strict=strict) or meant_argument(y, trained_keys(call), strict=strict)
    if meant is None:
        return None
    (training,) = call.trainings
    is_wrong = any_pair(lambda pair: target_is_wrong(call, pair))
    predicate = Predicate(is_wrong, count_targets=True, count_untrained=True)
    return find_misrouting(call, keras, predicate, replace(call, trainings=(replace(training, y=meant),)))


def target_is_wrong(call: CompileCall, pair: Mismatch) -> bool:
    """Return True if an output is trained on another target, or on none although no loss of the call is None."""
    trained = pair.named.losses and pair.delivered.losses  # else it is the loss that is wrong
    other = bool(trained) and pair.named.target != pair.delivered.target
    return other or (is_dropped(pair) and not has_none(call.loss.structure))


def _keys(call: CompileCall) -> tuple[str, ...]:
    return call.model.outputs.keys if call.model.outputs is not None else ()
