"""The two cheap steps before the interpreter: bytes, then ``ast``. Each drops almost every file."""

from __future__ import annotations

import ast

_KERAS = b"keras"
_CALLS = (b".compile",)
_METHODS = frozenset({"compile", "fit", "evaluate", "train_on_batch", "test_on_batch", "fit_generator"})
_NOT_MODELS = frozenset({"re", "regex", "torch", "builtins"})


def mentions_keras(data: bytes) -> bool:
    """Whether a file names Keras at all."""
    return _KERAS in data or b"Keras" in data


def may_matter(data: bytes) -> bool:
    """Whether a file can hold a call that a rule is about: it compiles something, or trains a Keras model."""
    return any(call in data for call in _CALLS)


def has_candidate(tree: ast.Module) -> bool:
    """Whether a call ``….compile(…)`` could be Keras' and could route something by name or weight."""
    return any(isinstance(node, ast.Call) and _is_candidate(node) for node in ast.walk(tree))


def relevant_functions(tree: ast.Module) -> frozenset[int]:
    """The ``id`` of each function that compiles or trains something, itself or through a name that may do so."""
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    uses = {id(node): _names_used(node) for node in functions}
    words = set(_METHODS)
    relevant: set[int] = set()
    while fresh := [node for node in functions if id(node) not in relevant and uses[id(node)] & words]:
        relevant.update(id(node) for node in fresh)
        words.update(node.name for node in fresh)
        words.update(_owners(tree, fresh))
    return frozenset(relevant)


def _names_used(node: ast.AST) -> set[str]:
    attributes = {child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)}
    return attributes | {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}


def _owners(tree: ast.Module, methods: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    """The classes whose constructor or call is among these methods: naming the class may run it."""
    special = {id(method) for method in methods if method.name in ("__init__", "__call__", "__post_init__")}
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {node.name for node in classes if any(id(item) in special for item in node.body)}


def imports_keras(tree: ast.Module) -> bool:
    """Whether a module imports Keras, by itself or as a part of TensorFlow."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return any(name.split(".")[0] in ("keras", "tensorflow") for name in names)


def _is_candidate(call: ast.Call) -> bool:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "compile"):
        return False
    if isinstance(call.func.value, ast.Name) and call.func.value.id in _NOT_MODELS:
        return False
    keywords = {keyword.arg for keyword in call.keywords}
    if None in keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
        return True
    if "loss_weights" in keywords or len(call.args) > 3:
        return True
    loss = next((keyword.value for keyword in call.keywords if keyword.arg == "loss"), None)
    if loss is None and len(call.args) >= 2:
        loss = call.args[1]
    return loss is not None and not isinstance(loss, ast.Constant)
