"""Keys that compare losses, metrics, targets and weights: two values with equal keys do the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Hashable

from keraslint.analysis.core.draws import undrawn
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, Instance, Scope
from keraslint.analysis.core.values import Api, ApiResult, Function, Method, Partial, Value
from keraslint.analysis.keras.array_identity import array_identity, original
from keraslint.analysis.keras.losses import FROM_CONFIG, defaults_of, loss_identity


def identity(m: InterpreterCore, value: Value, depth: int = 3) -> Hashable:
    """A key that is equal for values that do the same: "mse", ``mean_squared_error``, ``MeanSquaredError()``."""
    loss = loss_identity(value)
    if loss is not None:
        return loss
    if isinstance(value, Function):
        return _of_function(m, value, depth)
    if isinstance(value, Method):
        return _of_method(m, value, depth)
    if isinstance(value, Partial):
        return _of_partial(m, value, depth)
    thing = m.look(value)
    if isinstance(thing, Instance) and _is_as_its_base(m, thing.cls):
        return FROM_CONFIG
    if isinstance(thing, Instance) and depth:
        attributes = tuple((name, identity(m, item, depth - 1)) for name, item in sorted(thing.attributes.items()))
        owner = m.look(thing.cls)
        return ("instance", owner.name if isinstance(owner, ClassObject) else thing.cls, attributes)
    whole = original(value)
    if isinstance(whole, ApiResult) and whole is not value:
        return identity(m, whole, depth)
    return array_identity(m, undrawn(value) if m.rewound else value)


def _is_as_its_base(m: InterpreterCore, cls: Value) -> bool:
    """True for a class of the program without attributes and methods that derives from a loss of Keras."""
    thing = m.look(cls)
    bases = thing.bases if isinstance(thing, ClassObject) and not thing.attributes.keys() - {"__doc__"} else ()
    paths = [base.path for base in bases if isinstance(base, Api)]
    return any(path.startswith("keras.losses.") and path != "keras.losses.Loss" for path in paths)


def _of_function(m: InterpreterCore, function: Function, depth: int) -> Hashable:
    """The key of a function by its code, and by the values of the defaults and enclosing variables that it reads."""
    called = _called_alone(function.node)
    scope = m.state.objects.get(function.scope)
    if called is not None and depth and isinstance(scope, Scope) and called in scope.variables:
        return identity(m, scope.variables[called], depth - 1)
    used = _names_in(function)
    read = [pair for pair in function.defaults if pair[0] in used]
    defaults = tuple((name, identity(m, item, depth - 1)) for name, item in read) if depth else ()
    return ("function", function.module, _code(function.node), defaults, _closure(m, function, depth))


def _of_method(m: InterpreterCore, method: Method, depth: int) -> Hashable:
    """The key of a function that is bound to a receiver, which counts where the function reads it."""
    function = method.function
    parameters = [*function.node.args.posonlyargs, *function.node.args.args]
    first = parameters[0].arg if parameters else ""
    reads = any(isinstance(node, ast.Name) and node.id in (first, "super") for node in ast.walk(function.node))
    receiver = identity(m, method.receiver, depth - 1) if reads and depth else method.receiver if reads else None
    return ("method", _of_function(m, function, depth), receiver)


def _of_partial(m: InterpreterCore, value: Partial, depth: int) -> Hashable:
    """The key of a function with arguments; that of the function itself where they are all its defaults."""
    inner = value.function
    defaults = dict(inner.defaults) if isinstance(inner, Function) else defaults_of(inner)
    given = tuple(
        (name, identity(m, item, depth - 1))
        for name, item in sorted(value.keywords, key=lambda pair: pair[0])
        if depth and defaults.get(name) != item
    )
    function = identity(m, inner, depth)
    args = tuple(identity(m, item, depth - 1) for item in value.args) if depth else value.args
    return ("partial", function, args, given) if args or given else function


def _closure(m: InterpreterCore, function: Function, depth: int) -> Hashable:
    """The values of enclosing variables that a function reads: two closures differ in them."""
    scope = m.state.objects.get(function.scope)
    if not isinstance(scope, Scope) or scope.kind != "function" or not depth:
        return None
    used = _names_in(function)
    return tuple(
        (name, identity(m, value, depth - 1)) for name, value in sorted(scope.variables.items()) if name in used
    )


def _names_in(function: Function) -> set[str]:
    """The names in the body of a function."""
    nodes = (child for part in _body(function.node) for child in ast.walk(part))
    return {child.id for child in nodes if isinstance(child, ast.Name)}


def _code(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> str:
    """The parameters, by their places, and the body of a function: a lambda is like a function that only returns."""
    text = f"{ast.unparse(_without_annotations(node.args))}: " + "\n".join(map(ast.unparse, _body(node)))
    for place, one in enumerate([*node.args.posonlyargs, *node.args.args]):
        text = re.sub(rf"\b{one.arg}\b", f"<{place}>", text)
    return text


def _without_annotations(arguments: ast.arguments) -> ast.arguments:
    """The parameters without annotations and defaults."""

    def plain(given: list[ast.arg]) -> list[ast.arg]:
        return [ast.arg(one.arg) for one in given]

    extra, keywords = ([ast.arg(one.arg)] if one else [] for one in (arguments.vararg, arguments.kwarg))
    return ast.arguments(
        posonlyargs=plain(arguments.posonlyargs),
        args=plain(arguments.args),
        vararg=extra[0] if extra else None,
        kwonlyargs=plain(arguments.kwonlyargs),
        kw_defaults=[None] * len(arguments.kwonlyargs),
        kwarg=keywords[0] if keywords else None,
        defaults=[],
    )


def _body(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    if isinstance(node, ast.Lambda):
        return [ast.Return(node.body)]
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def _called_alone(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> str | None:
    """The name of the one function that a function calls with its own parameters, and whose result it returns."""
    body = _body(node)
    if isinstance(node, ast.AsyncFunctionDef) or len(body) != 1 or not isinstance(body[0], ast.Return):
        return None
    call = body[0].value
    given = [*node.args.posonlyargs, *node.args.args]
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.keywords:
        return None
    passed = [one.id for one in call.args if isinstance(one, ast.Name)]
    plain = len(passed) == len(call.args) and not (node.args.vararg or node.args.kwarg or node.args.kwonlyargs)
    return call.func.id if plain and passed == [one.arg for one in given] else None
