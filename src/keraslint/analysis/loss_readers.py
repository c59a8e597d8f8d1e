"""Signs that a module reads the losses of a model, of which the interpreter may not know which model it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Set

from keraslint.syntax import called_name

_SAVED = frozenset({"compile_config", "training_config"})
"""Keys under which a saved model has its losses: in a ``.keras`` file or ``to_json``, and in an H5 file."""

_LOSSES = frozenset({"loss", "loss_weights"})
_ALL_MEMBERS = frozenset({"getmembers", "getmembers_static", "get_objects", "get_referrers"})
_BY_NAME = frozenset({"__getattribute__", "getattr_static"})
_SETTINGS = frozenset("args cfg cls conf config flags hp hparams opt options opts params self settings".split())
"""Usual names of what has settings under the names of the losses, but is no model."""
_IN_FORMAT = re.compile(r"\{[^{}]*\.loss(_weights)?\b")
_ARCHIVES = frozenset({"ZipFile", "unpack_archive", "is_zipfile"})


def reads_losses(nodes: list[ast.AST]) -> bool:
    """Return True if a module reads ``.loss`` or ``.loss_weights`` of anything, or the settings in a saved model."""
    return any(_reads_attribute(node) or _reads_otherwise(node) for node in nodes) or _reads_saved(nodes)


def _reads_attribute(node: ast.AST) -> bool:
    """Return True for ``.loss`` or ``.loss_weights`` of what may be a model, as a callback may read it."""
    if not isinstance(node, ast.Attribute) or node.attr not in _LOSSES:
        return False
    return isinstance(node.ctx, ast.Load) and _name_of(node.value).endswith("model")


def reads_losses_aside(nodes: list[ast.AST], run: Set[int]) -> bool:
    """Return True if a function that is none of those that ``run``, by their identity, may read losses of a model."""
    aside = (one for one in nodes if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and id(one) not in run)
    read = (node for one in aside for node in ast.walk(one) if isinstance(node, ast.Attribute) and node.attr in _LOSSES)
    return any(isinstance(node.ctx, ast.Load) and _name_of(node.value) not in _SETTINGS for node in read)


def _name_of(node: ast.expr) -> str:
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")).lower()


def _reads_otherwise(node: ast.AST) -> bool:
    """Return True where the losses are read without their attribute: all members, a format, the text of a model."""
    if isinstance(node, ast.Call):
        named = any(isinstance(one, ast.Constant) and one.value in _LOSSES for one in node.args)
        written = getattr(node.func, "value", None)
        if isinstance(written, ast.Constant) and isinstance(written.value, str) and _IN_FORMAT.search(written.value):
            return True
        return called_name(node) in _ALL_MEMBERS or (called_name(node) in _BY_NAME and named)
    if isinstance(node, ast.Compare):
        return any(map(_is_model_as_text, (node.left, *node.comparators)))
    return isinstance(node, (ast.Attribute, ast.Subscript)) and _is_model_as_text(node.value)


def _is_model_as_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node) == "to_json"


def _reads_saved(nodes: list[ast.AST]) -> bool:
    """Return True if a text names a key of the saved settings, their file in an archive, or the losses in a format."""
    texts = {text for node in nodes for text in _texts_within(node)}
    if not _SAVED.isdisjoint(texts) or any(map(_IN_FORMAT.search, texts)):
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
