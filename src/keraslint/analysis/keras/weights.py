"""The weights of models: which model may go on with those of another one."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.values import Ref, Tensor, Unknown, Value, options
from keraslint.analysis.keras.tensors import flat_tensors

# The methods of models, layers and variables that set weights; and variables that are none.
_GIVES_WEIGHTS = frozenset({"set_weights", "load_weights", "load_own_variables", "set_state_tree", "assign"})
_RATES = frozenset({"learning_rate", "lr"})


def note_weights(m: InterpreterCore, owner: Value, method: str) -> None:
    """Note that a method sets weights, if it does: of a model, or of a layer or variable of any model."""
    for one in options(owner) if method in _GIVES_WEIGHTS else ():
        part = m.part(one)
        origin = one.origin if isinstance(one, Unknown) else None
        if isinstance(part, ModelPart):
            m.set_part(one, replace(part, weighted=True))
        elif not (isinstance(origin, AttributeOf) and origin.name in _RATES):
            m.state.weighted = True


def goes_on(m: InterpreterCore, model: Ref, before: int) -> bool:
    """True if a model may go on where another one was: it may have its weights, or ends in the same layer."""
    part = m.part(model)
    given = m.state.weighted or (isinstance(part, ModelPart) and (part.weighted or part.escaped))
    return given or not _ends(m, model).isdisjoint(_ends(m, Ref(before)))


def _ends(m: InterpreterCore, model: Ref) -> set[int]:
    """The numbers of the layers that make the outputs of a model, as far as they are known."""
    part = m.part(model)
    tensors = (flat_tensors(m, part.structure) or ()) if isinstance(part, ModelPart) else ()
    return {one.layer for one in tensors if isinstance(one, Tensor) and one.layer is not None}
