"""Functions that nothing in view calls: each is run on a copy of the state, for what can be observed in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_STEPS_ALONE, OutOfBounds
from keraslint.analysis.core.control import Guard
from keraslint.analysis.core.handing import handed_out
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Scope
from keraslint.analysis.core.values import Function, Method, Suspended, Value


def run_with_unknown_arguments(
    m: InterpreterCore, function: Value, receiver: Value | None = None, *, guard: Guard | None = None
) -> None:
    """Run a function with unseen arguments on a copy of the state, for what can be observed in it.

    guard: for one that is run by code out of view, where its exceptions may not end the program.
    """
    method = Method(function, receiver) if isinstance(function, Function) and receiver is not None else function

    def run() -> None:
        result = m.call(method, Arguments(open=True))
        if isinstance(result, Suspended):
            m.resume(result, lambda item: handed_out(m, item))
        handed_out(m, result)

    alone = method.function if isinstance(method, Method) else method
    speculate(m, run, id(alone.node) if isinstance(alone, Function) else 0, guard)


def speculate(m: InterpreterCore, run: Callable[[], None], function: int = 0, guard: Guard | None = None) -> None:
    """Run something on a copy of the state, with a bound of its own, for what can be observed in it.

    ``function``: by the identity of its node, the function that is run, if it is one. ``guard``: of what is run.
    """
    before, limit, first = m.state, m.control.limit, len(m.seen.compiles)
    m.state = before.fork()
    m.state.counters = None  # unseen code may have made layers
    try:
        with m.control.speculating(min(limit, m.steps + MAX_STEPS_ALONE), function):
            with m.control.guarded(guard) if guard is not None else nullcontext():
                run()
            run_waiting(m)
    except (OutOfBounds, RecursionError):
        m.seen.mark_escape(tuple(range(first, len(m.seen.compiles))))
        if limit < m.steps:
            raise
    finally:
        m.state = before


def run_unused(m: InterpreterCore, number: int) -> None:
    """Note the functions that a finished scope defines: those that nothing calls are run at the end."""
    frame = m.state.objects.get(number)
    if not isinstance(frame, Scope) or m.control.recording_suspended or m.control.depth >= MAX_DEPTH:
        return
    for value in list(frame.variables.values()):
        if isinstance(value, Function) and value.scope == number and is_unused(m, value):
            m.control.waiting.append(value)


def run_waiting(m: InterpreterCore) -> None:
    """Run the functions of finished scopes and the builders of tuners that nothing in view has called until now."""
    while m.control.waiting:
        value = m.control.waiting.pop(0)
        function = value.function if isinstance(value, Method) else value
        if is_unused(m, function) and function.scope in m.state.objects:
            run_with_unknown_arguments(m, value)


def is_unused(m: InterpreterCore, function: Function) -> bool:
    """True if nothing in view has called a function in which there is something to observe."""
    return id(function.node) not in m.executed and id(function.node) in m.relevant
