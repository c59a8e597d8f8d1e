"""Programs that see their own variables: a new one, or another value of one, changes what they do."""

from __future__ import annotations

import ast

from keraslint.syntax import called_name

_OF_ALL = frozenset({"locals", "globals", "vars", "dir"})
_OF_TEXT = frozenset({"eval", "exec"})
_OF_FRAMES = frozenset({"co_varnames", "f_locals", "f_globals", "getargvalues", "currentframe", "_getframe"})


def sees_variables(tree: ast.Module) -> bool:
    """Return True if a program lists its variables, or reads one by a name in a text."""
    return any(map(_sees, ast.walk(tree)))


def _sees(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _OF_FRAMES
    if not isinstance(node, ast.Call):
        return False
    name = called_name(node)
    return name in _OF_TEXT or (name in _OF_ALL and (not node.args or "modules" in ast.dump(node.args[0])))
