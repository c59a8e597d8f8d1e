"""The machine that the interpreter's parts share: current state, scopes, bounds, and what was observed."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_BITS, MAX_ITEMS, MAX_OBJECTS, MAX_TEXT, OutOfBounds
from keraslint.analysis.core.control import Control
from keraslint.analysis.core.environments import Assumed
from keraslint.analysis.core.origins import Fresh
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.recorder import Observations
from keraslint.analysis.core.state import (
    ClassObject,
    DictObject,
    Entry,
    Instance,
    ListObject,
    Object,
    Scope,
    SetObject,
    State,
)
from keraslint.analysis.core.values import (
    NONE,
    Const,
    Function,
    Method,
    Namespace,
    Origin,
    Proxy,
    Ref,
    Sequence,
    Suspended,
    Unknown,
    Value,
    Varying,
)
from keraslint.limits import poll

STEPS_BETWEEN_POLLS = 64

# Expressions that may raise where their value is not known.
_MAY_RAISE = (
    ast.Attribute, ast.Await, ast.BinOp, ast.Call, ast.Compare, ast.JoinedStr, ast.Subscript, ast.UnaryOp, ast.YieldFrom
)  # fmt: skip

ANY_MODULE, UNSURE_MODULE = "*", "?"
NOTHING_PLACED: dict[str, Value] = {ANY_MODULE: NONE, UNSURE_MODULE: NONE}
"""What a program has put into sys.modules that puts nothing there. No module has one of these two names."""


@dataclass(frozen=True, slots=True)
class Constructs:
    """The functions that run the constructs of the language, expressions and statements by node type."""

    expressions: Mapping[type[ast.expr], Callable[[Any, Any], Value]]
    statements: Mapping[type[ast.stmt], Callable[[Any, Any], None]]
    execute: Callable[[Any, list[ast.stmt]], None]
    call: Callable[[Any, Value, Arguments], Value]
    resume: Callable[[Any, Suspended, Callable[[Value], None] | None], Value]
    attribute: Callable[[Any, Value, str], Value]
    set_attribute: Callable[[Any, Value, str, Value], None]
    truth: Callable[[Any, Value], bool | None]
    iterate: Callable[[Any, Value], list[Value] | None]
    submodule: Callable[[Any, Value, str], Value | None]


class InterpreterCore:
    """The state of an interpreted program, shared by the interpreter's parts. Runs no code, always ends."""

    def __init__(self, constructs: Constructs, assumed: Assumed | None = None) -> None:
        self.constructs = constructs
        self.assumed = assumed or Assumed()
        self.varies = False  # the program has read the version of Keras or TensorFlow
        self.by_version = False  # a part of the expression that is evaluated depends on it
        self.told: set[Value] = set()  # unseen objects to which it was passed, and which may give it back
        self.ends_of: dict[object, tuple[object, ...]] = {}  # what may make a value depend on the version
        self.decisions = 0  # how often a truth value depended on it
        self.doubtful = self.assumed.blind  # it asks for the version in a way that can't be evaluated
        self.state = State()
        self.control = Control()
        self.seen = Observations()
        self.lines: dict[Value, tuple[Value, ...]] = {}  # classes with all that they derive from, in Python's order
        self.computed: set[int] = set()  # attribute nodes that read a property: each read may return another value
        self._numbers = itertools.count()
        self._methods: dict[tuple[Function, Value], Method] = {}
        self.library_scope = self.new(Scope(None, "", kind="module", captured=True)).number  # of lazy_functions
        self.module_table = self.new(Scope(None, "", dict(NOTHING_PLACED), kind="table")).number  # sys.modules
        self.steps = 0
        self.interrupt: Callable[[], None] | None = None  # asked now and then; may raise to end the run
        self.relevant: frozenset[int] = frozenset()  # functions in which there is something to observe
        self.executed: set[int] = set()  # functions that were called in view, or alone
        self.reached: set[int] = set()  # functions that were called in view
        self.called_back: set[tuple[int, int]] = set()  # functions that something unseen may call, each in its scope
        self.acting: dict[ast.AST, bool] = {}  # functions by node: False if they surely change nothing outside
        self.parts: dict[Value, tuple[Value, ...]] = {}  # what code can reach from values that do not change
        self.renamed: set[Function] = set()  # functions that the program gives another name
        self.put_in: dict[Value, dict[Value, None]] = {}  # what the program stored in values that are not followed
        self.has_hooks = False  # a class of the program has methods that Python may call by itself
        self.listens = False  # Python's library calls code of the program where something is logged, printed or warned
        self.cut_off: set[int] = set()  # functions that called themselves and were not followed further
        self.main_module = ""  # the path of the checked module
        self.one_loss: dict[tuple[int, int], bool] = {}  # compile calls on unseen models: True if surely with one loss
        self.rewound = False  # something that draws or reads was set back: draws that are written alike may be equal
        self.deferred: dict[tuple[int, str], Callable[[], Value]] = {}  # imports that nothing has asked for, by scope
        self.effect_steps = 0  # steps in functions that were run only for their effects

    # -- the constructs of the language, by the functions that carry them out ----------------------------------

    def evaluate(self, node: ast.expr) -> Value:
        """The value of an expression; Unknown for what is not modelled."""
        handler = self.constructs.expressions.get(type(node))
        if handler is None:
            return self.unknown(f"'{type(node).__name__}' expressions are not followed")
        value = handler(self, node) if not self.varies else self._evaluate_by_version(handler, node)
        if self.control.guards and isinstance(value, Unknown) and isinstance(node, _MAY_RAISE):
            self.may_raise()
        return value

    def _evaluate_by_version(self, handler: Callable[[Any, Any], Value], node: ast.expr) -> Value:
        """The value of an expression once the version was read: what is made of it and not followed depends on it."""
        around, self.by_version = self.by_version, False
        value = handler(self, node)
        if self.by_version and self.is_unseen(value):
            self.tell(value)
            self.doubtful |= bool(self.control.guards) and isinstance(node, _MAY_RAISE)
        told = isinstance(value, Varying) or (isinstance(value, (Unknown, Ref)) and value in self.told)
        self.by_version = around or told or (self.by_version and not isinstance(value, (Const, Function)))
        return value

    def is_unseen(self, value: Value) -> bool:
        """True for a value of which nothing is known, and for a list, dict or set of which no item is."""
        thing = self.look(value)
        if isinstance(thing, (ListObject, SetObject)):
            return thing.items is None
        return isinstance(value, Unknown) or (isinstance(thing, DictObject) and thing.entries is None)

    def execute_statement(self, node: ast.stmt) -> None:
        """Run one statement on the current state; one that is not modelled does nothing."""
        handler = self.constructs.statements.get(type(node))
        if handler is not None:
            handler(self, node)

    def execute(self, body: list[ast.stmt]) -> None:
        """Run statements up to a return, raise, break or continue."""
        self.constructs.execute(self, body)

    def call(self, function: Value, args: Arguments) -> Value:
        """The result of a call, with its effects on the state."""
        before = self.by_version
        result = self.constructs.call(self, function, args)
        self.by_version = before  # what the function does with the version by itself is no part of its result
        return result

    def resume(self, value: Suspended, on_yield: Callable[[Value], None] | None = None) -> Value:
        """Run the body of a generator or coroutine, call ``on_yield`` with what it yields, and return its result."""
        return self.constructs.resume(self, value, on_yield)

    def attribute(self, value: Value, name: str) -> Value:
        """The value of ``value.name``."""
        return self.constructs.attribute(self, value, name)

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """Carry out ``value.name = new``."""
        self.constructs.set_attribute(self, value, name, new)

    def truth(self, value: Value) -> bool | None:
        """The truth value of a value; None where it is not known."""
        return self.constructs.truth(self, value)

    def iterate(self, value: Value) -> list[Value] | None:
        """The items of an iterable value, in order; None where they are not known."""
        return self.constructs.iterate(self, value)

    def submodule(self, module: Value, name: str) -> Value | None:
        """A module inside a package of the project; None where it does not exist."""
        return self.constructs.submodule(self, module, name)

    # -- bounds -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Count one step. Raises OutOfBounds, and OutOfTime."""
        self.steps += 1
        if not self.steps % STEPS_BETWEEN_POLLS:
            self.poll(self.steps)
        if self.steps > self.control.limit:
            raise OutOfBounds("it takes more steps than are followed")
        if len(self.state.objects) > MAX_OBJECTS:
            raise OutOfBounds(f"it makes more than {MAX_OBJECTS:,} objects")

    def poll(self, count: int) -> None:
        """Ask, once in a number of times, whether the run is to end. Raises OutOfTime."""
        if not count % STEPS_BETWEEN_POLLS:
            if self.interrupt is not None:
                self.interrupt()
            poll()

    @property
    def in_uncertain_branch(self) -> bool:
        """True if a branch that is followed separately has entered one that may or may not be taken."""
        control = self.control
        entered = control.uncertain_depth - len(control.path_conditions) > control.uncertain_depth_at_fork
        return bool(control.path_conditions) and (entered or self.state.narrowed)

    def may_raise(self) -> None:
        """Note that what runs now may raise an exception: what follows in the blocks around it may not run."""
        for guard in reversed(self.control.guards):
            if guard.takes:
                guard.may_raise = True
                self.state.raised |= {guard.number}
                if guard.takes_all:
                    return

    def raises(self) -> None:
        """Carry out that what runs now surely raises, if something takes the exception."""
        taking = next((guard for guard in reversed(self.control.guards) if guard.takes), None)
        if taking is None or self.state.dead:
            return
        self.may_raise()
        taking.raised = True
        if self.control.handled is not None:
            self.control.handled.append(self.state)
        self.end()

    def end(self) -> None:
        """Mark that nothing after this place runs."""
        self.state = self.state.fork()
        self.state.dead = True

    # -- objects ------------------------------------------------------------------------------------------------

    def new(self, thing: Object) -> Ref:
        """Keep a new object in the state."""
        number = next(self._numbers)
        self.state.add(number, thing)
        return Ref(number)

    def new_list(self, items: list[Value] | None, why: str = "") -> Ref:
        """A new list."""
        if items is not None and len(items) > MAX_ITEMS:
            return self.new(ListObject(None, "it is too long"))
        return self.new(ListObject(items, why))

    def new_tuple(self, items: list[Value]) -> Value:
        """A tuple."""
        return self.unknown("a tuple that is too long") if len(items) > MAX_ITEMS else Sequence(tuple(items))

    def new_dict(self, entries: dict[Hashable, Entry] | None, *, ordered: bool = False, why: str = "") -> Ref:
        """A new dict."""
        if entries is not None and len(entries) > MAX_ITEMS:
            return self.new(DictObject(None, ordered, why="it is too long"))
        return self.new(DictObject(entries, ordered, why=why))

    def look(self, value: Value) -> Object | None:
        """The object that a value refers to, for reading."""
        return self.state.objects.get(value.number) if type(value) is Ref else None

    def method_of(self, function: Function, receiver: Value) -> Method:
        """The function bound to a receiver: the same object for each call, since many of them are asked for again."""
        found = self._methods.get((function, receiver))
        if found is None:
            found = self._methods[function, receiver] = Method(function, receiver)
        return found

    def part(self, value: Value) -> LayerPart | ModelPart | None:
        """The layer or model part of a value; None if it is not a Keras layer or model."""
        thing = self.look(value)
        return thing.part if isinstance(thing, Instance) else None

    def set_part(self, value: Value, part: LayerPart | ModelPart) -> None:
        """Replace the layer or model part of an instance."""
        if isinstance(value, Ref) and isinstance(self.look(value), Instance):
            self.state.writable(value.number, Instance).part = part

    def sequence(self, value: Value) -> list[Value] | None:
        """The items of a list or tuple; None for everything else and where they are not known."""
        if isinstance(value, Sequence):
            return list(value.items)
        thing = self.look(value)
        if isinstance(thing, Instance):
            cls = self.look(thing.cls)
            names = cls.fields if isinstance(cls, ClassObject) and cls.is_tuple else None
            return None if names is None else [thing.attributes[name] for name in names]
        return list(thing.items) if isinstance(thing, ListObject) and thing.items is not None else None

    def mapping(self, value: Value) -> dict[Hashable, Entry] | None:
        """The entries of a dict, or of ``vars(x)``; None for everything else and where they are not known."""
        thing = self.look(value.mapping if isinstance(value, Proxy) else value)
        if isinstance(value, Namespace) and isinstance(owner := self.look(value.owner), Instance):
            unseen = owner.part or owner.open or owner.perhaps
            return None if unseen else {name: Entry(held) for name, held in owner.attributes.items()}
        return thing.entries if isinstance(thing, DictObject) else None

    def text(self, value: Value | None) -> str | None:
        """The text of a string constant, or of a member of an Enum of texts."""
        known = value if value is None or isinstance(value, Const) else self.text_of_member(value)
        return known.value if isinstance(known, Const) and isinstance(known.value, str) else None

    def text_of_member(self, value: Value) -> Value:
        """The string that a member of a StrEnum, or of an Enum with str, equals; any other value unchanged."""
        thing = self.look(value)
        cls = self.look(thing.cls) if isinstance(thing, Instance) else None
        if isinstance(thing, Instance) and isinstance(cls, ClassObject) and cls.is_text:
            return thing.attributes.get("value", value)
        return value

    def unknown(self, why: str, origin: Origin | None = None, *, of: Iterable[Value] = ()) -> Unknown:
        """An unknown value; by default it is equal to nothing else. of: what it may be, or may be a part of."""
        return Unknown(why, origin or self.fresh(of))

    def next_number(self) -> int:
        """A number that nothing else has, greater than all before."""
        return next(self._numbers)

    def fresh(self, of: Iterable[Value] = ()) -> Fresh:
        """An origin that is equal to no other; what has it may be one of these values, or a part of them."""
        return Fresh(next(self._numbers), tuple(of))

    def tell(self, value: Value) -> None:
        """Note that the version was passed to an unseen object, which may give it back."""
        if value not in self.told:
            self.told.add(value)
            self.ends_of.clear()

    # -- names --------------------------------------------------------------------------------------------------

    @property
    def module(self) -> str:
        """The path of the module whose code runs."""
        scope = self.state.objects.get(self.control.scope)
        return scope.module if isinstance(scope, Scope) else ""

    def scopes(self) -> Iterator[tuple[int, Scope]]:
        """The scopes around the interpreted place, innermost first, with their numbers."""
        number: int | None = self.control.scope
        while number is not None:
            scope = self.state.objects[number]
            if not isinstance(scope, Scope):
                return
            yield number, scope
            number = scope.parent

    def module_scope(self) -> int:
        """The number of the module's scope whose code runs."""
        return [number for number, _ in self.scopes()][-1]

    def scope_of(self, name: str) -> int | None:
        """The number of the scope that holds a variable; None where no scope does."""
        number: int | None = self.control.scope
        while number is not None:
            scope = self.state.objects[number]
            if not isinstance(scope, Scope):
                return None
            if name in scope.outer:
                number = scope.outer[name]
                continue
            if name in scope.passed_by and name not in scope.variables:
                number = self.module_scope()
                continue
            if name in scope.variables or (number, name) in self.deferred:
                return number
            number = scope.parent
        return None

    def lookup(self, name: str) -> Value | None:
        """The value of a variable, None where no scope has it."""
        number = self.scope_of(name)
        scope = self.state.objects[number] if number is not None else None
        if not isinstance(scope, Scope) or number is None:
            return None
        return scope.variables[name] if name in scope.variables else self.deferred[number, name]()

    def assign(self, name: str, value: Value) -> None:
        """Set a variable in the scope where Python would."""
        scope = self.state.objects[self.control.scope]
        target = scope.outer.get(name, self.control.scope) if isinstance(scope, Scope) else self.control.scope
        self.state.writable(target, Scope).variables[name] = value
        if self.state.facts:
            self.state.forget_facts(name)

    def constant(self, value: object) -> Value:
        """A constant; an unknown for a value of another kind or one that is too long."""
        if value is None:
            return NONE
        if isinstance(value, (str, bytes)) and len(value) > MAX_TEXT:
            return self.unknown("a text that is too long")
        if isinstance(value, int) and value.bit_length() > MAX_BITS:
            return self.unknown("a number that is too large")
        if isinstance(value, float) and math.isnan(value):
            return self.unknown("it is no number")  # whether it equals something depends on its identity
        return Const(value) if isinstance(value, (str, bytes, int, float, complex)) else self.unknown("a value")
