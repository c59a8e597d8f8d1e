"""The entries that a dict gets: of another dict, of pairs, of a generator of pairs, or of an object with ``keys``."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from keraslint.analysis.core.effects import may_run, own_hook
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.origins import ApiCall, Derived
from keraslint.analysis.core.state import Entry
from keraslint.analysis.core.values import Const, Sequence, Suspended, Unknown, Value
from keraslint.syntax import pair_values


def as_entries(m: InterpreterCore, value: Value, node: ast.expr | None = None) -> dict[Hashable, Entry] | None:
    """The entries of ``dict(value)``, where ``value`` (written as ``node``) is a dict or known pairs."""
    entries = m.mapping(value)
    if entries is not None:
        return dict(entries)
    pairs = m.sequence(value) or zipped_pairs(m, value) or _pairs_read(m, value)
    if pairs is None:
        return None
    result: dict[Hashable, Entry] = {}
    written = pair_values(node) or [None] * len(pairs)
    for pair, expression in zip(pairs, written, strict=True):
        two = m.sequence(pair)
        key = as_key(m, two[0]) if two is not None and len(two) == 2 else None
        if two is None or not isinstance(key, Const):
            return None
        result[key.value] = Entry(two[1], expression, m.module)
    return result


def _pairs_read(m: InterpreterCore, value: Value) -> list[Value] | None:
    """The pairs that a generator yields, or an iterator of the program gives, which are read here to their end."""
    if mapped(m, value) or not (isinstance(value, Suspended) or own_hook(m, value, "__iter__")):
        return None
    return m.iterate(value)


def mapped(m: InterpreterCore, value: Value) -> bool:
    """Carry out that an object with a method ``keys`` is read as a mapping; True if the value is one."""
    is_mapping = own_hook(m, value, "keys", "__getitem__") is not None
    if is_mapping:
        may_run(m, [value])
    return is_mapping


def zipped_pairs(m: InterpreterCore, value: Value) -> list[Value] | None:
    """The pairs of ``zip(names, values)`` for known names and values that are not known; None for all else.

    There may be fewer values, but then a dict of them has not all the keys that its names show.
    """
    origin = value.origin if isinstance(value, Unknown) else None
    if not isinstance(origin, ApiCall) or origin.path != "builtins.zip" or len(origin.arguments) != 2:
        return None
    names, values = m.sequence(origin.arguments[0]), origin.arguments[1]
    if names is None or not isinstance(values, Unknown) or not all(m.text(name) is not None for name in names):
        return None
    parts = (m.unknown(values.why, Derived("part", (values, place))) for place in range(len(names)))
    return [Sequence((name, part)) for name, part in zip(names, parts, strict=True)]
