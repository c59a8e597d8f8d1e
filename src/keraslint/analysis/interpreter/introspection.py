"""What reaches into names, attributes and objects at run time: vars, globals, setattr, exec, copy, super."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.machine import Arguments, OutOfBounds
from keraslint.analysis.core.state import DictObject, Instance, ListObject, Scope
from keraslint.analysis.core.values import NONE, Bound, Ref, Super, Value
from keraslint.analysis.interpreter.attributes import Attributes
from keraslint.analysis.python import containers as python_methods


class Dynamic(Attributes):
    """Carries out what Python's introspection does."""

    def reaching_in(self, path: str, args: Arguments) -> Value | None:
        """Functions that end the program, or reach into its names and attributes; None for all others."""
        if path in ("sys.exit", "os._exit", "builtins.exit", "builtins.quit", "os.abort"):
            self.state = self.state.fork()
            self.state.dead = True
            return NONE
        if path == "asyncio.run" and args.positional:
            return self.awaited(args.positional[0])
        if path == "builtins.exec":
            raise OutOfBounds  # it may do anything
        if path == "builtins.vars" and args.positional:
            return self.attribute(args.positional[0], "__dict__")
        if path in ("builtins.globals", "builtins.vars", "builtins.locals"):
            return Bound(Ref(self.module_scope() if path == "builtins.globals" else self.scope), "__dict__")
        if path in ("builtins.setattr", "builtins.delattr") and args.positional and self.text(args.get(1, "")) is None:
            self.forget_attributes(args.positional[0], "an attribute that is not known is set on it")
            return NONE
        return None

    def namespace_method(self, receiver: Value, name: str, args: Arguments) -> Value:
        """A method of ``__dict__``, ``vars()`` or ``globals()``."""
        if name == "update" and not args.open:
            given = args.get(0, "")
            entries = python_methods.as_entries(self, given) if given is not None else {}
            if entries is not None and all(isinstance(key, str) for key in entries):
                named = {**{str(key): entry.value for key, entry in entries.items()}, **args.keywords}
                for key, value in named.items():
                    self.set_attribute(receiver, key, value)
                return NONE
        if name not in ("get", "keys", "values", "items", "copy"):
            self.forget_attributes(receiver, "its attributes are changed through its __dict__")
        return self.unknown(f"the result of .{name}()")

    def copied(self, value: Value, depth: int) -> Value:
        """A copy of a list, dict or plain instance, as many levels deep; models and layers stay what they are."""
        thing = self.look(value)
        if not depth or not isinstance(thing, (ListObject, DictObject, Instance)):
            return value
        if isinstance(thing, Instance):
            if thing.part is not None:
                return self.unknown("a copy of a layer or model")
            attributes = {name: self.copied(item, depth - 1) for name, item in thing.attributes.items()}
            return self.new(replace(thing, attributes=attributes))
        if isinstance(thing, ListObject):
            items = None if thing.items is None else [self.copied(item, depth - 1) for item in thing.items]
            return self.new(ListObject(items, thing.why))
        entries = thing.entries
        if entries is not None:
            entries = {key: replace(entry, value=self.copied(entry.value, depth - 1)) for key, entry in entries.items()}
        return self.new(replace(thing, entries=entries))

    def enclosing_super(self) -> Value:
        """What ``super()`` without arguments is in the function that runs."""
        number: int | None = self.scope
        while number is not None:
            scope = self.state.objects[number]
            if isinstance(scope, Scope) and scope.owner is not None and scope.receiver is not None:
                return Super(scope.owner, scope.receiver)
            number = scope.parent if isinstance(scope, Scope) else None
        return self.unknown("super() outside of a method")
