"""Sequential models: their one output, and the number that their inner model takes."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_make_layers
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import NONE, Api, Const, Ref, Tensor, Value, head_of, without_none
from keraslint.analysis.facts import Head
from keraslint.analysis.keras.given_names import explicit_name
from keraslint.analysis.keras.heads import after, after_all
from keraslint.analysis.keras.rescaling import layers_before, note_applied
from keraslint.analysis.keras.tensors import auto_name
from keraslint.behaviour.structure import Outputs

_BUILDS = frozenset({"build", "fit", "evaluate", "predict", "train_on_batch", "test_on_batch", "predict_on_batch"})
_UNKNOWN_LAST = "the last layer of a Sequential model is not known"


def sequential(m: InterpreterCore, args: Arguments, *, legacy: bool = False) -> ModelPart:
    """The model that ``keras.Sequential(layers)`` makes: it has one output, named after its last layer."""
    name, _ = explicit_name(m, args, "sequential", 1)
    layers = m.sequence(without_none(args.get(0, "layers") or m.new_list([])))
    part = _ending(
        m,
        ModelPart("sequential", name, None, legacy=legacy),
        layers[-1] if layers else NONE,
        after_all(m, layers or []),
    )
    for place, layer in enumerate(layers or ()):
        note_applied(m, layer, iter((layers or [])[:place][::-1]), args)
    if layers is None:
        _lose_counts(m)
        part = replace(part, weighted=True)  # the layers may be those of another model
    elif layers and _tells_shape(m, layers[0]):
        part = replace(part, shaped=True)
        return built(m, part) if len(layers) > 1 or not _is_input(m, layers[0]) else part
    return part


def after_method(m: InterpreterCore, part: ModelPart, name: str, args: Arguments) -> ModelPart:
    """The model after ``model.name(...)``."""
    if name in ("add", "pop"):
        for number in part.compiles:  # it is trained with other last layers than those at its compile call
            compiled = m.seen.compiles[number]
            compiled.facts = replace(compiled.facts, heads=())
            compiled.at = m.next_number()
    if name == "add":
        note_applied(m, args.get(0, "layer") or NONE, layers_before(part.structure), args)
        return _grown(m, part, without_none(args.get(0, "layer") or NONE))
    if name == "pop":
        _lose_counts(m)
        return _ending(m, part, NONE)
    return built(m, part) if name in _BUILDS else part


def built(m: InterpreterCore, part: ModelPart) -> ModelPart:
    """The model once the shape of its input is known.

    Keras 3.0.0 to 3.15.1 then make an inner Functional model, which takes a number like all unnamed models, and
    another one for every layer that is added later; and an InputLayer, if it has none.
    """
    if part.built:
        return part
    if not part.shaped:
        auto_name(m, "input_layer")
    auto_name(m, "functional")
    return replace(part, built=True, shaped=True)


def _grown(m: InterpreterCore, part: ModelPart, layer: Value) -> ModelPart:
    grown = _ending(m, part, layer, after(m, layer, head_of(part.structure)))
    if part.shaped:
        return built(m, replace(grown, built=False))
    if not _tells_shape(m, layer):
        return grown
    shaped = replace(grown, shaped=True)
    return shaped if _is_input(m, layer) else built(m, shaped)


def _ending(m: InterpreterCore, part: ModelPart, layer: Value, head: Head | None = None) -> ModelPart:
    last = m.part(layer)
    name = last.name if last is not None else None
    number = layer.number if isinstance(layer, Ref) else None
    ending = Tensor(name, _UNKNOWN_LAST, m.fresh(), head=head, layer=number)
    return replace(part, outputs=Outputs("tensor", (name,)), structure=ending)


def _tells_shape(m: InterpreterCore, layer: Value) -> bool:
    """True if a first layer gives the shape of the input: an Input, or a layer with ``input_shape``.

    Keras makes an InputLayer for a layer with ``input_shape``. For a model, or a layer that was called before,
    Keras 3.4.1 and 3.6.0 differ: then no later number is known.
    """
    thing, part = m.look(layer), m.part(layer)
    if _is_input(m, layer):
        return True
    if isinstance(part, ModelPart) or (part is not None and part.called):
        _lose_counts(m)
    if isinstance(thing, Instance) and thing.attributes.get("input_shape") == Const(True):
        auto_name(m, "input_layer")
        return True
    return False


def _is_input(m: InterpreterCore, layer: Value) -> bool:
    thing = m.look(layer)
    path = thing.cls.path if isinstance(thing, Instance) and isinstance(thing.cls, Api) else ""
    return isinstance(layer, Tensor) or path.rpartition(".")[2] == "InputLayer"


def _lose_counts(m: InterpreterCore) -> None:
    for prefix in ("input_layer", "functional"):
        may_make_layers(m, prefix)
