"""``json.dumps`` of values that are all known, and ``json.loads`` of a known text."""

from __future__ import annotations

import json
from collections.abc import Hashable

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_ITEMS, MAX_TEXT
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import DictObject, Entry
from keraslint.analysis.core.values import NONE, Api, Const, Value

_MOST_LEVELS = 20


class _NotKnown(Exception):
    """A part of a value is not known, or JSON has no such value."""


def call_json(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """The result of ``json.dumps`` or ``json.loads``; None where the argument is not known, or another one is given."""
    if path not in ("json.dumps", "json.loads") or args.open or len(args.positional) != 1:
        return None
    return (_text if path == "json.dumps" else _read)(m, args.positional[0], args.keywords)


def _text(m: InterpreterCore, value: Value, keywords: dict[str, Value]) -> Value | None:
    options = {name: given.value for name, given in keywords.items() if isinstance(given, Const)}
    if len(options) < len(keywords) or not options.keys() <= {"indent", "sort_keys", "ensure_ascii"}:
        return None
    indent = options.get("indent")
    if indent is not None and not (isinstance(indent, int) and abs(indent) <= _MOST_LEVELS):
        return None
    try:
        plain = _plain(m, value, [MAX_ITEMS], 0)
        text = json.dumps(
            plain,
            indent=indent,
            sort_keys=bool(options.get("sort_keys")),
            ensure_ascii=options.get("ensure_ascii") is not False,
        )
    except (_NotKnown, ValueError):
        return None
    return m.constant(text)


def _plain(m: InterpreterCore, value: Value, room: list[int], level: int) -> object:
    """A known value as Python has it. Raises _NotKnown."""
    room[0] -= 1
    if level > _MOST_LEVELS or room[0] < 0:
        raise _NotKnown
    if isinstance(value, Const) and isinstance(value.value, (str, int, float, type(None))):
        return value.value
    items = m.sequence(value)
    if items is not None:
        return [_plain(m, item, room, level + 1) for item in items]
    thing = m.look(value)
    entries = thing.entries if isinstance(thing, DictObject) else None
    if entries is None or not all(isinstance(key, str) for key in entries):
        raise _NotKnown
    return {key: _plain(m, entry.value, room, level + 1) for key, entry in entries.items()}


def _read(m: InterpreterCore, text: Value, keywords: dict[str, Value]) -> Value | None:
    ordered = keywords == {"object_pairs_hook": Api("collections.OrderedDict")}
    if (keywords and not ordered) or not isinstance(text, Const) or not isinstance(text.value, (str, bytes)):
        return None
    if len(text.value) > MAX_TEXT:
        return None
    try:
        found = json.loads(text.value)
    except (ValueError, RecursionError):
        m.raises()
        return None
    return _value(m, found, [MAX_ITEMS], ordered=ordered)


def _value(m: InterpreterCore, found: object, room: list[int], *, ordered: bool) -> Value:
    """What was read, as a value: its lists and dicts are new ones."""
    room[0] -= 1
    if room[0] < 0:
        return m.unknown("a part of a long text in JSON")
    if isinstance(found, list):
        return m.new_list([_value(m, item, room, ordered=ordered) for item in found])
    if isinstance(found, dict):
        entries: dict[Hashable, Entry] = {
            key: Entry(_value(m, item, room, ordered=ordered), None, m.module) for key, item in found.items()
        }
        return m.new_dict(entries, ordered=ordered)
    return NONE if found is None else Const(found) if isinstance(found, bool) else m.constant(found)
