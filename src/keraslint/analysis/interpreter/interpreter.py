"""Runs one module abstractly: its top level, then everything in it that nothing in view has called."""

from __future__ import annotations

import ast
from pathlib import Path

from keraslint.analysis.core.functions import own_methods
from keraslint.analysis.core.machine import Arguments, OutOfBounds
from keraslint.analysis.core.state import ClassObject, Instance, Scope
from keraslint.analysis.core.values import Const, Function, Ref, Suspended, Value, one_of
from keraslint.analysis.facts import CompileCall
from keraslint.analysis.interpreter.imports import Imports
from keraslint.analysis.prefilter import relevant_functions
from keraslint.analysis.python.builtin_functions import iterate


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

    def run_unseen(self) -> tuple[CompileCall, ...]:
        """The compile calls in the module's functions as they run with arguments of which nothing is known.

        Only after ``run``, whose observations stay as they are.
        """
        seen, self.seen = self.seen, self.seen.copied()
        tried: list[Function] = []
        try:
            self.state.dead = False
            for value, thing in self._own_things():
                if isinstance(value, Function):
                    self.executed = set()
                    self.try_out(value)
                    tried.append(value)
                elif isinstance(value, Ref) and isinstance(thing, ClassObject):
                    methods = [one for one in own_methods(thing) if id(one.node) in self.relevant]
                    for method in methods:
                        self.executed = set()
                        self._run_methods(value, thing, [method])
                    tried += methods
        except (OutOfBounds, RecursionError):
            return ()
        finally:
            found, self.seen = self.seen, seen
        return tuple(one for one in found.facts(since=len(seen.compiles)) if any(_holds(item, one) for item in tried))

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
        for value, thing in self._own_things():
            if isinstance(value, Function):
                if self.is_unused(value):
                    self.try_out(value)
            elif isinstance(value, Ref) and isinstance(thing, ClassObject):
                self._run_methods(value, thing, [method for method in own_methods(thing) if self.is_unused(method)])

    def _own_things(self) -> list[tuple[Value, object]]:
        """The functions and classes of the module itself, by what they are made of."""
        module = self.look(Ref(self.scope))
        if not isinstance(module, Scope):
            return []
        found: list[tuple[Value, object]] = []
        for value in module.variables.values():
            thing = self.look(value)
            if isinstance(value, Function):
                if value.scope == self.scope and id(value.node) in self.relevant:
                    found.append((value, thing))
            elif isinstance(value, Ref) and isinstance(thing, ClassObject) and thing.module == module.module:
                found.append((value, thing))
        return found

    def _run_methods(self, cls: Ref, thing: ClassObject, methods: list[Function]) -> None:
        """Run methods of a class that nothing has called, on an instance made with unseen arguments."""
        if not methods:
            return

        def run() -> None:
            instance = self.instantiate(cls, thing, Arguments(open=True))
            if isinstance(instance, Ref) and not self.state.dead:
                self._settle_attributes(instance, list(own_methods(thing)))
                for method in methods:
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


def _holds(function: Function, call: CompileCall) -> bool:
    """Whether a compile call stands in a function."""
    node = function.node
    return function.module == call.module and node.lineno <= call.call.lineno <= (node.end_lineno or 0)
