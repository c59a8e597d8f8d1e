"""find_misplaced(): where listed loss weights, with a dict of losses for outputs in a dict, reach other outputs."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.structure import Named
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.shared.meant_order import meant_argument
from keraslint.rules.shared.misrouting import Misrouting, find_misrouting
from keraslint.rules.shared.predicates import ONLY_WEIGHTS


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
