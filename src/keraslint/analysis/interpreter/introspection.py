"""Access to names, attributes and objects at run time: vars, globals, setattr, exec, copy, super."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import OutOfBounds
from keraslint.analysis.core.effects import forget_attributes
from keraslint.analysis.core.state import DictObject, Instance, ListObject
from keraslint.analysis.core.values import NONE, Namespace, Ref, Super, Value
from keraslint.analysis.interpreter.expressions import awaited
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.python import containers as python_methods


def reaching_in(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """The result of a function that ends the program or accesses its names and attributes; None for all others."""
    if path in ("sys.exit", "os._exit", "builtins.exit", "builtins.quit", "os.abort"):
        m.end()
        return NONE
    if path == "asyncio.run" and args.positional:
        return awaited(m, args.positional[0])
    if path == "builtins.exec":
        raise OutOfBounds("exec() may do anything")
    if path == "builtins.vars" and args.positional:
        return m.attribute(args.positional[0], "__dict__")
    if path in ("builtins.globals", "builtins.vars", "builtins.locals"):
        return Namespace(Ref(m.module_scope() if path == "builtins.globals" else m.control.scope))
    if path in ("builtins.setattr", "builtins.delattr") and args.positional and m.text(args.get(1, "")) is None:
        forget_attributes(m, args.positional[0], "an attribute that is not known is set on it")
        return NONE
    return None


def namespace_method(m: Interpreter, receiver: Value, name: str, args: Arguments) -> Value:
    """A method of ``__dict__``, ``vars()`` or ``globals()``."""
    if name == "update" and not args.open:
        given = args.get(0, "")
        entries = python_methods.as_entries(m, given) if given is not None else {}
        if entries is not None and all(isinstance(key, str) for key in entries):
            named = {**{str(key): entry.value for key, entry in entries.items()}, **args.keywords}
            for key, value in named.items():
                m.set_attribute(receiver, key, value)
            return NONE
    if name not in ("get", "keys", "values", "items", "copy"):
        forget_attributes(m, receiver, "its attributes are changed through its __dict__")
    return m.unknown(f"the result of .{name}()")


def copied(m: Interpreter, value: Value, depth: int) -> Value:
    """A copy of a list, dict or plain instance, ``depth`` levels deep; models and layers are not copied."""
    thing = m.look(value)
    if not depth or not isinstance(thing, (ListObject, DictObject, Instance)):
        return value
    if isinstance(thing, Instance):
        if thing.part is not None:
            return m.unknown("a copy of a layer or model")
        attributes = {name: copied(m, item, depth - 1) for name, item in thing.attributes.items()}
        return m.new(replace(thing, attributes=attributes))
    if isinstance(thing, ListObject):
        items = None if thing.items is None else [copied(m, item, depth - 1) for item in thing.items]
        return m.new(ListObject(items, thing.why))
    entries = thing.entries
    if entries is not None:
        entries = {key: replace(entry, value=copied(m, entry.value, depth - 1)) for key, entry in entries.items()}
    return m.new(replace(thing, entries=entries))


def enclosing_super(m: Interpreter) -> Value:
    """The value of ``super()`` without arguments in the function that runs."""
    for _, scope in m.scopes():
        if scope.owner is not None and scope.receiver is not None:
            return Super(scope.owner, scope.receiver)
    return m.unknown("super() outside of a method")
