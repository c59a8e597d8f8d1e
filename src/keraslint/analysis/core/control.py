"""The place in the program that is being interpreted; context managers enter and leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, fields, replace

from keraslint.analysis.core.bounds import MAX_STEPS
from keraslint.analysis.core.state import State
from keraslint.analysis.core.values import Function, Method, Value


@dataclass(slots=True)
class Jumps:
    """States that leave a block before its end: by return, break or continue."""

    returns: list[tuple[Value, State]] = field(default_factory=list)
    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)
    on_yield: Callable[[Value], None] | None = None  # what the caller does with each value that is yielded


@dataclass(frozen=True, slots=True)
class Attempt:
    """A compile call in a block, with those that are in force where it does not run. perhaps: it may not run."""

    instead: tuple[int, ...]
    perhaps: bool


@dataclass(eq=False, slots=True)
class Guard:
    """A block whose exceptions may not end the program, or the handlers of such a block.

    number: its own. first: the number of the training call that comes next when it begins. takes: exceptions of what
    runs now end here; takes_all: whatever they are. in_handlers: it stands for handlers, which run or do not.
    may_raise: something in it may raise. raised: something in it surely did. attempts: the compile calls in it, by
    number. used: those with which a model was surely trained before anything may have raised.
    """

    number: int
    first: int
    takes: bool = True
    takes_all: bool = False
    in_handlers: bool = False
    may_raise: bool = False
    raised: bool = False
    attempts: dict[int, Attempt] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Control:
    """The place that is interpreted, and what is known there. Its context managers restore what they change."""

    scope: int = -1  # the number of the innermost one
    jumps: Jumps = field(default_factory=Jumps)
    row: int = 0  # of the call that runs
    depth: int = 0  # of calls within each other
    entered: dict[int, int] = field(default_factory=dict)  # functions that run: uncertain_depth when they began
    limit: int = MAX_STEPS
    recording_suspended: int = 0  # above 0, nothing is recorded
    inside_symbolic_call: int = 0  # above 0, operations take no numbers
    uncertain_depth: int = 0  # entered branches that may or may not be taken
    path_conditions: tuple[tuple[str, bool], ...] = ()  # the conditions whose answers are followed separately
    uncertain_depth_at_fork: int = 0  # uncertain_depth before the first of them
    acting: tuple[Value, ...] = ()  # the functions that run for what they change, within each other
    scouting: bool = False  # in a turn that is run only to find what the turns of a loop touch
    handled: list[State] | None = None  # states at which a handler around this place may take over
    objectives: tuple[str, ...] = ()  # the logs by which a tuner compares the models that it trains here
    guards: tuple[Guard, ...] = ()  # the blocks around this place whose exceptions may not end the program
    alone: int = 0  # the function, by the identity of its node, that runs with unknown arguments
    waiting: list[Function | Method] = field(default_factory=list)  # functions that nothing in view has called yet

    def _with(self, **changes: object) -> _Changed:
        return _Changed(self, changes)

    def suspended(self) -> AbstractContextManager[None]:
        """Record nothing."""
        return self._with(recording_suspended=self.recording_suspended + 1)

    def in_scouting_turn(self) -> AbstractContextManager[None]:
        """Record nothing, in a turn that is run only to find what the turns of a loop touch."""
        return self._with(recording_suspended=self.recording_suspended + 1, scouting=True)

    def in_symbolic_call(self) -> AbstractContextManager[None]:
        """Record nothing and number no operations, as when Keras calls a layer on symbolic tensors."""
        inside = self.inside_symbolic_call + 1
        return self._with(recording_suspended=self.recording_suspended + 1, inside_symbolic_call=inside)

    def uncertain(self) -> AbstractContextManager[None]:
        """In a branch that may or may not be taken."""
        return self._with(uncertain_depth=self.uncertain_depth + 1)

    def following(self, condition: str, answer: bool) -> AbstractContextManager[None]:
        """In a branch that is followed separately, for one answer to a condition."""
        first = self.uncertain_depth_at_fork if self.path_conditions else self.uncertain_depth
        return self._with(
            uncertain_depth=self.uncertain_depth + 1,
            path_conditions=(*self.path_conditions, (condition, answer)),
            uncertain_depth_at_fork=first,
        )

    def running_for_effects(self, function: Value) -> AbstractContextManager[None]:
        """Record nothing, in a function that may run, or not."""
        return self._with(
            recording_suspended=self.recording_suspended + 1,
            uncertain_depth=self.uncertain_depth + 1,
            acting=(*self.acting, function),
        )

    def handling(self, states: list[State]) -> AbstractContextManager[None]:
        """In a block whose exceptions are handled: the states in which they may be raised are added to ``states``."""
        return self._with(handled=states)

    def guarded(self, guard: Guard) -> AbstractContextManager[None]:
        """In a block whose exceptions may not end the program."""
        return self._with(guards=(*self.guards, guard))

    def in_scope(self, scope: int, jumps: Jumps | None = None) -> AbstractContextManager[None]:
        """In another scope, and with ``jumps`` in another block."""
        return self._with(scope=scope, jumps=jumps or self.jumps)

    def in_function(self, key: int, scope: int, jumps: Jumps) -> AbstractContextManager[None]:
        """In the body of a function, known by ``key``, with its scope."""
        entered = {**self.entered, key: self.uncertain_depth}
        return self._with(scope=scope, jumps=jumps, depth=self.depth + 1, entered=entered)

    def in_turn(self) -> AbstractContextManager[None]:
        """In one turn of a loop: its breaks and continues are kept apart, returns and yields leave it."""
        return self._with(jumps=Jumps(self.jumps.returns, on_yield=self.jumps.on_yield))

    def at_row(self, row: int) -> AbstractContextManager[None]:
        """In a call that stands in this row."""
        return self._with(row=row)

    def tuned_for(self, objectives: tuple[str, ...]) -> AbstractContextManager[None]:
        """In the training of a tuner that compares its models by these logs."""
        return self._with(objectives=objectives)

    @contextmanager
    def bounded(self, limit: int) -> Iterator[None]:
        """With a limit of so many steps; afterwards everything is as before, however the block ends."""
        before = replace(self)
        self.limit = limit
        try:
            yield
        finally:
            for each in fields(self):
                setattr(self, each.name, getattr(before, each.name))

    @contextmanager
    def speculating(self, limit: int, function: int = 0) -> Iterator[None]:
        """As ``bounded``, for code that may never run: no handler around it takes over, its functions wait apart.

        ``function``: the one that is run alone, by the identity of its node; 0 if there are several.
        """
        with self.bounded(limit):
            self.waiting, self.handled, self.guards, self.alone = [], None, (), function
            yield


class _Changed:
    """Sets fields of a Control and restores them, in half the time that a generator takes."""

    __slots__ = ("before", "changes", "control")

    def __init__(self, control: Control, changes: dict[str, object]) -> None:
        self.control, self.changes = control, changes

    def __enter__(self) -> None:
        control = self.control
        self.before = [(name, getattr(control, name)) for name in self.changes]
        for name, value in self.changes.items():
            setattr(control, name, value)

    def __exit__(self, *_: object) -> None:
        for name, value in self.before:
            setattr(self.control, name, value)
