"""Symbolic tensors: what calling a layer, an operation or a model on them gives."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from keraslint.analysis.core.state import DictObject, Entry, Instance, LayerPart, ListObject
from keraslint.analysis.core.values import Const, OneOf, Ref, Sequence, Tensor, Unknown, Value
from keraslint.analysis.facts import NESTED
from keraslint.behaviour.structure import Outputs

if TYPE_CHECKING:
    from keraslint.analysis.core.machine import Arguments, Machine

NO_COUNT = "Keras numbers unnamed layers, and something that is not seen may have taken numbers"

# Names of the operations behind Python's operators, measured on Keras 3.4.1, 3.6.0 and 3.15.1.
_OPERATORS = {
    "Add": "add",
    "Sub": "subtract",
    "Mult": "multiply",
    "Div": "true_divide",
    "FloorDiv": "floor_divide",
    "Mod": "mod",
    "Pow": "power",
    "MatMult": "matmul",
    "BitAnd": "logical_and",
    "BitOr": "logical_or",
    "BitXor": "logical_xor",
    "USub": "negative",
    "Invert": "logical_not",
    "Gt": "greater",
    "GtE": "greater_equal",
    "Lt": "less",
    "LtE": "less_equal",
    "NotEq": "not_equal",
    "GetItem": "get_item",
}


def named_tensor(m: Machine, prefix: str) -> Tensor:
    """The tensor of an operation that has no name of its own."""
    name = m.auto_name(prefix) if not m.inside else None
    return Tensor(name, "" if name else NO_COUNT, m.unknown("").token, renumbered=True)


def operator_tensor(m: Machine, operation: str, node: ast.expr) -> Value:
    """The tensor that an operator on tensors gives."""
    prefix = _OPERATORS.get(operation)
    if prefix is None:
        m.lose_count()
        return Tensor(None, f"the name of '{ast.unparse(node)[:40]}'", m.unknown("").token, renumbered=True)
    return named_tensor(m, prefix)


def layer_output(m: Machine, layer: Value, part: LayerPart, args: Arguments) -> Value:
    """What calling a layer on a tensor gives: one tensor under the layer's name, or several."""
    thing = m.look(layer)
    attributes = thing.attributes if isinstance(thing, Instance) else {}
    state = attributes.get("return_state", Const(False))
    scores = args.keywords.get("return_attention_scores", Const(False))
    many = Const(False) not in (state,) or scores != Const(False)
    return Tensor(part.name, part.why, m.unknown("").token, many)


def renamed(m: Machine, structure: Value, name: str | None, why: str) -> Value:
    """The outputs of a nested call: the same structure, every tensor under the name of what was called."""
    if isinstance(structure, Tensor):
        return Tensor(name, why, m.unknown("").token, structure.many)
    if isinstance(structure, Sequence):
        return Sequence(tuple(renamed(m, item, name, why) for item in structure.items))
    thing = m.look(structure)
    if isinstance(thing, ListObject) and thing.items is not None:
        return m.new_list([renamed(m, item, name, why) for item in thing.items])
    if isinstance(thing, DictObject) and thing.entries is not None:
        entries = {key: Entry(renamed(m, entry.value, name, why)) for key, entry in thing.entries.items()}
        return m.new_dict(entries, ordered=thing.ordered)
    return structure


def flat_tensors(m: Machine, structure: Value) -> list[Value] | None:
    """The tensors of a flat structure in declared order; None where they are not known."""
    if isinstance(structure, Tensor):
        return [structure]
    items = m.sequence(structure)
    if items is not None:
        return items
    entries = m.mapping(structure)
    return None if entries is None else [entry.value for entry in entries.values()]


def outputs_of(m: Machine, structure: Value) -> Outputs | str:
    """The outputs of a Functional model that is made with this structure; a text says why they are not known."""
    tensors = flat_tensors(m, structure)
    if m.state.renamed:
        return "layers are renamed after they were made"
    if tensors is None:
        return why_unknown(m, structure)
    names: list[str | None] = []
    keys = _keys(m, structure)
    if isinstance(keys, Unknown):
        return keys.why
    for place, tensor in enumerate(tensors):
        if keys and isinstance(tensor, (Unknown, OneOf)):
            names.append(None)  # the key names the output, whatever makes it
            continue
        if not isinstance(tensor, Tensor):
            return why_unknown(m, tensor, inside=True)
        if tensor.many:
            return "a layer that returns several tensors is one of the outputs"
        if tensor.producer is None and not keys:
            return tensor.why
        names.append(tensor.producer if tensor.producer is not None else keys[place])
    thing = m.look(structure)
    if isinstance(structure, Tensor):
        return Outputs("tensor", tuple(names))
    if isinstance(thing, DictObject):
        return Outputs("odict" if thing.ordered else "dict", tuple(names), keys)
    return Outputs("tuple" if isinstance(structure, Sequence) else "list", tuple(names))


def _keys(m: Machine, structure: Value) -> tuple[str, ...] | Unknown:
    entries = m.mapping(structure)
    if entries is None:
        return ()
    if not all(isinstance(key, str) for key in entries):
        return Unknown("the keys of the outputs are no texts")
    return tuple(key for key in entries if isinstance(key, str))


def why_unknown(m: Machine, value: Value, *, inside: bool = False) -> str:
    """Why a structure of outputs is not known, for a message."""
    if isinstance(value, Unknown) and value.why:
        return value.why
    thing = m.look(value)
    if isinstance(thing, (ListObject, DictObject)):
        return NESTED if inside else thing.why or "its outputs are not known"
    if inside and isinstance(value, Sequence):
        return NESTED
    return "one of its outputs is not known" if inside else "its outputs are not known"


def is_symbolic(m: Machine, value: Value) -> bool:
    """Whether a value is, or holds, a symbolic tensor."""
    if isinstance(value, Tensor):
        return True
    items = m.sequence(value) if isinstance(value, (Sequence, Ref)) else None
    if items is not None:
        return any(isinstance(item, Tensor) for item in items)
    entries = m.mapping(value)
    return entries is not None and any(isinstance(entry.value, Tensor) for entry in entries.values())
