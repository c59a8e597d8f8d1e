"""Functions of Python's library that call others as they are read, written in Python and run as the program's own."""

from __future__ import annotations

import ast
import functools

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import Function, Value

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
