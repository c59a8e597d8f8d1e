"""Blocks that are entered and left: with, try and finally."""

from __future__ import annotations

import ast
import sys

from keraslint.analysis.core.machine import Arguments
from keraslint.analysis.core.state import State, join_all
from keraslint.analysis.core.values import NONE, Api, Ref, Suspended, Unknown, Value, settle
from keraslint.analysis.interpreter.loops import Loops


class Blocks(Loops):
    """Runs with and try statements."""

    def _exec_Try(self, node: ast.Try) -> None:
        before, jumps = self.state, self.jumps
        marks = (len(jumps.returns), len(jumps.breaks), len(jumps.continues))
        self.state = before.fork()
        self.execute(node.body)
        after = self.state
        ends = [] if _succeeds(node.body) else self._handled(node.handlers, before, after)
        self.state = after
        self.execute(node.orelse)
        self.state = join_all([self.state, *ends]) or self.state
        if node.finalbody:
            self._finally(node.finalbody, marks)

    def _handled(self, handlers: list[ast.ExceptHandler], before: State, after: State) -> list[State]:
        """What holds after each handler: it may begin with any part of the body done."""
        if not handlers:
            return []
        self.unsure += 1
        cut = after.fork()
        cut.dead = False
        broken, ends = before.fork().joined(cut), []
        for handler in handlers:
            self.state = broken.fork()
            if handler.name:
                self.assign(handler.name, self.unknown("an exception"))
            self.execute(handler.body)
            ends.append(self.state)
        self.unsure -= 1
        return ends

    def _finally(self, body: list[ast.stmt], marks: tuple[int, int, int]) -> None:
        """A finally block runs at the end, and on the way of every return, break and continue before it."""
        end, jumps = self.state, self.jumps
        for place, (value, state) in enumerate(jumps.returns[marks[0] :], marks[0]):
            jumps.returns[place] = (value, self._run_on(state, body))
        for states, mark in ((jumps.breaks, marks[1]), (jumps.continues, marks[2])):
            states[mark:] = [self._run_on(state, body) for state in states[mark:]]
        self.state = end
        self.execute(body)

    def _run_on(self, state: State, body: list[ast.stmt]) -> State:
        self.state = state.fork()
        self.execute(body)
        return self.state

    _exec_TryStar = _exec_Try

    def _exec_With(self, node: ast.With | ast.AsyncWith) -> None:
        self._enter(node.items, node.body)

    def _enter(self, items: list[ast.withitem], body: list[ast.stmt]) -> None:
        """Enter the context managers one by one, run the body in the innermost, and leave them."""
        if not items:
            self.execute(body)
            return
        item, rest = items[0], items[1:]
        value = settle(self.evaluate(item.context_expr))
        if isinstance(value, Suspended):
            self._within_generator(value, item, rest, body)
            return
        before = self.state
        self.state = before.fork()
        enter = self.own_method(value, "__enter__")
        entered: Value = value if isinstance(value, Ref) else self.unknown("what a context manager gives")
        if enter is not None:
            entered = self.call(enter, Arguments())
        if item.optional_vars is not None:
            self.bind(item.optional_vars, entered)
        self._enter(rest, body)
        leave = self.own_method(value, "__exit__")
        if leave is not None and not self.state.dead:
            self.call(leave, Arguments([NONE, NONE, NONE]))
        if isinstance(value, Unknown) and isinstance(value.token, tuple) and Api("contextlib.suppress") in value.token:
            self.state = before.fork().joined(self.state)

    def _within_generator(
        self, value: Suspended, item: ast.withitem, rest: list[ast.withitem], body: list[ast.stmt]
    ) -> None:
        """The body runs where the function of a ``@contextmanager`` yields."""
        scope, jumps = self.scope, self.jumps

        def run_body(entered: Value) -> None:
            inner = self.scope, self.jumps
            self.scope, self.jumps = scope, jumps
            if item.optional_vars is not None:
                self.bind(item.optional_vars, entered)
            self._enter(rest, body)
            self.scope, self.jumps = inner

        self.resume(value, run_body)

    _exec_AsyncWith = _exec_With


def _succeeds(body: list[ast.stmt]) -> bool:
    """Whether a try body only imports what every run of the program has: Keras, TensorFlow, Python's own modules."""
    names: list[str] = []
    for statement in body:
        if isinstance(statement, ast.Import):
            names.extend(alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            names.append(statement.module or "")
        else:
            return False
    present = {"keras", "tensorflow", *sys.stdlib_module_names}
    return all(name.partition(".")[0] in present for name in names)
