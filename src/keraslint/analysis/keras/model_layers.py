"""Layers that are taken from a model, by their name or place."""

from __future__ import annotations

from itertools import permutations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import NONE, Api, Const, Ref, Tensor, Value, without_none
from keraslint.analysis.keras.tensors import flat_tensors, may_lead_to


def get_layer(m: InterpreterCore, receiver: Value, args: Arguments) -> Value:
    """The layer of a name, which may also be a model, whose output has another name than the model.

    Measured on 3.6.0: a Functional model's output keeps its inner name; that of a Sequential depends on how it was
    built.
    """
    place = args.get(1, "index")
    if place is not None and args.get(0, "name") in (None, NONE):
        return layer_at(m, receiver, place)
    name = m.text(without_none(args.get(0, "name") or NONE))
    things = ((number, thing) for number, thing in m.state.objects.items() if isinstance(thing, Instance))
    found = [Ref(number) for number, thing in things if thing.part is not None and thing.part.name == name]
    part = m.part(found[0]) if len(found) == 1 else None
    if isinstance(part, LayerPart) or (isinstance(part, ModelPart) and part.kind == "functional"):
        return found[0]
    owner = m.look(receiver)
    ready_made = isinstance(owner, Instance) and isinstance(owner.cls, Api) and "applications" in owner.cls.path
    whole = m.part(receiver)
    ready_made |= isinstance(whole, ModelPart) and whole.kind == "opaque"  # such as one that is loaded
    if name is None or found or not ready_made:
        return m.unknown("a layer that get_layer finds")
    return m.new(Instance(Api("keras.Layer"), {}, LayerPart(name)))


def layer_at(m: InterpreterCore, model: Value, place: Value) -> Value:
    """``model.layers[-1]``: the layers of the outputs are the last ones, in the order of the outputs.

    Measured on 3.4.1, 3.5.0, 3.6.0, 3.7.0 and 3.15.1, with one output and with several: a layer on the way to another
    output, or that was called there, too, comes earlier; the layers at other places depend on all that lie between.
    """
    part = m.part(model)
    made = part.structure if isinstance(part, ModelPart) and part.kind in ("functional", "sequential") else NONE
    ends = flat_tensors(m, made) or []
    index = place.value if isinstance(place, Const) else None
    if m.mapping(made) is None and isinstance(index, int) and -len(ends) <= index < 0:
        layers = [_layer_of(m, model, end) for end in ends]
        if None not in layers and not _made_from_each_other(ends):
            return layers[index] or NONE
    return m.unknown("a layer at a place in a model")


def _layer_of(m: InterpreterCore, model: Value, tensor: Value) -> Value | None:
    """The layer that made a tensor, if that is known, and that it made no other."""
    if not isinstance(tensor, Tensor) or tensor.renumbered or tensor.producer is None:
        return None
    layer = get_layer(m, model, Arguments([Const(tensor.producer)]))
    part = m.part(layer)
    return layer if isinstance(part, LayerPart) and not part.shared else None


def _made_from_each_other(ends: list[Value]) -> bool:
    """True if one of several outputs may have been made from another one."""
    tensors = [end for end in ends if isinstance(end, Tensor)]
    return any(may_lead_to(start, end) for start, end in permutations(tensors, 2))
