"""Expressions: from a syntax node to an abstract value."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Hashable
from typing import Any

from keraslint.analysis.core.functions import bind_function
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.machine import Arguments
from keraslint.analysis.core.state import Entry, Scope
from keraslint.analysis.core.values import NONE, Api, Const, Sequence, Tensor, Unknown, Value, one_of, options
from keraslint.analysis.interpreter.targets import Binding
from keraslint.analysis.keras.called_models import note_read
from keraslint.analysis.keras.tensors import operator_tensor
from keraslint.analysis.python.builtin_functions import subscript
from keraslint.analysis.python.containers import is_wide


class Expressions(Binding):
    """Evaluates expressions."""

    def evaluate(self, node: ast.expr) -> Value:
        """The value of an expression; Unknown for what is not modelled."""
        handler = getattr(self, f"_eval_{type(node).__name__}", None)
        if handler is None:
            return self.unknown(f"'{type(node).__name__}' expressions are not followed")
        result: Value = handler(node)
        return result

    def _eval_Constant(self, node: ast.Constant) -> Value:
        return self.constant(node.value)

    def _eval_Name(self, node: ast.Name) -> Value:
        value = self.lookup(node.id)
        if value is not None:
            return value
        if node.id == "__file__":
            return self.unknown("the file's own path", ("file",))
        if hasattr(builtins, node.id):
            return Api(f"builtins.{node.id}")
        return self._star_imported(node.id)

    def _star_imported(self, name: str) -> Value:
        """A name that nothing in view defines: from a star import of Keras, or not known."""
        number: int | None = self.scope
        while number is not None:
            scope = self.state.objects[number]
            if not isinstance(scope, Scope):
                break
            stars = [star for star in scope.stars if isinstance(star, Api)]
            if len(stars) == 1 and len(scope.stars) == 1:
                return self.attribute(stars[0], name)
            number = scope.parent
        return Unknown(f"'{name}' is defined where it is not seen", ("name", name))

    def _eval_Tuple(self, node: ast.Tuple) -> Value:
        items = self._items(node.elts)
        return self.unknown("a tuple of unknown length") if items is None else Sequence(tuple(items))

    def _eval_List(self, node: ast.List) -> Value:
        return self.new_list(self._items(node.elts), "an unknown number of items is unpacked into it")

    def _eval_Set(self, node: ast.Set) -> Value:
        self._items(node.elts)
        return self.unknown("a set has no order")

    def _items(self, nodes: list[ast.expr]) -> list[Value] | None:
        items: list[Value] | None = []
        for element in nodes:
            if isinstance(element, ast.Starred):
                rest = self.iterate(self.evaluate(element.value))
                items = None if rest is None or items is None else [*items, *rest]
            else:
                value = self.evaluate(element)
                if items is not None:
                    items.append(value)
        return items

    def _eval_Dict(self, node: ast.Dict) -> Value:
        entries: dict[Hashable, Entry] | None = {}
        why = ""
        for key_node, value_node in zip(node.keys, node.values, strict=True):
            value = self.evaluate(value_node)
            if key_node is None:
                more = self.mapping(value)
                if more is None:
                    entries, why = None, "an unknown dict is unpacked into it"
                elif entries is not None:
                    entries.update(more)
                continue
            key = as_key(self, self.evaluate(key_node))
            if not isinstance(key, Const):
                entries, why = None, f"the key '{ast.unparse(key_node)[:40]}' is not known"
            elif entries is not None:
                entries[key.value] = Entry(value, value_node, self.module)
        return self.new_dict(entries, why=why)

    def _eval_JoinedStr(self, node: ast.JoinedStr) -> Value:
        parts: list[str] = []
        for piece in node.values:
            text = self._formatted(piece)
            if text is None:
                return self.unknown("an f-string with an unknown part", ("expr", ast.dump(node), self._seen(node)))
            parts.append(text)
        return self.constant("".join(parts))

    def _formatted(self, piece: ast.expr) -> str | None:
        if isinstance(piece, ast.Constant):
            return str(piece.value)
        if not isinstance(piece, ast.FormattedValue):
            return None
        value = self.evaluate(piece.value)
        spec = self.text(self.evaluate(piece.format_spec)) if piece.format_spec else ""
        if not isinstance(value, Const) or spec is None or is_wide("{:" + spec):
            return None
        shown: Any = value.value
        if piece.conversion != -1:
            shown = {ord("r"): repr, ord("a"): ascii}.get(piece.conversion, str)(shown)
        try:
            return format(shown, spec)
        except (ValueError, TypeError, OverflowError):
            return None

    def _seen(self, node: ast.expr) -> Hashable:
        """What the names in an expression stand for: two equal texts with equal names are equal values."""
        names = sorted({child.id for child in ast.walk(node) if isinstance(child, ast.Name)})
        return tuple((name, self.lookup(name)) for name in names)

    def _eval_IfExp(self, node: ast.IfExp) -> Value:
        truth = self.holds(node.test)
        if truth is not None:
            return self.evaluate(node.body if truth else node.orelse)
        before = self.state
        self.unsure += 1
        self.state = before.fork()
        self.assume(node.test, True)
        yes = self.evaluate(node.body)
        after_yes, self.state = self.state, before.fork()
        self.assume(node.test, False)
        no = self.evaluate(node.orelse)
        self.unsure -= 1
        self.state = after_yes.joined(self.state)
        return one_of((yes, no))

    def _eval_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.assign(node.target.id, value)
        scope, number = self.state.objects[self.scope], self.scope
        while isinstance(scope, Scope) and scope.kind == "comprehension" and scope.parent is not None:
            number, scope = scope.parent, self.state.objects[scope.parent]
        if number != self.scope:  # it is a variable around the comprehension, and how far that runs is not known
            self.state.writable(number, Scope).variables[node.target.id] = self.unknown("set in a comprehension")
        return value

    def _eval_Attribute(self, node: ast.Attribute) -> Value:
        value = self.evaluate(node.value)
        if self.is_property(value, node.attr):
            self.computed.add(id(node))
        return self.attribute(value, node.attr)

    def _eval_Subscript(self, node: ast.Subscript) -> Value:
        value, index = self.evaluate(node.value), self.evaluate(node.slice)
        if isinstance(value, Tensor):
            return (
                self.unknown("one of several tensors of a layer")
                if value.many
                else operator_tensor(self, "GetItem", node)
            )
        if self.seen.called:
            note_read(self, value, index, node)
        return one_of([subscript(self, option, index) for option in options(value)])

    def _eval_Slice(self, node: ast.Slice) -> Value:
        parts = (self.evaluate(part) if part is not None else NONE for part in (node.lower, node.upper, node.step))
        return Sequence((Api("builtins.slice"), *parts))

    def _eval_Starred(self, node: ast.Starred) -> Value:
        return self.evaluate(node.value)

    def _eval_Await(self, node: ast.Await) -> Value:
        return self.awaited(self.evaluate(node.value))

    def _eval_Yield(self, node: ast.Yield) -> Value:
        value = self.evaluate(node.value) if node.value is not None else NONE
        if self.jumps.on_yield is not None:
            self.jumps.on_yield(value)
        return self.unknown("what is sent to a generator")

    def _eval_YieldFrom(self, node: ast.YieldFrom) -> Value:
        source = self.evaluate(node.value)
        items = self.iterate(source)
        if self.jumps.on_yield is not None:
            for item in [self.unknown("an item of something unknown")] if items is None else items:
                self.jumps.on_yield(item)
        return self.unknown("what a generator returns")

    def _eval_Lambda(self, node: ast.Lambda) -> Value:
        return bind_function(self, node)

    def _eval_Call(self, node: ast.Call) -> Value:
        self.step()
        function = self.evaluate(node.func)
        args = self._arguments(node)
        row, self.row = self.row, node.lineno
        result = self.call(function, args)
        self.row = row
        return result

    def _arguments(self, node: ast.Call) -> Arguments:
        args = Arguments(node=node)
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                items = self.iterate(self.evaluate(arg.value))
                args.open |= items is None
                args.positional.extend(items or ())
            else:
                args.nodes[len(args.positional)] = arg
                args.positional.append(self.evaluate(arg))
        for keyword in node.keywords:
            value = self.evaluate(keyword.value)
            if keyword.arg is not None:
                args.nodes[keyword.arg] = keyword.value
                args.keywords[keyword.arg] = value
                continue
            entries = self.mapping(value)
            args.open |= entries is None
            for key, entry in (entries or {}).items():
                args.keywords[str(key)] = entry.value
        return args
