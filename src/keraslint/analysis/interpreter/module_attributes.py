"""The attributes of modules of the project: variables, the modules in a package, and what ``__getattr__`` gives."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import Scope
from keraslint.analysis.core.values import Const, Ref, Unknown, Value
from keraslint.analysis.interpreter import module_table
from keraslint.analysis.interpreter.interpreter import Interpreter


def module_attribute(m: Interpreter, value: Ref, thing: Scope, name: str) -> Value:
    """The value of ``module.name``."""
    known = thing.variables.get(name)
    if known is None and (value.number, name) in m.deferred:
        return m.deferred[value.number, name]()
    if known is None and name == "__path__":
        return module_table.PACKAGE_PATH
    if known is None and (maker := thing.variables.get("__getattr__")) is not None and not name.startswith("__"):
        return _made_by_module(m, value, maker, name)
    known = known or m.submodule(value, name)
    if known is None and thing.stars:
        return Unknown(f"'{name}' comes from a star import that is not followed", Derived("member", (value, name)))
    return known or m.unknown(f"'{name}' is not defined where it is imported from", Derived("member", (value, name)))


def _made_by_module(m: Interpreter, module: Ref, maker: Value, name: str) -> Value:
    """What the ``__getattr__`` of a module gives; where it raises, the module of this name in the package."""
    before = m.state
    m.state = before.fork()
    made, ran = m.call(maker, Arguments([Const(name)])), m.state
    if ran.dead:
        m.state = before.fork()
        if (inner := m.submodule(module, name)) is not None:
            return inner
        m.state = ran
    return made
