"""Models of Python's built-in functions, and of items and slices of sequences."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_UNROLL
from keraslint.analysis.core.effects import hooks_may_run, may_be_closed, may_run, run_lazily
from keraslint.analysis.core.enums import find_member, members
from keraslint.analysis.core.forgetting import forget
from keraslint.analysis.core.functions import find_in_class, is_property, own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import as_key, from_key
from keraslint.analysis.core.origins import ApiCall, AttributeOf, Derived, Fresh, ItemOf
from keraslint.analysis.core.state import ClassObject, DictObject, Entry, Instance, ListObject, ModelPart
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Array,
    Const,
    Function,
    Method,
    ModelLayers,
    Namespace,
    OneOf,
    Proxy,
    Ref,
    Sequence,
    Slice,
    Suspended,
    Unknown,
    Value,
    View,
)
from keraslint.analysis.python.containers import MISSING, VIEWS, any_of, as_entries, call_method, entry_of, plain, sort
from keraslint.analysis.python.lazy_functions import call_lazy


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
        return known or m.unknown("an item at an unknown place", of=items)
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
    if (own := _own_item(m, value, given)) is not None:
        return own
    if isinstance(value, Const) and isinstance(value.value, str):
        if part is not None:
            return m.constant(value.value[slice(*part)])
        if isinstance(index, Const) and isinstance(index.value, int) and abs(index.value) < len(value.value):
            return m.constant(value.value[index.value])
    why = value.why if isinstance(value, Unknown) else "an item of something unknown"
    return m.unknown(why, ItemOf(value, index))


def _own_item(m: InterpreterCore, value: Value, index: Value) -> Value | None:
    """The item that a method of the program's own gives, of an instance or a class; None without one."""
    if (method := own_method(m, value, "__getitem__")) is not None:
        return m.call(method, Arguments([index]))
    if isinstance(m.look(value), ClassObject):
        found = find_in_class(m, value, "__class_getitem__")
        return m.call(Method(found, value), Arguments([index])) if isinstance(found, Function) else value
    if isinstance(m.look(value), Instance):
        hooks_may_run(m, value)  # such as __missing__
    return None


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
        if isinstance(args.positional[0], (Unknown, OneOf)) and owner != "str":
            forget(m, args.positional[0], "a method of its class may change it")
        return call_method(m, args.positional[0], method, own)
    if _is_lazy(name, args):
        hooks_may_run(m, *args.positional)
        if len(args.positional) > 1 and name in ("max", "min"):
            args = Arguments([Sequence(tuple(args.positional))], args.keywords)
        made = call_lazy(m, name, args)
        for value in args.positional:
            if isinstance(value, Suspended) and name in ("next", "any", "all"):
                may_be_closed(m, value)
        return made
    if name in ("print", "hasattr"):
        hooks_may_run(m, *args.every())
    args = _read(m, name, args)
    handler = _BUILTINS.get(name)
    result = None if handler is None or args.open else handler(m, args)
    if result is not None:
        return result
    if name not in _CALL_NOTHING:
        may_run(m, args.every(), hooks_only=name not in _CALL, may_pass=args.every())
    if name in _EACH_TIME_ANOTHER:
        return m.unknown(f"the result of {name}()", of=args.every())
    return m.unknown(f"the result of {name}()", ApiCall(f"builtins.{name}", tuple(args.every()), tuple(args.keywords)))


_EACH_TIME_ANOTHER = frozenset({"next", "input", "object", "open", "anext", "iter"})

# Functions that run no code of the program, functions that call what they get, and functions that read a generator.
_CALL_NOTHING = frozenset("callable classmethod id isinstance issubclass property staticmethod super type".split())
_CALL = frozenset("anext breakpoint enumerate filter iter map max min next reversed sorted zip".split())
_READ_ALL = frozenset("dict frozenset list max min set sorted sum tuple".split())
_READ_SOME = frozenset("iter reversed zip".split())


def _is_lazy(name: str, args: Arguments) -> bool:
    """True for a call that is run as Python code: it calls a function, or reads a generator, only as it is read."""
    if args.open or not args.positional:
        return False
    if name in ("max", "min"):
        return args.keywords.keys() == {"key"} and args.keywords["key"] != NONE
    if name in ("map", "filter"):
        return not args.keywords
    reads = any(isinstance(value, Suspended) for value in args.positional)
    return (name in ("any", "all") and not args.keywords) or (name in ("enumerate", "next") and reads)


def _read(m: InterpreterCore, name: str, args: Arguments) -> Arguments:
    """The arguments, with what a generator yields in place of each generator that the function reads."""
    if name not in _READ_ALL | _READ_SOME or not any(isinstance(value, Suspended) for value in args.positional):
        return args
    positional = [_yielded(m, name, value) if isinstance(value, Suspended) else value for value in args.positional]
    return Arguments(positional, args.keywords, args.node, args.open, args.nodes)


def _yielded(m: InterpreterCore, name: str, value: Suspended) -> Value:
    items = m.iterate(value) if name in _READ_ALL else run_lazily(m, value)
    return m.unknown("what a generator yields") if items is None else Sequence(tuple(items), once=True)


def _items(m: InterpreterCore, args: Arguments) -> list[Value] | None:
    return m.iterate(args.positional[0]) if args.positional else []


def _list(m: InterpreterCore, args: Arguments) -> Value:
    items = _items(m, args)
    made = m.new_list(items, "it is made from something unknown")
    if items is None:
        m.state.writable(made.number, ListObject).may_hold = tuple(args.positional)
    return made


def _tuple(m: InterpreterCore, args: Arguments, *, once: bool = False, step: int = 1) -> Value | None:
    items = _items(m, args)
    return None if items is None else Sequence(tuple(items[::step]), once)


def _dict(m: InterpreterCore, args: Arguments, *, ordered: bool = False) -> Ref:
    entries = as_entries(m, args.positional[0], args.nodes.get(0)) if args.positional else {}
    if entries is None:
        return m.new_dict(None, ordered=ordered, why="it is made from something unknown")
    named: dict[Hashable, Entry] = {
        key: Entry(value, args.nodes.get(key), m.module) for key, value in args.keywords.items()
    }
    return m.new_dict({**entries, **named}, ordered=ordered)


def make_dict(m: InterpreterCore, args: Arguments, *, ordered: bool) -> Ref:
    """``dict(...)`` or ``OrderedDict(...)``."""
    if args.open:
        return m.new_dict(None, ordered=ordered, why="unknown keywords are passed to it")
    return _dict(m, args, ordered=ordered)


def fromkeys(m: InterpreterCore, args: Arguments, *, ordered: bool) -> Value:
    """``dict.fromkeys(keys, value)``."""
    keys = m.iterate(args.positional[0]) if args.positional and not args.open else None
    hooks_may_run(m, *(keys or args.positional))
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
    if items is None and (key := args.keywords.get("key")) is not None:
        may_run(m, [key], may_pass=args.positional)
    made = m.new_list(ordered, "it is sorted by something unknown")
    if ordered is None:
        m.state.writable(made.number, ListObject).may_hold = tuple(items or args.positional)
    return made


def _next(_: InterpreterCore, args: Arguments) -> Value | None:
    """The first item of an iterator that is made in the call itself; one in a variable may be used up."""
    source = args.positional[0] if args.positional else None
    if not isinstance(source, Sequence) or not source.once:
        return None
    return source.items[0] if source.items else args.get(1, "")


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


def _getattr(m: InterpreterCore, args: Arguments) -> Value | None:
    name, owner, default = m.text(args.get(1, "")), args.positional[0], args.get(2, "default")
    if name is None:
        if isinstance(owner, Ref) and isinstance(m.part(owner), ModelPart):
            m.seen.loss_callers.add(owner.number)  # it may be evaluate
        return None
    found = m.attribute(owner, name)
    return found if default is None else _or_default(m, owner, name, found, default)


def _or_default(m: InterpreterCore, owner: Value, name: str, found: Value, default: Value) -> Value:
    """The result of ``getattr`` with a default, where ``found`` is the attribute if there is one."""
    kind = _kind_of(m, owner)
    if kind is not None:
        return found if hasattr(kind, name) else default
    is_missing = isinstance(found, Unknown) and isinstance(found.origin, (AttributeOf, Fresh, Derived))
    return m.unknown(f"the attribute .{name}, or a default", of=(found, default)) if is_missing else found


def _kind_of(m: InterpreterCore, value: Value) -> type | None:
    """The type of a constant, list, dict or tuple; None for any other value."""
    thing = m.look(value)
    if isinstance(value, Const):
        return value.kind
    if isinstance(value, Sequence):
        return None if value.once else tuple
    return list if isinstance(thing, ListObject) else dict if isinstance(thing, DictObject) else None


def _hasattr(m: InterpreterCore, args: Arguments) -> None:
    """The answer is not known, but a property that is asked for runs."""
    name = m.text(args.get(1, ""))
    if name is not None and is_property(m, args.positional[0], name):
        m.attribute(args.positional[0], name)


def _property(_: InterpreterCore, args: Arguments) -> Value | None:
    """``property(getter, setter, deleter)``."""
    getter, setter, deleter = (args.get(place, name) for place, name in enumerate(("fget", "fset", "fdel")))
    if not isinstance(getter, Function):
        return None
    return replace(
        getter,
        flavour="property",
        setter=setter if isinstance(setter, Function) else None,
        deleter=deleter if isinstance(deleter, Function) else None,
    )


def _flavoured(name: str) -> Callable[[InterpreterCore, Arguments], Value | None]:
    def handler(_: InterpreterCore, args: Arguments) -> Value | None:
        function = args.get(0, "")
        return replace(function, flavour=name) if isinstance(function, Function) else None

    return handler


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
    "next": _next,
    "len": _len,
    "str": _convert(str),
    "repr": _convert(repr),
    "int": _convert(int),
    "float": _convert(float),
    "bool": _convert(bool),
    "abs": _convert(abs),
    "round": _convert(round),
    "chr": _convert(chr),
    "ord": _convert(ord),
    "sum": _convert(sum),
    "max": _convert(max),
    "min": _convert(min),
    "property": _property,
    "staticmethod": _flavoured("staticmethod"),
    "classmethod": _flavoured("classmethod"),
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "print": lambda _, __: NONE,
}
