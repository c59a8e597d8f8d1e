"""Programs that change a callback after it was made, or what a model logs."""

from __future__ import annotations

import ast

from keraslint.document import Document
from keraslint.syntax import called_name

_OF_CALLBACKS = frozenset(
    "best cooldown_counter get_monitor_value min_delta mode monitor monitor_op patience wait".split()
)
_OF_MODELS = frozenset("__name__ compute_metrics get_metrics_result metrics test_step train_step".split())


def changes_callbacks(document: Document) -> bool:
    """Return True if a program may set an attribute of a callback that decides what it does."""
    return any(_sets(node, _OF_CALLBACKS) for node in ast.walk(document.tree))


def changes_logs(document: Document) -> bool:
    """Return True if a program may give a model other logs than its metrics at compile, or these other names."""
    return any(_sets(node, _OF_MODELS) or _keeps_metric(node) for node in ast.walk(document.tree))


def _sets(node: ast.AST, names: frozenset[str]) -> bool:
    if isinstance(node, ast.Attribute):
        own = isinstance(node.value, ast.Name) and node.value.id == "self"
        changed = isinstance(node.ctx, ast.Store) and not own and node.attr in names
        return changed or (node.attr == "__dict__" and not own)
    if not isinstance(node, ast.Call):
        return False
    if called_name(node) == "setattr":
        name = node.args[1] if len(node.args) > 1 else None
        return not isinstance(name, ast.Constant) or name.value in names
    return called_name(node) == "__init__" and isinstance(node.func, ast.Attribute) and _is_object(node.func.value)


def _is_object(owner: ast.expr) -> bool:
    """Return True for a name that is no class by its form: what is initialised again."""
    return isinstance(owner, ast.Name) and not owner.id[:1].isupper()


def _keeps_metric(node: ast.AST) -> bool:
    """Return True for a metric of Keras that is kept in an attribute, where a model finds it."""
    if not isinstance(node, ast.Assign) or not any(isinstance(target, ast.Attribute) for target in node.targets):
        return False
    return isinstance(node.value, ast.Call) and "metrics." in ast.unparse(node.value.func)
