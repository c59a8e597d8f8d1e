"""The calls and other expressions that stand in functions with parameters, which other code may call differently."""

from __future__ import annotations

import ast
from functools import lru_cache

from keraslint.analysis.prefilter import branching_nodes
from keraslint.syntax import called_name


def places_that_take_arguments(nodes: list[ast.AST]) -> frozenset[tuple[int, int]]:
    """The places (row, byte column) of the compile calls in functions and methods that have a parameter."""
    calls = [node for node in nodes if isinstance(node, ast.Call) and called_name(node) in ("compile", "safe_compile")]
    functions = _with_parameters(nodes)
    return frozenset(_start(call) for call in calls if any(_within(call, function) for function in functions))


def is_in_function_with_parameters(tree: ast.Module, node: ast.expr) -> bool:
    """Return True if an expression of a module stands in a function or lambda with a parameter."""
    return any(_within(node, function) for function in _of_module(tree))


@lru_cache(maxsize=1)
def _of_module(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]:
    """The functions of a module with a parameter: one module is asked about many expressions in a row."""
    return _with_parameters(branching_nodes(tree))


def _with_parameters(nodes: list[ast.AST]) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]:
    functions = (node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)))
    return [function for function in functions if _has_parameters(function.args)]


def _start(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _within(node: ast.expr, around: ast.expr | ast.stmt) -> bool:
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return _start(around) < _start(node) and end <= (around.end_lineno or 0, around.end_col_offset or 0)


def _has_parameters(args: ast.arguments) -> bool:
    return bool(args.posonlyargs or args.args or args.kwonlyargs or args.vararg or args.kwarg)
