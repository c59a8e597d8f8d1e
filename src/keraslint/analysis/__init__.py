"""Source to facts: the models that the code builds, compiles and trains, whatever the release."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

from keraslint.analysis.prefilter import branching_nodes, places_that_take_arguments, reads_losses
from keraslint.syntax import imports_keras

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.analysis.modules import Project
    from keraslint.document import Document

__all__ = ["analyze"]


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
    from keraslint.analysis.runtime_copy import carried_runtime

    tree = document.tree
    path = os.path.abspath(document.path) if project is not None else document.path  # noqa: PTH100 - links keep names

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

    runs = explore(run_once)
    nodes = branching_nodes(tree)
    reads_loss = reads_losses(nodes)
    return ModuleFacts(
        path,
        runs.compiles(reads_loss=reads_loss),
        imports_keras(nodes),
        runs.shared_trainings(),
        runs.compiles(reads_loss=reads_loss, safe=True),
        carried_runtime(project, path) or ("keraslint.runtime" if runtime else None),
        runs.reads(),
        cache(partial(places_that_take_arguments, nodes)),
        cache(runs.with_unknown_arguments),
        runs.all(),
    )
