"""The order that ``sorted`` and ``list.sort`` give to values of which a part may not be known."""

from __future__ import annotations

from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import hooks_may_run
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import NONE, Const, Sequence, Value


def sort(m: InterpreterCore, items: list[Value], args: Arguments) -> list[Value] | None:
    """The items in the order of ``sorted``; None where it is not known."""
    key, reverse = args.keywords.get("key"), args.keywords.get("reverse", Const(False))
    if key == NONE:
        key = None
    keys = items if key is None else [m.call(key, Arguments([item])) for item in items]
    if not all(map(_is_known, keys)):
        hooks_may_run(m, *keys)
    if not isinstance(reverse, Const):
        return None
    try:
        order = sorted(range(len(items)), key=lambda place: _Ranked(keys[place]), reverse=bool(reverse.value))
    except TypeError:
        return None
    return [items[place] for place in order]


def _is_known(value: Value) -> bool:
    return isinstance(value, Const) or (isinstance(value, Sequence) and all(map(_is_known, value.items)))


class _Ranked:
    """A value that is compared as Python compares it. Raises TypeError where a part decides that is not known."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __lt__(self, other: _Ranked) -> bool:
        mine, theirs = self.value, other.value
        if isinstance(mine, Sequence) and isinstance(theirs, Sequence):
            for one, another in zip(mine.items, theirs.items, strict=False):
                if one != another:
                    return _Ranked(one) < _Ranked(another)
                if not _is_known(one):
                    raise TypeError
            return len(mine.items) < len(theirs.items)
        if not isinstance(mine, Const) or not isinstance(theirs, Const):
            raise TypeError
        left: Any = mine.value
        return bool(left < theirs.value)
