"""Private names in classes, written in a syntax tree as Python writes them when it compiles it."""

from __future__ import annotations

import ast
import re

_PRIVATE = re.compile(r"\b__\w*[^\W_]_?\b")


def write_private_names(tree: ast.AST, text: str) -> None:
    """Give the private names in classes the names that Python gives them: ``__a`` in ``class B`` is ``_B__a``."""
    if not _PRIVATE.search(text):
        return
    left: list[tuple[ast.AST, str]] = [(tree, "")]
    while left:
        node, owner = left.pop()
        inner = node.name.lstrip("_") if isinstance(node, ast.ClassDef) else owner
        if owner and not isinstance(node, ast.keyword):
            _write_private(node, f"_{owner}")
        for name, value in ast.iter_fields(node):
            parts = value if isinstance(value, list) else [value]
            around = inner if name in ("body", "type_params") else owner
            left += [(part, around) for part in parts if isinstance(part, ast.AST)]


def _write_private(node: ast.AST, prefix: str) -> None:
    """Put a prefix before the private names that stand in a node itself."""
    for field in ("id", "attr", "name", "arg", "asname", "rest"):
        value = getattr(node, field, None)
        if isinstance(value, str) and _is_private(value):
            setattr(node, field, prefix + value)
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        node.names = [prefix + name if _is_private(name) else name for name in node.names]


def _is_private(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__") and "." not in name
