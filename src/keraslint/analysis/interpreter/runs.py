"""The runs of a program: one, or one for each course that it takes by the installed version."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from keraslint.analysis.core.bounds import MAX_RUNS, MAX_STEPS
from keraslint.analysis.core.environments import EVERY, Assumed, releases_of
from keraslint.analysis.core.varying import Undecided
from keraslint.analysis.facts import CompileCall, KerasUse, LayerCall, OutputRead, Run, Subclassed
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.program import calls_with_unknown_arguments
from keraslint.analysis.interpreter.subclasses import subclassed_elsewhere
from keraslint.analysis.keras.changed_losses import with_changed_losses


def explore(run: Callable[[Assumed], Interpreter]) -> Runs:
    """Run a program once, or where its course depends on the version, once for each course.

    ``run`` raises Undecided at the first place at which the environments of a run part. When there are too many
    runs, the rest of the environments share one in which no version is known.
    """
    waiting, done, budget = [EVERY], list[Interpreter](), _Budget()
    while waiting:
        environments, *waiting = waiting
        if not budget.allows(len(waiting)):
            rest = reduce(or_, (environments, *waiting))
            return Runs((*done, run(Assumed(rest, blind=True))))
        try:
            done += _with_each_answer(run, environments, budget)
        except Undecided as parts:
            waiting = [*sorted(parts.groups, key=int.bit_count), *waiting]
    return Runs(tuple(done))


def _with_each_answer(run: Callable[[Assumed], Interpreter], environments: int, budget: _Budget) -> list[Interpreter]:
    """The runs in these environments: one for each course that is left open by conditions that can't be evaluated.

    Raises Undecided where the environments part.
    """
    waiting, done = [Assumed(environments)], list[Interpreter]()
    while waiting:
        assumed, *waiting = waiting
        try:
            done.append(run(assumed))
        except Undecided as parts:
            budget.spend(parts.steps)
            if parts.groups:
                raise
            answered = [(*assumed.answers, (parts.question, answer)) for answer in (True, False)]
            waiting = [*(Assumed(environments, answers) for answers in answered), *waiting]
        else:
            budget.spend(done[-1].steps)
    return done


@dataclass(slots=True)
class _Budget:
    """The runs and steps that are left for one program."""

    runs: int = MAX_RUNS
    steps: int = 3 * MAX_STEPS

    def spend(self, steps: int) -> None:
        self.runs -= 1
        self.steps -= steps

    def allows(self, more: int) -> bool:
        """True if there is room for another run and ``more`` after it."""
        return self.runs > more and self.steps > 0


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of a program, in each of which the interpreter followed one course."""

    interpreters: tuple[Interpreter, ...]

    def all(self) -> tuple[Run, ...]:
        """The runs, in order."""
        return tuple(_run(number, m) for number, m in enumerate(self.interpreters))

    def compiles(self, *, reads_loss: bool, safe: bool = False) -> tuple[CompileCall, ...]:
        """The compile calls of all runs; with ``safe`` only those of safe_compile, else all others.

        Left out is what a function does when it runs alone, if on another course the program itself calls it, and
        what the functions of a file do that ends with an error where on another course it does not. So is a call on a
        course that never trains its model, if another does.
        """
        calls = tuple(self._compiles(reads_loss=reads_loss, safe=safe))
        trained = {(id(call.call), call.run.number) for call in calls if call.trainings or call.escapes}
        somewhere = {site for site, _ in trained}
        return tuple(
            call for call in calls if id(call.call) not in somewhere or (id(call.call), call.run.number) in trained
        )

    def replaced(self) -> tuple[CompileCall, ...]:
        """The compile calls without an effect, since another one on their models follows before any training."""
        runs = zip(self.interpreters, self.all(), strict=True)
        return tuple(call for m, run in runs for call in m.seen.facts(run=run, replaced=True))

    def _compiles(self, *, reads_loss: bool, safe: bool) -> Iterator[CompileCall]:
        reached = frozenset[int]().union(*(m.reached for m in self.interpreters))
        last = max(m.last for m in self.interpreters)
        for m, run in zip(self.interpreters, self.all(), strict=True):
            until = m.seen_at_top if m.ended_early and m.last < last else None
            found = m.seen.facts(reads_loss=reads_loss, safe=safe, run=run, without=reached - m.reached, until=until)
            yield from with_changed_losses(found, m.seen.touched)

    def other_modules(self) -> Iterator[list[ast.stmt]]:
        """Yield the statements of each module of the project that is run with the checked one."""
        for place in {place for m in self.interpreters for place in m.modules}:
            document = self.interpreters[0].project and self.interpreters[0].project.document(place)
            if document:
                yield document.tree.body

    def reads(self) -> tuple[OutputRead, ...]:
        """The outputs that are read by their keys, in all runs."""
        runs = zip(self.interpreters, self.all(), strict=True)
        return tuple(dict.fromkeys(replace(read, run=run) for m, run in runs for read in m.seen.reads))

    def layers(self) -> tuple[LayerCall, ...]:
        """The layers that are made with an argument that some releases take otherwise than it is meant, in all runs."""
        runs = zip(self.interpreters, self.all(), strict=True)
        return tuple(dict.fromkeys(replace(layer, run=run) for m, run in runs for layer in m.seen.layers))

    def uses(self) -> tuple[KerasUse, ...]:
        """The uses of Keras, in all runs."""
        runs = zip(self.interpreters, self.all(), strict=True)
        return tuple(dict.fromkeys(replace(use, run=run) for m, run in runs for use in m.seen.uses))

    def subclassed(self, path: str) -> frozenset[Subclassed]:
        """The classes of other modules than the one at ``path`` that have subclasses in some run."""
        return frozenset(one for m in self.interpreters for one in subclassed_elsewhere(m, path))

    def shared_trainings(self) -> frozenset[tuple[int, int]]:
        """The places of training calls that in some run train a model which no compile call in view compiles."""
        return frozenset[tuple[int, int]]().union(*(m.seen.shared_trainings() for m in self.interpreters))

    def with_unknown_arguments(self) -> tuple[CompileCall, ...]:
        """The compile calls of all runs as they run with unknown arguments; none where one of them parts in two."""
        try:
            return tuple(call for m in self.interpreters for call in calls_with_unknown_arguments(m))
        except Undecided:
            return ()


def _run(number: int, m: Interpreter) -> Run:
    environments = m.assumed.environments
    releases = None if environments == EVERY else frozenset(releases_of(environments))
    return Run(number, releases, m.doubtful)
