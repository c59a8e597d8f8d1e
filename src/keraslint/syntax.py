"""Questions about nodes of ``ast`` that know nothing of Keras models."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from glob import escape

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and every node within it, in no particular order, but for Load and Store, faster than ast."""
    left = [node]
    while left:
        current = left.pop()
        yield current
        for name in current._fields:  # not vars(): other tools set attributes on nodes
            value = getattr(current, name, None)
            if type(value) is list:
                left += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                left.append(value)


def is_dotted_name(node: ast.expr) -> bool:
    """Return True for a variable and for attributes of one: ``a``, ``a.b.c``."""
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and is_dotted_name(node.value))


def is_constant_or_name(node: ast.expr) -> bool:
    """Return True for an expression whose evaluation runs no code: a constant, a variable, or ``not`` one of them."""
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else node
    return isinstance(inner, (ast.Constant, ast.Name))


def called_name(call: ast.Call) -> str:
    """The last name of what is called, "" where it has none: "c" for ``a.b.c()``."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_only_passed_to(tree: ast.AST, name: str, function: str) -> bool:
    """Return True if a variable is read only as the first argument of calls of a function."""
    nodes = [*ast.walk(tree)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and called_name(node) == function and node.args]
    passed = {id(call.args[0]) for call in calls if isinstance(call.func, ast.Name)}
    names = [node for node in nodes if isinstance(node, ast.Name) and node.id == name]
    shared = [node for node in nodes if isinstance(node, ast.Assign) and len(node.targets) > 1]
    if any(name in (getattr(target, "id", "") for target in node.targets) for node in shared):
        return False  # another variable holds the same
    return all(id(node) in passed for node in names if isinstance(node.ctx, ast.Load))


def _imports(node: ast.AST) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom))


def annotations_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    """Yield the annotations of the parameters of a function, and that of what it returns."""
    spec = node.args
    for parameter in (*spec.posonlyargs, *spec.args, spec.vararg, *spec.kwonlyargs, spec.kwarg):
        if parameter is not None and parameter.annotation is not None:
            yield parameter.annotation
    if node.returns is not None:
        yield node.returns


def imported_packages(node: ast.AST) -> set[str]:
    """The packages from which an import statement imports by their full names; none for another node."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {(node.module or "").partition(".")[0]}
    return set()


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a statement or block and every statement within it, in no particular order."""
    left = [node]
    while left:
        current = left.pop()
        yield current
        for name in _BLOCKS:
            left += getattr(current, name, ())


def imports_keras(nodes: Iterable[ast.AST]) -> bool:
    """Return True if one of the nodes imports Keras, by itself or as a part of TensorFlow."""
    return any(not imported_packages(node).isdisjoint(("keras", "tensorflow")) for node in nodes if _imports(node))


def imports_package_on_keras(nodes: Iterable[ast.AST]) -> bool:
    """Return True if one of the nodes imports Keras, or a package whose name says that it builds on Keras 3."""
    packages = {package for node in nodes if _imports(node) for package in imported_packages(node)}
    return any(
        package == "tensorflow" or ("keras" in package and package not in ("tf_keras", "keraslint"))
        for package in packages
    )


def pair_values(node: ast.expr | None) -> list[ast.expr | None] | None:
    """The expressions of the values in a display of pairs; None for any other expression."""
    if not isinstance(node, (ast.List, ast.Tuple)):
        return None
    pairs = [pair.elts for pair in node.elts if isinstance(pair, (ast.List, ast.Tuple)) and len(pair.elts) == 2]
    return [pair[1] for pair in pairs] if len(pairs) == len(node.elts) else None


def may_spell(node: ast.expr, words: Collection[str]) -> set[str]:
    """Those of the words that an expression may be: a text, or one that is put together of texts and other things.

    >>> sorted(may_spell(ast.parse('"com" + end', mode="eval").body, ("compile", "fit")))
    ['compile']
    """
    if not isinstance(node, (ast.Constant, ast.BinOp, ast.JoinedStr, ast.Call)):
        return set()
    if isinstance(node, ast.Call) and called_name(node) != "join":
        return set()
    pattern = "".join(escape(part) if part is not None else "*" for part in _texts(node))
    return {word for word in words if fnmatchcase(word, pattern)}


def _texts(node: ast.expr) -> Iterator[str | None]:
    """The parts of a text in their order, None for each that is not known."""
    left = [node]
    while left:
        part = left.pop()
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Add):
            left += [part.right, part.left]
        elif isinstance(part, ast.JoinedStr):
            left += reversed(part.values)
        elif isinstance(part, ast.Call) and called_name(part) == "join" and len(part.args) == 1:
            items = part.args[0]
            left += reversed(items.elts) if isinstance(items, (ast.List, ast.Tuple)) else [items]
        else:
            yield part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else None
