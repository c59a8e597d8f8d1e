"""Operators: arithmetic, strings, comparisons and truth values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.draining import run_lazily
from keraslint.analysis.core.effects import hooks_may_run, own_hook, perhaps
from keraslint.analysis.core.functions import ancestors, find_in_class, own_method
from keraslint.analysis.core.keys import comparable, equal, is_class_of_data
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import DictObject, Instance, ListObject, SetObject
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
    Suspended,
    Tensor,
    Unknown,
    Value,
    Varying,
    View,
    one_of,
    options,
)
from keraslint.analysis.core.varying import depends_on_version, lifted, truth_by_case
from keraslint.analysis.interpreter.assumptions import assume, judged
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.keras.tensors import operator_tensor
from keraslint.analysis.python.containers import is_wide, merged
from keraslint.analysis.python.version_objects import admits
from keraslint.syntax import is_constant_or_name

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_METHODS: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.MatMult: "matmul",
    ast.Div: "truediv",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitOr: "or",
    ast.BitAnd: "and",
    ast.BitXor: "xor",
}
_ON_SETS: dict[type[ast.operator], Callable[[Any, Any], frozenset[Hashable]]] = {
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.Sub: operator.sub,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NOT_IMPLEMENTED = Api("builtins.NotImplemented")
_ON_TENSORS = (ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def evaluate_bin_op(m: Interpreter, node: ast.BinOp) -> Value:
    """The value of ``a + b`` and the like."""
    return binary(m, node, m.evaluate(node.left), m.evaluate(node.right))


def binary(m: Interpreter, node: ast.BinOp, left: Value, right: Value, *, in_place: bool = False) -> Value:
    """The result of an operator on two values; in_place: as ``a += b`` applies it."""
    name = _METHODS.get(type(node.op), "")
    own = own_hook(m, left, *([f"__i{name}__"] if in_place else []), f"__{name}__")
    reflected = own_hook(m, right, f"__r{name}__")
    if reflected is not None and (own is None or _goes_first(m, left, right, f"__r{name}__")):
        return _unless_refused(m, m.call(reflected, Arguments([left])), left)
    if own is not None:
        return _unless_refused(m, m.call(own, Arguments([right])), right)
    hooks_may_run(m, left, right)
    deep = isinstance(node.op, ast.Mod)
    return lifted(m, type(node.op).__name__, [left, right], partial(_operated, m, node), deep=deep)


def _goes_first(m: Interpreter, left: Value, right: Value, name: str) -> bool:
    """True if Python asks the right operand first: its class derives from that of the left one, with another method."""
    mine, theirs = m.look(left), m.look(right)
    if not isinstance(mine, Instance) or not isinstance(theirs, Instance) or mine.cls == theirs.cls:
        return False
    derived = mine.cls in ancestors(m, theirs.cls)
    return derived and find_in_class(m, mine.cls, name) != find_in_class(m, theirs.cls, name)


def _unless_refused(m: Interpreter, result: Value, other: Value) -> Value:
    """The result of an operator's method; where it may be NotImplemented, Python goes on with the other operand."""
    if _NOT_IMPLEMENTED not in options(result):
        return result
    hooks_may_run(m, other)
    return m.unknown("the result of an operator that may not be implemented")


def _operated(m: Interpreter, node: ast.BinOp, left: Value, right: Value) -> Value:
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        return operator_tensor(m, type(node.op).__name__, node)
    if (made := _of_sets(m, node.op, left, right)) is not None:
        return made
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
        m.raises()
        return m.unknown("an operation that fails")


def _of_sets(m: Interpreter, op: ast.operator, left: Value, right: Value) -> Value | None:
    mine, theirs, apply = m.look(left), m.look(right), _ON_SETS.get(type(op))
    if not isinstance(mine, SetObject) or not isinstance(theirs, SetObject) or apply is None:
        return None
    known = mine.items is not None and theirs.items is not None
    return m.new(SetObject(apply(mine.items, theirs.items) if known else None))


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
        m.may_raise()
        return m.unknown("a text that can't be formatted")


def evaluate_unary_op(m: Interpreter, node: ast.UnaryOp) -> Value:
    """The value of ``not a``, ``-a`` and the like."""
    value = m.evaluate(node.operand)
    if isinstance(node.op, ast.Not) and isinstance(value, Varying):
        return lifted(m, "not", [value], partial(_negated, m))
    if isinstance(node.op, ast.Not):
        truth = judged(m, node.operand, value)
        return m.unknown("a condition") if truth is None else Const(not truth)
    if isinstance(value, Tensor):
        return operator_tensor(m, type(node.op).__name__, node)
    if (own := own_hook(m, value, _UNARY[type(node.op)])) is not None:
        return m.call(own, Arguments())
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        number: float = value.value
        if isinstance(node.op, ast.USub):
            return Const(-number)
        if isinstance(node.op, ast.UAdd):
            return Const(+number)
    return m.unknown("the result of an operation", Derived(type(node.op).__name__, (value,)))


_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__"}


def _negated(m: Interpreter, value: Value) -> Value:
    truth = m.truth(value)
    return m.unknown("a condition") if truth is None else Const(not truth)


def evaluate_bool_op(m: Interpreter, node: ast.BoolOp) -> Value:
    """The value of ``a and b`` or ``a or b``."""
    asked: list[Value] = []
    result = one_of(_operands(m, node.values, asked, stop=isinstance(node.op, ast.Or)))
    mixed = m.varies and depends_on_version(m, tuple(asked)) and not depends_on_version(m, result)
    if mixed and m.truth(result) is None:
        return m.unknown("a condition", Derived(type(node.op).__name__, tuple(asked)))
    return result


def _operands(m: Interpreter, nodes: list[ast.expr], asked: list[Value], *, stop: bool) -> list[Value]:
    """The values that ``and`` (stop: False) or ``or`` (stop: True) may give; a later operand may not be evaluated.

    asked: all values that are looked at are added to it.
    """
    value = m.evaluate(nodes[0])
    asked.append(value)
    rest = nodes[1:]
    if not rest:
        judged(m, nodes[0], value)
        return [value]
    truth = judged(m, nodes[0], value)
    if truth is stop:
        return [value]
    if truth is not None or all(map(is_constant_or_name, rest)):
        return [*([value] if truth is None else []), *_operands(m, rest, asked, stop=stop)]
    with perhaps(m):
        assume(m, nodes[0], not stop)
        return [value, *_operands(m, rest, asked, stop=stop)]


def evaluate_compare(m: Interpreter, node: ast.Compare) -> Value:
    """The value of ``a < b <= c`` and the like."""
    result = _comparison(m, node, m.evaluate(node.left), Const(True), 0)
    known = isinstance(result, (Const, Tensor, Varying)) or (m.varies and depends_on_version(m, result))
    answer = None if known else judged(m, node, result)
    return result if answer is None else Const(answer)


def _comparison(m: Interpreter, node: ast.Compare, left: Value, result: Value, place: int) -> Value:
    """The value of a chain of comparisons from one on; what follows one that may be false may not be evaluated.

    result: the value of those before.
    """
    op = node.ops[place]
    right = m.evaluate(node.comparators[place])
    if (isinstance(left, Tensor) or isinstance(right, Tensor)) and isinstance(op, _ON_TENSORS):
        return operator_tensor(m, type(op).__name__, node)
    link = _linked(m, op, left, right)
    if link == Const(False):
        return link
    result = lifted(m, "and", [result, link], _both) if isinstance(link, Varying) else _both(result, link)
    if place == len(node.ops) - 1:
        return result
    if m.truth(link) or m.varies:
        return _comparison(m, node, right, result, place + 1)
    with perhaps(m):
        return _comparison(m, node, right, result, place + 1)


def _both(one: Value, other: Value) -> Value:
    """The value of ``one and other``, where ``one`` is no falsehood that is known."""
    return other if one == Const(True) or other == Const(False) else one


_HOOKS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("__eq__", "__eq__"),
    ast.NotEq: ("__ne__", "__ne__"),
    ast.Lt: ("__lt__", "__gt__"),
    ast.LtE: ("__le__", "__ge__"),
    ast.Gt: ("__gt__", "__lt__"),
    ast.GtE: ("__ge__", "__le__"),
}


def _linked(m: Interpreter, op: ast.cmpop, left: Value, right: Value) -> Value:
    """The result of one comparison: that of a method of the program's own, if the class of a side has one."""
    name, reflected = _HOOKS.get(type(op), ("", ""))
    hook = own_hook(m, left, name) if name else None
    if hook is not None and _goes_first(m, left, right, reflected):
        hook, left, right = own_hook(m, right, reflected) or hook, right, left
    if hook is not None:
        return _unless_refused(m, m.call(hook, Arguments([right])), right)
    if isinstance(op, (ast.In, ast.NotIn)) and (hook := own_hook(m, right, "__contains__")) is not None:
        found = m.call(hook, Arguments([left]))
        truth = m.truth(found)
        return m.unknown("a condition", of=(found,)) if truth is None else Const(truth is isinstance(op, ast.In))
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(right, Suspended):
        items = run_lazily(m, right)
        right = m.unknown("what a generator yields") if items is None else Sequence(tuple(items))
    if not isinstance(op, (ast.Is, ast.IsNot)):
        hooks_may_run(m, left, right)
    return lifted(m, type(op).__name__, [left, right], partial(_compared, m, op), deep=True)


def _compared(m: Interpreter, op: ast.cmpop, left: Value, right: Value) -> Value:
    truth = _compare(m, op, left, right)
    if truth is not None:
        return Const(truth)
    versions = m.varies and (depends_on_version(m, left) or depends_on_version(m, right))
    return m.unknown("a condition", Derived(type(op).__name__, (left, right)) if versions else None)


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
    left, right = comparable(m, left), comparable(m, right)
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            return bool(_COMPARISONS[type(op)](left.value, right.value))
        except TypeError:
            m.raises()
            return None
    return None


def _identical(left: Value, right: Value) -> bool | None:
    if isinstance(left, (Unknown, OneOf)) or isinstance(right, (Unknown, OneOf)):
        return None
    if NONE in (left, right) or (isinstance(left, Ref) and isinstance(right, Ref)):
        return left == right
    if isinstance(left, Const) and isinstance(right, Const) and isinstance(left.value, bool):
        return left == right
    if is_class_of_data(left) and is_class_of_data(right):
        return left == right
    return None


def _contains(m: Interpreter, container: Value, item: Value) -> bool | None:
    item = comparable(m, item)
    if is_class_of_data(item) and isinstance(container, Sequence) and all(map(is_class_of_data, container.items)):
        return item in container.items
    if not isinstance(item, Const):
        return None
    thing = m.look(container)
    if isinstance(thing, SetObject):
        return None if thing.items is None else item.value in thing.items
    if isinstance(container, Const) and (found := admits(container, item)) is not None:
        return found
    if isinstance(container, Const) and isinstance(container.value, str) and isinstance(item.value, str):
        return item.value in container.value
    entries = m.mapping(container)
    if entries is not None:
        return item.value in entries
    items = m.iterate(container) if isinstance(container, (Sequence, Ref, View)) else None
    known = None if items is None else [comparable(m, other) for other in items]
    if known is None or not all(isinstance(other, Const) for other in known):
        return None
    return any(item.value == other.value for other in known if isinstance(other, Const))


def truth(m: Interpreter, value: Value) -> bool | None:
    """The truth value of a value; None where it is not known."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Sequence):
        return bool(value.items)
    if isinstance(value, OneOf):
        truths = {m.truth(option) for option in value.options}
        return truths.pop() if len(truths) == 1 else None
    if isinstance(value, Varying):
        return truth_by_case(m, value)
    if isinstance(value, (Function, Method, Bound, Partial, Super)):
        return True
    if value in (Api("typing.TYPE_CHECKING"), Api("typing_extensions.TYPE_CHECKING")):
        return False
    thing = m.look(value)
    if isinstance(thing, (ListObject, SetObject)):
        return None if thing.items is None else bool(thing.items)
    if isinstance(thing, DictObject):
        return None if thing.entries is None else bool(thing.entries)
    if isinstance(thing, Instance) and any(own_method(m, value, name) for name in ("__bool__", "__len__")):
        return None
    return None if thing is None or isinstance(value, (Unknown, Api, ApiResult, Tensor, Array, Pipeline)) else True
