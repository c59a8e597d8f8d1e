"""Losses of Keras that the program changes after it made them: what they do is not what they were made with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from keraslint.analysis.core.values import ApiResult, Value
from keraslint.analysis.facts import CompileCall, Token
from keraslint.analysis.keras.names import loss_name
from keraslint.behaviour.structure import Leaf, Named, Positional, Structure

_LOSSES = "keras.losses."
_CHANGED = (("from_logits", "changed"),)


def with_changed_losses(calls: Iterable[CompileCall], touched: Iterable[Value]) -> tuple[CompileCall, ...]:
    """The compile calls, in which the settings of losses are not known that the program may have changed.

    Losses of one class then count as equal, whatever they were made with.
    """
    paths = [one.path if isinstance(one, ApiResult) else "" for one in touched]
    names = {loss_name(path.removeprefix(_LOSSES)) for path in paths if path.startswith(_LOSSES)}
    if "" in paths:
        return tuple(_changed(call, None) for call in calls)
    return tuple(_changed(call, names) if names else call for call in calls)


def _changed(call: CompileCall, names: set[str] | None) -> CompileCall:
    loss = replace(call.loss, structure=_without_settings(call.loss.structure, names))
    return replace(call, loss=loss, otherwise=tuple(_changed(other, names) for other in call.otherwise))


def _without_settings(structure: Structure, names: set[str] | None) -> Structure:
    """The losses; those of which the settings are not known are told by their names alone. None: all of them."""
    if isinstance(structure, Named):
        return replace(
            structure, entries=tuple((key, _without_settings(value, names)) for key, value in structure.entries)
        )
    if isinstance(structure, Positional):
        return replace(structure, items=tuple(_without_settings(item, names) for item in structure.items))
    token = structure.token if isinstance(structure, Leaf) else None
    identity = token.identity if isinstance(token, Token) else None
    if not isinstance(token, Token) or not isinstance(identity, tuple) or identity[:1] != ("loss",):
        return structure
    if names is not None and identity[1] not in names:
        return structure
    return Leaf(replace(token, identity=("loss", identity[1], _CHANGED)))
