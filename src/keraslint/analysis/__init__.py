"""Source to facts: the models that the code builds, compiles and trains, whatever the release."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from keraslint.analysis.loss_readers import reads_losses, reads_losses_aside
from keraslint.analysis.parametrised import places_that_take_arguments
from keraslint.analysis.prefilter import branching_nodes, routing_places
from keraslint.analysis.sorted_names import pairs_sorted_names
from keraslint.files.paths import absolute
from keraslint.limits import MAX_ANALYSIS_SECONDS, within
from keraslint.profile import timed
from keraslint.syntax import imports_package_on_keras

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts, RuntimeImport, Unfinished
    from keraslint.analysis.interpreter.runs import Runs
    from keraslint.analysis.modules import Project
    from keraslint.document import Document

__all__ = ["Analysis", "analyze"]


def analyze(
    document: Document,
    project: Project | None = None,
    interrupt: Callable[[], None] | None = None,
    *,
    legacy: bool = False,
    runtime: bool = False,
) -> ModuleFacts:
    """The facts of one file. With a ``project`` its imports are followed; without one no file is read.

    ``legacy``: the environment makes ``tf.keras`` Keras 2, unless the program says otherwise.
    ``runtime``: keraslint itself is installed where the program runs.
    ``interrupt`` is called regularly while the program is interpreted, and may raise to end it.
    Raises SyntaxError (and ValueError for null bytes) where Python's own parser does.
    """
    from keraslint.analysis.core.environments import Assumed
    from keraslint.analysis.core.varying import Undecided
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.analysis.interpreter.interpreter import Interpreter
    from keraslint.analysis.interpreter.program import CONSTRUCTS, run
    from keraslint.analysis.interpreter.runs import explore
    from keraslint.analysis.runtime_copy import carried_runtime, is_copy

    tree = ast.Module([], []) if is_copy(document) else document.tree  # a copy of our own code has nothing to find
    path = absolute(document.path) if project is not None else document.path

    def run_once(assumed: Assumed) -> Interpreter:
        interpreter = Interpreter(CONSTRUCTS, project, assumed)
        interpreter.interrupt = interrupt
        interpreter.state.legacy = legacy
        try:
            run(interpreter, tree, path)
        except Undecided as parts:
            parts.steps = interpreter.steps
            raise
        return interpreter

    with within(MAX_ANALYSIS_SECONDS), timed("interpret"):
        runs = explore(run_once)
    ends = {end: None for m in runs.interpreters for end in m.seen.ends}
    nodes = branching_nodes(tree)
    ran = frozenset[int]().union(*(m.executed for m in runs.interpreters))
    reads_loss = reads_losses(nodes) or reads_losses_aside(nodes, ran) or _is_read_elsewhere(runs)
    compiles = _limited(runs.compiles(reads_loss=reads_loss), path, ends)
    return ModuleFacts(
        path,
        compiles,
        imports_package_on_keras(nodes) or any(map(imports_package_on_keras, runs.other_modules())),
        runs.shared_trainings(),
        runs.compiles(reads_loss=reads_loss, safe=True),
        _runtime(carried_runtime(project, path, document.tree), installed=runtime),
        runs.reads(),
        cache(partial(places_that_take_arguments, nodes)),
        cache(runs.with_unknown_arguments),
        tuple(ends),
        runs.all(),
        runs.layers(),
        runs.uses(),
        cache(runs.replaced),
        _has_hidden_compiles(nodes, compiles, path, runs),
        frozenset[str]().union(*(m.judged_alone for m in runs.interpreters)),
        runs.subclassed(path) if project is not None else frozenset(),
        pairs_sorted_names(nodes),
    )


class Analysis:
    """A document whose facts are kept, if it was looked at to its end: they are the same for each release."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._facts: dict[tuple[bool, bool], ModuleFacts] = {}

    def facts(self, *, legacy: bool, runtime: bool) -> ModuleFacts:
        """As ``analyze`` without a project."""
        known = self._facts.get((legacy, runtime))
        if known is not None:
            return known
        found = analyze(self.document, legacy=legacy, runtime=runtime)
        if not found.ends:
            self._facts[legacy, runtime] = found
        return found


def _has_hidden_compiles(nodes: list[ast.AST], compiles: tuple[CompileCall, ...], path: str, runs: Runs) -> bool:
    """True if a compile call whose losses may be several is none of those that were observed."""
    observed = {(one.call.lineno, one.call.col_offset) for one in compiles if one.module == path}
    others = [pair for m in runs.interpreters for pair in m.one_loss.items()]
    plain = {place for place, one in others if one} - {place for place, one in others if not one}
    return not routing_places(nodes) <= observed | plain


def _is_read_elsewhere(runs: Runs) -> bool:
    """True if the program compiles models, and another module that runs with it reads the losses of a model."""
    compiles = any(m.seen.compiles for m in runs.interpreters)
    return compiles and any(reads_losses(branching_nodes(ast.Module(body, []))) for body in runs.other_modules())


def _runtime(carried: RuntimeImport | None, *, installed: bool) -> RuntimeImport | None:
    """The import of the runtime: from a copy that is surely found, else from keraslint where that is there."""
    from keraslint.analysis.facts import RuntimeImport

    if installed and not (carried and carried.certain):
        return RuntimeImport("keraslint.runtime")
    return carried


def _limited(calls: tuple[CompileCall, ...], path: str, ends: dict[Unfinished, None]) -> tuple[CompileCall, ...]:
    """The compile calls, each in at most MAX_CONTEXTS contexts of a run; further ones are added to ``ends``."""
    from keraslint.analysis.core.bounds import MAX_CONTEXTS
    from keraslint.analysis.facts import Run, Unfinished

    kept, counts = [], Counter[tuple[ast.Call, Run]]()
    for one in calls:
        counts[one.call, one.run] += 1
        if counts[one.call, one.run] <= MAX_CONTEXTS:
            kept.append(one)
        else:
            row = one.call.lineno if one.module == path else 1
            ends[
                Unfinished(row, f"it runs in more than {MAX_CONTEXTS} ways", "not all runs of this call were judged")
            ] = None
    return tuple(kept)
