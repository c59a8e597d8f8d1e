"""Marimo's notebooks as the program that they are: each cell is a function of the variables that others return."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

_APP = "app"


def as_program(tree: ast.Module) -> ast.Module:
    """The module with the bodies of its cells in place of these, in the order in which marimo runs them.

    What ``app.setup``, ``@app.function`` and ``@app.class_definition`` define comes before. A module without cells, or
    with one that may return before its end, is left as it is.
    """
    cells = [node for node in tree.body if isinstance(node, _FUNCTIONS) and _has_mark(node, "cell")]
    if not cells or any(_returns(cell) is None for cell in cells):
        return tree
    first = tree.body.index(cells[0])
    setup = [statement for node in tree.body if _is_setup(node) for statement in getattr(node, "body", [])]
    shared = [node for node in tree.body if _has_mark(node, "function") or _has_mark(node, "class_definition")]
    for node in shared:
        vars(node)["decorator_list"] = []
    left = [node for node in tree.body if node not in (*cells, *shared) and not _is_setup(node)]
    before = [node for node in left if node in tree.body[:first]]
    inside = [
        statement for cell in _in_order(cells) for statement in cell.body if not isinstance(statement, ast.Return)
    ]
    return ast.Module([*before, *setup, *shared, *inside, *left[len(before) :]], tree.type_ignores)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Cell = ast.FunctionDef | ast.AsyncFunctionDef


def _has_mark(node: ast.stmt, name: str) -> bool:
    """Return True for a definition with a decorator ``@app.NAME``, with or without arguments."""
    return any(_is_of_app(mark, name) for mark in getattr(node, "decorator_list", ()))


def _is_setup(node: ast.stmt) -> bool:
    """Return True for a block ``with app.setup``."""
    return isinstance(node, ast.With) and any(_is_of_app(item.context_expr, "setup") for item in node.items)


def _is_of_app(node: ast.expr, name: str) -> bool:
    node = node.func if isinstance(node, ast.Call) else node
    return (
        isinstance(node, ast.Attribute)
        and node.attr == name
        and isinstance(node.value, ast.Name)
        and node.value.id == _APP
    )


def _returns(cell: _Cell) -> set[str] | None:
    """The names that a cell returns with its last statement; None where it may return elsewhere."""
    last = cell.body[-1]
    ends = isinstance(last, ast.Return)
    others = cell.body[:-1] if ends else cell.body
    if any(isinstance(node, ast.Return) for statement in others for node in _own_nodes(statement)):
        return None
    return {node.id for node in ast.walk(last) if isinstance(node, ast.Name)} if ends else set()


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
