"""The functions of a module that may compile or train something."""

from __future__ import annotations

import ast
from typing import TypeAlias

from keraslint.analysis.prefilter import METHODS, branching_nodes, children
from keraslint.syntax import called_name, may_spell, walk

_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.GeneratorExp"
_GIVING_METHODS = frozenset({"attrgetter", "getattr", "methodcaller", "partial", "partialmethod"})


def relevant_functions(tree: ast.Module) -> frozenset[int]:
    """The ``id`` of each function that compiles or trains something, itself or through a name that may do so.

    A lambda and a generator expression count as functions.
    """
    functions: list[_Function] = []
    classes: list[ast.ClassDef] = []
    uses: dict[int, set[str]] = {}
    _collect(tree, functions, classes, uses)
    words = set(METHODS | _kept_under(tree))
    relevant: set[int] = set()
    while fresh := [node for node in functions if id(node) not in relevant and uses[id(node)] & words]:
        relevant.update(id(node) for node in fresh)
        words.update(getattr(node, "name", "") for node in fresh)
        words.update(_owners(classes, fresh))
    return frozenset(relevant)


def _kept_under(tree: ast.Module) -> set[str]:
    """The names under which a module keeps a method that compiles or trains: ``prepare = model.compile``."""
    kept: set[str] = set()
    for node in branching_nodes(tree):
        if isinstance(node, ast.Assign):
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            if any(_gives_method(value) for value in values):
                kept.update(_method_of(name) for target in node.targets for name in walk(target))
    return kept - {""}


def _gives_method(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return _method_of(node) in METHODS
    return called_name(node) in _GIVING_METHODS and any(map(_methods_of, node.args))


def _methods_of(node: ast.expr) -> set[str]:
    """The methods of models that an expression names, or may spell."""
    return ({_method_of(node)} & METHODS) | may_spell(node, METHODS)


def _method_of(node: ast.AST) -> str:
    """The last name of an expression, or the text of a constant; "" where it is something else."""
    name = getattr(node, "attr", getattr(node, "id", getattr(node, "value", "")))
    return name if isinstance(name, str) else ""


def _collect(
    tree: ast.Module,
    functions: list[_Function],
    classes: list[ast.ClassDef],
    uses: dict[int, set[str]],
) -> None:
    """Collect the functions and classes of a module, and the names that each function uses, inner ones included."""
    left: list[tuple[ast.AST, tuple[set[str], ...]]] = [(tree, ())]
    while left:
        node, around = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)):
            functions.append(node)
            around = (*around, uses.setdefault(id(node), set()))
        elif isinstance(node, ast.ClassDef):
            classes.append(node)
        elif isinstance(node, ast.Attribute):
            for names in around:
                names.add(node.attr)
        elif isinstance(node, ast.Call) and called_name(node) in _GIVING_METHODS:
            for names in around:
                names.update(name for value in node.args for name in {_method_of(value)} | may_spell(value, METHODS))
        for child in children(node):
            if type(child) is ast.Name:
                for names in around:
                    names.add(child.id)
            else:
                left.append((child, around))


def _owners(classes: list[ast.ClassDef], methods: list[_Function]) -> set[str]:
    """The classes whose ``__init__`` or ``call`` is among these methods: naming the class may run it."""
    special = {id(one) for one in methods if getattr(one, "name", "") in ("__init__", "__call__", "__post_init__")}
    return {node.name for node in classes if any(id(item) in special for item in node.body)}
