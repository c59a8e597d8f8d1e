"""Assumptions: what a way through the program takes for true of conditions, while nothing changes what they ask."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import replace

from keraslint.analysis.core.machine import Arguments, Machine
from keraslint.analysis.core.state import Fact, Instance, Scope
from keraslint.analysis.core.values import Api, Const, Function, Unknown, Value
from keraslint.analysis.interpreter.conditions import Condition, condition_of


class Assumptions(Machine):
    """Answers tests, by their values or by what is assumed."""

    def __init__(self) -> None:
        super().__init__()
        self._conditions: dict[ast.expr, tuple[Condition, bool] | None] = {}

    def holds(self, test: ast.expr) -> bool | None:
        """Whether a test is true; None where that is not known. Evaluates it once, as the program does."""
        return self.judged(test, self.evaluate(test))

    def judged(self, test: ast.expr, value: Value) -> bool | None:
        """Whether a test that has this value is true; None where that is not known."""
        truth = self.truth(value)
        if truth is not None or not self.state.facts:
            return truth
        known = self._condition_of(test)
        if known is None:
            return None
        answer = self.assumed(known[0])
        return answer if answer is None or known[1] else not answer

    def assumed(self, condition: Condition) -> bool | None:
        """What is assumed of a condition; None where nothing is."""
        subject = self._subject(condition)
        for fact in self.state.facts:
            if subject is not None and fact.subject == subject:
                answer = _follows(condition.equals, fact)
                if answer is not None:
                    return answer
        return None

    def is_open(self, condition: Condition) -> bool:
        """Whether a condition can be assumed, and nothing is known or assumed of it yet."""
        if self._subject(condition) is None or self.assumed(condition) is not None:
            return False
        values = [self._plain_value(part) for part in condition.parts]
        if not condition.plain:
            return not all(isinstance(value, Const) for value in values)
        value = values[0]
        assert value is not None
        return (self.equal(value, Const(condition.equals[0])) if condition.equals else self.truth(value)) is None

    def assume(self, test: ast.expr, answer: bool) -> None:
        """From here on a test is taken to have this answer, if plain names decide it."""
        known = self._condition_of(test)
        if known is not None:
            self.assume_condition(known[0], answer if known[1] else not answer)
        elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            self.assume(test.operand, not answer)
        elif isinstance(test, ast.BoolOp) and answer is isinstance(test.op, ast.And):
            for value in test.values:  # all parts of an "and" that is true, or of an "or" that is false
                self.assume(value, answer)

    def assume_condition(self, condition: Condition, answer: bool) -> None:
        """The same for a condition."""
        subject = self._subject(condition)
        if subject is not None:
            roots = frozenset(value for name in condition.names if (value := self.lookup(name)) is not None)
            fact = Fact(subject, condition.equals, answer, condition.words, roots, condition.reaches_in)
            self.state.facts = (*self.state.facts, fact)

    def hand_on(self, args: Arguments, caller: int, function: Function) -> None:
        """In a function that was just entered: what is assumed of names that it is passed is so of its parameters."""
        spec, here, known = function.node.args, self.scope, self.state.facts
        names = dict(enumerate(arg.arg for arg in (*spec.posonlyargs, *spec.args)))
        for key, node in args.nodes.items():
            name = names.get(key) if isinstance(key, int) else key
            asked = self._condition_of(node)
            if name is None or asked is None or not asked[0].plain or not asked[1]:
                continue
            self.scope = caller
            subject = self._subject(asked[0])
            self.scope = here
            condition = Condition(name, (), (ast.Name(name, ast.Load()),))
            for fact in known:
                if subject is not None and fact.subject == subject:
                    self.assume_condition(replace(condition, equals=fact.equals), fact.answer)

    def _condition_of(self, test: ast.expr) -> tuple[Condition, bool] | None:
        if test not in self._conditions:
            self._conditions[test] = condition_of(test)
        return self._conditions[test]

    def _subject(self, condition: Condition) -> Hashable:
        """What tells whether two conditions are about one thing: the text, the scopes of its names, and their values.

        None where reading it may run code, or give another value each time.
        """
        places = tuple(self.scope_of(name) for name in condition.names)
        values = tuple(self._plain_value(part) for part in condition.parts)
        return None if None in values else (condition.text, places, values)

    def _plain_value(self, node: ast.expr) -> Value | None:
        """The value of a chain of names, where reading it runs no code and does nothing else."""
        if isinstance(node, ast.Name):
            return self.lookup(node.id) or Unknown("", ("name", node.id))
        if isinstance(node, ast.Attribute):
            return self._plain_attribute(self._plain_value(node.value), node.attr)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            container, key = self._plain_value(node.value), node.slice.value
            if isinstance(container, (Unknown, Api)):
                return Unknown("", ("item", container, key))
            entry = (self.mapping(container) or {}).get(key) if container is not None else None
            return None if entry is None else entry.value
        return None

    def _plain_attribute(self, value: Value | None, name: str) -> Value | None:
        if isinstance(value, (Unknown, Api)):
            return Unknown("", ("attribute", value, name))
        if value is None or self.is_property(value, name):
            return None
        thing = self.look(value)
        if isinstance(thing, Instance):
            return thing.attributes.get(name)
        return thing.variables.get(name) if isinstance(thing, Scope) else None


def _follows(equals: tuple[Hashable, ...], fact: Fact) -> bool | None:
    """Whether the asked thing equals this constant (or is true, for an empty tuple), by what is assumed of it."""
    if equals == fact.equals and [*map(type, equals)] == [*map(type, fact.equals)]:
        return fact.answer
    if not equals:
        return bool(fact.equals[0]) if fact.answer else None
    if not fact.equals:
        return False if bool(equals[0]) is not fact.answer else None
    return False if fact.answer and equals != fact.equals else None
