"""Values that depend on the installed version: what is computed of them, and where a run has to be split."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import reduce
from operator import or_

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_ANSWERS
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import DictObject, Entry, Instance, ListObject
from keraslint.analysis.core.values import (
    Api,
    Bound,
    Const,
    Function,
    Method,
    OneOf,
    Partial,
    Ref,
    Unknown,
    Value,
    Varying,
    one_of,
)
from keraslint.analysis.core.values import Sequence as Items

_DEEP = 3
"""Levels of items within each other in which a version is looked for."""

_MOST_ORIGINS = 2_000
"""Values of which an unknown one is made, and among which a version is looked for."""


_COMPOUNDS = frozenset({Unknown, OneOf, Items})
_CONSTANT = frozenset({Const, Function, str, int, bool, float, type(None)})


class Undecided(Exception):
    """Raised where the next step differs between the environments of a run: it has to begin anew for each part of them.

    groups: the bits of each part. question: instead of these, a condition that can't be evaluated, whose answers
    are both to be followed. steps: the steps of the run until here.
    """

    steps = 0

    def __init__(self, groups: tuple[int, ...], question: Hashable = None) -> None:
        super().__init__()
        self.groups = groups
        self.question = question


def installed(m: InterpreterCore, texts: dict[str, int]) -> Varying:
    """The version of an installed package, from its texts with the bits of their environments."""
    m.varies = True
    here = m.assumed.environments
    return Varying(tuple((Const(text), bits & here) for text, bits in texts.items() if bits & here))


def lifted(
    m: InterpreterCore, what: Hashable, values: Sequence[Value], apply: Callable[..., Value], *, deep: bool = False
) -> Value:
    """The result of ``apply(*values)``, which has no effects, for each case of values that depend on the version.

    deep: also for the cases of their items. what: names the operation, where the result is not known. Raises Undecided
    where the operation raises an exception in some environments, and the program goes on.
    """
    depth = _DEEP if deep else 0
    if not m.varies or not any(varies(m, value, depth) for value in values):
        return apply(*values)
    found: dict[Value, int] = {}
    first, before, raising = m.fresh().number, m.state, 0
    combined = _combined(m, values, depth)
    for parts, bits in combined:
        m.step()
        result = apply(*parts)
        if m.state.dead and not before.dead:  # it raises, and a handler takes that
            raising, m.state = raising | bits, before
            continue
        if isinstance(result, Unknown):
            result = Unknown(result.why, Derived("by version", (what, *values)))
        for case, within in result.cases if isinstance(result, Varying) else ((result, bits),):
            if within & bits:
                found[case] = found.get(case, 0) | within & bits
    if raising:
        _part(m, raising, combined)
    return _gathered(m, found, first) if found else m.unknown("it raises an exception")


def _part(m: InterpreterCore, raising: int, combined: list[tuple[tuple[Value, ...], int]]) -> None:
    """Carry out that an operation raises in these environments. Raises Undecided if it does not in all of them."""
    rest = reduce(or_, (bits for _, bits in combined)) & ~raising
    if rest:
        m.decisions += 1
        raise Undecided((raising, rest))
    m.end()


def _gathered(m: InterpreterCore, found: dict[Value, int], first: int) -> Value:
    """One value for several cases: of new lists, or tuples, of one length, one list of what varies.

    first: the number from which on objects are new.
    """
    rows = [(m.sequence(case), bits) for case, bits in found.items()]
    lengths = {-1 if items is None else len(items) for items, _ in rows}
    tuples = [isinstance(case, Items) and not case.once for case in found]
    lists = [isinstance(case, Ref) and case.number > first for case in found]
    if len(lengths) > 1 or -1 in lengths or not (all(tuples) or all(lists)):
        return Varying(tuple(found.items()))
    items = [_item(place, rows) for place in range(lengths.pop())]
    return Items(tuple(items)) if all(tuples) else m.new_list(items)


def _combined(m: InterpreterCore, values: Sequence[Value], depth: int) -> list[tuple[tuple[Value, ...], int]]:
    """Each combination of the cases of several values that some environment has."""
    found: list[tuple[tuple[Value, ...], int]] = [((), m.assumed.environments)]
    for value in values:
        cases = _cases(m, value, depth)
        found = [((*parts, case), bits & more) for parts, bits in found for case, more in cases if bits & more]
    return found


def varies(m: InterpreterCore, value: Value, depth: int = _DEEP) -> bool:
    """True if a value depends on the version, or one of its items does, so many levels deep."""
    if isinstance(value, Varying):
        return True
    return depth > 0 and any(varies(m, part, depth - 1) for part in _parts(m, value))


def _parts(m: InterpreterCore, value: Value) -> Sequence[Value]:
    return value.options if isinstance(value, OneOf) else m.sequence(value) or ()


def _cases(m: InterpreterCore, value: Value, depth: int) -> list[tuple[Value, int]]:
    """The cases of a value, and of its items down to this depth; the value itself if it has none."""
    if isinstance(value, Varying):
        return [
            (case, bits) for outer, own in value.cases for case, more in _cases(m, outer, depth) if (bits := own & more)
        ]
    if not varies(m, value, depth):
        return [(value, m.assumed.environments)]
    combined = _combined(m, _parts(m, value), depth - 1)
    return [(_rebuilt(m, value, parts), bits) for parts, bits in combined]


def _rebuilt(m: InterpreterCore, value: Value, parts: tuple[Value, ...]) -> Value:
    if isinstance(value, OneOf):
        return one_of(parts)
    return Items(parts) if isinstance(value, Items) else m.new_list(list(parts))


def by_item(m: InterpreterCore, value: Varying) -> list[Value] | None:
    """The items of a value that depends on the version, each for itself; None where they are not known."""
    rows = [(m.iterate(case), bits) for case, bits in value.cases]
    lengths: dict[int, int] = {}
    for items, bits in rows:
        if items is None:
            return None
        lengths[len(items)] = lengths.get(len(items), 0) | bits
    if len(lengths) > 1:
        raise Undecided(tuple(lengths.values()))
    return [_item(place, rows) for place in range(next(iter(lengths)))]


def _item(place: int, rows: list[tuple[list[Value] | None, int]]) -> Value:
    found: dict[Value, int] = {}
    for items, bits in rows:
        assert items is not None
        found[items[place]] = found.get(items[place], 0) | bits
    return Varying(tuple(found.items()))


def truth_by_case(m: InterpreterCore, value: Varying) -> bool | None:
    """The truth value of a value that depends on the version. Raises Undecided where it is not the same everywhere."""
    m.decisions += 1
    found: dict[bool | None, int] = {}
    for case, bits in value.cases:
        truth = m.truth(case)
        found[truth] = found.get(truth, 0) | bits
    if len(found) > 1:
        raise Undecided(tuple(found.values()))
    return next(iter(found))


def decided(m: InterpreterCore, value: Value, depth: int = 3) -> Value:
    """The value as it is in all environments of this run, and its items with it. Raises Undecided if it differs."""
    if not m.varies:
        return value
    if isinstance(value, Varying):
        m.decisions += 1
        if len(value.cases) > 1:
            raise Undecided(tuple(bits for _, bits in value.cases))
        return decided(m, value.cases[0][0], depth)
    if not depth:
        return value
    if isinstance(value, OneOf):
        return one_of([decided(m, option, depth - 1) for option in value.options])
    if isinstance(value, Items):
        items = tuple(decided(m, item, depth - 1) for item in value.items)
        return value if items == value.items else Items(items, value.once)
    _decide_within(m, value, depth - 1)
    return value


def _decide_within(m: InterpreterCore, value: Value, depth: int) -> None:
    """Put into a list or dict what its items are in all environments of this run."""
    thing = m.look(value)
    if not isinstance(value, Ref):
        return
    if isinstance(thing, ListObject) and thing.items is not None:
        items = [decided(m, item, depth) for item in thing.items]
        if items != thing.items:
            m.state.writable(value.number, ListObject).items = items
    elif isinstance(thing, DictObject) and thing.entries is not None:
        entries = {
            key: Entry(decided(m, entry.value, depth), entry.node, entry.module) for key, entry in thing.entries.items()
        }
        if entries != thing.entries:
            m.state.writable(value.number, DictObject).entries = entries


def decided_arguments(m: InterpreterCore, args: Arguments) -> Arguments:
    """The arguments of a call as they are in all environments of this run. Raises Undecided where they differ."""
    if not m.varies:
        return args
    positional = [decided(m, value) for value in args.positional]
    keywords = {name: decided(m, value) for name, value in args.keywords.items()}
    return Arguments(positional, keywords, args.node, args.open, args.nodes)


def depends_on_version(m: InterpreterCore, value: object) -> bool:
    """True if a value, or what an unknown value is made of, depends on the version of Keras or TensorFlow."""
    return _found_in(m, value) is not None


def _found_in(m: InterpreterCore, value: object) -> object:
    """The part that depends on the version: a value, one of its items, or an origin of an unknown value; else None."""
    waiting, seen = [value], dict[int, object]()
    while waiting and len(seen) < _MOST_ORIGINS:
        current = waiting.pop()
        if _is_by_version(m, current):
            return current
        if id(current) not in seen:
            seen[id(current)] = current
            for part in (*_made_of(current), *_held_in(m, current)):
                if type(part) in _COMPOUNDS:
                    waiting += _ends(m, part)
                elif type(part) not in _CONSTANT:
                    waiting.append(part)
    return None


def _is_by_version(m: InterpreterCore, value: object) -> bool:
    return isinstance(value, Varying) or (isinstance(value, (Unknown, Api, Ref)) and value in m.told)


def _ends(m: InterpreterCore, value: object) -> tuple[object, ...]:
    """What of all that makes up a value depends on the version, or is an object that may change; the first is last."""
    waiting = [value]
    while value not in m.ends_of:
        inner, ends = _first_ends(m, waiting[-1])
        missing = [one for one in inner if one not in m.ends_of]
        if missing:
            waiting += missing
        else:
            found = (end for one in ends for end in (m.ends_of[one][::-1] if one in inner else (one,)))
            m.ends_of[waiting.pop()] = tuple(dict.fromkeys(found))[::-1]
    return m.ends_of[value]


def _first_ends(m: InterpreterCore, value: object) -> tuple[set[object], list[object]]:
    """The compound values of which one is directly made; these in their order, with its other ends between them."""
    waiting, seen = [value], dict[int, object]()
    inner, ends = set[object](), list[object]()
    while waiting:
        current = waiting.pop()
        if isinstance(current, Ref) or _is_by_version(m, current):
            ends.append(current)
        elif type(current) in _COMPOUNDS and current is not value:
            inner.add(current)
            ends.append(current)
        elif id(current) not in seen:
            seen[id(current)] = current
            waiting.extend(_made_of(current))
    return inner, ends


def _made_of(value: object) -> tuple[object, ...]:
    """The values of which a value is made."""
    if isinstance(value, Unknown):
        return value.origin.parts() if value.origin is not None else ()
    if isinstance(value, (Bound, Method)):
        return (value.receiver,)
    if isinstance(value, Partial):
        return (value.function, *value.args)
    if isinstance(value, Api):
        owner = value.path.rpartition(".")[0]
        return (Api(owner),) if owner else ()
    if isinstance(value, (OneOf, Items)):
        return value.options if isinstance(value, OneOf) else value.items
    return value if isinstance(value, tuple) else ()


def _held_in(m: InterpreterCore, value: object) -> Sequence[object]:
    """The items or attributes of a list, dict or instance."""
    thing = m.state.objects.get(value.number) if isinstance(value, Ref) else None
    if isinstance(thing, DictObject):
        return [entry.value for entry in (thing.entries or {}).values()]
    if isinstance(thing, Instance):
        return list(thing.attributes.values())
    return (thing.items or ()) if isinstance(thing, ListObject) else ()


def tell(m: InterpreterCore, receiver: Value | None, values: Sequence[Value]) -> Hashable:
    """Record that values are passed to an unseen object; return what depends on the version in them, if anything."""
    found = _found_in(m, tuple(values)) if m.varies else None
    if found is not None and receiver is not None:
        m.tell(receiver)
    return found


def tell_of_contents(m: InterpreterCore, container: Ref, values: Sequence[Value]) -> None:
    """Record that the items of a list, dict or set, if they are not known, depend on the version as values do."""
    if m.varies and m.is_unseen(container):
        tell(m, container, values)


def answer_by_version(m: InterpreterCore, value: Value) -> bool | None:
    """The answer that this run assumes for a condition of this value, which is not known; None where none is.

    Raises Undecided where both answers are to be followed: the condition depends on the version.
    """
    if not m.varies or not depends_on_version(m, value):
        return None
    known = dict(m.assumed.answers)
    m.decisions += 1
    if value in known:
        return known[value]
    if len(known) < MAX_ANSWERS and not m.assumed.blind:
        raise Undecided((), value)
    m.doubtful = True
    return None
