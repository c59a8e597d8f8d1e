"""Reduces what is known after code that runs any number of times to what is true however often it ran."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Object, Scope, SetObject, State
from keraslint.analysis.core.values import Value, each_once, one_of


def widen(
    m: InterpreterCore,
    before: State,
    ran: State,
    state: State,
    why: str,
    *,
    since: State | None = None,
    by_function: bool = False,
) -> bool:
    """Reduce what ``state`` knows of the values that code changes to what is true however often it ran.

    ran: the state after one run of it that began in ``before``, or in ``since``. by_function: it is a function, which
    may add attributes, and of which each call is taken to make a model of the same form.
    Returns True if it changed anything.
    """
    read = {number for number, _ in before.read_up_to.items() - ran.read_up_to.items()}
    changed = not read.isdisjoint(state.read_up_to)
    state.read_up_to = {number: place for number, place in state.read_up_to.items() if number not in read}
    for number in ran.written_since(since or before) & before.objects.keys():
        old, new = before.objects[number], ran.objects.get(number)
        if isinstance(new, ListObject) and isinstance(old, ListObject):
            if by_function or new.items is None or new.items != old.items:  # a function may be broken off within
                listing = state.writable(number, ListObject)
                listing.may_hold = each_once(*old.contents(), *new.contents())
                listing.items, listing.why, changed = None, why, True
        elif isinstance(new, SetObject) and isinstance(old, SetObject):
            state.writable(number, SetObject).items, changed = None, True
        elif isinstance(new, DictObject) and isinstance(old, DictObject):
            changed |= _widen_dict(m, state.writable(number, DictObject), old, new, why, broken_off=by_function)
        elif isinstance(new, Scope) and isinstance(old, Scope):
            names = state.writable(number, Scope).variables
            changed |= _widen_names(m, names, old.variables, new.variables, why, models=by_function)
        elif isinstance(new, Instance) and isinstance(old, Instance):
            names, added = state.writable(number, Instance).attributes, new.attributes.keys() - old.attributes.keys()
            changed |= _widen_names(
                m, names, old.attributes, new.attributes, why, added if by_function else (), models=by_function
            )
            changed |= new.part != old.part or new.open is not old.open
        elif isinstance(new, ClassObject) and isinstance(old, ClassObject):
            names, added = state.writable(number, ClassObject).attributes, new.attributes.keys() - old.attributes.keys()
            changed |= _widen_names(
                m, names, old.attributes, new.attributes, why, added if by_function else (), models=by_function
            )
    return changed


def touches_more(before: State, start: State, after: State) -> bool:
    """True if a run from ``start`` to ``after`` changed something of which ``start`` knows what ``before`` knew."""
    for number in after.written_since(start) & before.objects.keys():
        first, old, new = before.objects[number], start.objects.get(number), after.objects.get(number)
        if old is None or new is None or old is new:
            continue
        if isinstance(old, (ListObject, SetObject)):
            more = old.items is not None and old != new
        elif isinstance(old, DictObject):
            more = old.entries is not None and (
                getattr(new, "entries", None) is None or _differ(_by_name(first), _by_name(old), _by_name(new))
            )
            more |= old.entries is not None and [*_by_name(old)] != [*_by_name(new)]
        else:
            more = _differ(_by_name(first), _by_name(old), _by_name(new))
        if more:
            return True
    return False


def _differ(first: Mapping[Any, Value], old: Mapping[Any, Value], new: Mapping[Any, Value]) -> bool:
    """True if a value is new that is still the first one in ``old``."""
    return any(old.get(name) == value != new.get(name) for name, value in first.items())


def _by_name(thing: Object) -> dict[str, Value] | dict[Hashable, Value]:
    """The variables of a scope, the attributes of an instance or class, the values of a dict of which all are known."""
    if isinstance(thing, Scope):
        return thing.variables
    if isinstance(thing, DictObject):
        return {key: entry.value for key, entry in (thing.entries or {}).items()}
    return thing.attributes if isinstance(thing, (Instance, ClassObject)) else {}


def _widen_dict(
    m: InterpreterCore, mapping: DictObject, old: DictObject, new: DictObject, why: str, *, broken_off: bool
) -> bool:
    differ = new.inserted != old.inserted
    if broken_off or differ or new.entries is None or old.entries is None or list(new.entries) != list(old.entries):
        mapping.may_hold = each_once(*old.contents(), *new.contents())
        mapping.entries, mapping.why = None, why
        return True
    if new.entries == old.entries:
        return False
    mapping.entries = {
        key: entry
        if new.entries[key] == entry
        else replace(entry, value=m.unknown(why, of=(entry.value, new.entries[key].value)))
        for key, entry in old.entries.items()
    }
    return True


def _widen_names(
    m: InterpreterCore,
    names: dict[str, Value],
    old: dict[str, Value],
    new: dict[str, Value],
    why: str,
    added: Iterable[str] = (),
    *,
    models: bool,
) -> bool:
    """Widen variables or attributes, also ``added`` ones, which may hide those of a class. models: keep models."""
    changed = False
    for name in (*old, *added):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        changed = True
        known = [value for value in (before, after) if value is not None]
        if models and after is not None and isinstance(m.part(after), ModelPart):
            names[name] = one_of(known)
        else:
            unknown = m.unknown(why, of=known)
            names[name] = unknown if before is None else one_of([before, unknown])
    return changed
