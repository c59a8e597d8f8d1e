"""Models of the methods of strings, lists, tuples and dicts."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_ALTERNATIVES, MAX_ITEMS, MAX_WIDTH
from keraslint.analysis.core.draining import length_asked
from keraslint.analysis.core.effects import hooks_may_run, may_run
from keraslint.analysis.core.forgetting import forget, lose_contents
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import as_key, from_key, keep, move
from keraslint.analysis.core.origins import Derived, MethodCall
from keraslint.analysis.core.state import DictObject, Entry, ListObject, SetObject
from keraslint.analysis.core.values import (
    NONE,
    Const,
    Function,
    Method,
    Partial,
    Ref,
    Sequence,
    Suspended,
    Value,
    View,
    one_of,
    options,
)
from keraslint.analysis.core.varying import tell_of_contents
from keraslint.analysis.python.entries import as_entries
from keraslint.analysis.python.sorting import sort


def call_method(m: InterpreterCore, receiver: Value, name: str, args: Arguments) -> Value:
    """The result of a method of a string, list, tuple or dict."""
    thing = m.look(receiver)
    hooks_may_run(m, *args.every(), *([receiver] if name in _COMPARES else []))
    if isinstance(thing, (ListObject, DictObject)) and isinstance(receiver, Ref):
        method = _list_method if isinstance(thing, ListObject) else _dict_method
        result = method(m, receiver, name, args)
        tell_of_contents(m, receiver, args.every())
        return result
    if isinstance(receiver, Const) and isinstance(receiver.value, str):
        return _text_method(m, receiver.value, name, args)
    if isinstance(receiver, Sequence) and name in ("index", "count"):
        return _search(m, list(receiver.items), name, args)
    return m.unknown(f"the result of .{name}()", MethodCall(receiver, name, tuple(args.every())))


_COMPARES = frozenset("count index remove sort __contains__ __eq__".split())  # its items with others
_TAKES_ONE = frozenset("add discard remove __contains__".split())  # an item of a set, which is not read
KEEPS_SET = frozenset("copy difference intersection isdisjoint issubset issuperset symmetric_difference union".split())


def set_method(m: InterpreterCore, receiver: Ref, name: str, args: Arguments) -> Value:
    """The result of a method of a set. What one does that changes the set is known of ``add`` only."""
    thing = m.look(receiver)
    items = [] if name in _TAKES_ONE else [m.iterate(value) for value in args.positional]
    known = thing.items if isinstance(thing, SetObject) else None
    if name == "add" and known is not None and isinstance(key := as_key(m, args.get(0, "") or NONE), Const):
        m.state.writable(receiver.number, SetObject).items = known | {key.value}
        return NONE
    if name not in KEEPS_SET:
        forget(m, receiver, "it is changed")
        tell_of_contents(m, receiver, args.every())
    keys = [[as_key(m, item) for item in each] for each in items if each is not None]
    if known is None or name not in KEEPS_SET or len(keys) < len(items):
        return m.unknown("the result of a method of a set", MethodCall(receiver, name, tuple(args.every())))
    others = [frozenset(key.value for key in each if isinstance(key, Const)) for each in keys]
    if any(len(each) < len(set(row)) for each, row in zip(others, keys, strict=True)):
        return m.unknown("the result of a method of a set", MethodCall(receiver, name, tuple(args.every())))
    found = getattr(known, name)(*others)
    return m.new(SetObject(found)) if isinstance(found, frozenset) else Const(found)


def _list_method(m: InterpreterCore, receiver: Ref, name: str, args: Arguments) -> Value:
    items = m.sequence(receiver)
    if name == "copy":
        return m.new_list(items, "a copy of something unknown")
    if name in ("index", "count"):
        return m.unknown("a place in a list") if items is None else _search(m, items, name, args)
    if items is None:
        if args.positional:
            read = m.iterate(args.positional[0]) if name == "extend" else None
            lose_contents(m, receiver, "", *args.positional, *(read or ()))
        return m.unknown("an item of something unknown", of=(receiver,))
    if name == "pop":
        return _pop(m, m.state.writable(receiver.number, ListObject), items, args.get(0, ""))
    change = _LIST_CHANGES.get(name)
    if change is None and name not in _LIST_READERS:
        forget(m, receiver, "it is changed by a method that is not followed")
        may_run(m, args.every())
        return m.unknown(f"the result of .{name}()", of=(receiver, *args.every()))
    if change is not None:
        changed = change(m, [*items], args)
        listing = m.state.writable(receiver.number, ListObject)  # only now: a generator or a key may have run
        listing.items = changed if listing.items == items else None
        listing.why = "it is changed in a way that is not known"
        if listing.items is None or len(listing.items) > MAX_ITEMS:
            listing.items, listing.may_hold = None, (*items, *args.positional)
    return NONE


def _pop(m: InterpreterCore, listing: ListObject, items: list[Value], index: Value | None) -> Value:
    place = index.value if isinstance(index, Const) else -1 if index is None else None
    if isinstance(place, int) and -len(items) <= place < len(items):
        listing.items = [*items]
        return listing.items.pop(place)
    if isinstance(place, int):
        m.raises()
    listing.items, listing.why, listing.may_hold = None, "an item is taken from it", tuple(items)
    return m.unknown("an item of a list", of=items)


def _append(_: InterpreterCore, items: list[Value], args: Arguments) -> list[Value] | None:
    return [*items, *args.positional[:1]]


def _extend(m: InterpreterCore, items: list[Value], args: Arguments) -> list[Value] | None:
    length_asked(m, *args.positional)
    more = m.iterate(args.positional[0]) if args.positional else None
    return None if more is None else [*items, *more]


def _insert(_: InterpreterCore, items: list[Value], args: Arguments) -> list[Value] | None:
    place = args.get(0, "")
    if not isinstance(place, Const) or not isinstance(place.value, int) or len(args.positional) != 2:
        return None
    items.insert(max(min(place.value, len(items)), -len(items)), args.positional[1])
    return items


def _misses(m: InterpreterCore, items: list[Value], wanted: Value | None) -> None:
    """Carry out that something is looked for in a list that may not hold it."""
    if isinstance(wanted, Const) and all(isinstance(item, Const) for item in items):
        m.raises()
    else:
        m.may_raise()


def _remove(m: InterpreterCore, items: list[Value], args: Arguments) -> list[Value] | None:
    wanted = args.get(0, "")
    if wanted is None or wanted not in items or not all(isinstance(item, Const) for item in items):
        _misses(m, items, wanted)
        return None
    items.remove(wanted)
    return items


_LIST_CHANGES: dict[str, Callable[[InterpreterCore, list[Value], Arguments], list[Value] | None]] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "remove": _remove,
    "reverse": lambda _, items, __: items[::-1],
    "clear": lambda _, __, ___: [],
    "sort": sort,
}


_LIST_READERS = frozenset(
    "__class__ __contains__ __eq__ __format__ __ge__ __getitem__ __gt__ __hash__ __iter__ __le__ __len__ __lt__ __ne__"
    " __repr__ __reversed__ __sizeof__ __str__".split()
)


def _search(m: InterpreterCore, items: list[Value], name: str, args: Arguments) -> Value:
    wanted = args.get(0, "")
    if wanted is None or not all(isinstance(item, Const) for item in [*items, wanted]):
        return m.unknown("a place in a list", of=(*items, *args.positional))
    if name == "count":
        return Const(items.count(wanted))
    ends = [value.value if isinstance(value, Const) else None for value in args.positional[1:3]]
    places = [end for end in ends if isinstance(end, int)]
    if len(places) < len(ends):
        return m.unknown("a place in a list")
    try:
        return Const(items.index(wanted, *places))
    except ValueError:
        m.raises()
        return m.unknown("a place in a list")


def _dict_method(m: InterpreterCore, receiver: Ref, name: str, args: Arguments) -> Value:
    thing = m.look(receiver)
    assert isinstance(thing, DictObject)
    entries = thing.entries
    if name == "copy":
        return m.new_dict(None if entries is None else dict(entries), ordered=thing.ordered, why=thing.why)
    if name == "update":
        return _update(m, receiver, args)
    if entries is None:
        lose_contents(m, receiver, thing.why, *args.positional)
        return m.unknown(thing.why, of=(receiver,))
    if name in VIEWS:
        return View(receiver, name)
    if name == "clear":
        keep(m.state.writable(receiver.number, DictObject), {})
        return NONE
    return _dict_key_method(m, receiver, entries, name, args)


VIEWS: dict[str, Callable[[dict[Hashable, Entry]], list[Value]]] = {
    "keys": lambda entries: [from_key(key) for key in entries],
    "values": lambda entries: [entry.value for entry in entries.values()],
    "items": lambda entries: [Sequence((from_key(key), entry.value)) for key, entry in entries.items()],
}


def entry_of(m: InterpreterCore, thing: DictObject, *others: Value) -> Value | None:
    """The value of an unknown key of a dict, or one of ``others``."""
    return None if thing.entries is None else any_of(m, [*(entry.value for entry in thing.entries.values()), *others])


def any_of(m: InterpreterCore, items: list[Value]) -> Value | None:
    """A value that may be any of these items; None where they are not all functions or objects.

    Two constants chosen like this must not count as equal, as one constant that is read twice does.
    """
    flat = {option for item in items for option in options(item)}
    kinds = (Function, Method, Partial)
    if not flat or len(flat) > MAX_ALTERNATIVES:
        return None
    return (
        one_of(list(items))
        if all(item == NONE or isinstance(item, kinds) or m.look(item) is not None for item in flat)
        else None
    )


def _dict_key_method(
    m: InterpreterCore, receiver: Ref, entries: dict[Hashable, Entry], name: str, args: Arguments
) -> Value:
    """The result of ``get``, ``setdefault``, ``pop``, ``move_to_end`` or ``popitem``."""
    if name in ("move_to_end", "popitem"):
        return _at_an_end(m, receiver, entries, name, args)
    key, fallback = as_key(m, args.get(0, "") or NONE), args.get(1, "default")
    if name not in ("get", "setdefault", "pop") or not isinstance(key, Const):
        thing, known = m.look(receiver), None
        if name == "get":
            known = entry_of(m, thing, fallback or NONE) if isinstance(thing, DictObject) else None
        else:
            may_run(m, args.every() if name not in ("setdefault", "pop") else [])
            forget(m, receiver, "an unknown key of it is changed")
            lose_contents(m, receiver, "an unknown key of it is changed", *args.every())
        return known or m.unknown("an unknown key of a dict", of=(receiver, *args.every()))
    found = entries.get(key.value)
    if name == "setdefault" and found is None:
        added = Entry(fallback or NONE, args.expression(1, "default"), m.module)
        m.state.writable(receiver.number, DictObject).entries = {**entries, key.value: added}
    if name == "pop":
        kept = {known: entry for known, entry in entries.items() if known != key.value}
        keep(m.state.writable(receiver.number, DictObject), kept)
    if name == "pop" and found is None and fallback is None:
        m.raises()
    return found.value if found is not None else fallback or NONE


def _at_an_end(m: InterpreterCore, receiver: Ref, entries: dict[Hashable, Entry], name: str, args: Arguments) -> Value:
    """The result of ``move_to_end`` or ``popitem``."""
    moves = name == "move_to_end"
    last = args.get(1 if moves else 0, "last") or Const(True)
    key = as_key(m, args.get(0, "key") or NONE)
    if args.open or not isinstance(last, Const) or not (isinstance(key, Const) or not moves):
        forget(m, receiver, "its order is changed in a way that is not known")
        return m.unknown("an item of a dict")
    mapping = m.state.writable(receiver.number, DictObject)
    if not entries or (moves and isinstance(key, Const) and not (mapping.ordered and key.value in entries)):
        m.raises()
        return NONE
    if moves and isinstance(key, Const):
        move(mapping, key.value, last=bool(last.value))
        return NONE
    end = list(entries)[-1 if last.value else 0]
    keep(mapping, {name: entry for name, entry in entries.items() if name != end})
    return Sequence((from_key(end), entries[end].value))


def _update(m: InterpreterCore, receiver: Ref, args: Arguments) -> Value:
    other = args.get(0, "")
    more = None if args.open else as_entries(m, other) if other is not None else {}
    thing = m.look(receiver)
    if more is None:
        forget(m, receiver, "an unknown dict is merged into it")
        lose_contents(m, receiver, "an unknown dict is merged into it", *args.every())
    elif isinstance(thing, DictObject) and thing.entries is not None:
        named: dict[Hashable, Entry] = {
            key: Entry(value, args.nodes.get(key), m.module) for key, value in args.keywords.items()
        }
        m.state.writable(receiver.number, DictObject).entries = {**thing.entries, **more, **named}
    return NONE


_TEXT_METHODS = frozenset(
    "capitalize casefold center count endswith find format index isalnum isalpha isdigit islower isupper join"
    " ljust lower lstrip partition removeprefix removesuffix replace rfind rpartition rsplit rstrip rjust split"
    " splitlines startswith strip swapcase title upper zfill".split()
)


# A width or precision of four digits or more, or one that is passed: after "%" or within braces.
_WIDE = re.compile(r"%(?:\([^)]*\))?[-+ #.\d]*?(?:\d{4,}|\*)|\{[^{}]*\d{4,}|\{[^{}]+\{")


def is_wide(template: str) -> bool:
    """True if formatting with a template could return a very long string."""
    return _WIDE.search(template) is not None


def _text_method(m: InterpreterCore, text: str, name: str, args: Arguments) -> Value:
    why = m.unknown("a text with an unknown part", MethodCall(Const(text), name, tuple(args.every())))
    args = replace(args, positional=[_read(m, value) for value in args.positional])
    values = [plain(m, value) for value in args.positional]
    keywords = {key: plain(m, value) for key, value in args.keywords.items()}
    if args.open or name not in _TEXT_METHODS or is_wide(text) or MISSING in (*values, *keywords.values()):
        return why
    if name in ("center", "ljust", "rjust", "zfill") and any(isinstance(v, int) and v > MAX_WIDTH for v in values):
        return why
    try:
        result = getattr(text, name)(*values, **keywords)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        m.raises()
        return why
    if isinstance(result, list):
        return m.new_list([Const(piece) for piece in result])
    return Sequence(tuple(Const(piece) for piece in result)) if isinstance(result, tuple) else m.constant(result)


def _read(m: InterpreterCore, value: Value) -> Value:
    """A list of what a generator yields, which is read to its end; any other value unchanged."""
    return m.new_list(m.iterate(value), "what a generator yields") if isinstance(value, Suspended) else value


class _Missing:
    """Marks a value that is not a constant."""


MISSING = _Missing()


def plain(m: InterpreterCore, value: Value) -> Any:
    """The Python value of a constant, or of a list or tuple of constants."""
    if isinstance(value, Const):
        return value.value
    items = m.sequence(value)
    if items is not None and all(isinstance(item, Const) for item in items):
        known = [item.value for item in items if isinstance(item, Const)]
        return tuple(known) if isinstance(value, Sequence) else known
    return MISSING


def merged(m: InterpreterCore, left: Value, right: Value) -> Value:
    """``left | right``."""
    mine, theirs = m.look(left), m.look(right)
    if not isinstance(mine, DictObject) or not isinstance(theirs, DictObject):
        return m.unknown("the result of '|'", Derived("|", (left, right)))
    if mine.entries is None or theirs.entries is None:
        return m.new_dict(None, ordered=mine.ordered, why=mine.why or theirs.why)
    return m.new_dict({**mine.entries, **theirs.entries}, ordered=mine.ordered)
