"""The display that gave an argument of a call, where nothing else gets the dict that it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from keraslint.analysis.facts import Argument
from keraslint.fixes.plain import values_of

Parents = Mapping[int, ast.AST]
"""The parent of each node, by the identity of the node."""


def display_of(tree: ast.Module, call: ast.Call, argument: Argument) -> ast.Dict | ast.Call | None:
    """The display of a dict argument that stands elsewhere in the module and is used for this call alone.

    It may stand in a dict that is passed as keyword arguments, in a call of the function around the call, or in the
    body of a class; names with one use may lie between. None where the dict may have any other use.
    """
    values = {id(node) for _, node in argument.entries if node is not None}
    shown = next((node for node in ast.walk(tree) if values and _values_of(node) == values), None)
    if not isinstance(shown, (ast.Dict, ast.Call)) or len(values) != len(argument.entries) or argument.optional:
        return None
    parents = {id(child): parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    node, given = argument.node, _passed_on(tree, parents, shown)
    if node is None:
        used = _is_spread(tree, parents, call, given)
    elif isinstance(node, ast.Name):
        used = _is_handed(tree, parents, node, given)
    else:
        used = isinstance(node, ast.Attribute) and _is_of_class(tree, parents, node, given)
    return shown if used else None


def _values_of(node: ast.AST) -> set[int] | None:
    """The identities of the values in a display, None for any other node."""
    if isinstance(node, ast.Dict) and None not in node.keys:
        return set(map(id, values_of(node)))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) <= 1:
        return set(map(id, values_of(node)))
    return None


def _uses(tree: ast.AST, name: str) -> Iterator[ast.Name]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name)


def _bound_name(parents: Parents, node: ast.AST) -> str | None:
    """The variable to which an assignment binds the value ``node``, in any block but that of a class."""
    parent = parents.get(id(node))
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or isinstance(parents[id(parent)], ast.ClassDef):
        return None
    target = parent.targets[0]
    return target.id if isinstance(target, ast.Name) else None


def _passed_on(tree: ast.Module, parents: Parents, node: ast.expr) -> ast.expr:
    """The expression that reads a value where it is bound to a variable with one use; else ``node`` itself."""
    name = _bound_name(parents, node)
    uses = list(_uses(tree, name)) if name is not None else []
    read = [use for use in uses if isinstance(use.ctx, ast.Load)]
    return read[0] if len(read) == 1 and len(uses) == 2 else node


def _is_spread(tree: ast.Module, parents: Parents, call: ast.Call, given: ast.expr) -> bool:
    """Return True if a value stands in a dict that is only filled and then passed to the call by ``**``."""
    spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
    parent = parents[id(given)]
    holder = parents[id(parent)] if isinstance(parent, ast.keyword) else parent
    if isinstance(holder, ast.Assign) and isinstance(holder.targets[0], ast.Subscript):
        base = holder.targets[0].value
        name = base.id if isinstance(base, ast.Name) and len(holder.targets) == 1 else None
    else:
        is_dict = isinstance(holder, ast.Dict) or (
            isinstance(holder, ast.Call) and isinstance(holder.func, ast.Name) and holder.func.id == "dict"
        )
        name = _bound_name(parents, holder) if is_dict else None
    if len(spread) != 1 or not isinstance(spread[0], ast.Name) or spread[0].id != name:
        return False
    uses = [use for use in _uses(tree, name) if use is not spread[0]]
    bound = [use for use in uses if isinstance(use.ctx, ast.Store)]
    return len(bound) == 1 and all(use in bound or _is_filled(parents, use) for use in uses)


def _is_filled(parents: Parents, use: ast.Name) -> bool:
    item = parents[id(use)]
    return isinstance(item, ast.Subscript) and item.value is use and isinstance(item.ctx, ast.Store)


def _is_handed(tree: ast.Module, parents: Parents, node: ast.Name, given: ast.expr) -> bool:
    """Return True if a value is passed to the function around ``node`` as the parameter that is read there alone."""
    parent = parents[id(given)]
    caller = parents[id(parent)] if isinstance(parent, ast.keyword) else parent
    around = parents[id(node)]
    while not isinstance(around, (ast.FunctionDef, ast.Module)):
        around = parents[id(around)]
    if not isinstance(around, ast.FunctionDef) or around.decorator_list or not isinstance(caller, ast.Call):
        return False
    parameters = {one.arg for one in (*around.args.posonlyargs, *around.args.args, *around.args.kwonlyargs)}
    if node.id not in parameters or list(_uses(around, node.id)) != [node]:
        return False
    named = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == around.name]
    rebound = any(isinstance(use.ctx, ast.Store) for use in _uses(tree, around.name))
    return len(named) == 1 and not rebound and isinstance(caller.func, ast.Name) and caller.func.id == around.name


def _is_of_class(tree: ast.Module, parents: Parents, node: ast.Attribute, given: ast.expr) -> bool:
    """Return True if a value is bound in the body of a class, under a name that only ``node`` reads."""
    parent = parents[id(given)]
    if not isinstance(parent, ast.Assign) or not isinstance(parents[id(parent)], ast.ClassDef):
        return False
    if [ast.unparse(target) for target in parent.targets] != [node.attr]:
        return False
    for other in ast.walk(tree):
        named = isinstance(other, ast.Name) and other.id == node.attr and isinstance(other.ctx, ast.Load)
        quoted = isinstance(other, ast.Constant) and other.value == node.attr
        if named or quoted or (isinstance(other, ast.Attribute) and other.attr == node.attr and other is not node):
            return False
    return True
