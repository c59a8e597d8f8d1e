"""Loops, unrolled over known items and widened over unknown ones."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.draining import may_be_closed
from keraslint.analysis.core.effects import may_make_layers
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import DictObject, ListObject, State, join_all
from keraslint.analysis.core.values import NONE, Ref, Suspended, Value
from keraslint.analysis.core.varying import depends_on_version
from keraslint.analysis.core.widening import touches_more, widen
from keraslint.analysis.interpreter.assumptions import tested
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.targets import bind_target

_MAX_REPEATS = 3

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
    """Widen what a turn touches, then run it once for all turns. ``turn`` returns the states that leave by break.

    Where a loop around this one is run only to find what its turns touch, the first run of a turn is enough: what it
    did not find is found when that loop runs for all turns, which is repeated then.
    """
    before, first, scouting = m.state, m.next_number(), m.control.scouting
    returned, mark = len(m.control.jumps.returns), m.seen.mark()
    with m.control.uncertain():
        m.state = before.fork()
        with m.control.in_scouting_turn():
            breaks = _run_unknown_turn(m, turn)
        after = m.state
        start = _widened(m, before, before, after, first)
        for _ in range(0 if scouting else _MAX_REPEATS):
            del m.control.jumps.returns[returned:]
            m.seen.forget_since(mark)
            m.state = start.fork()
            breaks = _run_unknown_turn(m, turn)
            after = m.state
            more = _built_in_each_turn(after, first).keys() - start.built_for.keys()
            if after.dead or not (more or touches_more(before, start, after)):
                break
            start = _widened(m, before, start, after, first)
        trained = {model for one in m.seen.trainings[mark[1] :] for model in one.models if _is_trained(m, model)}
        widen(m, before, after, after, _LOOP, since=before if scouting else start)
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


def _widened(m: Interpreter, before: State, start: State, ran: State, first: int) -> State:
    """The state before any turn: ``start`` without what a turn changes that began in it and ended in ``ran``.

    first: a number after which each object is made in a turn.
    """
    m.state = start.fork()
    if ran.counters != start.counters:
        may_make_layers(m)
    if not ran.dead:
        widen(m, before, ran, m.state, _LOOP, since=start)
        m.state.trained_with |= _trained_in_each_turn(ran, first)
        m.state.built_for |= _built_in_each_turn(ran, first)
    return m.state


def _trained_in_each_turn(ran: State, first: int) -> dict[Hashable, int]:
    """The callbacks that were there before a loop, and train a model of its own in each turn: not that of this turn."""
    found = ran.trained_with.items()
    return {one: -1 for one, model in found if isinstance(one, int) and one < first < model}


def _built_in_each_turn(ran: State, first: int) -> dict[Hashable, tuple[int, int]]:
    """The optimizers that were there before a loop, and first train a model of a turn: not that of this turn."""
    found = ran.built_for.items()
    return {one: (-1, at) for one, (model, at) in found if isinstance(one, int) and one < first < model}


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
