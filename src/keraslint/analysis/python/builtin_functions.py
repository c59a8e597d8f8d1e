"""Models of Python's built-in functions."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_WIDTH
from keraslint.analysis.core.draining import length_asked, may_be_closed, run_lazily
from keraslint.analysis.core.draws import form_of, made_by
from keraslint.analysis.core.effects import hooks_may_run, may_run, run_handed_functions
from keraslint.analysis.core.forgetting import forget
from keraslint.analysis.core.functions import find_in_class, is_property
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import as_key, from_key
from keraslint.analysis.core.origins import ApiCall
from keraslint.analysis.core.state import ClassObject, Entry, ListObject, SetObject
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Const,
    Function,
    Method,
    OneOf,
    Ref,
    Sequence,
    Suspended,
    Unknown,
    Value,
)
from keraslint.analysis.core.varying import lifted, tell_of_contents
from keraslint.analysis.keras.feature_tests import note_question
from keraslint.analysis.python.attributes_by_name import get_by_name, set_by_name
from keraslint.analysis.python.classes_by_call import class_of
from keraslint.analysis.python.containers import MISSING, call_method, plain
from keraslint.analysis.python.entries import as_entries
from keraslint.analysis.python.items import iterator_of, next_item, range_items
from keraslint.analysis.python.lazy_functions import call_lazy, zip_with_generator
from keraslint.analysis.python.sorting import sort
from keraslint.analysis.python.type_tests import has_attribute, is_callable, is_instance, is_subclass


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
    _run_hooks(m, name, args)
    args = _read(m, name, args)
    handler = _BUILTINS.get(name)
    result = None if handler is None or args.open else handler(m, args)
    if result is not None:
        return result
    if name not in _CALL_NOTHING:
        may_run(m, args.every(), hooks_only=name not in _CALL, may_pass=args.every())
        may_run(m, [value for value in args.every() if isinstance(value, Suspended) and method])  # set.union(a, b)
    if (origin := made_by(m, Api(f"builtins.{name}"), args)) is not None:
        return m.unknown(f"the result of {name}()", origin)
    if name in _EACH_TIME_ANOTHER:
        return m.unknown(f"the result of {name}()", of=args.every())
    given = form_of(name, args)
    result = m.unknown(f"the result of {name}()", ApiCall(f"builtins.{name}", tuple(given), tuple(args.keywords)))
    return note_question(m, f"builtins.{name}", args.positional, result)


_EACH_TIME_ANOTHER = frozenset({"next", "input", "object", "anext"})

# Functions that run no code of the program, functions that call what they get, and functions that read a generator.
_CALL_NOTHING = frozenset("callable classmethod id isinstance issubclass property staticmethod super type".split())
_CALL = frozenset("anext breakpoint enumerate filter iter map max min next reversed sorted zip".split())
_READ_ALL = frozenset("bytearray bytes dict frozenset list max min set sorted sum tuple".split())
_READ = _READ_ALL | {"reversed"}


def _run_hooks(m: InterpreterCore, name: str, args: Arguments) -> None:
    """Carry out what a built-in function calls by itself before it does what is modelled."""
    if name in ("isinstance", "issubclass"):
        _classes_may_answer(m, args)
    if name in _READ:
        length_asked(m, *args.positional)
    if name in ("print", "hasattr"):
        hooks_may_run(m, *args.every())
    if name == "print":
        _printed(m, args)


def _printed(m: InterpreterCore, args: Arguments) -> None:
    """Carry out that the file that is printed to may be an object of the program, given here or as ``sys.stdout``."""
    may_run(m, [args.get(-1, "file") or NONE])
    if m.listens:
        forget(m, Sequence(tuple(args.positional)), "what is printed may be changed")
        run_handed_functions(m)


def _classes_may_answer(m: InterpreterCore, args: Arguments) -> None:
    """Carry out that classes, or their metaclasses, decide by methods of their own what is an instance of them."""
    for cls in args.every():
        thing = m.look(cls)
        if isinstance(thing, ClassObject):
            found = [find_in_class(m, cls, "__subclasshook__")]
            if thing.metaclass is not None:
                found += [find_in_class(m, thing.metaclass, f"__{name}check__") for name in ("instance", "subclass")]
            may_run(m, [Method(replace(one, flavour=""), cls) for one in found if isinstance(one, Function)])


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
    if name not in _READ or not any(isinstance(value, Suspended) for value in args.positional):
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


def make_set(m: InterpreterCore, items: list[Value] | None) -> Value:
    """A set of these items, which it keeps if all are constants."""

    def made(*known: Value) -> Value:
        keys = [as_key(m, item) for item in known]
        whole = items is not None and all(isinstance(key, Const) for key in keys)
        return m.new(SetObject(frozenset(key.value for key in keys if isinstance(key, Const)) if whole else None))

    return lifted(m, "set", items or (), made)


def _set(m: InterpreterCore, args: Arguments) -> Value:
    items = _items(m, args)
    hooks_may_run(m, *(items or args.positional))
    return make_set(m, items)


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


def _zip(m: InterpreterCore, args: Arguments) -> Value | None:
    if (rows := zip_with_generator(m, args)) is not None:
        return rows
    read = [_yielded(m, "zip", value) if isinstance(value, Suspended) else value for value in args.positional]
    columns = [m.iterate(value) for value in read]
    known = [column for column in columns if column is not None]
    strict = args.keywords.get("strict", Const(False)) != Const(False)
    if len(known) != len(columns) or (strict and len(set(map(len, known))) > 1):
        return None
    return Sequence(tuple(Sequence(tuple(row)) for row in zip(*known, strict=False)), once=True)


def _enumerate(m: InterpreterCore, args: Arguments) -> Value | None:
    items, start = _items(m, args), args.get(1, "start") or Const(0)
    if items is None or not isinstance(start, Const) or not isinstance(start.value, int):
        return None
    return Sequence(tuple(Sequence((Const(start.value + i), item)) for i, item in enumerate(items)), once=True)


def _sorted_call(m: InterpreterCore, args: Arguments) -> Value | None:
    items = _items(m, args)
    thing = m.look(args.positional[0]) if args.positional else None
    if isinstance(thing, SetObject) and thing.items is not None and args.keywords.get("key", NONE) == NONE:
        items = [from_key(key) for key in thing.items]  # they are all different: one order fits
    ordered = None if items is None else sort(m, items, args)
    if items is None and (key := args.keywords.get("key")) is not None:
        may_run(m, [key], may_pass=args.positional)
    made = m.new_list(ordered, "it is sorted by something unknown")
    if ordered is None:
        m.may_raise()
        m.state.writable(made.number, ListObject).may_hold = tuple(items or args.positional)
        tell_of_contents(m, made, items or args.positional)
    return made


def _len(m: InterpreterCore, args: Arguments) -> Value | None:
    items = _items(m, args)
    return None if items is None or not args.positional else Const(len(items))


def _convert(function: Callable[[Any], object]) -> Callable[[InterpreterCore, Arguments], Value | None]:
    def handler(m: InterpreterCore, args: Arguments) -> Value | None:
        values = [plain(m, value) for value in args.positional]
        if args.keywords or not values or any(value is MISSING for value in values):
            return None
        try:
            found = function(*values)
            result = from_key(found) if isinstance(found, tuple) else m.constant(found)
        except (TypeError, ValueError, OverflowError):
            m.raises()
            return None
        return None if isinstance(result, Unknown) else result

    return handler


def _rounded(number: Any, digits: Any = None) -> object:
    """``round(number, digits)``. Raises ValueError for more digits than any number has: Python computes for hours."""
    if isinstance(digits, int) and abs(digits) > MAX_WIDTH:
        raise ValueError
    return round(number, digits)


def _hasattr(m: InterpreterCore, args: Arguments) -> Value | None:
    """The answer for data; for others it is not known, but a property that is asked for runs."""
    name = m.text(args.get(1, ""))
    if name is not None and is_property(m, args.positional[0], name):
        m.attribute(args.positional[0], name)
    return has_attribute(m, args)


def _property(m: InterpreterCore, args: Arguments) -> Value | None:
    """``property(getter, setter, deleter)``."""
    getter, setter, deleter = (args.get(place, name) for place, name in enumerate(("fget", "fset", "fdel")))
    if not isinstance(getter, Function):
        may_run(m, args.every())
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


_BUILTINS: dict[str, Callable[[InterpreterCore, Arguments], Value | None]] = {
    "list": _list,
    "tuple": _tuple,
    "dict": _dict,
    "set": _set,
    "frozenset": _set,
    "range": range_items,
    "zip": _zip,
    "enumerate": _enumerate,
    "reversed": partial(_tuple, once=True, step=-1),
    "sorted": _sorted_call,
    "iter": iterator_of,
    "next": next_item,
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
    "property": _property,
    "staticmethod": _flavoured("staticmethod"),
    "classmethod": _flavoured("classmethod"),
    "getattr": get_by_name,
    "hasattr": _hasattr,
    "setattr": set_by_name,
    "object.__setattr__": set_by_name,
    "type.__setattr__": set_by_name,
    "type": class_of,
    "isinstance": is_instance,
    "issubclass": is_subclass,
    "callable": is_callable,
    "print": lambda _, __: NONE,
}

FOLLOWED = frozenset({*_BUILTINS, "any", "all", "map", "filter", "object", "super", "isinstance"} - {"print"})
"""The built-in functions and classes whose results are known where their arguments are."""
