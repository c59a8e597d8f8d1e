"""Attributes of functions, by which a program reaches what they hold: defaults, closures, what they wrap."""

from __future__ import annotations

import ast

from keraslint.analysis.core.bounds import KerasChanged
from keraslint.analysis.core.effects import not_followed
from keraslint.analysis.core.forgetting import put_into
from keraslint.analysis.core.origins import AttributeOf
from keraslint.analysis.core.state import Scope
from keraslint.analysis.core.values import Const, Function, Method, Namespace, Ref, Unknown, Value
from keraslint.analysis.interpreter.interpreter import Interpreter

_HOLDING = frozenset("__closure__ __defaults__ __dict__ __kwdefaults__ __wrapped__".split())
"""The attributes of a function that give objects which it holds, or the function itself."""


def function_attribute(m: Interpreter, function: Function | Method, name: str) -> Value | None:
    """An attribute of a function, other than a method of what a decorator made of it; of a method, what it shares."""
    if isinstance(function, Method):
        return function_attribute(m, function.function, name) if name in _HOLDING else None
    if name == "__globals__":
        return Namespace(Ref(_module_of(m, function)))
    if name == "__name__":
        own = _keeps_name(function) and function not in m.renamed
        return Const(getattr(function.node, "name", "<lambda>")) if own else m.unknown("a name")
    if name == "__kwdefaults__":
        raise KerasChanged("the default values of a function may be changed")
    if name in _HOLDING:
        if function.scope not in m.state.objects:
            return not_followed(m, "a function of an earlier turn of a loop is looked into")
        put_into(m, function, _held_by(m, function))
    elif function not in m.put_in:
        return None
    return Unknown(f"the attribute {name} of a function", AttributeOf(function, name))


def _held_by(m: Interpreter, function: Function) -> list[Value]:
    """The default values of a function, and the variables of other functions that it may close over."""
    names = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    held = [value for _, value in function.defaults]
    with m.control.in_scope(function.scope):
        for _, scope in m.scopes():
            if scope.kind == "function":
                held += [value for name, value in scope.variables.items() if name in names]
    return held


def _module_of(m: Interpreter, function: Function) -> int:
    """The number of the scope of the module that defines a function."""
    number = function.scope
    while isinstance(scope := m.state.objects.get(number), Scope) and scope.parent is not None:
        number = scope.parent
    return number


def _keeps_name(function: Function) -> bool:
    """True if no decorator gives a function the name of another one."""
    decorators = [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list
    return not function.wrapped and not any("wraps" in ast.unparse(decorator) for decorator in decorators)
