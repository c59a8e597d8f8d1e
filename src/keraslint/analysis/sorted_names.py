"""Programs that sort the names of outputs: their losses may be meant for the releases that do so, too."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from keraslint.syntax import called_name


def sorts_output_names(nodes: Iterable[ast.AST]) -> bool:
    """Return True if a program sorts ``output_names``: a fix may take its losses for others than they are."""
    return any(map(_sorts, nodes))


def pairs_sorted_names(nodes: list[ast.AST]) -> bool:
    """Return True if a program pairs the sorted ``output_names`` with other things, place by place.

    ``dict(zip(sorted(model.output_names), losses))`` is right on Keras 3.5.0 and 3.6.0 alone, whatever its keys say.
    """
    bound = {name for node in nodes if isinstance(node, ast.Assign) and _sorts(node.value) for name in _names(node)}
    pairing = (node for node in nodes if isinstance(node, ast.Call) and called_name(node) in ("zip", "enumerate"))
    return any(_sorts(arg) or getattr(arg, "id", None) in bound for call in pairing for arg in call.args)


def _sorts(node: ast.AST) -> bool:
    """Return True for a call that sorts ``output_names``."""
    if not isinstance(node, ast.Call) or called_name(node) not in ("sort", "sorted"):
        return False
    return any(getattr(part, "attr", None) == "output_names" for part in ast.walk(node))


def _names(node: ast.Assign) -> list[str]:
    return [target.id for target in node.targets if isinstance(target, ast.Name)]
