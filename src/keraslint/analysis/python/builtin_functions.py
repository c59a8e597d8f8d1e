"""Models of Python's built-in functions, and of items and slices of sequences."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_UNROLL, MAX_WIDTH
from keraslint.analysis.core.enums import find_member, members
from keraslint.analysis.core.functions import own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import as_key, from_key
from keraslint.analysis.core.origins import ApiCall, ItemOf
from keraslint.analysis.core.state import DictObject, Entry, ModelPart
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Array,
    Const,
    ModelLayers,
    Namespace,
    Proxy,
    Ref,
    Sequence,
    Slice,
    Unknown,
    Value,
    View,
)
from keraslint.analysis.python.containers import MISSING, VIEWS, any_of, as_entries, call_method, entry_of, plain, sort


def subscript(m: InterpreterCore, value: Value, index: Value) -> Value:
    """The value of ``value[index]``."""
    part, given = slice_parts(index), index
    items = m.sequence(value)
    if items is not None:
        if part is not None:
            chosen = items[slice(*part)]
            return Sequence(tuple(chosen)) if isinstance(value, Sequence) else m.new_list(chosen)
        if isinstance(index, Const) and isinstance(index.value, int) and -len(items) <= index.value < len(items):
            return items[index.value]
        known = None if isinstance(index, Const) else any_of(m, items)
        return known or m.unknown("an item at an unknown place")
    if (held := _held(m, value, index)) is not None:
        return held
    thing = m.look(value)
    index = as_key(m, index)
    if isinstance(thing, DictObject) and isinstance(index, Const):
        return _dict_item(m, value, thing, index)
    if isinstance(thing, DictObject) and thing.default is None and (entry := entry_of(m, thing)) is not None:
        return entry
    if (member := find_member(m, value, "name", index)) is not None:
        return member
    if (method := own_method(m, value, "__getitem__")) is not None:
        return m.call(method, Arguments([given]))
    if isinstance(value, Const) and isinstance(value.value, str):
        if part is not None:
            return m.constant(value.value[slice(*part)])
        if isinstance(index, Const) and isinstance(index.value, int) and abs(index.value) < len(value.value):
            return m.constant(value.value[index.value])
    why = value.why if isinstance(value, Unknown) else "an item of something unknown"
    return m.unknown(why, ItemOf(value, index))


def _held(m: InterpreterCore, value: Value, index: Value) -> Value | None:
    """``model.layers[-1]``, ``globals()["name"]``, ``sys.modules[__name__]``, an item of a proxy; None for all else."""
    if isinstance(value, ModelLayers):
        from keraslint.analysis.keras.api import layer_at

        return layer_at(m, value.model, index)
    if isinstance(value, Namespace):
        name = m.text(index)
        return None if name is None else m.attribute(value.owner, name)
    if isinstance(value, Proxy):
        return subscript(m, value.mapping, index)
    if value == Api("sys.modules") and index == m.lookup("__name__"):
        return Ref(m.module_scope())
    return None


def _dict_item(m: InterpreterCore, value: Value, thing: DictObject, index: Const) -> Value:
    if thing.entries is not None and index.value in thing.entries:
        return thing.entries[index.value].value
    if thing.entries is not None and thing.default is not None and isinstance(value, Ref):
        made = m.call(thing.default, Arguments())
        entries = m.state.writable(value.number, DictObject).entries
        if entries is not None:
            entries[index.value] = Entry(made)
        return made
    return m.unknown(thing.why or f"the key {index.value!r}", ItemOf(value, index))


def slice_parts(index: Value) -> tuple[Any, Any, Any] | None:
    """Start, stop and step of a slice; None for any other index and where they are not known."""
    if not isinstance(index, Slice):
        return None
    parts = [part.value for part in (index.start, index.stop, index.step) if isinstance(part, Const)]
    if len(parts) < 3 or not all(isinstance(part, (int, type(None))) for part in parts):
        return None
    start, stop, step = parts
    if step == 0:  # Python raises
        return None
    return start, stop, step


def iterate(m: InterpreterCore, value: Value) -> list[Value] | None:
    """The items of an iterable value, in order; None where they are not known."""
    items = m.sequence(value)
    if items is None:
        items = list(value.items) if isinstance(value, Array) else members(m, value)
    if items is not None:
        return items
    if isinstance(value, View):
        shown = m.mapping(value.mapping)
        return None if shown is None else VIEWS[value.part](shown)
    entries = m.mapping(value)
    if entries is not None:
        return [from_key(key) for key in entries]
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= MAX_UNROLL:
        return [Const(character) for character in value.value]
    if (method := own_method(m, value, "__iter__")) is not None and m.control.depth < MAX_DEPTH:
        iterator = m.call(method, Arguments())
        return None if own_method(m, iterator, "__next__") is not None else m.iterate(iterator)
    return None


def call_builtin(m: InterpreterCore, name: str, args: Arguments) -> Value:
    """The result of a built-in function, or of a method called by its class: ``dict.fromkeys``, ``str.lower``."""
    owner, _, method = name.rpartition(".")
    if name == "dict.fromkeys":
        return fromkeys(m, args, ordered=False)
    if owner in ("str", "list", "dict", "tuple") and args.positional:
        own = Arguments(args.positional[1:], args.keywords, args.node, args.open)
        return call_method(m, args.positional[0], method, own)
    handler = _BUILTINS.get(name)
    result = None if handler is None or args.open else handler(m, args)
    if result is not None:
        return result
    if name in _EACH_TIME_ANOTHER:
        return m.unknown(f"the result of {name}()")
    return m.unknown(f"the result of {name}()", ApiCall(f"builtins.{name}", tuple(args.every()), tuple(args.keywords)))


_EACH_TIME_ANOTHER = frozenset({"next", "input", "object", "open", "anext", "iter"})


def _items(m: InterpreterCore, args: Arguments) -> list[Value] | None:
    return m.iterate(args.positional[0]) if args.positional else []


def _list(m: InterpreterCore, args: Arguments) -> Value:
    return m.new_list(_items(m, args), "it is made from something unknown")


def _tuple(m: InterpreterCore, args: Arguments, *, once: bool = False, step: int = 1) -> Value | None:
    items = _items(m, args)
    return None if items is None else Sequence(tuple(items[::step]), once)


def _dict(m: InterpreterCore, args: Arguments, *, ordered: bool = False) -> Value:
    entries = as_entries(m, args.positional[0], args.nodes.get(0)) if args.positional else {}
    if entries is None:
        return m.new_dict(None, ordered=ordered, why="it is made from something unknown")
    named: dict[Hashable, Entry] = {
        key: Entry(value, args.nodes.get(key), m.module) for key, value in args.keywords.items()
    }
    return m.new_dict({**entries, **named}, ordered=ordered)


def make_dict(m: InterpreterCore, args: Arguments, *, ordered: bool) -> Value:
    """``dict(...)`` or ``OrderedDict(...)``."""
    if args.open:
        return m.new_dict(None, ordered=ordered, why="unknown keywords are passed to it")
    return _dict(m, args, ordered=ordered)


def fromkeys(m: InterpreterCore, args: Arguments, *, ordered: bool) -> Value:
    """``dict.fromkeys(keys, value)``."""
    keys = m.iterate(args.positional[0]) if args.positional and not args.open else None
    texts = [as_key(m, key) for key in keys or ()]
    if keys is None or not all(isinstance(key, Const) for key in texts):
        return m.new_dict(None, ordered=ordered, why="its keys are not known")
    entry = Entry(args.get(1, "value") or NONE, None, m.module)
    return m.new_dict({key.value: entry for key in texts if isinstance(key, Const)}, ordered=ordered)


def _range(_: InterpreterCore, args: Arguments) -> Value | None:
    numbers = [value.value for value in args.positional if isinstance(value, Const) and isinstance(value.value, int)]
    if len(numbers) != len(args.positional) or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and numbers[2] == 0):
        return None
    turns = range(*numbers)
    if abs(turns.start) + abs(turns.stop) > sys.maxsize:  # it has no len()
        return None
    return Sequence(tuple(Const(number) for number in turns)) if len(turns) <= MAX_UNROLL else None


def _zip(m: InterpreterCore, args: Arguments) -> Value | None:
    columns = [m.iterate(value) for value in args.positional]
    known = [column for column in columns if column is not None]
    if len(known) != len(columns):
        return None
    return Sequence(tuple(Sequence(tuple(row)) for row in zip(*known, strict=False)), once=True)


def _enumerate(m: InterpreterCore, args: Arguments) -> Value | None:
    items, start = _items(m, args), args.get(1, "start") or Const(0)
    if items is None or not isinstance(start, Const) or not isinstance(start.value, int):
        return None
    return Sequence(tuple(Sequence((Const(start.value + i), item)) for i, item in enumerate(items)), once=True)


def _sorted_call(m: InterpreterCore, args: Arguments) -> Value | None:
    items = _items(m, args)
    ordered = None if items is None else sort(m, items, args)
    return m.new_list(ordered, "it is sorted by something unknown")


def _map(m: InterpreterCore, args: Arguments) -> Value | None:
    columns = [m.iterate(value) for value in args.positional[1:]]
    known = [column for column in columns if column is not None]
    if not args.positional or not known or len(known) != len(columns) or len(known[0]) > MAX_UNROLL:
        return None
    function = args.positional[0]
    return Sequence(tuple(m.call(function, Arguments(list(row))) for row in zip(*known, strict=False)), once=True)


def _filter(m: InterpreterCore, args: Arguments) -> Value | None:
    items = m.iterate(args.positional[1]) if len(args.positional) == 2 else None
    if items is None or len(items) > MAX_UNROLL:
        return None
    function = args.positional[0]
    truths = [m.truth(item if function == NONE else m.call(function, Arguments([item]))) for item in items]
    if None in truths:
        return None
    return Sequence(tuple(item for item, truth in zip(items, truths, strict=True) if truth), once=True)


def _len(m: InterpreterCore, args: Arguments) -> Value | None:
    items = _items(m, args)
    return None if items is None or not args.positional else Const(len(items))


def _convert(function: Callable[[Any], object]) -> Callable[[InterpreterCore, Arguments], Value | None]:
    def handler(m: InterpreterCore, args: Arguments) -> Value | None:
        values = [plain(m, value) for value in args.positional]
        if args.keywords or not values or any(value is MISSING for value in values):
            return None
        try:
            result = m.constant(function(*values))
        except (TypeError, ValueError, OverflowError):
            return None
        return None if isinstance(result, Unknown) else result

    return handler


def _rounded(number: Any, digits: Any = None) -> object:
    """``round(number, digits)``. Raises ValueError for more digits than any number has: Python computes for hours."""
    if isinstance(digits, int) and abs(digits) > MAX_WIDTH:
        raise ValueError
    return round(number, digits)


def _getattr(m: InterpreterCore, args: Arguments) -> Value | None:
    if not args.positional:
        return None
    name, owner = m.text(args.get(1, "")), args.positional[0]
    if name is None and isinstance(owner, Ref) and isinstance(m.part(owner), ModelPart):
        m.seen.loss_callers.add(owner.number)  # it may be evaluate
    return m.attribute(owner, name) if name is not None else None


def _setattr(m: InterpreterCore, args: Arguments) -> Value | None:
    name = m.text(args.get(1, ""))
    if name is not None and len(args.positional) == 3:
        m.set_attribute(args.positional[0], name, args.positional[2])
        return NONE
    return None


_BUILTINS: dict[str, Callable[[InterpreterCore, Arguments], Value | None]] = {
    "list": _list,
    "tuple": _tuple,
    "dict": _dict,
    "range": _range,
    "zip": _zip,
    "enumerate": _enumerate,
    "reversed": partial(_tuple, once=True, step=-1),
    "sorted": _sorted_call,
    "iter": partial(_tuple, once=True),
    "map": _map,
    "filter": _filter,
    "len": _len,
    "str": _convert(str),
    "repr": _convert(repr),
    "int": _convert(int),
    "float": _convert(float),
    "bool": _convert(bool),
    "abs": _convert(abs),
    "round": _convert(_rounded),
    "chr": _convert(chr),
    "ord": _convert(ord),
    "sum": _convert(sum),
    "max": _convert(max),
    "min": _convert(min),
    "getattr": _getattr,
    "setattr": _setattr,
    "print": lambda _, __: NONE,
}
