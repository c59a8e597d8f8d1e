"""Marimo's notebooks as the program that they are: each cell is a function of the variables that others return."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_APP = "app"


def as_program(tree: ast.Module) -> ast.Module:
    """The module with the bodies of its cells in place of these, in the order in which marimo runs them.

    A module without such cells is returned as it is.
    """
    cells = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_cell(node)]
    if not cells or any(_returns(cell) is None for cell in cells):
        return tree
    first = tree.body.index(cells[0])
    setup = [statement for node in tree.body if _is_setup(node) for statement in getattr(node, "body", [])]
    others = [node for node in tree.body[first:] if node not in cells and not _is_setup(node)]
    before = [node for node in tree.body[:first] if not _is_setup(node)]
    inside = [
        statement for cell in _in_order(cells) for statement in cell.body if not isinstance(statement, ast.Return)
    ]
    return ast.Module([*before, *setup, *inside, *others], tree.type_ignores)


_Cell = ast.FunctionDef | ast.AsyncFunctionDef


def _is_cell(node: _Cell) -> bool:
    """Return True for a function with the decorator ``@app.cell``, with or without arguments."""
    marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in node.decorator_list]
    return any(_is_of_app(mark, "cell") for mark in marks)


def _is_setup(node: ast.stmt) -> bool:
    """Return True for a block ``with app.setup``."""
    if not isinstance(node, ast.With):
        return False
    managers = [
        item.context_expr.func if isinstance(item.context_expr, ast.Call) else item.context_expr for item in node.items
    ]
    return any(_is_of_app(manager, "setup") for manager in managers)


def _is_of_app(node: ast.expr, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == _APP
    )


def _returns(cell: _Cell) -> set[str] | None:
    """The names that a cell returns with its last statement; None where it may return elsewhere."""
    if any(isinstance(node, ast.Return) for statement in cell.body[:-1] for node in _own_nodes(statement)):
        return None
    last = cell.body[-1]
    if not isinstance(last, ast.Return):
        return set()
    return {node.id for node in ast.walk(last) if isinstance(node, ast.Name)}


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement without those in functions and classes within it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)


def _in_order(cells: Sequence[_Cell]) -> list[_Cell]:
    """The cells so that each follows those that return what it takes; else, and in a circle, as they stand."""
    left, done, ordered = list(cells), set[str](), list[_Cell]()
    made = {name for cell in cells for name in _returns(cell) or ()}
    while left:
        ready = next((cell for cell in left if {arg.arg for arg in cell.args.args} & made <= done), left[0])
        left.remove(ready)
        ordered.append(ready)
        done |= _returns(ready) or set()
    return ordered
