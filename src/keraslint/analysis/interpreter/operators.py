"""Operators: arithmetic, strings, comparisons and truth values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Hashable
from typing import Any

from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.functions import own_method
from keraslint.analysis.core.keys import as_key, equal
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import DictObject, Instance, ListObject
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Array,
    Bound,
    Const,
    Function,
    Method,
    OneOf,
    Partial,
    Pipeline,
    Ref,
    Sequence,
    Super,
    Tensor,
    Unknown,
    Value,
    View,
    one_of,
)
from keraslint.analysis.interpreter.assumptions import judged
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.keras.tensors import operator_tensor
from keraslint.analysis.python.containers import is_wide, merged

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ON_TENSORS = (ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def evaluate_bin_op(m: Interpreter, node: ast.BinOp) -> Value:
    """The value of ``a + b`` and the like."""
    left, right = m.evaluate(node.left), m.evaluate(node.right)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return operator_tensor(m, type(node.op).__name__, node)
    if isinstance(node.op, ast.BitOr):
        return merged(m, left, right)
    if isinstance(node.op, ast.Mod) and isinstance(left, Const) and isinstance(left.value, str):
        return _percent(m, left.value, right)
    mine, theirs = m.sequence(left), m.sequence(right)
    if isinstance(node.op, ast.Add) and mine is not None and theirs is not None:
        both = [*mine, *theirs]
        return m.new_tuple(both) if isinstance(left, Sequence) else m.new_list(both)
    if isinstance(node.op, ast.Mult) and mine is not None and isinstance(right, Const):
        return _repeated(m, left, mine, right.value)
    if isinstance(node.op, ast.Mult) and theirs is not None and isinstance(left, Const):
        return _repeated(m, right, theirs, left.value)
    apply = _ARITHMETIC.get(type(node.op))
    if apply is None or not isinstance(left, Const) or not isinstance(right, Const):
        return m.unknown("the result of an operation", Derived(type(node.op).__name__, (left, right)))
    if isinstance(node.op, ast.Mult) and (isinstance(left.value, str) or isinstance(right.value, str)):
        return m.unknown("a repeated text")
    try:
        return m.constant(apply(left.value, right.value))
    except (TypeError, ValueError, ArithmeticError):
        return m.unknown("an operation that fails")


def _repeated(m: Interpreter, value: Value, items: list[Value], times: Hashable) -> Value:
    if not isinstance(times, int) or times * len(items) > MAX_UNROLL:
        return m.unknown("a sequence repeated an unknown number of times")
    return Sequence(tuple(items * times)) if isinstance(value, Sequence) else m.new_list(items * times)


def _percent(m: Interpreter, template: str, value: Value) -> Value:
    items = m.sequence(value) if isinstance(value, Sequence) else [value]
    entries = m.mapping(value)
    fill: Any = None
    if entries is not None and all(isinstance(entry.value, Const) for entry in entries.values()):
        fill = {key: entry.value.value for key, entry in entries.items() if isinstance(entry.value, Const)}
    elif items is not None and all(isinstance(item, Const) for item in items):
        fill = tuple(item.value for item in items if isinstance(item, Const))
    if fill is None or is_wide(template):
        return m.unknown("a text with an unknown part", Derived("%", (Const(template), value)))
    try:
        return m.constant(template % fill)
    except (TypeError, ValueError, KeyError, OverflowError, MemoryError):
        return m.unknown("a text that can't be formatted")


def evaluate_unary_op(m: Interpreter, node: ast.UnaryOp) -> Value:
    """The value of ``not a``, ``-a`` and the like."""
    value = m.evaluate(node.operand)
    if isinstance(node.op, ast.Not):
        truth = judged(m, node.operand, value)
        return m.unknown("a condition") if truth is None else Const(not truth)
    if isinstance(value, Tensor):
        return operator_tensor(m, type(node.op).__name__, node)
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        number: float = value.value
        if isinstance(node.op, ast.USub):
            return Const(-number)
        if isinstance(node.op, ast.UAdd):
            return Const(+number)
    return m.unknown("the result of an operation", Derived(type(node.op).__name__, (value,)))


def evaluate_bool_op(m: Interpreter, node: ast.BoolOp) -> Value:
    """The value of ``a and b`` or ``a or b``."""
    stop = isinstance(node.op, ast.Or)
    seen: list[Value] = []
    for operand in node.values:
        value = m.evaluate(operand)
        truth = judged(m, operand, value)
        if truth is stop:
            return one_of([*seen, value])
        if truth is None or operand is node.values[-1]:
            seen.append(value)
    return one_of(seen) if seen else value


def evaluate_compare(m: Interpreter, node: ast.Compare) -> Value:
    """The value of ``a < b <= c`` and the like."""
    left = m.evaluate(node.left)
    result: Value = Const(True)
    for op, operand in zip(node.ops, node.comparators, strict=True):
        display = ast.Tuple(operand.elts, ast.Load()) if isinstance(operand, ast.Set) else operand
        right = m.evaluate(display)
        if (isinstance(left, Tensor) or isinstance(right, Tensor)) and isinstance(op, _ON_TENSORS):
            return operator_tensor(m, type(op).__name__, node)
        truth = _compare(m, op, left, right)
        if truth is False:
            return Const(False)
        if truth is None:
            result = m.unknown("a condition")
        left = right
    answer = None if result == Const(True) else judged(m, node, result)
    return result if answer is None else Const(answer)


def _compare(m: Interpreter, op: ast.cmpop, left: Value, right: Value) -> bool | None:
    if isinstance(op, (ast.Is, ast.IsNot)):
        same = _identical(left, right)
        return same if same is None or isinstance(op, ast.Is) else not same
    if isinstance(op, (ast.In, ast.NotIn)):
        found = _contains(m, right, left)
        return found if found is None or isinstance(op, ast.In) else not found
    if isinstance(op, (ast.Eq, ast.NotEq)):
        same = equal(m, left, right)
        return same if same is None or isinstance(op, ast.Eq) else not same
    left, right = as_key(m, left), as_key(m, right)
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            return bool(_COMPARISONS[type(op)](left.value, right.value))
        except TypeError:
            return None
    return None


def _identical(left: Value, right: Value) -> bool | None:
    if isinstance(left, (Unknown, OneOf)) or isinstance(right, (Unknown, OneOf)):
        return None
    if NONE in (left, right) or (isinstance(left, Ref) and isinstance(right, Ref)):
        return left == right
    if isinstance(left, Const) and isinstance(right, Const) and isinstance(left.value, bool):
        return left == right
    return None


def _contains(m: Interpreter, container: Value, item: Value) -> bool | None:
    item = as_key(m, item)
    if not isinstance(item, Const):
        return None
    if isinstance(container, Const) and isinstance(container.value, str) and isinstance(item.value, str):
        return item.value in container.value
    entries = m.mapping(container)
    if entries is not None:
        return item.value in entries
    items = m.iterate(container) if isinstance(container, (Sequence, Ref, View)) else None
    known = None if items is None else [as_key(m, other) for other in items]
    return item in known if known is not None and all(isinstance(other, Const) for other in known) else None


def truth(m: Interpreter, value: Value) -> bool | None:
    """The truth value of a value; None where it is not known."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Sequence):
        return bool(value.items)
    if isinstance(value, OneOf):
        truths = {m.truth(option) for option in value.options}
        return truths.pop() if len(truths) == 1 else None
    if isinstance(value, (Function, Method, Bound, Partial, Super)):
        return True
    thing = m.look(value)
    if isinstance(thing, ListObject):
        return None if thing.items is None else bool(thing.items)
    if isinstance(thing, DictObject):
        return None if thing.entries is None else bool(thing.entries)
    if isinstance(thing, Instance) and any(own_method(m, value, name) for name in ("__bool__", "__len__")):
        return None
    return None if thing is None or isinstance(value, (Unknown, Api, ApiResult, Tensor, Array, Pipeline)) else True
