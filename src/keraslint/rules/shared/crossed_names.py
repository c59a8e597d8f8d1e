"""Programs that give a value the name of another output: their names do not say what a value is meant for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from keraslint.analysis.facts import ModuleFacts
from keraslint.document import Document
from keraslint.rules.shared.listed_for_dict import named_output

Pair = tuple[str, ast.expr]
"""A name, and the expression of what it is given."""


def crosses_names(document: Document, facts: ModuleFacts) -> bool:
    """True if something that is named after one output of a dict is given what is named after another one.

    As in ``y_small, y_big = y_big, y_small``, ``{"small": y_big, "big": y_small}``, and arguments of functions.
    """
    models = {call.model.outputs.keys for call in facts.compiles if call.model.outputs and call.model.outputs.keys}
    if not models:
        return False
    pairs = [*_pairs(document.tree)]
    return any(_crosses(pair, keys) for keys in models for pair in pairs)


def _crosses(pair: Pair, keys: Sequence[str]) -> bool:
    name, value = named_output(ast.Name(pair[0]), keys), named_output(pair[1], keys)
    return name is not None and value is not None and name != value


def _pairs(tree: ast.Module) -> Iterator[Pair]:
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _assigned(target, node.value, functions)
        elif isinstance(node, ast.Dict):
            yield from (
                (key.value, value)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )
        elif isinstance(node, ast.Call):
            yield from ((word.arg, word.value) for word in node.keywords if word.arg is not None)
            function = functions.get(node.func.id) if isinstance(node.func, ast.Name) else None
            if function is not None:
                yield from zip([parameter.arg for parameter in function.args.args], node.args, strict=False)


def _assigned(target: ast.expr, value: ast.expr, functions: dict[str, ast.FunctionDef]) -> Iterator[Pair]:
    """The names in a target with what each is given, also by a function of the program that returns a tuple."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for one in _returned(value, functions):
            if isinstance(one, (ast.Tuple, ast.List)) and len(one.elts) == len(target.elts):
                for part, item in zip(target.elts, one.elts, strict=True):
                    yield from _assigned(part, item, {})
    elif isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        yield str(target.slice.value), value


def _returned(value: ast.expr, functions: dict[str, ast.FunctionDef]) -> list[ast.expr]:
    function = (
        functions.get(value.func.id) if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else None
    )
    if function is None:
        return [value]
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
