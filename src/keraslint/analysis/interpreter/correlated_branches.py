"""Correlated branches: where a condition is asked in several places, each answer is followed to the block's end."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from dataclasses import replace

from keraslint.analysis.core.bounds import MAX_PATH_CONDITIONS, MAX_PATH_STEPS, OutOfBounds
from keraslint.analysis.core.effects import note_state
from keraslint.analysis.core.recorder import Compiled
from keraslint.analysis.core.state import join_all
from keraslint.analysis.interpreter.assumptions import assume, assume_condition, holds, is_open
from keraslint.analysis.interpreter.conditions import Condition, Forks, forks
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.limits import OutOfTime, poll


def execute(m: Interpreter, body: list[ast.stmt], start: int = 0) -> None:
    """Run statements up to a return, raise, break or continue."""
    for place in range(start, len(body)):
        if m.state.dead:
            return
        if body is m.top:
            m.last = max(m.last, place)
        try:
            if _run_at(m, body, place):
                return
        except (OutOfBounds, OutOfTime, RecursionError) as error:
            m.note_end(error, body[place].lineno)
            raise


def _run_at(m: Interpreter, body: list[ast.stmt], place: int) -> bool:
    """Run a statement; True if the rest of the block was run, too."""
    statement, fork = body[place], _fork_at(m, body, place)
    condition = next((one for one in fork.asked if is_open(m, one)), None)
    if condition is not None:
        _follow_answers(m, condition, body, place)
        return True
    m.step()
    if fork.couples and isinstance(statement, ast.If):
        _follow_branches(m, statement, body, place + 1)
        return True
    m.execute_statement(statement)
    if m.control.handled is not None:
        note_state(m)
    return False


def _fork_at(m: Interpreter, body: list[ast.stmt], place: int) -> Forks:
    spent = m.path_steps + (m.steps - m.path_begin if m.control.path_conditions else 0)
    room = spent < MAX_PATH_STEPS and m.control.limit - m.steps > MAX_PATH_STEPS
    full = len(m.control.path_conditions) >= MAX_PATH_CONDITIONS
    if not room or full or m.control.recording_suspended or len(body) - place < 2:
        return Forks()
    if id(body) not in m.forks:
        m.forks[id(body)] = (body, forks(body))
    return m.forks[id(body)][1][place]


def _follow_answers(m: Interpreter, condition: Condition, body: list[ast.stmt], place: int) -> None:
    """Run the rest of a block once for each answer of a condition."""

    def run(answer: bool) -> None:
        assume_condition(m, condition, answer)
        execute(m, body, place)

    _follow_each(m, condition.key, run)


def _follow_branches(m: Interpreter, node: ast.If, body: list[ast.stmt], place: int) -> None:
    """Run each branch of an ``if`` with the rest of the block behind it."""
    truth = holds(m, node.test)

    def run(answer: bool) -> None:
        assume(m, node.test, answer)
        _execute_branch(m, node.body if answer else node.orelse, body, place)

    if truth is None:
        _follow_each(m, ast.unparse(node.test), run)
    else:
        _execute_branch(m, node.body if truth else node.orelse, body, place)


def _execute_branch(m: Interpreter, branch: list[ast.stmt], body: list[ast.stmt], place: int) -> None:
    last = branch[0] if len(branch) == 1 else None
    if isinstance(last, ast.If) and len(m.control.path_conditions) < MAX_PATH_CONDITIONS:  # an elif
        _follow_branches(m, last, body, place)
    else:
        m.execute(branch)
        execute(m, body, place)


def _follow_each(m: Interpreter, key: str, run: Callable[[bool], None]) -> None:
    before, ends, first = m.state, [], len(m.seen.compiles)
    outermost = not m.control.path_conditions
    if outermost:
        before.narrowed = False
        m.path_begin = m.steps
    for answer in (True, False):
        m.state = before.fork()
        with m.control.following(key, answer):
            run(answer)
        ends.append(m.state)
    if outermost:
        m.path_steps += m.steps - m.path_begin
        discard_impossible_combinations(m.seen.compiles[first:])
    m.state = join_all(ends) or before


_WHY = "branches of the program build different models"


def discard_impossible_combinations(compiles: list[Compiled]) -> None:
    """Forget models that may combine answers which exclude each other.

    The answers to some conditions were followed separately, but the conditions may depend on each other: if one
    decides the outputs and another the losses, a model would get losses that were never meant for it.
    """
    sites: dict[Hashable, list[Compiled]] = {}
    for compiled in compiles:
        sites.setdefault((compiled.module, compiled.call.lineno, compiled.call.col_offset), []).append(compiled)
    for calls in sites.values():
        deciding = _deciding(calls, lambda one: one.facts.outputs)
        losses = _deciding(calls, lambda one: tuple(sorted(one.arguments.items(), key=lambda item: item[0])))
        outputs = {one.facts.outputs for one in calls}
        if len({tuple(one.arguments.values()) for one in calls}) == 1:
            outputs.discard(None)  # the losses are those of the known outputs, whatever the others are
        several = len(outputs) > 1
        if (several and any(one.in_uncertain_branch for one in calls)) or (deciding - losses and losses - deciding):
            for one in calls:
                one.facts = replace(one.facts, outputs=None, why=_WHY, nested=False)


def _deciding(calls: list[Compiled], what: Callable[[Compiled], Hashable]) -> set[str]:
    """The conditions on whose answer alone a property of the calls depends."""
    found: set[str] = set()
    kinds = {(frozenset(one.path_conditions), what(one)) for one in calls}
    for one, mine in kinds:
        poll()
        for other, theirs in kinds:
            texts = {text for text, _ in one ^ other}
            if len(texts) == 1 and mine != theirs:
                found |= texts
    return found
