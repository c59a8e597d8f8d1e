"""Programs that are made for the releases that sort the names of outputs, whatever they say."""

from __future__ import annotations

import ast

from keraslint.syntax import called_name


def sorts_output_names(tree: ast.Module) -> bool:
    """Return True if a program sorts ``output_names``: its losses may be meant for Keras 3.5.0 and 3.6.0 alone."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and called_name(node) in ("sort", "sorted"))
    return any(getattr(node, "attr", None) == "output_names" for call in calls for node in ast.walk(call))
