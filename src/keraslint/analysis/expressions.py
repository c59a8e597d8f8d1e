"""Expressions: from a syntax node to an abstract value."""

from __future__ import annotations

import ast
import builtins
import operator
from collections.abc import Callable, Hashable
from typing import Any

from keraslint.analysis.bounds import MAX_TEXT, MAX_UNROLL
from keraslint.analysis.keras_tensors import operator_tensor
from keraslint.analysis.machine import Arguments, Machine
from keraslint.analysis.python_api import subscript
from keraslint.analysis.scoping import bind_function
from keraslint.analysis.state import DictObject, Entry, ListObject, Scope
from keraslint.analysis.values import (
    NONE,
    Api,
    ApiResult,
    Bound,
    Const,
    Function,
    Method,
    OneOf,
    Partial,
    Ref,
    Sequence,
    Super,
    Tensor,
    Unknown,
    Value,
    one_of,
    options,
)

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class Expressions(Machine):
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
        if node.id == "__name__":
            return Const("__main__")
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
            key = self.evaluate(key_node)
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
                return self.unknown(
                    "an f-string with an unknown part", ("expr", ast.dump(node), self._seen(node))
                )
            parts.append(text)
        return self.constant("".join(parts)[:MAX_TEXT])

    def _formatted(self, piece: ast.expr) -> str | None:
        if isinstance(piece, ast.Constant):
            return str(piece.value)
        if not isinstance(piece, ast.FormattedValue):
            return None
        value = self.evaluate(piece.value)
        spec = self.text(self.evaluate(piece.format_spec)) if piece.format_spec else ""
        if not isinstance(value, Const) or spec is None:
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

    def _eval_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return operator_tensor(self, type(node.op).__name__, node)
        if isinstance(node.op, ast.BitOr):
            return self._merged(left, right)
        if isinstance(node.op, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
            return self._percent(left.value, right)
        mine, theirs = self.sequence(left), self.sequence(right)
        if isinstance(node.op, ast.Add) and mine is not None and theirs is not None:
            both = [*mine, *theirs]
            return Sequence(tuple(both)) if isinstance(left, Sequence) else self.new_list(both)
        if isinstance(node.op, ast.Mult) and mine is not None and isinstance(right, Const):
            return self._repeated(left, mine, right.value)
        if isinstance(node.op, ast.Mult) and theirs is not None and isinstance(left, Const):
            return self._repeated(right, theirs, left.value)
        apply = _ARITHMETIC.get(type(node.op))
        if apply is None or not isinstance(left, Const) or not isinstance(right, Const):
            return self.unknown("the result of an operation", ("op", type(node.op).__name__, left, right))
        if isinstance(node.op, ast.Mult) and (isinstance(left.value, str) or isinstance(right.value, str)):
            return self.unknown("a repeated text")
        try:
            return self.constant(apply(left.value, right.value))
        except (TypeError, ValueError, ArithmeticError):
            return self.unknown("an operation that fails")

    def _repeated(self, value: Value, items: list[Value], times: Hashable) -> Value:
        if not isinstance(times, int) or times * len(items) > MAX_UNROLL:
            return self.unknown("a sequence repeated an unknown number of times")
        return Sequence(tuple(items * times)) if isinstance(value, Sequence) else self.new_list(items * times)

    def _merged(self, left: Value, right: Value) -> Value:
        mine, theirs = self.look(left), self.look(right)
        if not isinstance(mine, DictObject) or not isinstance(theirs, DictObject):
            return self.unknown("the result of '|'", ("op", "|", left, right))
        if mine.entries is None or theirs.entries is None:
            return self.new_dict(None, ordered=mine.ordered, why=mine.why or theirs.why)
        return self.new_dict({**mine.entries, **theirs.entries}, ordered=mine.ordered)

    def _percent(self, template: str, value: Value) -> Value:
        items = self.sequence(value) if isinstance(value, Sequence) else [value]
        entries = self.mapping(value)
        fill: Any = None
        if entries is not None and all(isinstance(entry.value, Const) for entry in entries.values()):
            fill = {
                key: entry.value.value for key, entry in entries.items() if isinstance(entry.value, Const)
            }
        elif items is not None and all(isinstance(item, Const) for item in items):
            fill = tuple(item.value for item in items if isinstance(item, Const))
        if fill is None or len(template) > MAX_TEXT:
            return self.unknown("a text with an unknown part", ("op", "%", template, value))
        try:
            return self.constant((template % fill)[:MAX_TEXT])
        except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
            return self.unknown("a text that can't be formatted")

    def _eval_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            truth = self.truth(value)
            return self.unknown("a condition") if truth is None else Const(not truth)
        if isinstance(value, Tensor):
            return operator_tensor(self, type(node.op).__name__, node)
        if isinstance(value, Const) and isinstance(value.value, (int, float)):
            number: float = value.value
            if isinstance(node.op, ast.USub):
                return Const(-number)
            if isinstance(node.op, ast.UAdd):
                return Const(+number)
        return self.unknown("the result of an operation", ("op", type(node.op).__name__, value))

    def _eval_BoolOp(self, node: ast.BoolOp) -> Value:
        stop = isinstance(node.op, ast.Or)
        seen: list[Value] = []
        for operand in node.values:
            value = self.evaluate(operand)
            truth = self.truth(value)
            if truth is stop:
                return one_of([*seen, value])
            if truth is None or operand is node.values[-1]:
                seen.append(value)
        return one_of(seen) if seen else value

    def _eval_Compare(self, node: ast.Compare) -> Value:
        left = self.evaluate(node.left)
        result: Value = Const(True)
        for op, operand in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(operand)
            truth = self._compare(op, left, right)
            if truth is False:
                return Const(False)
            if truth is None:
                result = self.unknown("a condition")
            left = right
        return result

    def _compare(self, op: ast.cmpop, left: Value, right: Value) -> bool | None:
        if isinstance(op, (ast.Is, ast.IsNot)):
            same = self._identical(left, right)
            return same if same is None or isinstance(op, ast.Is) else not same
        if isinstance(op, (ast.In, ast.NotIn)):
            found = self._contains(right, left)
            return found if found is None or isinstance(op, ast.In) else not found
        if isinstance(left, Const) and isinstance(right, Const):
            try:
                return bool(_COMPARISONS[type(op)](left.value, right.value))
            except TypeError:
                return None
        return None

    def _identical(self, left: Value, right: Value) -> bool | None:
        if isinstance(left, (Unknown, OneOf)) or isinstance(right, (Unknown, OneOf)):
            return None
        if NONE in (left, right) or (isinstance(left, Ref) and isinstance(right, Ref)):
            return left == right
        if isinstance(left, Const) and isinstance(right, Const) and isinstance(left.value, bool):
            return left == right
        return None

    def _contains(self, container: Value, item: Value) -> bool | None:
        if not isinstance(item, Const):
            return None
        if isinstance(container, Const) and isinstance(container.value, str) and isinstance(item.value, str):
            return item.value in container.value
        entries = self.mapping(container)
        if entries is not None:
            return item.value in entries
        items = self.sequence(container)
        if items is None or not all(isinstance(known, Const) for known in items):
            return None
        return item in items

    def truth(self, value: Value) -> bool | None:
        """Whether a value counts as true; None where that is not known."""
        if isinstance(value, Const):
            return bool(value.value)
        if isinstance(value, Sequence):
            return bool(value.items)
        if isinstance(value, OneOf):
            truths = {self.truth(option) for option in value.options}
            return truths.pop() if len(truths) == 1 else None
        if isinstance(value, (Function, Method, Bound, Partial, Super)):
            return True
        thing = self.look(value)
        if isinstance(thing, ListObject):
            return None if thing.items is None else bool(thing.items)
        if isinstance(thing, DictObject):
            return None if thing.entries is None else bool(thing.entries)
        return None if thing is None or isinstance(value, (Unknown, Api, ApiResult, Tensor)) else True

    def _eval_IfExp(self, node: ast.IfExp) -> Value:
        truth = self.truth(self.evaluate(node.test))
        if truth is not None:
            return self.evaluate(node.body if truth else node.orelse)
        before = self.state
        self.state = before.fork()
        yes = self.evaluate(node.body)
        after_yes, self.state = self.state, before.fork()
        no = self.evaluate(node.orelse)
        self.state = after_yes.joined(self.state)
        return one_of((yes, no))

    def _eval_NamedExpr(self, node: ast.NamedExpr) -> Value:
        value = self.evaluate(node.value)
        self.assign(node.target.id, value)
        return value

    def _eval_Attribute(self, node: ast.Attribute) -> Value:
        return self.attribute(self.evaluate(node.value), node.attr)

    def _eval_Subscript(self, node: ast.Subscript) -> Value:
        value = self.evaluate(node.value)
        if isinstance(node.slice, ast.Slice):
            parts = [
                self.evaluate(p) if p is not None else NONE
                for p in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            index: Value = Sequence((Api("builtins.slice"), *parts))
        else:
            index = self.evaluate(node.slice)
        if isinstance(value, Tensor):
            return (
                self.unknown("one of several tensors of a layer")
                if value.many
                else operator_tensor(self, "GetItem", node)
            )
        return one_of([subscript(self, option, index) for option in options(value)])

    def _eval_Starred(self, node: ast.Starred) -> Value:
        return self.evaluate(node.value)

    def _eval_Await(self, node: ast.Await) -> Value:
        return self.evaluate(node.value)

    def _eval_Yield(self, node: ast.Yield) -> Value:
        self.jumps.yields = True
        if node.value is not None:
            self.evaluate(node.value)
        return self.unknown("what is sent to a generator")

    def _eval_YieldFrom(self, node: ast.YieldFrom) -> Value:
        self.jumps.yields = True
        self.evaluate(node.value)
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

    def _eval_ListComp(self, node: ast.ListComp) -> Value:
        items = self._comprehend(node.generators, lambda: self.evaluate(node.elt))
        return self.new_list(items, "it is built by a loop over something unknown")

    def _eval_GeneratorExp(self, node: ast.GeneratorExp) -> Value:
        items = self._comprehend(node.generators, lambda: self.evaluate(node.elt))
        return (
            self.unknown("it is built by a loop over something unknown")
            if items is None
            else Sequence(tuple(items))
        )

    def _eval_SetComp(self, node: ast.SetComp) -> Value:
        self._comprehend(node.generators, lambda: self.evaluate(node.elt))
        return self.unknown("a set has no order")

    def _eval_DictComp(self, node: ast.DictComp) -> Value:
        def pair() -> Value:
            return Sequence((self.evaluate(node.key), self.evaluate(node.value)))

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

    def _comprehend(
        self, generators: list[ast.comprehension], element: Callable[[], Value]
    ) -> list[Value] | None:
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
            truths = [self.truth(self.evaluate(condition)) for condition in generator.ifs]
            if False in truths:
                continue
            more = self._turns(rest, element, self.evaluate(rest[0].iter)) if rest else [element()]
            results = None if more is None or results is None or None in truths else [*results, *more]
        return results

    def bind(self, target: ast.expr, value: Value, node: ast.expr | None = None) -> None:
        """Assign a value, written as ``node``, to a target: a name, an attribute, an item, or several of them."""
        if isinstance(target, ast.Name):
            self.assign(target.id, value)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.evaluate(target.value), target.attr, value)
        elif isinstance(target, ast.Subscript):
            self._set_item(self.evaluate(target.value), self.evaluate(target.slice), value, node)
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

    def _set_item(self, container: Value, key: Value, value: Value, node: ast.expr | None) -> None:
        thing = self.look(container)
        if not isinstance(container, Ref):
            return
        if isinstance(thing, DictObject):
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
                self.forget(container, "an item at an unknown place is set in it")
