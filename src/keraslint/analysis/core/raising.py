"""The compile calls in blocks whose exceptions may not end the program: what is in force if one of them never runs."""

from __future__ import annotations

from collections.abc import Iterable

from keraslint.analysis.core.control import Attempt, Guard
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.recorder import ALWAYS
from keraslint.analysis.core.state import State


def new_guard(m: InterpreterCore, *, takes_all: bool = False, in_handlers: bool = False) -> Guard:
    """A guard for a block, or for the handlers of one."""
    return Guard(m.next_number(), len(m.seen.trainings), not in_handlers, takes_all, in_handlers)


def note_attempt(m: InterpreterCore, number: int, before: Iterable[int]) -> None:
    """Note a compile call, and the calls that were in force before it."""
    m.seen.compiles[number].expects = bool(m.control.guards)
    for guard in m.control.guards:
        perhaps = guard.in_handlers or guard.number in m.state.raised
        earlier = [other for old in before for other in (old, *_instead(guard, old))]
        guard.attempts[number] = Attempt(tuple(dict.fromkeys(earlier)), perhaps)


def _instead(guard: Guard, number: int) -> tuple[int, ...]:
    attempt = guard.attempts.get(number)
    return attempt.instead if attempt is not None and attempt.perhaps else ()


def note_use(m: InterpreterCore, compiles: Iterable[int]) -> None:
    """Note a training call that uses the losses of these compile calls."""
    for guard in m.control.guards:
        if guard.number not in m.state.raised:
            guard.used.update(compiles)


def note_broken_off(m: InterpreterCore, body: Guard, ends: Iterable[State], jumped: Iterable[State] = ()) -> None:
    """Record for each compile call of a block what is in force if an exception ends the block before or after it.

    ends: the states after the handlers. jumped: those in which a handler leaves by return, break or continue.
    """
    if not body.may_raise:
        return
    for states, since in ((ends, ALWAYS), (jumped, body.first)):
        for state in states:
            for number, attempt in body.attempts.items():
                if not state.dead and (attempt.perhaps or number not in body.used):
                    _note_instead(m, body, number, attempt, state, since)


def _note_instead(m: InterpreterCore, body: Guard, number: int, attempt: Attempt, state: State, since: int) -> None:
    for compiles in _in_force(m, state, number):
        by_handler = {one for one in compiles if one > number and one not in body.attempts}
        stays = attempt.perhaps and compiles != by_handler
        _record(m, number, {*by_handler, *(attempt.instead if stays else ())}, since)


def note_handlers(m: InterpreterCore, handlers: Guard, ends: Iterable[State], jumped: Iterable[State] = ()) -> None:
    """Record for each compile call of handlers what is in force if the block that they belong to does not raise.

    ends: the states after the block. jumped: those in which it is left by return, break or continue.
    """
    for states, since in ((ends, ALWAYS), (jumped, handlers.first)):
        for state in states:
            for number in () if state.dead else handlers.attempts:
                for compiles in _in_force(m, state, number):
                    _record(m, number, compiles - handlers.attempts.keys(), since)


def _in_force(m: InterpreterCore, state: State, number: int) -> list[set[int]]:
    """For each model of a compile call, the calls whose losses are in force in a state."""
    models = m.seen.compiles[number].models if number < len(m.seen.compiles) else ()
    parts = (getattr(state.objects.get(model), "part", None) for model in models)
    return [set(part.compiles) for part in parts if isinstance(part, ModelPart)]


def _record(m: InterpreterCore, number: int, others: set[int], since: int) -> None:
    otherwise = m.seen.compiles[number].otherwise
    for other in sorted(others - {number}):
        otherwise[other] = min(since, otherwise.get(other, since))
