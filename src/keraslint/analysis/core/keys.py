"""Abstract values as keys of dicts, and back; the keys of a dict that are taken out or moved."""

from __future__ import annotations

import builtins
from collections.abc import Hashable

from keraslint.analysis.core.enums import is_member
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import DictObject, Entry, ListObject, SetObject
from keraslint.analysis.core.values import Api, Const, Ref, Sequence, Value


def as_key(m: InterpreterCore, value: Value) -> Value:
    """A constant for a constant, a tuple of constants or a member of an Enum; any other value unchanged."""
    value = m.text_of_member(value)
    if isinstance(value, Sequence):
        parts = [as_key(m, item) for item in value.items]
        known = [part.value for part in parts if isinstance(part, Const)]
        return Const(tuple(known)) if len(known) == len(parts) else value
    return Const(value) if is_member(m, value) else value


def comparable(m: InterpreterCore, value: Value) -> Value:
    """As ``as_key``; a list of constants is one, too, which equals no tuple, and so is a set."""
    thing = m.look(value)
    if isinstance(thing, SetObject) and thing.items is not None:
        return Const(thing.items)
    if isinstance(thing, ListObject) and thing.items is not None:
        items = as_key(m, Sequence(tuple(comparable(m, item) for item in thing.items)))
        return Const((list, *items.value)) if isinstance(items, Const) and isinstance(items.value, tuple) else value
    return as_key(m, value)


def from_key(key: Hashable) -> Value:
    """The value that ``as_key`` turned into this key."""
    if isinstance(key, tuple):
        return Sequence(tuple(from_key(part) for part in key))
    return key if isinstance(key, Ref) else Const(key)


def equal(m: InterpreterCore, left: Value, right: Value) -> bool | None:
    """True if two values are equal; None where that is not known."""
    left, right = comparable(m, left), comparable(m, right)
    if isinstance(left, Const) and isinstance(right, Const):
        return left.value == right.value
    if is_class_of_data(left) and is_class_of_data(right):
        return left == right
    return False if _is_of_other_kind(m, left, right) or _is_of_other_kind(m, right, left) else None


def is_class_of_data(value: Value) -> bool:
    """True for a class that is built into Python: ``dict``."""
    module, _, name = value.path.rpartition(".") if isinstance(value, Api) else ("", "", "")
    return module == "builtins" and isinstance(getattr(builtins, name, None), type)


def _is_of_other_kind(m: InterpreterCore, one: Value, other: Value) -> bool:
    """True if one is a constant and the other a container, which are never equal."""
    container = isinstance(m.look(other), (ListObject, DictObject)) or isinstance(other, Sequence)
    return container and isinstance(one, Const) and not isinstance(one.value, tuple)


def keep(mapping: DictObject, kept: dict[Hashable, Entry]) -> None:
    """Leave these entries in a dict, which are some of its own, in their order."""
    mapping.entries = kept
    mapping.inserted = tuple(key for key in mapping.inserted if key in kept)


def move(mapping: DictObject, key: Hashable, *, last: bool) -> None:
    """Move a key of an OrderedDict to an end of it."""
    entries = mapping.entries or {}
    rest = {name: entry for name, entry in entries.items() if name != key}
    mapping.inserted = tuple(as_inserted(mapping))
    mapping.entries = {**rest, key: entries[key]} if last else {key: entries[key], **rest}


def as_inserted(mapping: DictObject) -> dict[Hashable, Entry]:
    """The known entries of a dict in the order in which they were put in, which is how optree and so Keras reads it.

    Measured with optree 0.12 to 0.20: it does not see ``move_to_end``.
    """
    entries = mapping.entries or {}
    return {key: entries[key] for key in (*mapping.inserted, *entries)} if mapping.inserted else entries
