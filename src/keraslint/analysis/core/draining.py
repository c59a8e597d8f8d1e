"""Generators: reading them to their end, in part, or leaving them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from keraslint.analysis.core.effects import (
    MAY_HAVE_RUN,
    act,
    any_number_of_times,
    hooks_may_run,
    may_run,
    own_hook,
)
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import DictObject, ListObject, SetObject
from keraslint.analysis.core.values import Suspended, Value
from keraslint.analysis.core.widening import widen

_LEFT_OPEN = (ast.Try, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.comprehension, ast.YieldFrom)


def run_lazily(m: InterpreterCore, value: Suspended) -> list[Value] | None:
    """All items of a generator, if reading it changes nothing else; else None, and it may have run in part."""
    before = m.state
    if value.number in before.used_up:
        act(m, value, ())
        return None
    m.state = before.fork()
    items = yielded(m, value)
    ran, m.state = m.state, before.fork()
    changes = any(map(_holds_data, (before.objects.get(number) for number in ran.written_since(before))))
    changes |= ran.cached != before.cached or ran.counters != before.counters
    if ran.dead or changes or widen(m, before, ran, m.state, MAY_HAVE_RUN, by_function=True):
        m.state = before
        act(m, value, ())
        return None
    m.state = ran
    return items


def _holds_data(thing: object) -> bool:
    """True for a list, dict or set: one that is changed may be as before at the end, but not on the way."""
    return isinstance(thing, (ListObject, DictObject, SetObject))


def yielded(m: InterpreterCore, value: Suspended) -> list[Value] | None:
    """Run a generator to its end; return its items, None where they depend on unknown branches or loops."""
    items, depth, certain = list[Value](), m.control.uncertain_depth, True

    def keep(item: Value) -> None:
        nonlocal certain
        certain &= m.control.uncertain_depth == depth
        items.append(item)

    m.resume(value, keep)
    return items if certain else None


def yield_anything(
    m: InterpreterCore, on_yield: Callable[[Value], None] | None, why: str, of: Iterable[Value] = ()
) -> None:
    """Carry out that a generator yields any number of items that are not known."""
    if on_yield is not None:
        item = m.unknown(why, of=tuple(of))
        any_number_of_times(m, why, lambda: on_yield(item))


def length_asked(m: InterpreterCore, *values: Value) -> None:
    """Carry out that Python asks objects of the program how long they are before it makes a list of their items."""
    for value in values if m.has_hooks else ():
        if own_hook(m, value, "__length_hint__", "__len__") is not None:
            hooks_may_run(m, value)


def may_be_closed(m: InterpreterCore, value: Suspended) -> None:
    """Carry out that a generator was left before its end: what it does in ``finally`` or ``with`` may run later.

    So may what another generator does, of which it is reading.
    """
    if any(isinstance(node, _LEFT_OPEN) for node in ast.walk(value.function.node)):
        may_run(m, [value])
