"""Symbolic tensors: the results of calling a layer, an operation or a model on them."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import dataclass, replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_make_layers
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import ApiCall, CallOf, Derived, Draw, ItemOf
from keraslint.analysis.core.parts import LayerPart
from keraslint.analysis.core.state import DictObject, Entry, Instance, ListObject
from keraslint.analysis.core.values import (
    ApiResult,
    Const,
    Function,
    Method,
    OneOf,
    Ref,
    Sequence,
    Tensor,
    Unknown,
    Value,
    head_of,
)
from keraslint.analysis.keras.heads import after, after_function, upstream
from keraslint.behaviour.structure import Outputs

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


def auto_name(m: InterpreterCore, prefix: str) -> str | None:
    """The name Keras gives to the next unnamed ``prefix``; None once unseen code may have used numbers.

    Keras 3.0.0 to 3.15.1 count per prefix within the process: dense, dense_1, dense_2.
    """
    counters = m.state.counters
    if counters is None:
        return None
    count = counters.get(prefix, 0)
    if count is None:
        return None
    counters[prefix] = count + 1
    return prefix if count == 0 else f"{prefix}_{count}"


def named_tensor(m: InterpreterCore, prefix: str) -> Tensor:
    """The tensor of an operation that has no name of its own."""
    name = auto_name(m, prefix) if not m.control.inside_symbolic_call else None
    return Tensor(name, "" if name else NO_COUNT, m.fresh(), renumbered=True)


def operator_tensor(m: InterpreterCore, operation: str, node: ast.expr) -> Value:
    """The result of an operator on tensors."""
    prefix = _OPERATORS.get(operation)
    if prefix is None:
        may_make_layers(m)
        return Tensor(None, f"the name of '{ast.unparse(node)[:40]}'", m.fresh(), renumbered=True)
    return named_tensor(m, prefix)


def layer_output(m: InterpreterCore, layer: Value, part: LayerPart, args: Arguments) -> Value:
    """The result of calling a layer on a tensor: one tensor under the layer's name, or several."""
    thing = m.look(layer)
    attributes = thing.attributes if isinstance(thing, Instance) else {}
    state = attributes.get("return_state", Const(False))
    scores = args.keywords.get("return_attention_scores", Const(False))
    many = Const(False) not in (state,) or scores != Const(False)
    before = head_of(args.positional[0]) if args.positional else None
    head = None if many else after(m, layer, before)
    number = layer.number if isinstance(layer, Ref) else None
    return Tensor(part.name, part.why, m.fresh(), many, head=head, sources=made_from(m, args), layer=number)


def made_from(m: InterpreterCore, args: Arguments) -> tuple[Tensor, ...] | None:
    """The tensors that are passed in a call; None where an argument may hold others."""
    found: list[Tensor] = []
    for value in args.every():
        tensors = [] if isinstance(value, Const) else flat_tensors(m, value)
        if tensors is None:
            return None
        for tensor in tensors:
            if not isinstance(tensor, Tensor):
                return None
            found.append(tensor)
    return None if args.open else tuple(found)


def may_lead_to(start: Tensor, end: Tensor) -> bool:
    """True if ``end`` was made from ``start``, or if it is not known what it was made from."""
    return end.sources is None or any(tensor == start or tensor.sources is None for tensor in upstream(end))


def renamed(m: InterpreterCore, structure: Value, name: str | None, why: str, key: str | None = None) -> Value:
    """The outputs of a nested call: the same structure, with each tensor named after the called model.

    ``key``: that of the structure, if it is an item of a dict.
    """
    if isinstance(structure, Tensor):
        return Tensor(name, why, m.fresh(), structure.many, inner=key or structure.producer, head=structure.head)
    if isinstance(structure, Sequence):
        return Sequence(tuple(renamed(m, item, name, why) for item in structure.items))
    thing = m.look(structure)
    if isinstance(thing, ListObject) and thing.items is not None:
        return m.new_list([renamed(m, item, name, why) for item in thing.items])
    if isinstance(thing, DictObject) and thing.entries is not None:
        entries = {
            key: Entry(renamed(m, entry.value, name, why, key if isinstance(key, str) else None))
            for key, entry in thing.entries.items()
        }
        return m.new_dict(entries, ordered=thing.ordered)
    return structure


def returned_tensor(m: InterpreterCore, value: Value, name: str | None, why: str) -> Value | None:
    """The tensor of a layer of the program whose ``call`` returns this value; None where it may be no single tensor."""
    if isinstance(value, (Unknown, ApiResult)):
        if returns_several(_path(value)):
            return Tensor(name, why, m.fresh(), many=True)
        return Tensor(name, why, m.fresh()) if _is_array(value) else None
    return renamed(m, value, name, why)


def _is_array(value: Hashable) -> bool:
    """True for a value that can only be one array: a result of an outside function, an operation on arrays."""
    if isinstance(value, Tensor):
        return not value.many
    package, _, name = _path(value).rpartition(".")
    if package:
        return not returns_several(name) and (
            not package.startswith("keras") or (package in _OF_ARRAYS and name.islower())
        )
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ItemOf) or (isinstance(origin, Derived) and origin.how == "part"):
        whole = origin.container if isinstance(origin, ItemOf) else origin.sources[0]
        return isinstance(whole, Tensor) or _is_array(whole) or returns_several(_path(whole))
    return isinstance(origin, Derived) and origin.how in _OPERATORS and any(map(_is_array, origin.sources))


def returns_several(path: str) -> bool:
    """True if a function of TensorFlow, of keras.ops or keras.backend returns several arrays."""
    return path.rpartition(".")[2] in _LISTS


def _path(value: Hashable) -> str:
    """The dotted name of the function outside the program of which a value is the result; "" for all others."""
    if isinstance(value, ApiResult):
        return value.path
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, Draw):
        return origin.name
    return origin.path if isinstance(origin, (CallOf, ApiCall)) else ""


def flat_tensors(m: InterpreterCore, structure: Value) -> list[Value] | None:
    """The tensors of a flat structure in declared order; None where they are not known."""
    if isinstance(structure, Tensor):
        return [structure]
    items = m.sequence(structure)
    if items is not None:
        return items
    entries = m.mapping(structure)
    return None if entries is None else [entry.value for entry in entries.values()]


@dataclass(frozen=True, slots=True)
class NoOutputs:
    """The reason why outputs are not known, for a message. nested: they are known to be nested."""

    why: str
    nested: bool = False


def outputs_of(m: InterpreterCore, structure: Value) -> Outputs | NoOutputs:
    """The outputs of a Functional model that is made with this structure."""
    tensors = flat_tensors(m, structure)
    if m.state.renamed:
        return NoOutputs("layers are renamed after they were made")
    if tensors is None:
        return _hidden(m, structure)
    names: list[str | None] = []
    keys = _keys(m, structure)
    if isinstance(keys, Unknown):
        return NoOutputs(keys.why)
    for place, tensor in enumerate(tensors):
        if keys and isinstance(tensor, (Unknown, OneOf)):
            names.append(None)  # the output has the name of its key
            continue
        if not isinstance(tensor, Tensor):
            return _hidden(m, tensor, inside=True)
        if tensor.many:
            return NoOutputs("a layer that returns several tensors is one of the outputs")
        if tensor.producer is None and not keys:
            return NoOutputs(tensor.why)
        names.append(tensor.producer if tensor.producer is not None else keys[place])
    thing = m.look(structure)
    if isinstance(structure, Tensor):
        return Outputs("tensor", tuple(names))
    if isinstance(thing, DictObject) and thing.inserted:
        return NoOutputs("outputs are moved within an OrderedDict")
    if isinstance(thing, DictObject):
        return Outputs("odict" if thing.ordered else "dict", tuple(names), keys)
    inner = tuple(tensor.inner if isinstance(tensor, Tensor) else None for tensor in tensors)
    shared = inner if len(set(names)) < len(names) else ()
    return Outputs("tuple" if isinstance(structure, Sequence) else "list", tuple(names), inner=shared)


def _keys(m: InterpreterCore, structure: Value) -> tuple[str, ...] | Unknown:
    entries = m.mapping(structure)
    if entries is None:
        return ()
    if not all(isinstance(key, str) for key in entries):
        return Unknown("the keys of the outputs are not strings")
    return tuple(key for key in entries if isinstance(key, str))


def _hidden(m: InterpreterCore, value: Value, *, inside: bool = False) -> NoOutputs:
    if isinstance(value, Unknown) and value.why:
        return NoOutputs(value.why)
    thing = m.look(value)
    if inside and (isinstance(thing, (ListObject, DictObject)) or isinstance(value, Sequence)):
        return NoOutputs("its outputs are nested", nested=True)
    if inside:
        return NoOutputs("one of its outputs is not known")
    return NoOutputs((thing.why if isinstance(thing, (ListObject, DictObject)) else "") or "its outputs are not known")


def is_symbolic(m: InterpreterCore, value: Value) -> bool:
    """True if a value is, or holds, a symbolic tensor."""
    if isinstance(value, Tensor):
        return True
    items = m.sequence(value) if isinstance(value, (Sequence, Ref)) else None
    if items is not None:
        return any(isinstance(item, Tensor) for item in items)
    entries = m.mapping(value)
    return entries is not None and any(isinstance(entry.value, Tensor) for entry in entries.values())


def result_on_symbolic_input(m: InterpreterCore, receiver: Value, function: Function) -> Value:
    """The result of a method for symbolic tensors; nothing is recorded meanwhile.

    Keras passes it no symbolic tensors: operations in it take no numbers, but layers that it makes do.
    """
    tensor = Tensor(None, "an input", m.fresh())
    with m.control.in_symbolic_call():
        return m.call(Method(function, receiver), Arguments([tensor]))


def operation(m: InterpreterCore, path: str, args: Arguments) -> Value:
    """The result of a function of keras.ops or keras.activations.

    On a symbolic tensor it is an operation that Keras names and numbers like a layer without a name: measured by
    calling every function on Keras 3.4.1, 3.6.0, 3.7.0 and 3.15.1. After one that was not measured, or that these
    releases name differently, no later number is known.
    """
    package, _, name = path.rpartition(".")
    if not any(is_symbolic(m, value) for value in args.every()):
        return m.unknown(f"the result of {path}()", ApiCall(path, tuple(args.every()), numeric=True))
    if package == "keras.activations":
        name = _ACTIVATIONS.get(name, name)
    name = _ALIASES.get(name, name)
    if name == "linear":
        return args.every()[0]
    if name in _SINGLE:
        return replace(named_tensor(m, name), head=after_function(path, args))
    if name in _SEVERAL:
        made = named_tensor(m, name)
        return replace(made, many=True)
    may_make_layers(m)
    return Tensor(None, f"the name of what {path} gives", m.fresh(), renumbered=True)


_ALIASES = {"abs": "absolute", "conj": "conjugate", "hard_swish": "hard_silu", "swish": "silu"}
_ACTIVATIONS = {"relu": "re_lu", "exponential": "exp"}

_SINGLE = frozenset(
    "absolute add all amax amin any append arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin"
    " argpartition argsort array average average_pool binary_crossentropy bincount cast categorical_crossentropy"
    " ceil cholesky clip concatenate conjugate copy cos cosh count_nonzero cumprod cumsum det diagonal diff divide"
    " divide_no_nan dot einsum elu equal erf erfinv exp expand_dims expm1 extract_sequences flip floor"
    " floor_divide full_like gelu get_item greater greater_equal hard_sigmoid hard_silu hstack imag in_top_k inv"
    " irfft isclose isfinite isinf isnan leaky_relu less less_equal linspace log log10 log1p log2 log_sigmoid"
    " log_softmax logaddexp logical_and logical_not logical_or logical_xor logspace logsumexp matmul max max_pool"
    " maximum mean median min minimum mod moveaxis multi_hot multiply nan_to_num negative norm normalize"
    " not_equal one_hot ones_like outer pad power prod quantile ravel re_lu real reciprocal relu relu6 repeat"
    " reshape roll round rsqrt scatter_update selu sigmoid sign silu sin sinh slice_update softmax softplus"
    " softsign solve solve_triangular sort sqrt square squeeze stack std subtract sum swapaxes take tan tanh"
    " tensordot tile trace transpose tril triu true_divide var vdot vstack where zeros_like".split()
)

# Operations that return several arrays, and other functions that do or may.
_SEVERAL = frozenset("eig eigh meshgrid moments nonzero qr slogdet split svd top_k unstack".split())
_LISTS = _SEVERAL | frozenset(
    "rnn gradients ctc_decode while_loop cond normalize_batch_in_training unique unique_with_counts dynamic_partition"
    " split_v sufficient_statistics broadcast_arrays in_train_phase map_fn scan".split()
)
_OF_ARRAYS = frozenset(f"keras.{name}" for name in ("activations", "backend", "losses", "metrics", "ops", "random"))
