"""The values of displays, and whether they may be evaluated at another moment or in another order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.syntax import called_name, is_dotted_name, pair_values


def is_plain(node: ast.expr) -> bool:
    """Return True if an expression has the same value whenever it is evaluated."""
    if isinstance(node, (ast.Name, ast.Constant)):
        return True
    if isinstance(node, ast.Lambda):
        return all(
            is_plain(default) for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None
        )
    if isinstance(node, ast.Attribute):
        return is_plain(node.value)
    if isinstance(node, ast.UnaryOp):
        return is_plain(node.operand)
    if isinstance(node, ast.BinOp):
        return all(isinstance(part, ast.Constant) for part in (node.left, node.right))
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(is_plain(item) for item in node.elts)
    if not isinstance(node, ast.Call) or not is_dotted_name(node.func):
        return False
    # An instance of a class.
    return called_name(node)[:1].isupper() and all(map(is_plain, (*node.args, *(item.value for item in node.keywords))))


def is_arithmetic(node: ast.expr) -> bool:
    """Return True for constants and variables, and operators on them, which have no effects where these are numbers."""
    if isinstance(node, ast.UnaryOp):
        return is_arithmetic(node.operand)
    if isinstance(node, ast.BinOp):
        return is_arithmetic(node.left) and is_arithmetic(node.right)
    return isinstance(node, (ast.Name, ast.Constant))


def is_orderly(node: ast.expr) -> bool:
    """Return True for an expression that binds no name: a plain one, or a call, an item or a result of such ones."""
    if is_plain(node) or is_arithmetic(node):
        return True
    if isinstance(node, ast.Call):
        arguments = (*node.args, *(keyword.value for keyword in node.keywords))
        return is_dotted_name(node.func) and all(map(is_orderly, arguments))
    if isinstance(node, ast.BinOp):
        return is_orderly(node.left) and is_orderly(node.right)
    if isinstance(node, ast.Subscript):
        return is_orderly(node.value) and is_orderly(node.slice)
    if isinstance(node, ast.Slice):
        return all(is_orderly(part) for part in (node.lower, node.upper, node.step) if part is not None)
    return isinstance(node, ast.Attribute) and is_orderly(node.value)


def values_of(node: ast.expr) -> Iterator[ast.expr]:
    """The values in a display of a dict, of keywords or of pairs; none in any other expression."""
    if isinstance(node, ast.Dict):
        yield from node.values
    elif isinstance(node, ast.Call):
        if len(node.args) == 1:
            yield from (value for value in pair_values(node.args[0]) or () if value is not None)
        yield from (keyword.value for keyword in node.keywords)


def is_made_at_once(node: ast.expr) -> bool:
    """Return True for an expression that makes a dict of several, or calls a function for one, but is no display."""
    if isinstance(node, ast.Dict):
        return None in node.keys
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr)
    return isinstance(node, ast.DictComp) or (isinstance(node, ast.Call) and is_dotted_name(node.func))
