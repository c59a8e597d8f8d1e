"""Functions of Python's library that call others as they are read, written in Python and run as the program's own."""

from __future__ import annotations

import ast
import functools

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import Function, Sequence, Suspended, Value

_SOURCE = """
def map(function, *sources):
    for row in zip(*sources):
        yield function(*row)

def filter(function, source):
    for item in source:
        if item if function is None else function(item):
            yield item

def filterfalse(function, source):
    for item in source:
        if not (item if function is None else function(item)):
            yield item

def starmap(function, source):
    for row in source:
        yield function(*row)

def enumerate(source, start=0):
    number = start
    for item in source:
        yield (number, item)
        number += 1

def zip(before, source, after, end, last):
    number = 0
    for item in source:
        if number == last:
            break
        yield (*(before[number] if before else ()), item, *(after[number] if after else ()))
        number += 1
        if number == end:
            break

def chain(*sources):
    for source in sources:
        yield from source

def from_iterable(sources):
    for source in sources:
        yield from source

def takewhile(function, source):
    for item in source:
        if not function(item):
            break
        yield item

def any(source):
    for item in source:
        if item:
            return True
    return False

def all(source):
    for item in source:
        if not item:
            return False
    return True

def next(source, *default):
    for item in source:
        return item
    return default[0]

def reduce(function, source, *first):
    items = list(source)
    result = first[0] if first else items.pop(0)
    for item in items:
        result = function(result, item)
    return result

def max(source, key):
    items = list(source)
    best = items[0]
    highest = key(best)
    for item in items[1:]:
        worth = key(item)
        if worth > highest:
            best, highest = item, worth
    return best

def min(source, key):
    items = list(source)
    best = items[0]
    lowest = key(best)
    for item in items[1:]:
        worth = key(item)
        if worth < lowest:
            best, lowest = item, worth
    return best
"""


@functools.cache
def _functions() -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in ast.parse(_SOURCE).body if isinstance(node, ast.FunctionDef)}


def call_lazy(m: InterpreterCore, name: str, args: Arguments) -> Value:
    """The result of calling the function of this name, which is one of those above."""
    function = Function(_functions()[name], m.library_scope, "")
    return m.call(
        function, Arguments(list(args.positional), dict(args.keywords), open=args.open, may_pass=args.may_pass)
    )


def zip_with_generator(m: InterpreterCore, args: Arguments) -> Value | None:
    """The result of ``zip`` where just one of its arguments is a generator, and the others are known; else None.

    The generator runs from item to item as the result is read. It runs once more if a column after it ends first, and
    not if one before it does.
    """
    places = [place for place, value in enumerate(args.positional) if isinstance(value, Suspended)]
    if len(places) != 1 or args.open or args.keywords:
        return None
    others = [m.iterate(value) for value in args.positional if not isinstance(value, Suspended)]
    columns = [column for column in others if column is not None]
    if len(columns) != len(others):
        return None
    before, after = columns[: places[0]], columns[places[0] :]
    end, last = (min(map(len, side), default=None) for side in (before, after))
    if end == 0:
        return Sequence((), once=True)
    source = args.positional[places[0]]
    return call_lazy(m, "zip", Arguments([_rows(before), source, _rows(after), m.constant(end), m.constant(last)]))


def _rows(columns: list[list[Value]]) -> Value:
    return Sequence(tuple(Sequence(row) for row in zip(*columns, strict=False)))
