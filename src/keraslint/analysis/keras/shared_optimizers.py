"""Optimizers that train several models: for the first of them they make their variables."""

from __future__ import annotations

from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import ApiResult, Ref, Tensor, Value
from keraslint.analysis.keras.heads import upstream
from keraslint.analysis.keras.tensors import flat_tensors
from keraslint.analysis.keras.uses import is_optimizer

_MAX_NESTED = 8


def built_for_another(m: InterpreterCore, model: Value, part: ModelPart) -> bool:
    """True if the optimizer of a model that is trained now has surely trained another model, without all its weights.

    Notes which model an optimizer trains first, of those that surely have something to train.
    """
    if len(part.compiles) != 1 or part.legacy or part.overrides or not isinstance(model, Ref):
        return False
    if part.compiles[0] >= len(m.seen.compiles):  # a call in a loop that is run again
        return False
    compiled = m.seen.compiles[part.compiles[0]]
    optimizer = compiled.values.get("optimizer")
    if not isinstance(optimizer, ApiResult) or not is_optimizer(optimizer):
        return False
    if optimizer.state not in m.state.built_for and _has_newer_weights(m, model, -1):
        m.state.built_for[optimizer.state] = model.number, compiled.at
    first, since = m.state.built_for.get(optimizer.state, (model.number, compiled.at))
    return first != model.number and _has_newer_weights(m, model, since)


def _has_newer_weights(m: InterpreterCore, model: Value, since: int, depth: int = 0) -> bool:
    """True if a model surely trains a layer that was made after this number was given."""
    thing = m.look(model)
    if depth > _MAX_NESTED or not isinstance(thing, Instance) or "trainable" in thing.attributes:
        return False
    part = thing.part
    if isinstance(part, LayerPart):
        made_now = isinstance(model, Ref) and model.number > since
        return made_now and part.head is not None and not part.keeps
    ends = flat_tensors(m, part.structure) if isinstance(part, ModelPart) else None
    tensors = [end for end in ends or () if isinstance(end, Tensor)]
    numbers = {one.layer for end in tensors for one in (end, *upstream(end))} - {None}
    return any(_has_newer_weights(m, Ref(number), since, depth + 1) for number in numbers if number is not None)
