"""What Python's own types and functions do to abstract values."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any

from keraslint.analysis.bounds import MAX_TEXT, MAX_UNROLL
from keraslint.analysis.state import DictObject, Entry, ListObject
from keraslint.analysis.values import NONE, Api, Const, Ref, Sequence, Unknown, Value

if TYPE_CHECKING:
    from keraslint.analysis.machine import Arguments, Machine

_FEW = 4_096


def subscript(m: Machine, value: Value, index: Value) -> Value:
    """The value of ``value[index]``."""
    part = _slice_parts(index)
    items = m.sequence(value)
    if items is not None:
        if part is not None:
            chosen = items[slice(*part)]
            return Sequence(tuple(chosen)) if isinstance(value, Sequence) else m.new_list(chosen)
        if (
            isinstance(index, Const)
            and isinstance(index.value, int)
            and -len(items) <= index.value < len(items)
        ):
            return items[index.value]
        return m.unknown("an item at an unknown place")
    thing = m.look(value)
    if isinstance(thing, DictObject) and isinstance(index, Const):
        return _dict_item(m, value, thing, index)
    if isinstance(value, Const) and isinstance(value.value, str):
        if part is not None:
            return m.constant(value.value[slice(*part)])
        if isinstance(index, Const) and isinstance(index.value, int) and abs(index.value) < len(value.value):
            return m.constant(value.value[index.value])
    why = value.why if isinstance(value, Unknown) else "an item of something unknown"
    return m.unknown(why, ("item", value, index))


def _dict_item(m: Machine, value: Value, thing: DictObject, index: Const) -> Value:
    if thing.entries is not None and index.value in thing.entries:
        return thing.entries[index.value].value
    if thing.entries is not None and thing.default is not None and isinstance(value, Ref):
        from keraslint.analysis.machine import Arguments

        made = m.call(thing.default, Arguments())
        entries = m.state.writable(value.number, DictObject).entries
        if entries is not None:
            entries[index.value] = Entry(made)
        return made
    return m.unknown(thing.why or f"the key {index.value!r}", ("item", value, index))


def _slice_parts(index: Value) -> tuple[Any, Any, Any] | None:
    if isinstance(index, Sequence) and index.items and index.items[0] == Api("builtins.slice"):
        parts = index.items[1:]
        if all(isinstance(part, Const) and isinstance(part.value, (int, type(None))) for part in parts):
            return tuple(part.value for part in parts if isinstance(part, Const))  # type: ignore[return-value]
    return None


def iterate(m: Machine, value: Value) -> list[Value] | None:
    """The items that looping over a value gives, in order; None where they are not known."""
    items = m.sequence(value)
    if items is not None:
        return items
    entries = m.mapping(value)
    if entries is not None:
        return [Const(key) for key in entries]
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= MAX_UNROLL:
        return [Const(character) for character in value.value]
    return None


# -- methods ------------------------------------------------------------------------------------------------------


def call_method(m: Machine, receiver: Value, name: str, args: Arguments) -> Value:
    """A method of a text, list, tuple or dict."""
    thing = m.look(receiver)
    if isinstance(thing, ListObject) and isinstance(receiver, Ref):
        return _list_method(m, receiver, name, args)
    if isinstance(thing, DictObject) and isinstance(receiver, Ref):
        return _dict_method(m, receiver, name, args)
    if isinstance(receiver, Const) and isinstance(receiver.value, str):
        return _text_method(m, receiver.value, name, args)
    if isinstance(receiver, Sequence) and name in ("index", "count"):
        return _search(m, list(receiver.items), name, args)
    return m.unknown(f"the result of .{name}()", ("method", receiver, name, tuple(args.every())))


def _list_method(m: Machine, receiver: Ref, name: str, args: Arguments) -> Value:
    items = m.sequence(receiver)
    first = args.get(0, "")
    if name == "copy":
        return m.new_list(items, "a copy of something unknown")
    if name in ("index", "count"):
        return m.unknown("a place in a list") if items is None else _search(m, items, name, args)
    if items is None:
        return m.unknown("an item of something unknown")
    listing = m.state.writable(receiver.number, ListObject)
    if name == "append" and first is not None:
        listing.items = [*items, first] if len(items) < _FEW else None
    elif name == "extend" and first is not None:
        more = m.iterate(first)
        listing.items = None if more is None else [*items, *more]
        listing.why = "an unknown number of items is added to it"
    elif (
        name == "insert"
        and isinstance(first, Const)
        and isinstance(first.value, int)
        and len(args.positional) == 2
    ):
        listing.items = [*items]
        listing.items.insert(first.value, args.positional[1])
    elif name == "reverse":
        listing.items = items[::-1]
    elif name == "clear":
        listing.items = []
    elif name == "sort":
        ordered = sort(m, items, args)
        listing.items, listing.why = ordered, "it is sorted by something unknown"
    elif name == "pop":
        place = first.value if isinstance(first, Const) else -1 if first is None else None
        if isinstance(place, int) and -len(items) <= place < len(items):
            listing.items = [*items]
            return listing.items.pop(place)
        listing.items, listing.why = None, "an item is taken from it"
        return m.unknown("an item of a list")
    elif name == "remove":
        if first in items and all(isinstance(item, Const) for item in items):
            listing.items = [*items]
            listing.items.remove(first)
        else:
            listing.items, listing.why = None, "an item is taken from it"
    return NONE


def _search(m: Machine, items: list[Value], name: str, args: Arguments) -> Value:
    wanted = args.get(0, "")
    if wanted is None or not all(isinstance(item, Const) for item in [*items, wanted]):
        return m.unknown("a place in a list")
    if name == "count":
        return Const(items.count(wanted))
    return Const(items.index(wanted)) if wanted in items else m.unknown("a place in a list")


def _dict_method(m: Machine, receiver: Ref, name: str, args: Arguments) -> Value:
    thing = m.look(receiver)
    assert isinstance(thing, DictObject)
    entries, key = thing.entries, args.get(0, "")
    if name == "copy":
        return m.new_dict(None if entries is None else dict(entries), ordered=thing.ordered, why=thing.why)
    if name == "update":
        return _update(m, receiver, args)
    if entries is None:
        return m.unknown(thing.why)
    if name == "keys":
        return Sequence(tuple(Const(known) for known in entries))
    if name == "values":
        return Sequence(tuple(entry.value for entry in entries.values()))
    if name == "items":
        return Sequence(tuple(Sequence((Const(known), entry.value)) for known, entry in entries.items()))
    mapping = m.state.writable(receiver.number, DictObject)
    if name == "clear":
        mapping.entries = {}
        return NONE
    if not isinstance(key, Const):
        if name in ("pop", "popitem", "setdefault"):
            mapping.entries, mapping.why = None, "an unknown key of it is changed"
        return m.unknown("an unknown key of a dict")
    present = key.value in entries
    fallback = args.get(1, "default")
    if name == "get":
        return entries[key.value].value if present else fallback or NONE
    if name == "setdefault":
        if not present:
            mapping.entries = {
                **entries,
                key.value: Entry(fallback or NONE, args.expression(1, "default"), m.module),
            }
        return entries[key.value].value if present else fallback or NONE
    if name == "pop":
        mapping.entries = {known: entry for known, entry in entries.items() if known != key.value}
        return entries[key.value].value if present else fallback or m.unknown("a missing key")
    return m.unknown(f"the result of .{name}()")


def _update(m: Machine, receiver: Ref, args: Arguments) -> Value:
    other = args.get(0, "")
    more = None if args.open else as_entries(m, other) if other is not None else {}
    thing = m.look(receiver)
    if more is None:
        m.forget(receiver, "an unknown dict is merged into it")
    elif isinstance(thing, DictObject) and thing.entries is not None:
        named: dict[Hashable, Entry] = {
            key: Entry(value, args.nodes.get(key), m.module) for key, value in args.keywords.items()
        }
        m.state.writable(receiver.number, DictObject).entries = {**thing.entries, **more, **named}
    return NONE


def as_entries(m: Machine, value: Value, node: ast.expr | None = None) -> dict[Hashable, Entry] | None:
    """The entries that ``dict(value)`` has, with the value written as ``node``: of a dict, or of known pairs."""
    entries = m.mapping(value)
    if entries is not None:
        return dict(entries)
    pairs = m.sequence(value)
    if pairs is None:
        return None
    result: dict[Hashable, Entry] = {}
    written = pair_values(node) or [None] * len(pairs)
    for pair, expression in zip(pairs, written, strict=True):
        two = m.sequence(pair)
        if two is None or len(two) != 2 or not isinstance(two[0], Const):
            return None
        result[two[0].value] = Entry(two[1], expression, m.module)
    return result


def pair_values(node: ast.expr | None) -> list[ast.expr | None] | None:
    """The expressions of the values in a display of pairs; None for any other expression."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    pairs = [
        pair.elts for pair in node.elts if isinstance(pair, (ast.List, ast.Tuple)) and len(pair.elts) == 2
    ]
    return [pair[1] for pair in pairs] if len(pairs) == len(node.elts) else None


_TEXT_METHODS = frozenset(
    "capitalize casefold center count endswith find format index isalnum isalpha isdigit islower isupper join ljust lower"
    " lstrip partition removeprefix removesuffix replace rfind rpartition rsplit rstrip split splitlines startswith strip"
    " swapcase title upper zfill rjust".split()
)


def _text_method(m: Machine, text: str, name: str, args: Arguments) -> Value:
    why = m.unknown("a text with an unknown part", ("text", text, name, tuple(args.every())))
    values = [_plain(m, value) for value in args.positional]
    keywords = {key: _plain(m, value) for key, value in args.keywords.items()}
    if (
        args.open
        or name not in _TEXT_METHODS
        or len(text) > MAX_TEXT
        or _MISSING in (*values, *keywords.values())
    ):
        return why
    if name in ("center", "ljust", "rjust", "zfill") and any(
        isinstance(v, int) and v > MAX_TEXT for v in values
    ):
        return why
    try:
        result = getattr(text, name)(*values, **keywords)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        return why
    if isinstance(result, list):
        return m.new_list([Const(piece) for piece in result])
    return (
        Sequence(tuple(Const(piece) for piece in result)) if isinstance(result, tuple) else m.constant(result)
    )


class _Missing:
    """Marks a value that is no constant."""


_MISSING = _Missing()


def _plain(m: Machine, value: Value) -> Any:
    """The Python value of a constant or of a list of constants."""
    if isinstance(value, Const):
        return value.value
    items = m.sequence(value)
    if items is not None and all(isinstance(item, Const) for item in items):
        return [item.value for item in items if isinstance(item, Const)]
    return _MISSING


# -- functions ----------------------------------------------------------------------------------------------------


def sort(m: Machine, items: list[Value], args: Arguments) -> list[Value] | None:
    """The items as ``sorted`` gives them; None where the order is not known."""
    from keraslint.analysis.machine import Arguments as Passed

    key, reverse = args.keywords.get("key"), args.keywords.get("reverse", Const(False))
    if key == NONE:
        key = None
    keys = items if key is None else [m.call(key, Passed([item])) for item in items]
    plain = [_sort_key(value) for value in keys]
    if _MISSING in plain or not isinstance(reverse, Const):
        return None
    try:
        order = sorted(range(len(items)), key=plain.__getitem__, reverse=bool(reverse.value))
    except TypeError:
        return None
    return [items[place] for place in order]


def _sort_key(value: Value) -> Any:
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Sequence):
        parts = tuple(_sort_key(item) for item in value.items)
        return _MISSING if _MISSING in parts else parts
    return _MISSING


def call_builtin(m: Machine, name: str, args: Arguments) -> Value:
    """A call of one of Python's built-in functions."""
    handler = _BUILTINS.get(name)
    result = None if handler is None or args.open else handler(m, args)
    if result is not None:
        return result
    return m.unknown(f"the result of {name}()", ("builtin", name, tuple(args.every()), *_sorted(args)))


def _sorted(args: Arguments) -> tuple[str, ...]:
    return tuple(args.keywords)


def _items(m: Machine, args: Arguments) -> list[Value] | None:
    return m.iterate(args.positional[0]) if args.positional else []


def _list(m: Machine, args: Arguments) -> Value:
    return m.new_list(_items(m, args), "it is made from something unknown")


def _tuple(m: Machine, args: Arguments) -> Value | None:
    items = _items(m, args)
    return None if items is None else Sequence(tuple(items))


def _dict(m: Machine, args: Arguments, *, ordered: bool = False) -> Value:
    entries = as_entries(m, args.positional[0], args.nodes.get(0)) if args.positional else {}
    if entries is None:
        return m.new_dict(None, ordered=ordered, why="it is made from something unknown")
    named: dict[Hashable, Entry] = {
        key: Entry(value, args.nodes.get(key), m.module) for key, value in args.keywords.items()
    }
    return m.new_dict({**entries, **named}, ordered=ordered)


def make_dict(m: Machine, args: Arguments, *, ordered: bool) -> Value:
    """``dict(...)`` or ``OrderedDict(...)``."""
    if args.open:
        return m.new_dict(None, ordered=ordered, why="unknown keywords are passed to it")
    return _dict(m, args, ordered=ordered)


def _range(m: Machine, args: Arguments) -> Value | None:
    numbers = [
        value.value for value in args.positional if isinstance(value, Const) and isinstance(value.value, int)
    ]
    if (
        len(numbers) != len(args.positional)
        or not 1 <= len(numbers) <= 3
        or (len(numbers) == 3 and numbers[2] == 0)
    ):
        return None
    turns = range(*numbers)
    return Sequence(tuple(Const(number) for number in turns)) if len(turns) <= MAX_UNROLL else None


def _zip(m: Machine, args: Arguments) -> Value | None:
    columns = [m.iterate(value) for value in args.positional]
    known = [column for column in columns if column is not None]
    if len(known) != len(columns):
        return None
    return Sequence(tuple(Sequence(tuple(row)) for row in zip(*known, strict=False)))


def _enumerate(m: Machine, args: Arguments) -> Value | None:
    items, start = _items(m, args), args.get(1, "start") or Const(0)
    if items is None or not isinstance(start, Const) or not isinstance(start.value, int):
        return None
    return Sequence(tuple(Sequence((Const(start.value + i), item)) for i, item in enumerate(items)))


def _reversed(m: Machine, args: Arguments) -> Value | None:
    items = _items(m, args)
    return None if items is None else Sequence(tuple(items[::-1]))


def _sorted_call(m: Machine, args: Arguments) -> Value | None:
    items = _items(m, args)
    ordered = None if items is None else sort(m, items, args)
    return m.new_list(ordered, "it is sorted by something unknown")


def _map(m: Machine, args: Arguments) -> Value | None:
    from keraslint.analysis.machine import Arguments as Passed

    columns = [m.iterate(value) for value in args.positional[1:]]
    known = [column for column in columns if column is not None]
    if not args.positional or not known or len(known) != len(columns) or len(known[0]) > MAX_UNROLL:
        return None
    function = args.positional[0]
    return Sequence(tuple(m.call(function, Passed(list(row))) for row in zip(*known, strict=False)))


def _len(m: Machine, args: Arguments) -> Value | None:
    items = _items(m, args)
    return None if items is None or not args.positional else Const(len(items))


def _convert(function: Callable[[Any], object]) -> Callable[[Machine, Arguments], Value | None]:
    def handler(m: Machine, args: Arguments) -> Value | None:
        values = [_plain(m, value) for value in args.positional]
        if args.keywords or not values or any(value is _MISSING for value in values):
            return None
        try:
            result = m.constant(function(*values))
        except (TypeError, ValueError, OverflowError):
            return None
        return None if isinstance(result, Unknown) else result

    return handler


def _getattr(m: Machine, args: Arguments) -> Value | None:
    name = m.text(args.get(1, ""))
    return m.attribute(args.positional[0], name) if name is not None else None


def _setattr(m: Machine, args: Arguments) -> Value | None:
    name = m.text(args.get(1, ""))
    if name is not None and len(args.positional) == 3:
        m.set_attribute(args.positional[0], name, args.positional[2])
        return NONE
    return None


def _print(_: Machine, __: Arguments) -> Value:
    return NONE


_BUILTINS: dict[str, Callable[[Machine, Arguments], Value | None]] = {
    "list": _list,
    "tuple": _tuple,
    "dict": _dict,
    "range": _range,
    "zip": _zip,
    "enumerate": _enumerate,
    "reversed": _reversed,
    "sorted": _sorted_call,
    "iter": _tuple,
    "map": _map,
    "len": _len,
    "str": _convert(str),
    "repr": _convert(repr),
    "int": _convert(int),
    "float": _convert(float),
    "bool": _convert(bool),
    "abs": _convert(abs),
    "round": _convert(round),
    "chr": _convert(chr),
    "sum": _convert(sum),
    "max": _convert(max),
    "min": _convert(min),
    "getattr": _getattr,
    "setattr": _setattr,
    "print": _print,
}
