"""Assumptions: the answers to conditions on one path, as long as nothing they read is changed."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.assumed import Fact
from keraslint.analysis.core.effects import hooks_may_run, own_hook
from keraslint.analysis.core.functions import is_property
from keraslint.analysis.core.keys import equal
from keraslint.analysis.core.origins import AttributeOf, Derived, ItemOf
from keraslint.analysis.core.state import Instance, Scope
from keraslint.analysis.core.values import Api, Const, Function, OneOf, Unknown, Value, options
from keraslint.analysis.core.varying import answer_by_version, depends_on_version
from keraslint.analysis.interpreter.conditions import Condition, condition_of
from keraslint.analysis.interpreter.interpreter import Interpreter


def holds(m: Interpreter, test: ast.expr) -> bool | None:
    """The truth value of a test; None where it is not known. Evaluates it once, as the program does."""
    return judged(m, test, m.evaluate(test))


def judged(m: Interpreter, test: ast.expr, value: Value) -> bool | None:
    """The truth value of a test that has this value; None where it is not known."""
    truth = tested(m, value)
    if truth is None:
        truth = answer_by_version(m, value)
    if truth is not None or not m.state.facts:
        return truth
    known = _asked_by(m, test)
    if known is None:
        return None
    truth = assumed(m, known[0])
    return truth if truth is None or known[1] else not truth


def tested(m: Interpreter, value: Value) -> bool | None:
    """The truth value of a value that the program tests; None where it is not known. Runs a ``__bool__`` of its own."""
    hook = own_hook(m, value, "__bool__", "__len__")
    if hook is not None:
        return m.truth(m.call(hook, Arguments()))
    hooks_may_run(m, *(options(value) if isinstance(value, OneOf) else ()))
    return m.truth(value)


def assumed(m: Interpreter, condition: Condition) -> bool | None:
    """The answer that is assumed for a condition; None without an assumption."""
    subject = _subject(m, condition)
    for fact in m.state.facts:
        if subject is not None and fact.subject == subject:
            answer = _follows(condition.equals, fact)
            if answer is not None:
                return answer
    return None


def is_open(m: Interpreter, condition: Condition) -> bool:
    """True if an answer can be assumed for a condition, and none is known or assumed yet."""
    if _subject(m, condition) is None or assumed(m, condition) is not None:
        return False
    values = [_plain_value(m, part) for part in condition.parts]
    if m.varies and any(depends_on_version(m, value) for value in values):
        return False  # each run of the program follows one answer
    if not condition.plain:
        return not all(isinstance(value, Const) for value in values)
    value = values[0]
    assert value is not None
    return (equal(m, value, Const(condition.equals[0])) if condition.equals else m.truth(value)) is None


def assume(m: Interpreter, test: ast.expr, answer: bool) -> None:
    """Assume from here on that a test has this answer, if it depends on plain names only."""
    known = _asked_by(m, test)
    if known is not None:
        assume_condition(m, known[0], answer if known[1] else not answer)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        assume(m, test.operand, not answer)
    elif isinstance(test, ast.BoolOp) and answer is isinstance(test.op, ast.And):
        for value in test.values:  # all parts of an "and" that is true, or of an "or" that is false
            assume(m, value, answer)


def assume_condition(m: Interpreter, condition: Condition, answer: bool) -> None:
    """Assume from here on that a condition has this answer."""
    subject = _subject(m, condition)
    if subject is not None:
        roots = frozenset(value for name in condition.names if (value := m.lookup(name)) is not None)
        fact = Fact(subject, condition.equals, answer, condition.words, roots, condition.reaches_in)
        m.state.facts = (*m.state.facts, fact)


def assume_in_callee(m: Interpreter, args: Arguments, caller: int, function: Function) -> None:
    """Copy the assumptions about the arguments of a call to the parameters of the function just entered."""
    spec, known = function.node.args, m.state.facts
    names = dict(enumerate(arg.arg for arg in (*spec.posonlyargs, *spec.args)))
    for key, node in args.nodes.items():
        name = names.get(key) if isinstance(key, int) else key
        asked = _asked_by(m, node)
        if name is None or asked is None or not asked[0].plain or not asked[1]:
            continue
        with m.control.in_scope(caller):
            subject = _subject(m, asked[0])
        condition = Condition(name, (), (ast.Name(name, ast.Load()),))
        for fact in known:
            if subject is not None and fact.subject == subject:
                assume_condition(m, replace(condition, equals=fact.equals), fact.answer)


def _asked_by(m: Interpreter, test: ast.expr) -> tuple[Condition, bool] | None:
    if test not in m.conditions:
        m.conditions[test] = condition_of(test)
    return m.conditions[test]


def _subject(m: Interpreter, condition: Condition) -> Hashable:
    """A key that is equal for conditions about one thing: the text, the scopes of its names, their values.

    None where reading it may run code or return another value each time.
    """
    places = tuple(m.scope_of(name) for name in condition.names)
    values = tuple(_plain_value(m, part) for part in condition.parts)
    return None if None in values else (condition.text, places, values)


def _plain_value(m: Interpreter, node: ast.expr) -> Value | None:
    """The value of a chain of names; None where reading it could have an effect."""
    if isinstance(node, ast.Name):
        return m.lookup(node.id) or Unknown("", Derived("name", (node.id,)))
    if isinstance(node, ast.Attribute):
        return _plain_attribute(m, _plain_value(m, node.value), node.attr)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        container, key = _plain_value(m, node.value), node.slice.value
        if isinstance(container, (Unknown, Api)):
            return Unknown("", ItemOf(container, key))
        entry = (m.mapping(container) or {}).get(key) if container is not None else None
        return None if entry is None else entry.value
    return None


def _plain_attribute(m: Interpreter, value: Value | None, name: str) -> Value | None:
    if isinstance(value, (Unknown, Api)):
        return Unknown("", AttributeOf(value, name))
    if value is None or is_property(m, value, name):
        return None
    thing = m.look(value)
    if isinstance(thing, Instance):
        return thing.attributes.get(name)
    return thing.variables.get(name) if isinstance(thing, Scope) else None


def _follows(equals: tuple[Hashable, ...], fact: Fact) -> bool | None:
    """True if, by this fact, the subject equals this constant (or is true, for an empty tuple)."""
    if equals == fact.equals and [*map(type, equals)] == [*map(type, fact.equals)]:
        return fact.answer
    if not equals:
        return bool(fact.equals[0]) if fact.answer else None
    if not fact.equals:
        return False if bool(equals[0]) is not fact.answer else None
    return False if fact.answer and equals != fact.equals else None
