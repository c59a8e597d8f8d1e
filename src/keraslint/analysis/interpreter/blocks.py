"""Blocks: loops, unrolled over known items and widened over unknown ones; with, try and finally."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import nullcontext
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.draws import is_stream
from keraslint.analysis.core.effects import may_be_closed, may_make_layers, run_handed_functions
from keraslint.analysis.core.forgetting import widen
from keraslint.analysis.core.functions import own_method
from keraslint.analysis.core.origins import CallOf
from keraslint.analysis.core.state import DictObject, Instance, ListObject, ModelPart, State, join_all
from keraslint.analysis.core.values import NONE, Ref, Suspended, Unknown, Value, without_none
from keraslint.analysis.core.varying import depends_on_version
from keraslint.analysis.interpreter.assumptions import tested
from keraslint.analysis.interpreter.expressions import awaited
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.targets import bind_target


def run_try(m: Interpreter, node: ast.Try) -> None:
    """Run ``try``: a handler may take over at any place of the body."""
    jumps, decisions = m.control.jumps, m.decisions
    marks = (len(jumps.returns), len(jumps.breaks), len(jumps.continues))
    broken = _run_guarded(m, lambda: m.execute(node.body))
    after = m.state
    ends: list[State] = []
    if not _succeeds(node.body):
        # Where the installed version decides in the body, it decides whether it ends by an exception, too.
        by_version = m.decisions > decisions and not after.dead
        if not (by_version and _only_decides(node.body)):
            with m.control.suspended() if by_version else nullcontext():
                ends = _handled(m, node.handlers, broken)
    m.state = after
    m.execute(node.orelse)
    m.state = join_all([m.state, *ends]) or m.state
    if node.finalbody:
        _run_finally(m, node.finalbody, marks)
        if m.control.handled is not None or any(map(_may_end_exception, node.finalbody)):
            passed = _run_on(m, broken, node.finalbody)  # for an exception that no handler here takes
            if m.control.handled is not None:
                m.control.handled.append(passed)
    elif m.control.handled is not None:
        m.control.handled.append(broken)


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


def _run_finally(m: Interpreter, body: list[ast.stmt], marks: tuple[int, int, int]) -> None:
    """Run a finally block at the end of the body, and before each return, break and continue in it."""
    end, jumps = m.state, m.control.jumps
    for place, (value, state) in enumerate(jumps.returns[marks[0] :], marks[0]):
        jumps.returns[place] = (value, _run_on(m, state, body))
    for states, mark in ((jumps.breaks, marks[1]), (jumps.continues, marks[2])):
        states[mark:] = [_run_on(m, state, body) for state in states[mark:]]
    m.state = end
    m.execute(body)


def _run_on(m: Interpreter, state: State, body: list[ast.stmt]) -> State:
    now, m.state = m.state, state.fork()
    m.execute(body)
    ended, m.state = m.state, now
    return ended


def run_with(m: Interpreter, node: ast.With | ast.AsyncWith) -> None:
    """Run ``with``: enter the context managers, run the body, leave them."""
    _enter_managers(m, node.items, node.body)


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
    entered: Value = (
        value if isinstance(value, Ref) or is_stream(value) else m.unknown("what a context manager gives", of=(value,))
    )
    if enter is not None:
        entered = awaited(m, m.call(enter, Arguments()))
    leave = own_method(m, value, "__exit__") or own_method(m, value, "__aexit__")
    swallows = _swallows(value)
    if leave is None and not swallows:
        _enter_rest(m, item, entered, rest, body)
        if not isinstance(m.look(value), Instance):
            run_handed_functions(m)
        return
    broken = _run_guarded(m, lambda: _enter_rest(m, item, entered, rest, body))
    if leave is not None:
        _leave(m, leave, broken)
    else:
        m.state = m.state.joined(broken)


def _enter_rest(
    m: Interpreter, item: ast.withitem, entered: Value, rest: list[ast.withitem], body: list[ast.stmt]
) -> None:
    if item.optional_vars is not None:
        bind_target(m, item.optional_vars, entered)
    _enter_managers(m, rest, body)


def _leave(m: Interpreter, leave: Value, broken: State) -> None:
    """Call ``__exit__`` at the end of a block, and where the block raises: then the exception may end there, too."""
    if not m.state.dead:
        awaited(m, m.call(leave, Arguments([NONE, NONE, NONE])))
    end, m.state = m.state, broken.fork()
    with m.control.uncertain(), m.control.suspended():
        raised = m.unknown("an exception")
        ends_there = m.truth(awaited(m, m.call(leave, Arguments([raised, raised, raised]))))
    broken, m.state = m.state, end
    if m.control.handled is not None:
        m.control.handled.append(broken)
    if ends_there is not False:
        m.state = m.state.joined(broken.fork())


def _swallows(value: Value) -> bool:
    """True for a context manager outside the program that may end an exception."""
    path = value.origin.path if isinstance(value, Unknown) and isinstance(value.origin, CallOf) else ""
    return path in ("contextlib.suppress", "contextlib.ExitStack", "pytest.raises", "pytest.warns")


def _within_generator(
    m: Interpreter, value: Suspended, item: ast.withitem, rest: list[ast.withitem], body: list[ast.stmt]
) -> None:
    """Run the body at the yield of the function of a ``@contextmanager``."""
    scope, jumps = m.control.scope, m.control.jumps

    def run_body(entered: Value) -> None:
        with m.control.in_scope(scope, jumps):
            if item.optional_vars is not None:
                bind_target(m, item.optional_vars, entered)
            _enter_managers(m, rest, body)

    m.resume(value, run_body)


def _only_decides(body: list[ast.stmt]) -> bool:
    """True if a try body can raise only where a condition in it says so."""
    for statement in body:
        if isinstance(statement, ast.If):
            if not _only_decides([*statement.body, *statement.orelse]):
                return False
        elif isinstance(statement, ast.Assign):
            if not isinstance(statement.value, (ast.Constant, ast.Name)):
                return False
        elif not isinstance(statement, (ast.Assert, ast.Raise, ast.Pass)):
            return False
    return True


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

_LOOP = "a loop whose turns are not known changes it"


def run_for(m: Interpreter, node: ast.For | ast.AsyncFor) -> None:
    """Run ``for`` over known items turn by turn, over unknown ones once for all turns."""
    source = m.evaluate(node.iter)
    if isinstance(source, Suspended) and source.number not in m.state.used_up:
        _over_generator(m, node, source)
        return
    items = m.iterate(source)
    if items is not None and len(items) <= MAX_UNROLL:
        before, mark = m.state.fork(), m.seen.mark()
        _unrolled(m, node, _live_items(m, source) or iter(items))
        if _same_items(m, source, items) or _is_known(m, source):
            return
        m.seen.forget_since(mark)
        m.state = before  # the body changes what it loops over: the number of turns is not known
    m.doubtful |= m.varies and depends_on_version(m, source)
    item = m.unknown("an item of something unknown", of=(source, *(items or ())))
    _unknown_loop(m, lambda: _run_turn(m, node.body, node.target, item), node.orelse, may_skip=True)


def _over_generator(m: Interpreter, node: ast.For | ast.AsyncFor, source: Suspended) -> None:
    """Run ``for`` over a generator: a turn of the loop at each of its yields; a break or return ends both."""
    scope, jumps, breaks = m.control.scope, m.control.jumps, list[State]()

    def run_turn(item: Value) -> None:
        with m.control.in_scope(scope, jumps):
            breaks.extend(_run_turn(m, node.body, node.target, item))

    m.resume(source, run_turn)
    m.execute(node.orelse)
    m.state = join_all([m.state, *breaks]) or m.state
    if breaks:
        may_be_closed(m, source)


def _same_items(m: Interpreter, source: Value, items: list[Value]) -> bool:
    thing = m.look(source)
    if isinstance(thing, ListObject):
        return thing.items == items
    return not isinstance(thing, DictObject) or (thing.entries is not None and len(thing.entries) == len(items))


def _live_items(m: Interpreter, source: Value) -> Iterator[Value] | None:
    """The items of a list in a loop whose body may change it: Python reads it by index in each turn."""
    if not isinstance(m.look(source), ListObject):
        return None

    def found() -> Iterator[Value]:
        for place in range(MAX_UNROLL):
            thing = m.look(source)
            if not isinstance(thing, ListObject) or thing.items is None or place >= len(thing.items):
                return
            yield thing.items[place]

    return found()


def _is_known(m: Interpreter, source: Value) -> bool:
    """True if a list that the body changed was known in each turn, and did not grow too long."""
    thing = m.look(source)
    return isinstance(thing, ListObject) and thing.items is not None and len(thing.items) <= MAX_UNROLL


def _unrolled(m: Interpreter, node: ast.For | ast.AsyncFor, items: Iterator[Value]) -> None:
    breaks: list[State] = []
    for item in items:
        breaks.extend(_run_turn(m, node.body, node.target, item))
        if m.state.dead:
            break
    m.execute(node.orelse)
    m.state = join_all([m.state, *breaks]) or m.state


def run_while(m: Interpreter, node: ast.While) -> None:
    """Run ``while`` turn by turn as long as its test is known, then once for all further turns."""
    breaks: list[State] = []
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)

    def turn() -> list[State]:
        left = _run_turn(m, node.body)
        if not m.state.dead:
            tested(m, m.evaluate(node.test))
        return left

    truth = None if endless else tested(m, m.evaluate(node.test))
    for _ in range(MAX_UNROLL):
        if truth is not True:
            break
        breaks.extend(_run_turn(m, node.body))
        if m.state.dead:
            break
        truth = tested(m, m.evaluate(node.test))
    if truth is False:
        m.execute(node.orelse)
    elif not m.state.dead:
        _unknown_loop(m, turn, node.orelse, may_skip=not endless)
    m.state = join_all([m.state, *breaks]) or m.state


def _unknown_loop(m: Interpreter, turn: Callable[[], list[State]], orelse: list[ast.stmt], *, may_skip: bool) -> None:
    """Widen what a turn touches, then run it once for all turns. ``turn`` returns the states that leave by break."""
    before, first = m.state, m.next_number()
    with m.control.uncertain():
        m.state = before.fork()
        with m.control.suspended():
            _run_unknown_turn(m, turn)
        ran = m.state
        m.state = before.fork()
        if ran.counters != before.counters:
            may_make_layers(m)
        if not ran.dead:
            widen(m, before, ran, m.state, _LOOP)
            m.state.trained_with |= _trained_in_each_turn(ran, first)
        start = m.state
        m.state = start.fork()
        returned, mark = len(m.control.jumps.returns), len(m.seen.trainings)
        breaks = _run_unknown_turn(m, turn)
        after = m.state
        trained = {number for one in m.seen.trainings[mark:] for number in one.models if _is_trained(m, number)}
        widen(m, before, after, after, _LOOP, since=start)
    # Without a break or return in view, something else may end an endless loop.
    if may_skip or not (breaks or len(m.control.jumps.returns) > returned):
        after = after.joined(start.fork())
        m.state = after
        for model in trained:
            if isinstance(part := m.part(Ref(model)), ModelPart):
                m.set_part(Ref(model), replace(part, in_turns=True))
        m.execute(orelse)
        after = m.state
    else:
        after.dead = True
    m.state = join_all([after, *breaks]) or after


def _trained_in_each_turn(ran: State, first: int) -> dict[Hashable, int]:
    """The callbacks that were there before a loop, and train a model of its own in each turn: not that of this turn."""
    found = ran.trained_with.items()
    return {one: -1 for one, model in found if isinstance(one, int) and one < first < model}


def _is_trained(m: Interpreter, model: int) -> bool:
    part = m.part(Ref(model))
    return isinstance(part, ModelPart) and part.trained


def _run_unknown_turn(m: Interpreter, turn: Callable[[], list[State]]) -> list[State]:
    """Run a turn; one that is not recorded returns nothing."""
    returns = m.control.jumps.returns
    returned = len(returns)
    breaks = turn()
    if m.control.recording_suspended:
        del returns[returned:]
    return breaks


def _run_turn(m: Interpreter, body: list[ast.stmt], target: ast.expr | None = None, item: Value = NONE) -> list[State]:
    """Run the body of a loop with an item; return the states that leave the loop by break."""
    with m.control.in_turn():
        if target is not None:
            bind_target(m, target, item)
        m.execute(body)
        m.state = join_all([m.state, *m.control.jumps.continues]) or m.state
        return m.control.jumps.breaks
