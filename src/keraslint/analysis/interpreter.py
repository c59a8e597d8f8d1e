"""Runs one module abstractly: its top level, then everything in it that nothing in view has called."""

from __future__ import annotations

import ast
from pathlib import Path

from keraslint.analysis.detection import relevant_functions
from keraslint.analysis.imports import Imports
from keraslint.analysis.machine import Arguments, OutOfBounds
from keraslint.analysis.python_api import iterate
from keraslint.analysis.scoping import own_methods
from keraslint.analysis.state import ClassObject, Instance, Scope
from keraslint.analysis.values import Const, Function, Ref, Suspended, Value, one_of


class Interpreter(Imports):
    """The whole interpreter."""

    def run(self, tree: ast.Module, path: str) -> None:
        """Interpret a module. What it compiles and trains is in ``seen`` afterwards.

        Where a bound ends the run early, what was observed stands, but more may follow that was not seen.
        """
        self.start = Path(path)
        self.scope = self.new(Scope(None, path, {"__name__": Const("__main__")}, kind="module")).number
        try:
            self.relevant = relevant_functions(tree)
            self.execute(tree.body)
            self.state.dead = False
            self._run_rest()
            self.run_waiting()
        except (OutOfBounds, RecursionError):
            self.seen.mark_escape(tuple(range(len(self.seen.compiles))))

    def iterate(self, value: Value) -> list[Value] | None:
        """The items that looping over a value gives, in order; None where they are not known."""
        if isinstance(value, Suspended):
            return self._drained(value)
        return iterate(self, value)

    def _drained(self, value: Suspended) -> list[Value] | None:
        """Everything that a generator yields; None where that hangs on branches or loops that are not known."""
        items, unsure, certain = list[Value](), self.unsure, True

        def keep(item: Value) -> None:
            nonlocal certain
            certain &= self.unsure == unsure
            items.append(item)

        self.resume(value, keep)
        return items if certain else None

    def _run_rest(self) -> None:
        module = self.look(Ref(self.scope))
        if not isinstance(module, Scope):
            return
        for value in list(module.variables.values()):
            thing = self.look(value)
            if isinstance(value, Function) and value.scope == self.scope and self.is_unused(value):
                self.try_out(value)
            elif isinstance(value, Ref) and isinstance(thing, ClassObject) and thing.module == module.module:
                self._run_class(value, thing)

    def _run_class(self, cls: Ref, thing: ClassObject) -> None:
        """Run the methods of a class that nothing has called, on an instance made with unseen arguments."""
        rest = [method for method in own_methods(thing) if self.is_unused(method)]
        if not rest:
            return

        def run() -> None:
            instance = self.instantiate(cls, thing, Arguments(open=True))
            if isinstance(instance, Ref) and not self.state.dead:
                self._settle_attributes(instance, list(own_methods(thing)))
                for method in rest:
                    if id(method.node) not in self.executed:
                        self._try_method(method, instance, cls)

        self.alone(run)

    def _try_method(self, method: Function, instance: Ref, cls: Ref) -> None:
        if method.flavour == "staticmethod":
            self.try_out(method)
        else:
            self.try_out(method, cls if method.flavour == "classmethod" else instance)

    def _settle_attributes(self, instance: Ref, methods: list[Function]) -> None:
        """Give the instance what its methods set on it: a method may run after any other."""
        written: dict[str, list[Value]] = {}
        start = self.look(instance)
        assert isinstance(start, Instance)
        initial = dict(start.attributes)
        self.silent += 1
        for method in methods:
            if method.flavour or getattr(method.node, "name", "") == "__init__":
                continue
            before = self.state
            self.state = before.fork()
            self.call_function(method, Arguments([instance], open=True), receiver=instance)
            after = self.look(instance)
            if isinstance(after, Instance) and not self.state.dead:
                for name, value in after.attributes.items():
                    if initial.get(name) != value:
                        written.setdefault(name, []).append(value)
            # The objects that the method made stay: the attributes refer to them.
            self.state = before.joined(self.state)
        self.silent -= 1
        attributes = self.state.writable(instance.number, Instance).attributes
        for name, values in written.items():
            first = initial.get(name)
            attributes[name] = one_of(values if first in (None, Const(None)) else [first, *values])
