"""Methods of training that a class of the program defines, and that only hand on to Keras what they are given."""

from __future__ import annotations

import ast

from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import Api, Function, Value

_STEPS = ("train_step", "test_step")
_OF_COMPILE = frozenset("compiled compiled_loss compiled_metrics loss loss_weights optimizer stop_training".split())
_LOSS = ("x", "y", "y_pred", "sample_weight")  # the parameters of compute_loss, in Keras 3.0.0 to 3.15.1


def delegating(m: InterpreterCore, model: Value, overrides: frozenset[str]) -> frozenset[str]:
    """Those of the overridden methods of a model that compute the losses as Keras' own do."""
    instance = m.look(model)
    if not overrides or not isinstance(instance, Instance):
        return frozenset()
    things = [(cls, m.look(cls)) for cls in ancestors(m, instance.cls)]
    own = [thing for _, thing in things if isinstance(thing, ClassObject)]
    apis = [cls.path for cls, _ in things if isinstance(cls, Api)]
    if len(own) + len(apis) < len(things) or not all(path.startswith(("keras.", "builtins.", "abc.")) for path in apis):
        return frozenset()
    found = {name: [thing.attributes[name] for thing in own if name in thing.attributes] for name in overrides}
    return frozenset(
        name
        for name, methods in found.items()
        if methods and name not in instance.attributes and all(_delegates(method, name) for method in methods)
    )


def _delegates(method: Value, name: str) -> bool:
    """True if a method calls Keras' own with what it is given, or computes the loss of the batch that it is given."""
    if not isinstance(method, Function) or isinstance(method.node, (ast.Lambda, ast.AsyncFunctionDef)):
        return False
    node = method.node
    given = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)][1:]
    calls = [child for child in ast.walk(node) if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute)]
    bound = _bound(node)
    if name == "compile":
        return _compiles_once(node, calls)
    if name in (*_STEPS, "compute_loss") and not given and any(_passes_all(node, call, name) for call in calls):
        return True
    if not given or any(bound.get(one) for one in given):
        return False
    if name in _STEPS:
        handed_on = dict(enumerate(given))
        passed = any(_is_super(call, name) and _names(call, given) == handed_on for call in calls)
        return passed or (len(given) == 1 and _computes(node, calls, given[0], bound))
    if name != "compute_loss":
        return False
    wanted = {place: one for place, one in enumerate(_LOSS) if one in given}
    same = given[: len(_LOSS)] == list(_LOSS[: len(given)]) and {1, 2} <= wanted.keys()
    return same and any(_is_super(call, name) and _matches(_names(call, _LOSS), wanted) for call in calls)


def _compiles_once(node: ast.FunctionDef, calls: list[ast.Call]) -> bool:
    """True if a method named compile calls that of its base class once, and sets nothing that this one sets.

    The call is observed as it runs, so that what the method does to the losses before does not matter.
    """
    stored = [one for one in ast.walk(node) if isinstance(one, ast.Attribute) and not isinstance(one.ctx, ast.Load)]
    own = all(not one.attr.startswith("_") and one.attr not in _OF_COMPILE for one in stored)
    inner = any(isinstance(one, (ast.FunctionDef, ast.Lambda)) for one in ast.walk(node) if one is not node)
    return own and not inner and sum(_is_super(call, "compile") for call in calls) == 1


def _passes_all(node: ast.FunctionDef, call: ast.Call, name: str) -> bool:
    """True for a call of Keras' own method with just the ``*args, **kwargs`` that are given, used nowhere else."""
    rest = [one.arg for one in (node.args.vararg, node.args.kwarg) if one is not None]
    starred = [arg.value for arg in call.args if isinstance(arg, ast.Starred)]
    passed = [*starred, *(keyword.value for keyword in call.keywords if keyword.arg is None)]
    names = [one.id for one in passed if isinstance(one, ast.Name)]
    uses = [child for child in ast.walk(node) if isinstance(child, ast.Name) and child.id in rest]
    alone = len(call.args) == len(starred) and len(passed) == len(starred) + len(call.keywords)
    return _is_super(call, name) and len(rest) == 2 and alone and names == rest and len(uses) == 2


def _matches(passed: dict[int, str], wanted: dict[int, str]) -> bool:
    """True if targets and predictions, and sample weights if there are any, are passed on in their places."""
    return all(passed.get(place) == wanted[place] for place in wanted if place > 0)


def _is_super(call: ast.Call, name: str) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == name else None
    return isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super"


def _names(call: ast.Call, parameters: list[str] | tuple[str, ...]) -> dict[int, str]:
    """The variables that a call passes, by the places of the parameters."""
    found = {place: arg.id for place, arg in enumerate(call.args) if isinstance(arg, ast.Name)}
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg in parameters and isinstance(keyword.value, ast.Name):
            found[parameters.index(keyword.arg)] = keyword.value.id
    return found


def _bound(node: ast.FunctionDef) -> dict[str, int]:
    """How often a function sets each of its variables, or an item or attribute of it."""
    found: dict[str, int] = {}
    for child in ast.walk(node):
        if isinstance(child, (ast.Name, ast.Subscript, ast.Attribute)) and not isinstance(child.ctx, ast.Load):
            owner: ast.expr = child
            while isinstance(owner, (ast.Subscript, ast.Attribute)):
                owner = owner.value
            if isinstance(owner, ast.Name):
                found[owner.id] = found.get(owner.id, 0) + 1
    return found


def _computes(node: ast.FunctionDef, calls: list[ast.Call], data: str, bound: dict[str, int]) -> bool:
    """True if ``self.compute_loss`` gets the targets in ``data``, and what the model gives for its inputs."""
    me = node.args.args[0].arg if node.args.args else ""
    parts, predictions = list[str](), dict[str, str]()
    for child in ast.walk(node):
        if not isinstance(child, ast.Assign) or len(child.targets) != 1:
            continue
        target, value = child.targets[0], child.value
        if isinstance(target, ast.Tuple) and _is_batch(value, data):
            parts = [one.id if isinstance(one, ast.Name) else "" for one in target.elts]
        elif isinstance(target, ast.Name) and isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            first = value.args[0] if value.args else None
            if value.func.id == me and isinstance(first, ast.Name):
                predictions[target.id] = first.id
    if len(parts) < 2 or any(bound.get(one, 0) > 1 for one in (*parts, *predictions)):
        return False
    for call in calls:
        owner = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "compute_loss" else None
        passed = _names(call, _LOSS)
        weighted = parts[2:3] == ([passed[3]] if 3 in passed else [])
        if isinstance(owner, ast.Name) and owner.id == me and passed.get(1) == parts[1] and weighted:
            return predictions.get(passed.get(2, "")) == parts[0]
    return False


def _is_batch(value: ast.expr, data: str) -> bool:
    """True for ``data`` itself, and for the call of Keras' function that takes it apart."""
    if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
        name = getattr(value.func, "attr", getattr(value.func, "id", ""))
        return name == "unpack_x_y_sample_weight" and _is_batch(value.args[0], data)
    return isinstance(value, ast.Name) and value.id == data
