"""Blocks: loops, unrolled over known items and widened over unknown ones; with, try and finally."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.effects import may_make_layers
from keraslint.analysis.core.functions import own_method
from keraslint.analysis.core.origins import CallOf
from keraslint.analysis.core.state import DictObject, Instance, ListObject, Scope, SetObject, State, join_all
from keraslint.analysis.core.values import NONE, Ref, Suspended, Unknown, Value, one_of, without_none
from keraslint.analysis.core.varying import depends_on_version
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.targets import bind_target


def run_try(m: Interpreter, node: ast.Try) -> None:
    """Run ``try``: a handler may take over at any place of the body."""
    before, jumps, decisions = m.state, m.control.jumps, m.decisions
    marks = (len(jumps.returns), len(jumps.breaks), len(jumps.continues))
    m.state = before.fork()
    m.execute(node.body)
    after = m.state
    ends: list[State] = []
    if not _succeeds(node.body):
        # Where the installed version decides in the body, it decides whether it ends by an exception, too.
        decided = m.decisions > decisions and not after.dead
        if not (decided and _only_decides(node.body)):
            with m.control.suspended() if decided else nullcontext():
                ends = _handled(m, node.handlers, before, after)
    m.state = after
    m.execute(node.orelse)
    m.state = join_all([m.state, *ends]) or m.state
    if node.finalbody:
        _run_finally(m, node.finalbody, marks)


def _handled(m: Interpreter, handlers: list[ast.ExceptHandler], before: State, after: State) -> list[State]:
    """The states after each handler, which may begin after any part of the body."""
    if not handlers:
        return []
    cut = after.fork()
    cut.dead = False
    broken, ends = before.fork().joined(cut), []
    for handler in handlers:
        m.state = broken.fork()
        if handler.name:
            m.assign(handler.name, m.unknown("an exception"))
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
    m.state = state.fork()
    m.execute(body)
    return m.state


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
    before = m.state
    m.state = before.fork()
    enter = own_method(m, value, "__enter__")
    entered: Value = value if isinstance(value, Ref) else m.unknown("what a context manager gives")
    if enter is not None:
        entered = m.call(enter, Arguments())
    if item.optional_vars is not None:
        bind_target(m, item.optional_vars, entered)
    _enter_managers(m, rest, body)
    leave = own_method(m, value, "__exit__")
    if leave is not None and not m.state.dead:
        m.call(leave, Arguments([NONE, NONE, NONE]))
    if isinstance(value, Unknown) and isinstance(value.origin, CallOf) and value.origin.path == "contextlib.suppress":
        m.state = before.fork().joined(m.state)


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


_LOOP = "a loop whose turns are not known changes it"


def run_for(m: Interpreter, node: ast.For | ast.AsyncFor) -> None:
    """Run ``for`` over known items turn by turn, over unknown ones once for all turns."""
    source = m.evaluate(node.iter)
    items = m.iterate(source)
    if items is not None and len(items) <= MAX_UNROLL:
        before, mark = m.state.fork(), m.seen.mark()
        _unrolled(m, node, _live_items(m, source) or iter(items))
        if _same_items(m, source, items) or _is_known(m, source):
            return
        m.seen.forget_since(mark)
        m.state = before  # the body changes what it loops over: the number of turns is not known
    m.doubtful |= m.varies and depends_on_version(m, source)
    _unknown_loop(m, node.body, node.orelse, node.target, may_skip=True)


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
    truth = None if endless else m.truth(m.evaluate(node.test))
    for _ in range(MAX_UNROLL):
        if truth is not True:
            break
        breaks.extend(_run_turn(m, node.body))
        if m.state.dead:
            break
        truth = m.truth(m.evaluate(node.test))
    if truth is False:
        m.execute(node.orelse)
    elif not m.state.dead:
        _unknown_loop(m, node.body, node.orelse, None, may_skip=not endless)
    m.state = join_all([m.state, *breaks]) or m.state


def _unknown_loop(
    m: Interpreter, body: list[ast.stmt], orelse: list[ast.stmt], target: ast.expr | None, *, may_skip: bool
) -> None:
    """Widen what the body touches, then run it once for all its turns."""
    before = m.state
    with m.control.uncertain():
        m.state = before.fork()
        with m.control.suspended():
            _run_unknown_turn(m, body, target)
        ran = m.state
        m.state = before.fork()
        if ran.counters != before.counters:
            may_make_layers(m)
        if not ran.dead:
            _widen(m, before, ran, m.state)
        start = m.state
        m.state = start.fork()
        breaks = _run_unknown_turn(m, body, target)
        after = m.state
        _widen(m, before, after, after, since=start)
    if may_skip or not breaks:
        after = after.joined(start.fork())
        m.state = after
        m.execute(orelse)
        after = m.state
    else:
        after.dead = True
    m.state = join_all([after, *breaks]) or after


def _run_unknown_turn(m: Interpreter, body: list[ast.stmt], target: ast.expr | None) -> list[State]:
    """Run a turn with any item; a turn that is not recorded returns nothing."""
    returns = m.control.jumps.returns
    returned = len(returns)
    breaks = _run_turn(m, body, target, m.unknown("an item of something unknown"))
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


def _widen(m: Interpreter, before: State, ran: State, state: State, since: State | None = None) -> None:
    """Reduce what ``state`` knows of the values that a turn changes to what is true in every turn.

    ran: the state after a turn that began in ``before``, or in ``since``.
    """
    for number in ran.written_since(since or before) & before.objects.keys():
        old, new = before.objects[number], ran.objects.get(number)
        if isinstance(new, ListObject):
            state.writable(number, ListObject).items = None
            state.writable(number, ListObject).why = _LOOP
        elif isinstance(new, SetObject):
            state.writable(number, SetObject).items = None
        elif isinstance(new, DictObject) and isinstance(old, DictObject):
            _widen_dict(m, state.writable(number, DictObject), old, new)
        elif isinstance(new, Scope) and isinstance(old, Scope):
            _widen_names(m, state.writable(number, Scope).variables, old.variables, new.variables)
        elif isinstance(new, Instance) and isinstance(old, Instance):
            _widen_names(m, state.writable(number, Instance).attributes, old.attributes, new.attributes)


def _widen_dict(m: Interpreter, mapping: DictObject, old: DictObject, new: DictObject) -> None:
    if new.entries is not None and old.entries is not None and set(new.entries) == set(old.entries):
        mapping.entries = {
            key: entry if new.entries[key] == entry else replace(entry, value=m.unknown(_LOOP))
            for key, entry in old.entries.items()
        }
    else:
        mapping.entries, mapping.why = None, _LOOP


def _widen_names(m: Interpreter, variables: dict[str, Value], old: dict[str, Value], new: dict[str, Value]) -> None:
    for name, value in old.items():
        if new.get(name) != value:
            variables[name] = one_of((value, m.unknown(_LOOP)))
