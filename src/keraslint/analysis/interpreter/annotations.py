"""Annotations: expressions that Python evaluates in modules and classes, and where a function is made."""

from __future__ import annotations

import ast

from keraslint.analysis.core.effects import perhaps
from keraslint.analysis.core.state import ClassObject, Instance, Scope
from keraslint.analysis.core.values import Ref
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.syntax import annotations_of, walk

_PLAIN = (ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.Tuple, ast.List, ast.BinOp, ast.operator)
"""Nodes that run no code of the program, unless an object of the program is in them."""


def note_future(m: Interpreter, node: ast.ImportFrom) -> None:
    """Note a module that says by ``from __future__ import annotations`` that its annotations don't run."""
    if node.module == "__future__" and any(alias.name == "annotations" for alias in node.names):
        m.unevaluated_annotations.add(m.module)


def annotate_variable(m: Interpreter, annotation: ast.expr) -> None:
    """Evaluate the annotation of a variable. In a function it does not run."""
    scope = m.look(Ref(m.control.scope))
    if isinstance(scope, Scope) and scope.kind != "function":
        _evaluate(m, annotation)


def annotate_function(m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Evaluate the annotations of the parameters of a function, and that of what it returns."""
    for annotation in annotations_of(node):
        _evaluate(m, annotation)


def _evaluate(m: Interpreter, annotation: ast.expr) -> None:
    """Evaluate an annotation that may run code. Since Python 3.14 it runs only where something asks for it."""
    if m.module not in m.unevaluated_annotations and any(_may_run(m, node) for node in walk(annotation)):
        with perhaps(m):
            m.evaluate(annotation)


def _may_run(m: Interpreter, node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        found = m.lookup(node.value.id)
        return found is not None and isinstance(m.look(found), (ClassObject, Instance))
    if isinstance(node, ast.Name):
        found = m.lookup(node.id)
        return found is not None and isinstance(m.look(found), Instance)
    return not isinstance(node, _PLAIN)
