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


def depends_on_arguments(tree: ast.Module, node: ast.expr, apart_from: ast.expr | None) -> bool:
    """Return True if an expression may depend on the arguments of a function around it.

    The values in a dict that the function itself writes do not count. apart_from: a node; functions around this one
    do not count, either.
    """
    around = [one for one in _of_module(tree) if _within(node, one) and not (apart_from and _within(apart_from, one))]
    return any(
        _read_in(function, node) & _parameters(function.args) for function in around if not _writes(function, node)
    )


def _writes(function: ast.AST, node: ast.expr) -> bool:
    """Return True for a variable to which a function assigns nothing but displays of dicts."""
    stored = [each for each in ast.walk(function) if isinstance(each, _BINDING) and _stored(each) & {_name(node)}]
    return bool(stored) and all(isinstance(getattr(each, "value", None), ast.Dict) for each in stored)


def _name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _read_in(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, node: ast.expr) -> set[str]:
    """The names in an expression, and those in what is assigned to them in the function, and so on."""
    bound = [each for each in ast.walk(function) if isinstance(each, _BINDING)]
    names, fresh = set[str](), _names(node)
    while fresh:
        names |= fresh
        found = (_names(each) for each in bound if _stored(each) & names)
        fresh = set[str]().union(*found) - names
    return names


_BINDING = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.withitem)


def _names(node: ast.AST) -> set[str]:
    nodes = ast.walk(node) if not isinstance(node, (ast.For, ast.AsyncFor)) else ast.walk(node.iter)
    return {one.id for one in nodes if isinstance(one, ast.Name)}


def _stored(node: ast.AST) -> set[str]:
    """The variables that a statement binds, and those of which it sets an item or attribute."""
    targets = getattr(node, "targets", None) or [getattr(node, "target", getattr(node, "optional_vars", None))]
    return set[str]().union(*(_names(target) for target in targets if target is not None))


def _parameters(args: ast.arguments) -> set[str]:
    named = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return {one.arg for one in named if one is not None}


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
