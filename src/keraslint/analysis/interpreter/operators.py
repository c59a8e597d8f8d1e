"""Operators: arithmetic, texts, comparisons and what counts as true."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Hashable
from typing import Any

from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.state import DictObject, Instance, ListObject
from keraslint.analysis.core.values import (
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
    View,
    one_of,
)
from keraslint.analysis.interpreter.assumptions import Assumptions
from keraslint.analysis.keras.tensors import operator_tensor
from keraslint.analysis.python.containers import is_wide

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
_ON_TENSORS = (ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


class Operators(Assumptions):
    """Evaluates operators."""

    def _eval_BinOp(self, node: ast.BinOp) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return operator_tensor(self, type(node.op).__name__, node)
        if isinstance(node.op, ast.BitOr):
            return self.merged(left, right)
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

    def merged(self, left: Value, right: Value) -> Value:
        """``left | right``."""
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
            fill = {key: entry.value.value for key, entry in entries.items() if isinstance(entry.value, Const)}
        elif items is not None and all(isinstance(item, Const) for item in items):
            fill = tuple(item.value for item in items if isinstance(item, Const))
        if fill is None or is_wide(template):
            return self.unknown("a text with an unknown part", ("op", "%", template, value))
        try:
            return self.constant(template % fill)
        except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
            return self.unknown("a text that can't be formatted")

    def _eval_UnaryOp(self, node: ast.UnaryOp) -> Value:
        value = self.evaluate(node.operand)
        if isinstance(node.op, ast.Not):
            truth = self.judged(node.operand, value)
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
            truth = self.judged(operand, value)
            if truth is stop:
                return one_of([*seen, value])
            if truth is None or operand is node.values[-1]:
                seen.append(value)
        return one_of(seen) if seen else value

    def _eval_Compare(self, node: ast.Compare) -> Value:
        left = self.evaluate(node.left)
        result: Value = Const(True)
        for op, operand in zip(node.ops, node.comparators, strict=True):
            display = ast.Tuple(operand.elts, ast.Load()) if isinstance(operand, ast.Set) else operand
            right = self.evaluate(display)
            if (isinstance(left, Tensor) or isinstance(right, Tensor)) and isinstance(op, _ON_TENSORS):
                return operator_tensor(self, type(op).__name__, node)
            truth = self._compare(op, left, right)
            if truth is False:
                return Const(False)
            if truth is None:
                result = self.unknown("a condition")
            left = right
        judged = None if result == Const(True) else self.judged(node, result)
        return result if judged is None else Const(judged)

    def _compare(self, op: ast.cmpop, left: Value, right: Value) -> bool | None:
        if isinstance(op, (ast.Is, ast.IsNot)):
            same = self._identical(left, right)
            return same if same is None or isinstance(op, ast.Is) else not same
        if isinstance(op, (ast.In, ast.NotIn)):
            found = self._contains(right, left)
            return found if found is None or isinstance(op, ast.In) else not found
        left, right = as_key(self, left), as_key(self, right)
        if isinstance(left, Const) and isinstance(right, Const):
            try:
                return bool(_COMPARISONS[type(op)](left.value, right.value))
            except TypeError:
                return None
        if isinstance(op, (ast.Eq, ast.NotEq)) and self._of_different_kinds(left, right):
            return isinstance(op, ast.NotEq)
        return None

    def _of_different_kinds(self, left: Value, right: Value) -> bool:
        """Whether one is a constant and the other a container of Python: these are never equal."""
        one, other = (left, right) if isinstance(left, Const) else (right, left)
        container = isinstance(self.look(other), (ListObject, DictObject)) or isinstance(other, Sequence)
        return container and isinstance(one, Const) and not isinstance(one.value, tuple)

    def equal(self, left: Value, right: Value) -> bool | None:
        """Whether two values are equal; None where that is not known."""
        return self._compare(ast.Eq(), left, right)

    def _identical(self, left: Value, right: Value) -> bool | None:
        if isinstance(left, (Unknown, OneOf)) or isinstance(right, (Unknown, OneOf)):
            return None
        if NONE in (left, right) or (isinstance(left, Ref) and isinstance(right, Ref)):
            return left == right
        if isinstance(left, Const) and isinstance(right, Const) and isinstance(left.value, bool):
            return left == right
        return None

    def _contains(self, container: Value, item: Value) -> bool | None:
        item = as_key(self, item)
        if not isinstance(item, Const):
            return None
        if isinstance(container, Const) and isinstance(container.value, str) and isinstance(item.value, str):
            return item.value in container.value
        entries = self.mapping(container)
        if entries is not None:
            return item.value in entries
        items = self.iterate(container) if isinstance(container, (Sequence, Ref, View)) else None
        known = None if items is None else [as_key(self, other) for other in items]
        return item in known if known is not None and all(isinstance(other, Const) for other in known) else None

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
        if isinstance(thing, Instance) and any(self.own_method(value, name) for name in ("__bool__", "__len__")):
            return None
        return None if thing is None or isinstance(value, (Unknown, Api, ApiResult, Tensor)) else True
