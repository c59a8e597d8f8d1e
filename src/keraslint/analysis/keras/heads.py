"""The last layers of a model: their units and activations, as far as a layer with weights is seen before them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Const,
    OneOf,
    Sequence,
    Tensor,
    Value,
    head_of,
    without_none,
)
from keraslint.analysis.facts import Head

# Layers with weights, with the name of the argument for their units and the positions of that and of the activation.
_CONVOLUTIONS = [f"{name}{d}D{more}" for d in "123" for name in ("Conv", "Convolution") for more in ("", "Transpose")]
_MAKERS = {"Dense": ("units", 1)} | dict.fromkeys((*_CONVOLUTIONS, "SeparableConv2D"), ("filters", -1))
_KEEPERS = frozenset({"Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "ActivityRegularization"})
_FUNCTIONS = ("keras.activations", "keras.ops", "tensorflow.nn", "jax.nn")
_NAMED = frozenset({"softmax", "sigmoid", "linear", "relu", "tanh"})
_FREE = frozenset({"kernel_constraint", "trainable", "use_bias", "weights"})
_PLACES = 4  # convolutions take no more arguments before the place of their activation or another of their own


def layer_part(m: InterpreterCore, name: str, args: Arguments, part: LayerPart) -> LayerPart:
    """The part of a layer of Keras with what it makes of its input, if that is known."""
    if args.open or "data_format" in args.keywords or "axis" in args.keywords:
        return part
    if name == "TimeDistributed":
        inner = m.part(without_none(args.get(0, "layer") or NONE))
        return replace(part, head=inner.head) if isinstance(inner, LayerPart) and not inner.keeps else part
    if name in _KEEPERS:
        return replace(part, head=Head(None), keeps=True)
    if name == "Softmax" and not args.positional:
        return replace(part, head=Head(None, ("softmax",), args.node, m.module), keeps=True)
    if name == "Activation":
        return _with_activation(m, part, None, args.get(0, "activation"), args, 0)
    if name in _MAKERS:
        key, place = _MAKERS[name]
        if place >= 0 or len(args.positional) <= _PLACES:
            units = args.get(0, key)
            known = units.value if isinstance(units, Const) and isinstance(units.value, int) else None
            if not _FREE.isdisjoint(args.keywords) and args.get(place, "activation") in (None, NONE):
                return part  # its weights may be made so that it keeps probabilities
            return _with_activation(m, part, known, args.get(place, "activation") or NONE, args, place)
    return part


def _with_activation(
    m: InterpreterCore, part: LayerPart, units: int | None, given: Value | None, args: Arguments, place: int
) -> LayerPart:
    """The part with this activation: of a layer with weights, or else of one that keeps the units of its input."""
    name = _activation(m, given) if given is not None else None
    if name is None:
        return part
    node: ast.expr | None = args.expression(place, "activation") or args.node
    return replace(part, head=Head(units, _without_linear(name), node, m.module), keeps=place == 0)


def _activation(m: InterpreterCore, value: Value) -> str | None:
    """The name of an activation; None where it is not known."""
    if value == NONE:
        return "linear"
    if isinstance(value, Const):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, Api):
        package, _, name = value.path.rpartition(".")
        return name if package in _FUNCTIONS else None
    part = m.part(value)
    if isinstance(part, LayerPart) and part.keeps and part.head is not None and len(part.head.activations) == 1:
        return part.head.activations[0]
    return None


def _without_linear(name: str) -> tuple[str, ...]:
    return () if name == "linear" else (name,)


def after(m: InterpreterCore, layer: Value, before: Head | None) -> Head | None:
    """The last layers after a layer or model was applied to what ``before`` made; None where they are not known."""
    part = m.part(layer)
    if isinstance(part, ModelPart):
        return head_of(part.structure) if part.outputs is not None and len(part.outputs.names) == 1 else None
    if not isinstance(part, LayerPart) or part.head is None:
        return None
    if not part.keeps:
        return None if _mixes_probabilities(part.head, before) else part.head
    if before is None:
        return None
    node, module = (part.head.node, part.head.module) if part.head.activations else (before.node, before.module)
    return Head(before.units, (*before.activations, *part.head.activations), node, module)


def _mixes_probabilities(head: Head, before: Head | None) -> bool:
    """True for a layer without an activation on probabilities: by its weights the result may be probabilities, too."""
    return not head.activations and before is not None and "softmax" in before.activations


def after_all(m: InterpreterCore, layers: list[Value]) -> Head | None:
    """The last layers of a list of layers that are applied one after the other."""
    head = None
    for layer in layers:
        head = after(m, without_none(layer), head)
    return head


def after_function(path: str, args: Arguments) -> Head | None:
    """The last layers after a function of Keras was applied to a tensor, such as ``keras.activations.softmax(x)``."""
    before = head_of(args.positional[0]) if args.positional else None
    package, _, name = path.rpartition(".")
    if before is None or len(args.positional) > 1 or args.keywords or package not in _FUNCTIONS or name not in _NAMED:
        return None
    return replace(before, activations=(*before.activations, *_without_linear(name)), node=args.node)


def heads_of(m: InterpreterCore, part: ModelPart) -> tuple[Head | None, ...]:
    """The last layers before each output of a Functional or Sequential model, in order; none if they are not known.

    Those of a single output are known where its name is not: unseen code may have made layers that count in names.
    """
    structure = part.structure
    if part.kind == "subclass" or m.state.reactivated:
        return ()
    if part.outputs is None:
        single = part.kind == "functional" and isinstance(structure, Tensor) and not structure.many
        return (_last_layers(structure),) if single else ()
    tensors: list[Value] | None = [structure] if isinstance(structure, Tensor) else None
    if tensors is None and not isinstance(structure, OneOf):
        entries = None if isinstance(structure, Sequence) else m.mapping(structure)
        tensors = [entry.value for entry in entries.values()] if entries is not None else m.sequence(structure)
    found = tuple(_last_layers(tensor) for tensor in tensors or ())
    return found if len(found) == len(part.outputs.names) else ()


def upstream(tensor: Tensor) -> Iterator[Tensor]:
    """Yield each tensor that one was made from, at once or on the way, as far as that is known."""
    seen, waiting = {tensor}, [tensor]
    while waiting:
        for source in waiting.pop().sources or ():
            if source not in seen:
                seen.add(source)
                waiting.append(source)
                yield source


def _last_layers(output: Value) -> Head | None:
    """Return the known last layers before an output; None for a layer without an activation behind a softmax."""
    head = head_of(output)
    if head is None or head.activations or not isinstance(output, Tensor):
        return head
    before = (source.head for source in upstream(output))
    return None if any(_mixes_probabilities(head, one) for one in before) else head
