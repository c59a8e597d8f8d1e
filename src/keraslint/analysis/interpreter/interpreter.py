"""The interpreter: it hands each construct of the language to the function that is registered for it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import Suspended, Value
from keraslint.analysis.interpreter.conditions import Condition, Forks
from keraslint.analysis.modules import Project


@dataclass(frozen=True, slots=True)
class Constructs:
    """The functions that carry out the constructs of the language, expressions and statements by their node type."""

    expressions: Mapping[type[ast.expr], Callable[[Interpreter, Any], Value]]
    statements: Mapping[type[ast.stmt], Callable[[Interpreter, Any], None]]
    execute: Callable[[Interpreter, list[ast.stmt]], None]
    call: Callable[[Interpreter, Value, Arguments], Value]
    resume: Callable[[Interpreter, Suspended, Callable[[Value], None] | None], Value]
    attribute: Callable[[Interpreter, Value, str], Value]
    set_attribute: Callable[[Interpreter, Value, str, Value], None]
    truth: Callable[[Interpreter, Value], bool | None]
    iterate: Callable[[Interpreter, Value], list[Value] | None]
    import_module: Callable[[Interpreter, str, int], Value]
    submodule: Callable[[Interpreter, Value, str], Value | None]


class Interpreter(InterpreterCore):
    """Interprets programs on abstract values."""

    def __init__(self, constructs: Constructs, project: Project | None) -> None:
        super().__init__()
        self.constructs = constructs
        self.project = project
        self.start = Path()
        self.modules: dict[Path, int] = {}  # those that are, or were, imported, with the numbers of their scopes
        self.failed_modules: set[Path] = set()
        self.conditions: dict[ast.expr, tuple[Condition, bool] | None] = {}  # what tests ask, by node
        self.forks: dict[int, tuple[list[ast.stmt], tuple[Forks, ...]]] = {}  # by the identity of a block
        self.lazy: dict[ast.AST, bool] = {}  # whether calling a function runs nothing of it
        self.path_steps = 0  # those that were taken in branches that were followed by themselves
        self.path_begin = 0  # when the outermost of them began that is followed now
        self.cached: dict[Hashable, Value] = {}  # results of functions that keep them, by function and arguments

    def evaluate(self, node: ast.expr) -> Value:
        """The value of an expression; Unknown for what is not modelled."""
        handler = self.constructs.expressions.get(type(node))
        if handler is None:
            return self.unknown(f"'{type(node).__name__}' expressions are not followed")
        return handler(self, node)

    def execute_statement(self, node: ast.stmt) -> None:
        """Run one statement on the current state; one that is not modelled does nothing."""
        handler = self.constructs.statements.get(type(node))
        if handler is not None:
            handler(self, node)

    def execute(self, body: list[ast.stmt]) -> None:
        """Run statements; what stands after a return, raise, break or continue is not run."""
        self.constructs.execute(self, body)

    def call(self, function: Value, args: Arguments) -> Value:
        """The result of a call, with its effects on the state."""
        return self.constructs.call(self, function, args)

    def resume(self, value: Suspended, on_yield: Callable[[Value], None] | None = None) -> Value:
        """Run the body of a generator or coroutine, and hand ``on_yield`` what it yields: what it returns."""
        return self.constructs.resume(self, value, on_yield)

    def attribute(self, value: Value, name: str) -> Value:
        """The value of ``value.name``."""
        return self.constructs.attribute(self, value, name)

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """Carry out ``value.name = new``."""
        self.constructs.set_attribute(self, value, name, new)

    def truth(self, value: Value) -> bool | None:
        """True if a value counts as true, False if not; None where that is not known."""
        return self.constructs.truth(self, value)

    def iterate(self, value: Value) -> list[Value] | None:
        """The items that looping over a value gives, in order; None where they are not known."""
        return self.constructs.iterate(self, value)

    def import_module(self, name: str, level: int) -> Value:
        """The module that an import statement names."""
        return self.constructs.import_module(self, name, level)

    def submodule(self, module: Value, name: str) -> Value | None:
        """A module inside a package of the project; None where there is none."""
        return self.constructs.submodule(self, module, name)
