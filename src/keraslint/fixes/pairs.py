"""An OrderedDict of pairs as the text of a tuple."""

from __future__ import annotations

import ast
from collections.abc import Callable

from keraslint.document import Document
from keraslint.fixes.plain import values_of


def from_pairs(source: str, order: list[int], change: dict[int, Callable[[str], str]]) -> str | None:
    """``OrderedDict([("a", x), …])`` as a tuple; only where no comment stands in it."""
    if "#" in source:
        return None
    whole = Document("", f"({source})")
    statement = whole.tree.body[0]
    assert isinstance(statement, ast.Expr)
    texts = [whole.slice(whole.span(_unwrapped(value))) for value in values_of(statement.value)]
    return "(" + ", ".join(change.get(place, str)(texts[place]) for place in order) + ")"


def _unwrapped(node: ast.expr) -> ast.expr:
    """The item of a list or tuple with one item, which Keras treats alike; any other node unchanged."""
    if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1 and not isinstance(node.elts[0], ast.Starred):
        return node.elts[0]
    return node
