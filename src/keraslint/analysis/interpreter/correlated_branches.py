"""Ways through a block: where one condition is asked in several places, each answer is followed to the block's end."""

from __future__ import annotations

import ast
from collections.abc import Callable

from keraslint.analysis.core.bounds import MAX_STEPS_OF_WAYS, MAX_WAYS
from keraslint.analysis.core.state import join_all
from keraslint.analysis.interpreter.blocks import Blocks
from keraslint.analysis.interpreter.conditions import Condition, Forks, forks
from keraslint.analysis.interpreter.impossible_combinations import settle_ways


class Paths(Blocks):
    """Runs blocks of statements."""

    def __init__(self) -> None:
        super().__init__()
        self._forks: dict[int, tuple[list[ast.stmt], tuple[Forks, ...]]] = {}
        self._way_begins = self._spent = 0  # steps: when the ways began that are followed, and what earlier ones took

    def execute(self, body: list[ast.stmt]) -> None:
        """Run statements; what stands after a return, raise, break or continue is not run."""
        self._execute_from(body, 0)

    def _execute_from(self, body: list[ast.stmt], start: int) -> None:
        for place in range(start, len(body)):
            if self.state.dead:
                return
            statement, fork = body[place], self._fork_at(body, place)
            condition = next((one for one in fork.asked if self.is_open(one)), None)
            if condition is not None:
                self._follow_answers(condition, body, place)
                return
            self.step()
            if fork.couples and isinstance(statement, ast.If):
                self._follow_branches(statement, body, place + 1)
                return
            handler = getattr(self, f"_exec_{type(statement).__name__}", None)
            if handler is not None:
                handler(statement)

    def _fork_at(self, body: list[ast.stmt], place: int) -> Forks:
        spent = self._spent + (self.steps - self._way_begins if self.way else 0)
        room = spent < MAX_STEPS_OF_WAYS and self.limit - self.steps > MAX_STEPS_OF_WAYS
        if not room or self.silent or len(body) - place < 2 or len(self.way) >= MAX_WAYS:
            return Forks()
        if id(body) not in self._forks:
            self._forks[id(body)] = (body, forks(body))
        return self._forks[id(body)][1][place]

    def _follow_answers(self, condition: Condition, body: list[ast.stmt], place: int) -> None:
        """Run the rest of a block once for each answer of a condition."""

        def run(answer: bool) -> None:
            self.assume_condition(condition, answer)
            self._execute_from(body, place)

        self._each(condition.key, run)

    def _follow_branches(self, node: ast.If, body: list[ast.stmt], place: int) -> None:
        """Run each branch of an ``if`` with the rest of the block behind it."""
        truth = self.holds(node.test)

        def run(answer: bool) -> None:
            self.assume(node.test, answer)
            self._execute_branch(node.body if answer else node.orelse, body, place)

        if truth is None:
            self._each(ast.unparse(node.test), run)
        else:
            self._execute_branch(node.body if truth else node.orelse, body, place)

    def _execute_branch(self, branch: list[ast.stmt], body: list[ast.stmt], place: int) -> None:
        last = branch[0] if len(branch) == 1 else None
        if isinstance(last, ast.If) and len(self.way) < MAX_WAYS:  # an elif
            self._follow_branches(last, body, place)
        else:
            self.execute(branch)
            self._execute_from(body, place)

    def _each(self, key: str, run: Callable[[bool], None]) -> None:
        before, ends, outer = self.state, [], (self.way, self.unsure_before)
        first = len(self.seen.compiles)
        if not self.way:
            self.unsure_before = self.unsure
            before.narrowed = False
            self._way_begins = self.steps
        self.unsure += 1
        for answer in (True, False):
            self.state = before.fork()
            self.way = (*outer[0], (key, answer))
            run(answer)
            ends.append(self.state)
        self.unsure -= 1
        self.way, self.unsure_before = outer
        if not self.way:
            self._spent += self.steps - self._way_begins
            settle_ways(self.seen.compiles[first:])
        self.state = join_all(ends) or before
