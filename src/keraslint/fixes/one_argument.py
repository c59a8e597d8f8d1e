"""Edits of one argument of a call."""

from __future__ import annotations

import ast

from keraslint.analysis.parametrised import is_in_function_with_parameters
from keraslint.diagnostic import Edit, Span
from keraslint.document import Document

_REPEATED = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.For, ast.AsyncFor, ast.While),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


def with_keyword(document: Document, call: ast.Call, name: str, value: str, before: int) -> Edit | None:
    """The edit that passes ``name=value``; None where the call may pass it already in a way that is not seen.

    before: the number of positional arguments before the one of that name.
    """
    if len(call.args) > before or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if None in keywords or not (call.args or keywords):
        return None
    if name in keywords:
        return Edit(document.span(keywords[name]), value)
    last = max((*call.args, *keywords.values()), key=lambda node: (node.end_lineno or 0, node.end_col_offset or 0))
    end = document.span(last).end
    return Edit(Span(end, end), f", {name}={value}")


def is_in_parametrised_function(document: Document, node: ast.expr) -> bool:
    """Return True if an expression is in a function that takes arguments, so that other code may run it differently."""
    return is_in_function_with_parameters(document.tree, node)


def runs_once(document: Document, node: ast.expr) -> bool:
    """Return True if an expression is in no function and no loop, so that it runs once where the file runs once."""
    left: list[ast.AST] = [document.tree]
    while left:
        found = left.pop()
        if found is node:
            return True
        left += [] if isinstance(found, _REPEATED) else ast.iter_child_nodes(found)
    return False


def without_keyword(document: Document, call: ast.Call, keyword: ast.keyword) -> Edit | None:
    """The edit that takes an argument out; None where it is the first one, or a comment stands before it."""
    others = [*call.args, *(other.value for other in call.keywords if other is not keyword)]
    start = (keyword.lineno, keyword.col_offset)
    before = [node for node in others if (node.lineno, node.col_offset) < start]
    if not before:
        return None
    last = max(before, key=lambda node: (node.lineno, node.col_offset))
    span = Span(document.span(last).end, document.span(keyword.value).end)
    removed = document.text[document.offset(span.start) : document.offset(span.end)]
    return None if "#" in removed or not removed.startswith(",") else Edit(span, "")
