"""The values of displays, and whether they may be evaluated at another moment or in another order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.analysis.facts import Argument, Token
from keraslint.behaviour.structure import Leaf, Named, Positional
from keraslint.syntax import called_name, is_dotted_name, pair_values

_ACTIVE = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


def has_active_keys(node: ast.expr) -> bool:
    """Return True for a display of a dict with a key that calls something or binds a name, so that it has to stay."""
    keys = node.keys if isinstance(node, ast.Dict) else []
    return any(isinstance(child, _ACTIVE) for key in keys if key is not None for child in ast.walk(key))


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


def _tokens(argument: Argument) -> Iterator[object]:
    """The tokens of a dict's values, of a list of one that of its item; None for any other value."""
    for _, value in argument.structure.entries if isinstance(argument.structure, Named) else ():
        one = value.items[0] if isinstance(value, Positional) and len(value.items) == 1 else value
        yield one.token if isinstance(one, Leaf) else None


def may_move(node: ast.Dict | ast.Call, argument: Argument, title: str) -> bool:
    """Return True if the values of a display are the same in whichever order they are evaluated."""
    numbers = title == "loss_weights" and all(isinstance(token, (int, float)) for token in _tokens(argument))
    if not all(is_plain(value) or (numbers and is_arithmetic(value)) for value in values_of(node)):
        return False
    return title != "loss" or all(isinstance(token, Token) and token.movable for token in _tokens(argument))


def may_stay(node: ast.expr, argument: Argument) -> bool:
    """Return True if the values of a display are known, and the same as long as their order is."""
    known = (isinstance(one, (int, float)) or (isinstance(one, Token) and one.single) for one in _tokens(argument))
    return all(known) and all(map(is_orderly, values_of(node)))
