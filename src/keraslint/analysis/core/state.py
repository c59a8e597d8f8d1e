"""The state of an interpreted program: scopes and objects by number, with fork and join at branches."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from keraslint.analysis.core.assumed import Fact
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.values import Ref, Tensor, Unknown, Value, each_once, head_of, one_of

_DIFFERENT = "branches of the program build it differently"


@dataclass(slots=True)
class Scope:
    """The variables of a module, a function call, a class body or a comprehension."""

    parent: int | None
    module: str
    variables: dict[str, Value] = field(default_factory=dict)
    outer: dict[str, int] = field(default_factory=dict)  # names declared global or nonlocal
    owner: Ref | None = None  # the class whose method runs
    receiver: Value | None = None
    kind: str = "function"  # "module", "function", "class", "comprehension"
    stars: list[Value] = field(default_factory=list)  # modules outside the program that were star-imported
    captured: bool = False  # a function that outlives the call closes over it
    passed_by: frozenset[str] = frozenset()  # names that a class body sets: it reads them past functions around it

    def copy(self) -> Scope:
        """An independent copy."""
        own = dict(self.variables), dict(self.outer), self.owner, self.receiver
        return Scope(self.parent, self.module, *own, self.kind, list(self.stars), self.captured, self.passed_by)


@dataclass(slots=True)
class ListObject:
    """A list. ``items`` is None where its length is not known, for the reason in ``why``.

    may_hold: objects that were seen in it before its items were no longer known.
    """

    items: list[Value] | None
    why: str = ""
    may_hold: tuple[Value, ...] = ()

    def contents(self) -> tuple[Value, ...]:
        """Its items, or those that it may hold."""
        return self.may_hold if self.items is None else tuple(self.items)

    def copy(self) -> ListObject:
        """An independent copy."""
        return ListObject(None if self.items is None else list(self.items), self.why, self.may_hold)


@dataclass(slots=True)
class SetObject:
    """A set of constants; ``items`` is None where they are not known. Its order never is."""

    items: frozenset[Hashable] | None

    def copy(self) -> SetObject:
        """An independent copy."""
        return SetObject(self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of a key of a dict, the expression it was written as, and the module of that."""

    value: Value
    node: ast.expr | None = None
    module: str = ""


@dataclass(slots=True)
class DictObject:
    """A dict in its order. ``entries`` is None where its keys are not all known, for the reason in ``why``.

    may_hold: objects that were seen in it before its entries were no longer known. inserted: keys of an OrderedDict
    that were there before some were moved, as they were put in: that is how Keras reads it (``core/keys.py``).
    """

    entries: dict[Hashable, Entry] | None
    ordered: bool = False
    default: Value | None = None  # the factory of a defaultdict
    why: str = ""
    may_hold: tuple[Value, ...] = ()
    inserted: tuple[Hashable, ...] = ()

    def contents(self) -> tuple[Value, ...]:
        """Its values, or those that it may hold."""
        return self.may_hold if self.entries is None else tuple(entry.value for entry in self.entries.values())

    def copy(self) -> DictObject:
        """An independent copy."""
        entries = None if self.entries is None else dict(self.entries)
        return replace(self, entries=entries)


@dataclass(slots=True)
class ClassObject:
    """A class of the program. Bases are Refs to other classes, Apis, or Unknown."""

    name: str
    module: str
    bases: tuple[Value, ...]
    attributes: dict[str, Value]
    fields: tuple[str, ...] | None = None  # a dataclass: its fields in order
    by_keyword: frozenset[str] = frozenset()  # the fields that the constructor takes by keyword only
    passed_on: frozenset[str] = frozenset()  # the fields that are only passed to __post_init__
    members: tuple[str, ...] | None = None  # an Enum: its members in order
    is_text: bool = False  # an Enum whose members are texts
    is_tuple: bool = False  # a named tuple
    metaclass: Value | None = None  # the metaclass it names, if it may change the class or its instances
    open: bool = False  # a decorator that is not followed may have changed it

    def copy(self) -> ClassObject:
        """An independent copy."""
        return replace(self, attributes=dict(self.attributes))


@dataclass(slots=True)
class Instance:
    """An object of a class of the program or of Keras.

    perhaps: the attributes that only some paths to this place have set.
    """

    cls: Value
    attributes: dict[str, Value] = field(default_factory=dict)
    part: LayerPart | ModelPart | None = None
    open: bool = False  # it may have unseen attributes, which may hide those of its class
    perhaps: frozenset[str] = frozenset()

    def copy(self) -> Instance:
        """An independent copy."""
        return Instance(self.cls, dict(self.attributes), self.part, self.open, self.perhaps)


Object: TypeAlias = Scope | ListObject | SetObject | DictObject | ClassObject | Instance
_T = TypeVar("_T", Scope, ListObject, SetObject, DictObject, ClassObject, Instance)


class State:
    """Objects by number. A fork shares them until one side writes; ``joined`` makes one state of two.

    Once a state was forked, only the branches are used.
    """

    def __init__(self) -> None:
        self.objects: dict[int, Object] = {}
        self.dead = False
        self.counters: dict[str, int | None] | None = {}  # how often Keras numbered a name; None: not known
        self.renamed = False  # layers were renamed after they made tensors
        self.reactivated = False  # the activation of a layer may be another one than it was made with
        self.narrowed = False  # a branch that may or may not be taken has ended some paths here
        self.raised: frozenset[int] = frozenset()  # the guards in which something may have raised before this place
        self.facts: tuple[Fact, ...] = ()  # the answers that are assumed for unknown conditions
        self.weighted = False  # weights of a layer, or of a model that is not known, were set
        self.legacy = False  # the program set TF_USE_LEGACY_KERAS, so tf.keras is Keras 2
        self.handed_functions: tuple[Value, ...] = ()  # with effects, and code out of view may call them at any time
        self.cached: dict[Hashable, Value] = {}  # results of functions that keep them, by function and arguments
        self.perhaps_cached: frozenset[Hashable] = frozenset()  # those of them that another path did not make
        self.read_up_to: dict[int, int] = {}  # iterators in variables that are only read by next(), with what was read
        self.perhaps_all_cached = False  # code that is not followed may have called any function that keeps its results
        self.used_up: frozenset[int] = frozenset()  # the generators that were read, or may have been
        self.drawn: dict[Hashable, tuple[Hashable, int]] = {}  # what draws: its state, and how often it drew since
        self.stirred: Hashable = None  # the last call out of view, which may have set a seed
        self.unforgotten: set[int] | None = None  # the objects written since all data was forgotten; None: it never was
        self.trained_with: dict[Hashable, int] = {}  # callbacks, with the model that they trained last
        self.built_for: dict[Hashable, tuple[int, int]] = {}  # optimizers: the model trained first, Compiled.at of it
        self._own: set[int] = set()
        self._layers: tuple[set[int], ...] = (set(),)  # numbers written, one set for each fork up to here

    def fork(self) -> State:
        """A copy for one branch. Neither side sees the writes of the other."""
        twin = State()
        twin.objects = dict(self.objects)
        twin.dead = self.dead
        twin.counters = None if self.counters is None else dict(self.counters)
        twin.legacy, twin.weighted = self.legacy, self.weighted
        twin.facts, twin.raised, twin.renamed = self.facts, self.raised, self.renamed
        twin.narrowed, twin.reactivated = self.narrowed, self.reactivated
        twin.handed_functions = self.handed_functions
        twin.read_up_to = dict(self.read_up_to)
        twin.used_up, twin.perhaps_all_cached = self.used_up, self.perhaps_all_cached
        twin.drawn, twin.stirred = dict(self.drawn), self.stirred
        twin.trained_with, twin.built_for = dict(self.trained_with), dict(self.built_for)
        twin.cached, twin.perhaps_cached = dict(self.cached), self.perhaps_cached
        twin.unforgotten = None if self.unforgotten is None else set(self.unforgotten)
        self._own = set()  # objects that both sides have are copied before they are changed
        twin._layers = (*self._layers, set())
        return twin

    def add(self, number: int, thing: Object) -> None:
        """Keep a new object."""
        self.objects[number] = thing
        self._own.add(number)
        self._note(number)

    def drop(self, number: int) -> None:
        """Forget an object that nothing refers to any more."""
        self.objects.pop(number, None)

    def writable(self, number: int, kind: type[_T]) -> _T:
        """The object, to be changed in place. Raises TypeError if it is of another kind."""
        thing = self.objects[number]
        if not isinstance(thing, kind):
            raise TypeError(f"object {number} is a {type(thing).__name__}, no {kind.__name__}")
        self._note(number)
        if number not in self._own:
            thing = thing.copy()
            self.objects[number] = thing
            self._own.add(number)
        return thing

    def _note(self, number: int) -> None:
        self._layers[-1].add(number)
        if self.unforgotten is not None:
            self.unforgotten.add(number)

    def forget_facts(self, word: str) -> None:
        """End assumptions about a variable or attribute that is set now, or about items for "[]"."""
        self.facts = tuple(fact for fact in self.facts if word not in fact.words)

    def forget_facts_within(self, values: Iterable[Value] | None = None) -> None:
        """End assumptions about attributes and items of these values, or of any: they may have changed."""
        known = None if values is None else set(values)
        self.facts = tuple(
            fact for fact in self.facts if not fact.reaches_in or (known is not None and fact.roots.isdisjoint(known))
        )

    def written_since(self, before: State) -> set[int]:
        """The objects that were made or changed since this state was forked from ``before``."""
        shared = _shared(self._layers, before._layers)
        return set().union(*self._layers[shared:])

    def joined(self, other: State) -> State:
        """The state after one of two branches that were forked from one state."""
        if self.dead or other.dead:
            return other if self.dead else self
        shared = _shared(self._layers, other._layers)
        result = self.fork()
        other._own = set()
        written = set().union(*self._layers[shared:], *other._layers[shared:])
        result._layers = (*self._layers[:shared], written)
        for number in written:
            mine, theirs = self.objects.get(number), other.objects.get(number)
            if mine is theirs or theirs is None:
                continue
            result.objects[number] = theirs if mine is None else _join(mine, theirs)
        result.unforgotten = (
            None if self.unforgotten is None or other.unforgotten is None else self.unforgotten | other.unforgotten
        )
        if self.counters != other.counters:
            result.counters = None
        result.legacy, result.weighted = self.legacy or other.legacy, self.weighted or other.weighted
        result.narrowed, result.reactivated = self.narrowed or other.narrowed, self.reactivated or other.reactivated
        result.raised = self.raised | other.raised
        result.facts = tuple(fact for fact in self.facts if fact in other.facts)
        result.renamed = self.renamed or other.renamed
        if other.handed_functions != self.handed_functions:
            result.handed_functions = tuple(dict.fromkeys(self.handed_functions + other.handed_functions))
        result.used_up = self.used_up | other.used_up
        result.read_up_to = dict(self.read_up_to.items() & other.read_up_to.items())
        result.perhaps_all_cached = self.perhaps_all_cached or other.perhaps_all_cached
        result.trained_with = dict(self.trained_with.items() & other.trained_with.items())
        result.built_for = dict(self.built_for.items() & other.built_for.items())
        for owner in self.drawn.keys() | other.drawn.keys():
            here, there = self.drawn.get(owner), other.drawn.get(owner)
            if here != there:
                result.drawn[owner] = (("either", hash(here), hash(there)), 0)
        if self.stirred != other.stirred:
            result.stirred = ("either", hash(self.stirred), hash(other.stirred))
        apart = self.cached.items() ^ other.cached.items()
        result.cached = {**other.cached, **self.cached}
        result.perhaps_cached = self.perhaps_cached.union(other.perhaps_cached, (key for key, _ in apart))
        return result


def _shared(a: tuple[set[int], ...], b: tuple[set[int], ...]) -> int:
    """The number of layers that two states share: those up to their last common fork."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if a[middle] is b[middle] else (low, middle)
    return low


def join_all(states: Iterable[State]) -> State | None:
    """The state after any of several branches; None without branches."""
    result: State | None = None
    for state in states:
        result = state if result is None else result.joined(state)
    return result


def _join(a: Object, b: Object) -> Object:
    if type(a) is not type(b):
        return a
    if isinstance(a, Scope) and isinstance(b, Scope):
        merged = replace(a, variables=_join_values(a.variables, b.variables), outer={**b.outer, **a.outer})
        merged.captured = a.captured or b.captured
        return merged
    if isinstance(a, ListObject) and isinstance(b, ListObject):
        return _join_lists(a, b)
    if isinstance(a, SetObject) and isinstance(b, SetObject):
        return a if a.items == b.items else SetObject(None)
    if isinstance(a, DictObject) and isinstance(b, DictObject):
        return _join_dicts(a, b)
    if isinstance(a, ClassObject) and isinstance(b, ClassObject):
        return replace(a, attributes=_join_values(a.attributes, b.attributes))
    if isinstance(a, Instance) and isinstance(b, Instance):
        return replace(
            a,
            attributes=_join_values(a.attributes, b.attributes),
            part=_join_parts(a.part, b.part),
            open=a.open or b.open,
            perhaps=a.perhaps | b.perhaps | (a.attributes.keys() ^ b.attributes.keys()),
        )
    raise TypeError(f"no join for {type(a).__name__}")


def _join_values(a: dict[str, Value], b: dict[str, Value]) -> dict[str, Value]:
    """Join variables. A name that only one branch sets keeps its value: else the program would raise."""
    merged = dict(a)
    for name, value in b.items():
        if name in merged and merged[name] != value:
            merged[name] = one_of((merged[name], value))
        else:
            merged[name] = value
    return merged


def _join_lists(a: ListObject, b: ListObject) -> ListObject:
    if a.items is None or b.items is None or len(a.items) != len(b.items):
        return ListObject(None, a.why or b.why or _DIFFERENT, each_once(*a.contents(), *b.contents()))
    return ListObject([one_of(pair) for pair in zip(a.items, b.items, strict=True)])


def _join_dicts(a: DictObject, b: DictObject) -> DictObject:
    ordered = a.ordered or b.ordered
    if a.entries is None or b.entries is None or set(a.entries) != set(b.entries):
        return DictObject(
            None, ordered, a.default, a.why or b.why or _DIFFERENT, each_once(*a.contents(), *b.contents())
        )
    if list(a.entries) != list(b.entries) or a.inserted != b.inserted:
        return DictObject(None, ordered, a.default, _DIFFERENT, each_once(*a.contents(), *b.contents()))
    entries = {
        key: entry
        if entry.value == b.entries[key].value
        else replace(entry, value=one_of((entry.value, b.entries[key].value)))
        for key, entry in a.entries.items()
    }
    return DictObject(entries, ordered, a.default, inserted=a.inserted)


def _join_parts(a: LayerPart | ModelPart | None, b: LayerPart | ModelPart | None) -> LayerPart | ModelPart | None:
    if a == b or b is None:
        return a
    if isinstance(a, ModelPart) and isinstance(b, ModelPart):
        compiles = tuple(dict.fromkeys(a.compiles + b.compiles))
        escaped, trained = a.escaped or b.escaped, a.trained and b.trained
        in_turns = (a.trained or a.in_turns) and (b.trained or b.in_turns)
        frozen, weighted = a.frozen and b.frozen, a.weighted or b.weighted
        if a.outputs != b.outputs:
            return replace(
                a,
                outputs=None,
                why=a.why or b.why or _DIFFERENT,
                nested=a.nested if a.why else b.nested,
                structure=Unknown(_DIFFERENT),
                compiles=compiles,
                escaped=escaped,
                trained=trained,
                in_turns=in_turns,
                frozen=frozen,
                weighted=weighted,
            )
        made = replace(
            a, compiles=compiles, escaped=escaped, trained=trained, in_turns=in_turns, frozen=frozen, weighted=weighted
        )
        if isinstance(a.structure, Tensor) and a.structure.head != head_of(b.structure):
            return replace(made, structure=replace(a.structure, head=None))
        return made
    if isinstance(a, LayerPart) and isinstance(b, LayerPart):
        return LayerPart(None, _DIFFERENT)
    return a or b
