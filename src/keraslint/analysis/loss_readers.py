"""Signs that a module reads the losses of a model, of which the interpreter may not know which model it is."""

from __future__ import annotations

import ast

from keraslint.syntax import called_name

_SAVED = frozenset({"compile_config", "training_config"})
"""Keys under which a saved model has its losses: in a ``.keras`` file or ``to_json``, and in an H5 file."""

_ARCHIVES = frozenset({"ZipFile", "unpack_archive", "is_zipfile"})


def reads_losses(nodes: list[ast.AST]) -> bool:
    """Return True if a module reads ``.loss`` or ``.loss_weights`` of anything, or the settings in a saved model."""
    return any(map(_reads_attribute, nodes)) or _reads_saved(nodes)


def _reads_attribute(node: ast.AST) -> bool:
    """Return True for ``.loss`` or ``.loss_weights`` of what may be a model, as a callback may read it."""
    if not isinstance(node, ast.Attribute) or node.attr not in ("loss", "loss_weights"):
        return False
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return isinstance(node.ctx, ast.Load) and owner.lower().endswith("model")


def _reads_saved(nodes: list[ast.AST]) -> bool:
    """Return True if a key of the saved settings is named, or the file that has them in an archive that is opened."""
    texts = {text for node in nodes for text in _texts_within(node)}
    if not _SAVED.isdisjoint(texts):
        return True
    named = any(text.endswith("config.json") for text in texts)
    return named and any(isinstance(node, ast.Call) and called_name(node) in _ARCHIVES for node in nodes)


def _texts_within(node: ast.AST) -> list[str]:
    """The constant texts that are an index, an operand or an argument."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Subscript):
        found = [node.slice]
    elif isinstance(node, ast.Call):
        found = [*node.args, *(keyword.value for keyword in node.keywords)]
    elif isinstance(node, ast.Compare):
        found = [node.left, *node.comparators]
    elif isinstance(node, ast.BinOp):
        found = [node.left, node.right]
    elif isinstance(node, ast.Assign):
        found = [node.value]
    return [one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str)]
