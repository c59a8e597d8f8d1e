"""Assignment targets and comprehensions: where values are bound to names, attributes and items."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable
from typing import Any

from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.machine import Arguments
from keraslint.analysis.core.state import DictObject, Entry, ListObject, Scope
from keraslint.analysis.core.values import Api, Const, Ref, Sequence, Unknown, Value, kept
from keraslint.analysis.interpreter.operators import Operators
from keraslint.analysis.python.builtin_functions import slice_parts

# The texts that TensorFlow 2.21.0 takes for yes in TF_USE_LEGACY_KERAS (python/util/lazy_loader.py).
_LEGACY_ON = (Const("1"), Const("true"), Const("True"))


class Binding(Operators):
    """Binds values, and runs comprehensions."""

    def _eval_ListComp(self, node: ast.ListComp) -> Value:
        items = self._comprehend(node.generators, lambda: self.evaluate(node.elt))
        return self.new_list(items, "it is built by a loop over something unknown")

    def _eval_GeneratorExp(self, node: ast.GeneratorExp) -> Value:
        items = self._comprehend(node.generators, lambda: self.evaluate(node.elt))
        return (
            self.unknown("it is built by a loop over something unknown")
            if items is None
            else Sequence(tuple(items), once=True)
        )

    def _eval_SetComp(self, node: ast.SetComp) -> Value:
        self._comprehend(node.generators, lambda: self.evaluate(node.elt))
        return self.unknown("a set has no order")

    def _eval_DictComp(self, node: ast.DictComp) -> Value:
        def pair() -> Value:
            return Sequence((as_key(self, self.evaluate(node.key)), self.evaluate(node.value)))

        pairs = self._comprehend(node.generators, pair)
        if pairs is None:
            return self.new_dict(None, why="it is built by a loop over something unknown")
        entries: dict[Hashable, Entry] = {}
        for item in pairs:
            if isinstance(item, Sequence) and isinstance(item.items[0], Const):
                entries[item.items[0].value] = Entry(item.items[1], None, self.module)
            else:
                return self.new_dict(None, why="a key of its comprehension is not known")
        return self.new_dict(entries)

    def _comprehend(self, generators: list[ast.comprehension], element: Callable[[], Value]) -> list[Value] | None:
        first = self.evaluate(generators[0].iter)
        outer = self.scope
        self.scope = self.new(Scope(outer, self.module, kind="comprehension")).number
        try:
            return self._turns(generators, element, first)
        finally:
            self.scope = outer

    def _turns(
        self, generators: list[ast.comprehension], element: Callable[[], Value], source: Value
    ) -> list[Value] | None:
        generator, rest = generators[0], generators[1:]
        items = self.iterate(source)
        if items is None or len(items) > MAX_UNROLL:
            self.bind(generator.target, self.unknown("an item of something unknown"))
            for condition in generator.ifs:
                self.evaluate(condition)
            before = self.state
            self.state = before.fork()
            _ = self._turns(rest, element, self.evaluate(rest[0].iter)) if rest else element()
            self.state = before.fork().joined(self.state)
            return None
        results: list[Value] | None = []
        for item in items:
            self.step()
            self.bind(generator.target, item)
            truths = [self.holds(condition) for condition in generator.ifs]
            if False in truths:
                continue
            more = self._turns(rest, element, self.evaluate(rest[0].iter)) if rest else [element()]
            results = None if more is None or results is None or None in truths else [*results, *more]
        return results

    def bind(self, target: ast.expr, value: Value, node: ast.expr | None = None) -> None:
        """Assign a value, written as ``node``, to a target: a name, an attribute, an item, or several of them."""
        if isinstance(target, ast.Name):
            self.assign(target.id, kept(value))
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.evaluate(target.value), target.attr, kept(value))
        elif isinstance(target, ast.Subscript):
            self.set_item(self.evaluate(target.value), self.evaluate(target.slice), value, node)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, self.unknown("the rest of an unpacked value"))
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, value)

    def _unpack(self, targets: list[ast.expr], value: Value) -> None:
        items = self.iterate(value)
        star = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
        if items is not None and star is not None and len(items) >= len(targets) - 1:
            tail = len(targets) - star - 1
            middle = items[star : len(items) - tail]
            items = [*items[:star], self.new_list(middle), *items[len(items) - tail :]]
        if items is None or len(items) != len(targets):
            why = value.why if isinstance(value, Unknown) else "a part of something unknown"
            items = [self.unknown(why, ("part", value, i)) for i in range(len(targets))]
        for target, item in zip(targets, items, strict=True):
            self.bind(target.value if isinstance(target, ast.Starred) else target, item)

    def set_item(self, container: Value, key: Value, value: Value, node: ast.expr | None = None) -> None:
        """Carry out ``container[key] = value``, the value written as ``node``."""
        thing, key = self.look(container), as_key(self, key)
        if self.state.facts:
            self.state.forget_facts("[]")
            if not isinstance(thing, (ListObject, DictObject)):
                self.state.forget_facts_within()
        if container == Api("os.environ") and key == Const("TF_USE_LEGACY_KERAS"):
            self.state.legacy = value in _LEGACY_ON
        if not isinstance(container, Ref):
            return
        if (method := self.own_method(container, "__setitem__")) is not None:
            self.call(method, Arguments([key, value]))
        elif isinstance(thing, DictObject):
            if not isinstance(key, Const):
                self.forget(container, "a key that is not known is set in it")
            elif thing.entries is not None:
                entries = self.state.writable(container.number, DictObject).entries
                assert entries is not None
                entries[key.value] = Entry(value, node, self.module)
        elif isinstance(thing, ListObject) and thing.items is not None:
            if (
                isinstance(key, Const)
                and isinstance(key.value, int)
                and -len(thing.items) <= key.value < len(thing.items)
            ):
                items = self.state.writable(container.number, ListObject).items
                assert items is not None
                items[key.value] = value
            else:
                self._set_slice(container, thing.items, slice_parts(key), self.iterate(value))

    def _set_slice(
        self, container: Ref, items: list[Value], part: tuple[Any, Any, Any] | None, new: list[Value] | None
    ) -> None:
        if part is None or part[2] is not None or new is None:
            self.forget(container, "items at unknown places are set in it")
        else:
            changed = [*items]
            changed[slice(*part)] = new
            self.state.writable(container.number, ListObject).items = changed
