"""The interpreter: the state that the functions for the constructs of the language share."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from keraslint.analysis.core.environments import Assumed
from keraslint.analysis.core.interpreter_core import Constructs, InterpreterCore
from keraslint.analysis.core.values import Value
from keraslint.analysis.facts import Unfinished
from keraslint.analysis.interpreter.conditions import Condition, Forks
from keraslint.analysis.modules import Project
from keraslint.analysis.prefilter import mentions_keras
from keraslint.analysis.relevant import relevant_functions
from keraslint.limits import MAX_ANALYSIS_SECONDS, OutOfTime


@dataclass(frozen=True, slots=True)
class Names:
    """The names that occur in a function, and those of them that it declares global or nonlocal."""

    all: frozenset[str]
    outer: frozenset[str]


class Interpreter(InterpreterCore):
    """Interprets programs on abstract values."""

    def __init__(self, constructs: Constructs, project: Project | None, assumed: Assumed | None = None) -> None:
        super().__init__(constructs, assumed)
        self.project = project
        self.start = Path()
        self.ended_by: Exception | None = None  # the last error that ended a part of the analysis
        self.tree = ast.Module([], [])  # of the checked file
        self.top: list[ast.stmt] = []  # the statements of the checked file
        self.last = 0  # the place of the last of them that began to run; behind all of them, if all ended
        self.ended_early = False  # they ended by an exit or an exception
        self.seen_at_top = 0  # the compile calls that had run by then
        self.modules: dict[Path, int] = {}  # the imported modules, with the numbers of their scopes
        self.failed_modules: set[Path] = set()
        self.lazily_called: dict[int, set[int]] = {}  # by function: the generators and coroutines that calls of it made
        self.dropped: set[int] = set()  # those of them that the program drops or closes, so that they never run
        self.judged_alone: set[str] = set()  # classes of the checked file with compile calls in methods that run alone
        self.unevaluated_annotations: set[str] = set()  # modules of which no annotation runs
        self.conditions: dict[ast.expr, tuple[Condition, bool] | None] = {}  # the conditions in tests, by node
        self.forks: dict[int, tuple[list[ast.stmt], tuple[Forks, ...]]] = {}  # by the identity of a block
        self.lazy: dict[ast.AST, bool] = {}  # whether calling a function runs nothing of it
        self.raised: list[Value] = []  # the exceptions that the program raises itself
        self.searches_elsewhere = False  # the program puts a folder before those in which imports are searched
        self.searches_later = False  # it puts one behind these
        self.search_first: set[Path] = set()  # the folders of the first kind that are known, and are not counted there
        self.search_last: set[Path] = set()  # those of the second kind
        self.unsure_modules: set[str] = set()  # names that it may or may not have put into sys.modules
        self.inside_keras = False  # the program names modules from which Keras itself takes its parts
        self.only_read: dict[str, bool] = {}  # names of the checked file: True if nothing but next() reads them
        self.run_for_all: set[int] = set()  # functions that run with any arguments, for calls that are not followed
        self.names_itself: dict[ast.AST, bool] = {}  # functions by node: True if one may call itself
        self.generators: dict[ast.GeneratorExp, ast.FunctionDef] = {}  # generator expressions, as functions
        self.names: dict[ast.AST, Names] = {}  # those in a function, by its node
        self.calls_by_name: dict[ast.AST, frozenset[str] | None] = {}  # by function; None if it may make others
        self.aside: dict[str, bool] = {}  # modules by path: True if nothing in them is about Keras
        self.aside_steps = 0  # steps in the functions of these
        self.inner_steps = 0  # steps in functions that the current one has called
        self.path_steps = 0  # steps in branches that were followed separately
        self.path_begin = 0  # the step at which the current outermost one began

    def is_aside(self, module: str) -> bool:
        """True for another module than the checked one, in which nothing is about Keras: a model may only be passed."""
        if module not in self.aside:
            document = self.project.document(Path(module)) if self.project and module != self.main_module else None
            named = document is None or mentions_keras(document.text.encode())
            self.aside[module] = not named and document is not None and not relevant_functions(document.tree)
        return self.aside[module]

    def note_end(self, error: Exception, row: int) -> None:
        """Record the row of the checked file in which an error ends the analysis, unless another row was recorded."""
        if error is not self.ended_by and not self.control.acting and Path(self.module) == self.start:
            self.ended_by = error
            self.seen.ends[Unfinished(row, _reason(error))] = None


def _reason(error: Exception) -> str:
    if isinstance(error, OutOfTime):
        return f"it takes more than {MAX_ANALYSIS_SECONDS:.0f} seconds"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
