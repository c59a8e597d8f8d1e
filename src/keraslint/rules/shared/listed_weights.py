"""find_misplaced(): where listed loss weights, with a dict of losses for outputs in a dict, reach other outputs."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.structure import Named, Positional
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.meant_order import in_order, meant_by_names
from keraslint.rules.shared.misrouting import Misrouting, find_misrouting
from keraslint.rules.shared.predicates import ONLY_WEIGHTS


def find_misplaced(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    """The misrouting of a list of weights given with a dict of losses, if it is certain which output each is for."""
    outputs, loss, weights = call.model.outputs, call.loss.structure, call.loss_weights.structure
    if outputs is None or outputs.container not in ("dict", "odict"):
        return None
    if not isinstance(loss, Named) or not isinstance(weights, Positional):
        return None
    trained = tuple(key for key in outputs.keys if key in loss.keys)
    meant = meant_by_names(call.loss_weights, trained)
    if meant is None and loss.keys == trained and len(weights.items) == len(trained):
        meant = in_order(weights, trained)
    if meant is None:
        return None
    by_key = replace(call, loss_weights=replace(call.loss_weights, structure=meant))
    return find_misrouting(call, keras, ONLY_WEIGHTS, by_key)
