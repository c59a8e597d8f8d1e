"""The reach of a function: all that it can change is within what it is passed, what it names, and what these hold."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.draws import stir
from keraslint.analysis.core.effects import may_be_handed_out, may_make_layers, run_handed_functions
from keraslint.analysis.core.forgetting import forget_contents, forget_data, forget_settings, parts_of
from keraslint.analysis.core.handing import handed_out
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Object, Scope, SetObject
from keraslint.analysis.core.values import (
    Array,
    Function,
    Method,
    Partial,
    Ref,
    Super,
    Suspended,
    Value,
    Varying,
    options,
)
from keraslint.analysis.interpreter.interpreter import Interpreter, Names

# Names by which a function reaches anything.
_ANYWHERE = frozenset("globals vars locals eval exec __import__ __builtins__ importlib modules".split())
_PLAIN = frozenset("abs bool enumerate float int isinstance len max min print range round str sum tuple zip".split())
_MAKERS = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.GeneratorExp, ast.Yield, ast.YieldFrom)
_MOST_VALUES = 2_000
_MOST_SOURCES = 200


def skipped_call(m: Interpreter, function: Function, args: Arguments, why: str) -> Value | None:
    """The result of a call that is not followed, after all within its reach was forgotten.

    None if it has to be followed, since it may run a function in which there is something to observe.
    """
    m.step()
    given = args.every()
    found = reach(m, [function, *given])
    if found is None or any(isinstance(one, Function) and not m.is_aside(one.module) for one in found):
        return None
    forget_reach(m, found, why)
    models = [value for value in found if isinstance(value, Ref) and m.part(value) is not None]
    for value in models:
        handed_out(m, value)
    m.seen.loss_readers.update(value.number for value in models)
    stir(m, function, found)
    m.state.stirred = m.next_number()
    if any(not _keeps_nothing(m, one) for one in found):
        may_be_handed_out(m, Partial(function, tuple(args.positional), tuple(args.keywords.items())))
    run_handed_functions(m)
    may_make_layers(m)
    held = [value for value in found if isinstance(m.look(value), (ListObject, DictObject, SetObject, Instance))]
    return m.unknown(why, of=held if len(held) <= _MOST_SOURCES else given)


def reach(m: Interpreter, values: Iterable[Value]) -> list[Value] | None:
    """All values that code with these values can reach, each once; None for code that may reach anything."""
    found: dict[Value, None] = {}
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value in found:
            continue
        found[value] = None
        m.poll(len(found))
        if len(found) > _MOST_VALUES:
            return None
        if isinstance(value, Function):
            named = _named_in(m, value)
            if named is None:
                return None
            waiting += named
        waiting += parts_of(m, value)
        waiting += _further_parts(m, value)
    return list(found)


def _further_parts(m: Interpreter, value: Value) -> Iterator[Value]:
    """The values to which a value gives code that runs, besides those that it holds."""
    if isinstance(value, (Method, Suspended)):
        yield value.function
    elif isinstance(value, Super):
        yield from (value.owner, value.receiver)
    elif isinstance(value, Varying):
        yield from options(value)
    thing = m.look(value)
    if isinstance(thing, Instance):
        yield thing.cls
    elif isinstance(thing, ClassObject):
        yield from (*thing.attributes.values(), *thing.bases)
    elif isinstance(thing, Scope):
        yield from thing.variables.values()
    elif isinstance(thing, DictObject) and thing.default is not None:
        yield thing.default


def _named_in(m: Interpreter, function: Function) -> list[Value] | None:
    """The values of the names in a function, and its defaults; None if it names what may reach anything."""
    if function.node not in m.names:
        m.names[function.node] = _names_in(m, function.node)
    names = m.names[function.node].all
    if not names.isdisjoint(_ANYWHERE) or function.scope not in m.state.objects:
        return None
    with m.control.in_scope(function.scope):
        found = [value for name in names if (value := m.lookup(name)) is not None]
    parts = (function.owner, function.setter, function.deleter, *(value for _, value in function.defaults))
    return [*found, *(value for value in parts if value is not None)]


def _names_in(m: Interpreter, node: ast.AST) -> Names:
    found, outer = set[str](), set[str]()
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            found.add(child.id)
        elif isinstance(child, ast.Attribute) and child.attr in _ANYWHERE:
            found.add(child.attr)
        elif isinstance(child, (ast.Global, ast.Nonlocal)):
            outer.update(child.names)
        elif isinstance(child, (ast.Import, ast.ImportFrom)) and _imports_own(m, child):
            found.add("__import__")
    return Names(frozenset(found | outer), frozenset(outer))


def _imports_own(m: Interpreter, node: ast.Import | ast.ImportFrom) -> bool:
    """True if an import may run a module of the project."""
    if isinstance(node, ast.ImportFrom) and node.level:
        return True
    module = getattr(node, "module", None)
    names = [module] if module else [alias.name for alias in node.names]
    return m.project is not None and any(m.project.find(m.start, name.partition(".")[0]) for name in names)


def _keeps_nothing(m: Interpreter, value: Value) -> bool:
    """False for a class, or a function that may make functions, or give them to what it calls."""
    if not isinstance(value, Function):
        return not isinstance(m.look(value), ClassObject)
    if value.node not in m.calls_by_name:
        inner = [node for node in ast.walk(value.node) if node is not value.node]
        calls = [node.func for node in inner if isinstance(node, ast.Call)]
        names = frozenset(function.id for function in calls if isinstance(function, ast.Name))
        others = any(isinstance(node, _MAKERS) for node in inner) or not all(isinstance(one, ast.Name) for one in calls)
        m.calls_by_name[value.node] = None if others else names
    names_called = m.calls_by_name[value.node]
    with m.control.in_scope(value.scope):
        return names_called is not None and all(_is_plain(m, name) for name in names_called)


def _is_plain(m: Interpreter, name: str) -> bool:
    """True for a function of Python that calls and keeps nothing, or a function of the program."""
    found = m.lookup(name)
    return isinstance(found, Function) or (found is None and name in _PLAIN)


def forget_reach(m: Interpreter, values: list[Value], why: str) -> None:
    """Forget what code that reaches these values may have changed: contents, settings, and variables that it sets."""
    m.state.forget_facts_within()
    m.state.used_up |= frozenset(value.number for value in values if isinstance(value, Suspended))
    for value in values:
        thing = m.look(value)
        if isinstance(value, Function):
            _forget_outer(m, value, why)
        elif isinstance(value, Ref) and isinstance(thing, Scope):
            forget_data(m, value.number, thing, why)
        elif isinstance(thing, Instance):
            forget_settings(m, value, why)
        elif isinstance(value, Array) or _is_known(thing):
            forget_contents(m, value, why)


def _is_known(thing: Object | None) -> bool:
    if isinstance(thing, DictObject):
        return thing.entries is not None
    return isinstance(thing, (ListObject, SetObject)) and thing.items is not None


def _forget_outer(m: Interpreter, function: Function, why: str) -> None:
    """Forget the variables that a function declares global or nonlocal."""
    for name in m.names[function.node].outer:
        with m.control.in_scope(function.scope):
            number = m.scope_of(name)
        if number is not None:
            names = m.state.writable(number, Scope).variables
            names[name] = m.unknown(why, of=(names[name],))
