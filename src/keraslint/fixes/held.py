"""A variable for an argument, bound on a line of its own right before the call, so that its items can be read."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from keraslint.diagnostic import Edit, Position, Span
from keraslint.document import Document
from keraslint.fixes.plain import is_plain
from keraslint.syntax import is_dotted_name

_BLOCKS = ("body", "orelse", "finalbody")


def held(document: Document, call: ast.Call, node: ast.expr, what: str) -> tuple[str, Edit] | None:
    """The name of a new variable for the argument ``node`` of a call, and the edit that binds it before the call.

    None where that could change what the program does: the call is no statement on lines of its own, or what Python
    evaluates before the argument is no plain expression. ``what``: the first word of the name.
    """
    source = document.slice(document.span(node))
    statement = next(_statements(document.tree, call), None)
    if statement is None or "#" in source or not _is_first(document.tree, call, node):
        return None
    begin = document.span(statement).start
    place = Position(begin.row, 1)
    indent = document.slice(Span(place, begin))
    if indent.strip():
        return None
    names = (f"{what}_by_name{number}" for number in ("", *map("_{}".format, range(2, 10))))
    name = next((name for name in names if not re.search(rf"\b{name}\b", document.text)), None)
    if name is None:
        return None
    value = f"({source})" if "\n" in source and not isinstance(node, (ast.Dict, ast.DictComp)) else source
    return name, Edit(Span(place, place), f"{indent}{name} = {value}{document.newline}")


def _statements(tree: ast.Module, call: ast.Call) -> Iterator[ast.stmt]:
    """The statement that is the call, or that binds or returns its result; none in the body of a class."""
    for parent in ast.walk(tree):
        if isinstance(parent, ast.ClassDef):
            continue
        for statement in itertools.chain.from_iterable(getattr(parent, block, None) or () for block in _BLOCKS):
            if isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return)) and statement.value is call:
                yield statement


def _is_first(tree: ast.Module, call: ast.Call, node: ast.expr) -> bool:
    """Return True if what Python evaluates before an argument of a call is plain, and no function rebinds it."""
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    before = arguments[: arguments.index(node)] if node in arguments else None
    if before is None or not is_dotted_name(call.func) or not all(map(is_plain, before)):
        return False
    if isinstance(node, ast.Call) and any(isinstance(value, ast.Attribute) for value in before):
        return False
    read = {child.id for value in (call.func, *before) for child in ast.walk(value) if isinstance(child, ast.Name)}
    rebound = (child.names for child in ast.walk(tree) if isinstance(child, (ast.Global, ast.Nonlocal)))
    return read.isdisjoint(itertools.chain.from_iterable(rebound))
