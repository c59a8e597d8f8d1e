"""Patterns of ``match`` statements: whether a value matches, and what a pattern binds."""

from __future__ import annotations

import ast
from functools import partial

from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import equal
from keraslint.analysis.core.state import DictObject, Instance, ListObject
from keraslint.analysis.core.values import Api, Const, Ref, Sequence, Value, Varying
from keraslint.analysis.core.varying import by_item, lifted

_BUILTIN_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "bytes": bytes}


def matches(m: InterpreterCore, pattern: ast.pattern, subject: Value) -> bool | None:
    """True if a value matches a pattern, None where that is not known. Binds the names in the pattern."""
    if isinstance(pattern, ast.MatchAs):
        answer = True if pattern.pattern is None else matches(m, pattern.pattern, subject)
        if pattern.name is not None:
            m.assign(pattern.name, subject)
        return answer
    if isinstance(pattern, ast.MatchOr):
        return _any([matches(m, option, subject) for option in pattern.patterns])
    if isinstance(pattern, ast.MatchValue):
        return _equals(m, m.evaluate(pattern.value), subject)
    if isinstance(pattern, ast.MatchSingleton):
        return m.truth(lifted(m, "is", [subject], partial(_is_constant, m, pattern.value)))
    if isinstance(pattern, ast.MatchSequence):
        return _matches_sequence(m, pattern.patterns, subject)
    if isinstance(pattern, ast.MatchMapping):
        return _matches_mapping(m, pattern, subject)
    if isinstance(pattern, ast.MatchClass):
        return _matches_class(m, pattern, subject)
    return None


def _equals(m: InterpreterCore, one: Value, other: Value) -> bool | None:
    def compared(left: Value, right: Value) -> Value:
        same = equal(m, left, right)
        return m.unknown("a comparison") if same is None else Const(same)

    return m.truth(lifted(m, "==", [one, other], compared, deep=True))


def _is_constant(m: InterpreterCore, constant: object, subject: Value) -> Value:
    same = subject == m.constant(constant) if isinstance(subject, Const) else _never(m, subject)
    return m.unknown("a comparison") if same is None else Const(same)


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _never(m: InterpreterCore, subject: Value) -> bool | None:
    """False if a value is surely of another kind than the pattern matches, else None."""
    return False if isinstance(subject, (Const, Sequence)) or m.look(subject) is not None else None


def _matches_sequence(m: InterpreterCore, patterns: list[ast.pattern], subject: Value) -> bool | None:
    items = _items_by_version(m, subject) if isinstance(subject, Varying) else m.sequence(subject)
    star = next((i for i, part in enumerate(patterns) if isinstance(part, ast.MatchStar)), None)
    if items is None:
        _bind_unknown(m, patterns)
        return None if isinstance(m.look(subject), ListObject) else _never(m, subject)
    if star is None:
        fits = len(items) == len(patterns)
    else:
        fits = len(items) >= len(patterns) - 1
        if fits:
            tail = len(patterns) - star - 1
            rest = m.new_list(items[star : len(items) - tail])
            items = [*items[:star], rest, *items[len(items) - tail :]]
    if not fits:
        _bind_unknown(m, patterns)
        return False
    answers = []
    for part, item in zip(patterns, items, strict=True):
        if isinstance(part, ast.MatchStar):
            if part.name is not None:
                m.assign(part.name, item)
        else:
            answers.append(matches(m, part, item))
    return _all(answers)


def _items_by_version(m: InterpreterCore, subject: Varying) -> list[Value] | None:
    """The items of a list or tuple that depends on the installed version; None for a text."""
    return by_item(m, subject) if all(m.sequence(case) is not None for case, _ in subject.cases) else None


def _matches_mapping(m: InterpreterCore, pattern: ast.MatchMapping, subject: Value) -> bool | None:
    entries = m.mapping(subject)
    keys = [m.evaluate(key) for key in pattern.keys]
    if entries is None:
        _bind_unknown(m, [pattern])
        return None if isinstance(m.look(subject), DictObject) else _never(m, subject)
    answers: list[bool | None] = []
    for key, part in zip(keys, pattern.patterns, strict=True):
        if isinstance(key, Const) and key.value in entries:
            answers.append(matches(m, part, entries[key.value].value))
        else:
            _bind_unknown(m, [part])
            answers.append(False if isinstance(key, Const) else None)
    if pattern.rest is not None:
        used = {key.value for key in keys if isinstance(key, Const)}
        m.assign(pattern.rest, m.new_dict({key: entry for key, entry in entries.items() if key not in used}))
    return _all(answers)


def _matches_class(m: InterpreterCore, pattern: ast.MatchClass, subject: Value) -> bool | None:
    """``str()``, or a class of the program with patterns for its attributes."""
    cls, thing = m.evaluate(pattern.cls), m.look(subject)
    wanted = _BUILTIN_TYPES.get(cls.path.removeprefix("builtins.")) if isinstance(cls, Api) else None
    if wanted is not None:
        answer = isinstance(subject.value, wanted) if isinstance(subject, Const) else _never(m, subject)
        if len(pattern.patterns) == 1 and not pattern.kwd_patterns and answer:
            return matches(m, pattern.patterns[0], subject)
        _bind_unknown(m, [*pattern.patterns, *pattern.kwd_patterns])
        return answer if not pattern.patterns and not pattern.kwd_patterns else None
    answers: list[bool | None] = [None]
    if isinstance(cls, Ref) and isinstance(thing, Instance):
        answers = [cls in set(ancestors(m, thing.cls))]
    for name, part in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
        answers.append(matches(m, part, m.attribute(subject, name)))
    _bind_unknown(m, pattern.patterns)
    return _all([*answers, *([None] if pattern.patterns else [])])


def _bind_unknown(m: InterpreterCore, patterns: list[ast.pattern]) -> None:
    for pattern in patterns:
        for child in ast.walk(pattern):
            name = getattr(child, "name", None) or getattr(child, "rest", None)
            if isinstance(name, str):
                m.assign(name, m.unknown("a part of a matched value"))
