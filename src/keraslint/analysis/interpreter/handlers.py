"""Blocks whose exceptions may not end the program: try with handlers and finally, and with."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.control import Jumps
from keraslint.analysis.core.draws import is_stream, method_of
from keraslint.analysis.core.effects import BENIGN, run_handed_functions
from keraslint.analysis.core.functions import own_method
from keraslint.analysis.core.origins import CallOf
from keraslint.analysis.core.raising import new_guard, note_broken_off, note_handlers
from keraslint.analysis.core.state import Instance, State, join_all
from keraslint.analysis.core.values import NONE, Ref, Suspended, Unknown, Value, without_none
from keraslint.analysis.core.widening import widen
from keraslint.analysis.interpreter.expressions import awaited
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.targets import bind_target

_Marks = tuple[int, int, int]

_GIVE_THEIR_OWN = frozenset({"contextlib.nullcontext", "contextlib.closing", "contextlib.aclosing"})
"""Context managers that give what they were made with."""


def run_try(m: Interpreter, node: ast.Try) -> None:
    """Run ``try``: a handler may take over at any place of the body."""
    jumps, decisions = m.control.jumps, m.decisions
    marks = _marks(jumps)
    ends_all = any(map(_may_end_exception, node.finalbody))
    body = new_guard(m, takes_all=ends_all or any(map(_takes_all, node.handlers)))
    handlers = new_guard(m, in_handlers=True)
    with m.control.guarded(body) if node.handlers or ends_all else nullcontext():
        broken = _run_guarded(m, lambda: m.execute(node.body))
    after, handled = m.state, _marks(jumps)
    ends: list[State] = []
    if not _succeeds(node.body):
        # Where the installed version decides in the body, it decides whether it ends by an exception, too.
        by_version = m.decisions > decisions and not after.dead
        if not (by_version and _only_decides(node.body)):
            with m.control.guarded(handlers), m.control.suspended() if by_version else nullcontext():
                ends = _handled(m, node.handlers, broken)
    left, jumped = _left_since(jumps, marks, handled), _left_since(jumps, handled)
    m.state, body.takes, behind = after, False, _marks(jumps)
    with m.control.guarded(body):
        m.execute(node.orelse)
    note_broken_off(m, body, [broken] if ends_all else ends, jumped)
    note_handlers(m, handlers, [m.state], [*left, *_left_since(jumps, behind)])
    m.state = join_all([m.state, *ends]) or m.state
    if node.finalbody:
        _run_finally(m, node.finalbody, marks)
        if m.control.handled is not None or ends_all:
            passed = _run_on(m, broken, node.finalbody)  # for an exception that no handler here takes
            if m.control.handled is not None:
                m.control.handled.append(passed)
    elif m.control.handled is not None:
        m.control.handled.append(broken)


def _takes_all(handler: ast.ExceptHandler) -> bool:
    """True for a handler of all exceptions, but those that end the program."""
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in _ALL)


_ALL = ("Exception", "BaseException")


def _marks(jumps: Jumps) -> _Marks:
    return len(jumps.returns), len(jumps.breaks), len(jumps.continues)


def _left_since(
    jumps: Jumps, first: _Marks, last: _Marks | tuple[None, None, None] = (None, None, None)
) -> list[State]:
    """The states in which a block is left by return, break or continue, between two marks."""
    returned = [state for _, state in jumps.returns[first[0] : last[0]]]
    return [*returned, *jumps.breaks[first[1] : last[1]], *jumps.continues[first[2] : last[2]]]


def _may_end_exception(statement: ast.stmt) -> bool:
    """True if a statement of ``finally`` may leave it by return, break or continue, which ends an exception."""
    return any(isinstance(node, (ast.Return, ast.Break, ast.Continue)) for node in ast.walk(statement))


def _run_guarded(m: Interpreter, run: Callable[[], None]) -> State:
    """Run a block; return the state in which a handler around it takes over, as it may at any place of the block."""
    before, states = m.state, list[State]()
    m.state = before.fork()
    with m.control.handling(states):
        run()
    cut, m.state = m.state, m.state.fork()
    first = before.fork()
    broken = first
    for state in (*states[:_MAX_STATES], cut):
        live = state.fork()
        live.dead = False
        broken = broken.joined(live)
    if len(states) > _MAX_STATES:
        widen(m, first, cut, broken, "a handler may take over before it is complete")
    return broken


def _handled(m: Interpreter, handlers: list[ast.ExceptHandler], broken: State) -> list[State]:
    """The states after each handler, which begins in the state ``broken``."""
    ends = []
    for handler in handlers:
        m.state = broken.fork()
        if handler.type is not None:
            m.evaluate(handler.type)
            broken, m.state = m.state, m.state.fork()
        if handler.name:
            m.assign(handler.name, m.unknown("an exception", of=m.raised))
        with m.control.uncertain():
            m.execute(handler.body)
        ends.append(m.state)
    return ends


def _run_finally(m: Interpreter, body: list[ast.stmt], marks: _Marks) -> None:
    """Run a finally block at the end of the body, and before each return, break and continue in it."""
    _change_left(m.control.jumps, marks, lambda state: _run_on(m, state, body))
    m.execute(body)


def _change_left(jumps: Jumps, marks: _Marks, change: Callable[[State], State]) -> None:
    """Change the states in which a block is left by return, break or continue since these marks."""
    for place, (value, state) in enumerate(jumps.returns[marks[0] :], marks[0]):
        jumps.returns[place] = (value, change(state))
    for states, mark in ((jumps.breaks, marks[1]), (jumps.continues, marks[2])):
        states[mark:] = [change(state) for state in states[mark:]]


def _run_on(m: Interpreter, state: State, body: list[ast.stmt]) -> State:
    return _after(m, state, lambda: m.execute(body))


def _after(m: Interpreter, state: State, run: Callable[[], object]) -> State:
    """The state after something that runs in another one than the current."""
    now, m.state = m.state, state.fork()
    run()
    ended, m.state = m.state, now
    return ended


def run_with(m: Interpreter, node: ast.With | ast.AsyncWith) -> None:
    """Run ``with``: enter the context managers, run the body, leave them."""
    _enter_managers(m, node.items, node.body)


def _entered(m: Interpreter, manager: Value) -> Value:
    """What a context manager that no class of the program defines gives to ``as``."""
    if isinstance(manager, Ref) or is_stream(manager):
        return manager
    origin = manager.origin if isinstance(manager, Unknown) else None
    if isinstance(origin, CallOf) and origin.path in _GIVE_THEIR_OWN and len(origin.arguments) == 1:
        return origin.arguments[0]
    return m.unknown("what a context manager gives", of=(manager,))


def _enter_managers(m: Interpreter, items: list[ast.withitem], body: list[ast.stmt]) -> None:
    """Enter the context managers one by one, run the body in the innermost, and leave them."""
    if not items:
        m.execute(body)
        return
    item, rest = items[0], items[1:]
    value = without_none(m.evaluate(item.context_expr))
    if isinstance(value, Suspended):
        _within_generator(m, value, item, rest, body)
        return
    enter = own_method(m, value, "__enter__") or own_method(m, value, "__aenter__")
    entered = _entered(m, value)
    if enter is not None:
        entered = awaited(m, m.call(enter, Arguments()))
    leave = own_method(m, value, "__exit__") or own_method(m, value, "__aexit__")
    if leave is None and not _swallows(value):
        _in_unseen_context(m, value, lambda: _enter_rest(m, item, entered, rest, body))
        return
    guard, marks = new_guard(m, takes_all=leave is not None), _marks(m.control.jumps)
    with m.control.guarded(guard):
        if _expects_exception(value):
            m.may_raise()
        broken = _run_guarded(m, lambda: _enter_rest(m, item, entered, rest, body))
    if leave is None:
        note_broken_off(m, guard, [broken])
        m.state = m.state.joined(broken)
        return
    _change_left(m.control.jumps, marks, lambda state: _after(m, state, partial(_end, m, leave)))
    if (ended := _leave(m, leave, broken)) is not None:
        note_broken_off(m, guard, [ended])


def _in_unseen_context(m: Interpreter, value: Value, run: Callable[[], None]) -> None:
    """Run the rest of ``with`` in a context manager that is not seen: it may end an exception, unless it is known."""
    if _ends_nothing(m, value):
        run()
    else:
        before, guard = m.state, new_guard(m)
        m.state = before.fork()
        with m.control.guarded(guard):
            run()
        if guard.raised and m.state.dead:
            m.state.dead = False
            m.state = before.fork().joined(m.state)
        note_broken_off(m, guard, [m.state])
    if not isinstance(m.look(value), Instance):
        run_handed_functions(m)


def _enter_rest(
    m: Interpreter, item: ast.withitem, entered: Value, rest: list[ast.withitem], body: list[ast.stmt]
) -> None:
    if item.optional_vars is not None:
        bind_target(m, item.optional_vars, entered)
    _enter_managers(m, rest, body)


def _leave(m: Interpreter, leave: Value, broken: State) -> State | None:
    """Call ``__exit__`` at the end of a block, and where the block raises: then the exception may end there, too.

    Returns the state in which it does; None if it never does.
    """
    if not m.state.dead:
        _end(m, leave)
    end, m.state = m.state, broken.fork()
    with m.control.uncertain(), m.control.suspended():
        raised = m.unknown("an exception")
        ends_there = m.truth(awaited(m, m.call(leave, Arguments([raised, raised, raised]))))
    broken, m.state = m.state, end
    if m.control.handled is not None:
        m.control.handled.append(broken)
    if ends_there is False:
        return None
    m.state = m.state.joined(broken.fork())
    return broken


def _end(m: Interpreter, leave: Value) -> None:
    """Call ``__exit__`` where a block ends, or is left, without an exception."""
    awaited(m, m.call(leave, Arguments([NONE, NONE, NONE])))


def _swallows(value: Value) -> bool:
    """True for a context manager outside the program that may end an exception."""
    return _path(value) in ("contextlib.suppress", "contextlib.ExitStack") or _expects_exception(value)


def _expects_exception(value: Value) -> bool:
    """True for a context manager in whose block something is to raise, as a test says."""
    function = value.origin.function if isinstance(value, Unknown) and isinstance(value.origin, CallOf) else NONE
    return _path(value) in ("pytest.raises", "pytest.warns") or method_of(function)[1] in (
        "assertRaises",
        "assertRaisesRegex",
    )


def _ends_nothing(m: Interpreter, value: Value) -> bool:
    """True for a context manager that surely lets exceptions pass."""
    if not isinstance(value, Unknown):
        thing = m.look(value)
        return not (isinstance(thing, Instance) and thing.open)
    function = value.origin.function if isinstance(value.origin, CallOf) else value
    return is_stream(value) or _path(value).partition(".")[0] in BENIGN or method_of(function)[1] in _PASSING


_PASSING = ("scope", "as_default", "device", "open", "start_run", "acquire", "lock")


def _path(value: Value) -> str:
    """The full name of the function that made a value; empty if it is not known."""
    return value.origin.path if isinstance(value, Unknown) and isinstance(value.origin, CallOf) else ""


def _within_generator(
    m: Interpreter, value: Suspended, item: ast.withitem, rest: list[ast.withitem], body: list[ast.stmt]
) -> None:
    """Run the body at the yield of the function of a ``@contextmanager``.

    Where the body is left by return, break or continue, the function goes on, too: then in one state for all ways.
    """
    scope, jumps = m.control.scope, m.control.jumps
    marks, leaves = _marks(jumps), list[bool]()

    def run_body(entered: Value) -> None:
        handled = m.control.handled or []
        before = len(handled)
        with m.control.in_scope(scope, jumps):
            _enter_rest(m, item, entered, rest, body)
        left = _left_since(jumps, marks)
        leaves.append(m.state.dead and bool(left) and len(handled) == before)
        m.state = join_all([m.state, *left]) or m.state

    m.resume(value, run_body)
    after = m.state
    _change_left(jumps, marks, lambda _: after.fork())
    if any(leaves):  # always by return, break or continue; no exception that the function may end
        m.end()


def _only_decides(body: list[ast.stmt]) -> bool:
    """True if a try body can raise only where a condition in it says so."""
    for statement in body:
        if isinstance(statement, (ast.If, ast.For)):
            if isinstance(statement, ast.For) and not _is_display_of_constants(statement.iter):
                return False
            if not _only_decides([*statement.body, *statement.orelse]):
                return False
        elif isinstance(statement, ast.Assign):
            if not isinstance(statement.value, (ast.Constant, ast.Name)):
                return False
        elif not isinstance(statement, (ast.Assert, ast.Raise, ast.Pass)):
            return False
    return True


def _is_display_of_constants(node: ast.expr) -> bool:
    return isinstance(node, (ast.Tuple, ast.List)) and all(isinstance(item, ast.Constant) for item in node.elts)


def _succeeds(body: list[ast.stmt]) -> bool:
    """True if a try body only imports modules that are surely installed: those that Keras needs, and Python's own."""
    names: list[str] = []
    for statement in body:
        if isinstance(statement, ast.Import):
            names.extend(alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            names.append(statement.module or "")
        else:
            return False
    present = {"keras", "tensorflow", "packaging", *sys.stdlib_module_names}
    return all(name.partition(".")[0] in present for name in names)


_MAX_STATES = 200
