"""Definitions of functions and classes, and what their decorators make of them."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import KerasChanged
from keraslint.analysis.core.effects import hooks_may_run, may_run, note_hooks
from keraslint.analysis.core.enums import make_members, members
from keraslint.analysis.core.forgetting import put_into
from keraslint.analysis.core.functions import (
    ancestors,
    bind_function,
    enclosing,
    find_in_class,
    may_change_class,
    own_method,
)
from keraslint.analysis.core.origins import CallOf, Derived
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Bound,
    Const,
    Function,
    Method,
    OneOf,
    Partial,
    Ref,
    Sequence,
    Suspended,
    Unknown,
    Value,
)
from keraslint.analysis.interpreter.annotations import annotate_function
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.python.dataclass_types import declared_fields

# Decorators by the last part of their name: they pass their arguments on to the function.
_TRANSPARENT = frozenset(
    "wraps function jit register_keras_serializable register_serializable lru_cache cache timeit retry override final"
    " no_grad deprecated typechecked abstractmethod profile experimental".split()
)
_CLASS_KEEPERS = frozenset(
    "dataclass dataclass_json total_ordering unique verify runtime_checkable dataclass_transform".split()
)
_PLAIN_METACLASSES = (None, Api("abc.ABCMeta"), Api("enum.EnumMeta"), Api("enum.EnumType"), Api("builtins.type"))
_SKIPPING = {"pytest.mark.skipif": True, "unittest.skipIf": True, "unittest.skipUnless": False}
"""Marks that skip a test, with the truth value of the condition with which they do."""
_KEEPS = ("property", "staticmethod", "classmethod")


def run_function_def(m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Run ``def``: make the function and apply its decorators."""
    decorators = [(m.evaluate(each), each) for each in node.decorator_list]
    value: Value = bind_function(m, node)
    annotate_function(m, node)
    for decorator, written in reversed(decorators):
        value = _decorated(m, value, decorator, written)
    m.assign(node.name, value)


def _decorated(m: Interpreter, function: Value, decorator: Value, node: ast.expr) -> Value:
    """The decorated function. A decorator of the program is followed; others are assumed to keep the function."""
    if isinstance(decorator, Api) and isinstance(function, Function):
        name = decorator.path.rpartition(".")[2]
        name = "property" if name == "cached_property" else name
        if name in _KEEPS:
            return replace(function, flavour=name, cached=decorator.path.endswith("cached_property"))
        if name in ("cache", "lru_cache"):
            m.state.cached = {key: value for key, value in m.state.cached.items() if not is_of(function, key)}
            return replace(function, cached=True)
        if name in ("singledispatch", "singledispatchmethod"):
            may_run(m, [function])
            return m.unknown(f"decorated with {name}")
        if name == "contextmanager":
            return replace(function, flavour=name)
        if name in ("asynccontextmanager", "overload"):
            may_run(m, [function])
            return m.unknown(f"decorated with {name}")
    if isinstance(node, ast.Attribute) and node.attr in ("setter", "deleter"):
        known = m.evaluate(node.value)
        own = function if isinstance(function, Function) else None
        if isinstance(known, Function):
            return replace(known, setter=own) if node.attr == "setter" else replace(known, deleter=own)
        return known
    if _is_own(m, decorator):
        return m.call(decorator, Arguments([function]))
    if skips(m, decorator):
        return m.unknown("a test that is skipped")
    _note_wrapped(m, function, decorator)
    if _passes_on(node) or not isinstance(function, Function):
        return function
    may_run(m, [function, decorator] if isinstance(decorator, Suspended) else [function])
    return replace(function, wrapped=True)


def _note_wrapped(m: Interpreter, function: Value, decorator: Value) -> None:
    """Note that a decorator such as ``functools.wraps(f)`` may keep what it was made with in the function."""
    if isinstance(decorator, Unknown) and isinstance(decorator.origin, CallOf):
        put_into(m, function, decorator.origin.arguments)


def is_of(function: Function, key: Hashable) -> bool:
    """True for the key of a result that an earlier function of the same definition keeps."""
    return isinstance(key, tuple) and key[0] == id(function.node)


def _set_in_body(node: ast.ClassDef) -> frozenset[str]:
    """The variables that a class body sets, but for those in what it defines; those of its comprehensions with them."""
    left, found = list[ast.AST](node.body), set[str]()
    while left:
        one = left.pop()
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(one.name)
        elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            found.add(one.id)
        elif not isinstance(one, ast.Lambda):
            left += ast.iter_child_nodes(one)
    return frozenset(found)


def run_class_def(m: Interpreter, node: ast.ClassDef) -> None:
    """Run ``class``: run the body, make the class and apply its decorators."""
    decorators = [(m.evaluate(each), each) for each in node.decorator_list]
    bases = tuple(base for each in node.bases for base in _bases_of(m, each))
    hooks_may_run(m, *(base for base in bases if isinstance(m.look(base), Instance)))  # such as __mro_entries__
    inner = m.new(Scope(enclosing(m), m.module, kind="class", passed_by=_set_in_body(node)))
    with m.control.in_scope(inner.number):
        m.execute(node.body)
    body = m.look(inner)
    variables = dict(body.variables) if isinstance(body, Scope) else {}
    is_tuple = any(isinstance(base, Api) and base.path == "typing.NamedTuple" for base in bases)
    metaclass = next((m.evaluate(word.value) for word in node.keywords if word.arg == "metaclass"), None)
    metaclass = None if metaclass in _PLAIN_METACLASSES else metaclass
    if metaclass is not None and find_in_class(m, metaclass, "mro") is not None:
        raise KerasChanged("a metaclass decides on the order of base classes")
    fields = declared_fields(node)
    ref = m.new(ClassObject(node.name, m.module, bases, {}, is_tuple=is_tuple, metaclass=metaclass, **fields))
    owned = {n: replace(v, owner=ref) if isinstance(v, Function) else v for n, v in variables.items()}
    if is_tuple:
        owned["_fields"] = Sequence(tuple(map(Const, fields.get("fields", ()))))
    m.state.writable(ref.number, ClassObject).attributes.update(owned)
    make_members(m, ref)
    note_hooks(m, variables)
    made = m.look(ref)
    if isinstance(made, ClassObject) and made.members:
        _initialize_members(m, ref)
    if any(may_change_class(m, cls) for cls in ancestors(m, ref)):
        _forget_data(m, ref)
        for cls in ancestors(m, ref):
            thing = m.look(cls)
            if isinstance(thing, ClassObject) and thing.metaclass is not None:
                _run_own(m, thing.metaclass, ref, "__prepare__", "__new__", "__init__", "mro")
    for name, value in owned.items():
        if (told := own_method(m, value, "__set_name__")) is not None:
            m.call(told, Arguments([ref, Const(name)]))
    hook = next((found for base in bases if (found := find_in_class(m, base, "__init_subclass__"))), None)
    if isinstance(hook, Function):
        given = {word.arg: m.evaluate(word.value) for word in node.keywords if word.arg is not None}
        m.call(Method(replace(hook, flavour=""), ref), Arguments(keywords=given))
    m.assign(node.name, _decorated_class(m, ref, decorators))


def _bases_of(m: Interpreter, node: ast.expr) -> list[Value]:
    """The base class that stands at a place, or those of a starred list; an unknown one where they are not known."""
    if not isinstance(node, ast.Starred):
        base = m.evaluate(node)
        return [m.unknown("one of several classes", of=base.options) if isinstance(base, OneOf) else base]
    listed = m.evaluate(node.value)
    found = m.sequence(listed)
    return [m.unknown("base classes that are not known", of=(listed,))] if found is None else found


def _initialize_members(m: Interpreter, cls: Ref) -> None:
    """Run ``__init__`` of an Enum for each of its members; it is not followed where other code makes the members."""
    init = find_in_class(m, cls, "__init__")
    others = [find_in_class(m, cls, name) for name in ("__new__", "_generate_next_value_")]
    if not isinstance(init, Function) or others != [None, None] or _sets_name_or_value(init):
        _run_own(m, cls, cls, "__init__", "__new__", "_generate_next_value_")
        return
    for member in members(m, cls) or ():
        thing = m.look(member)
        value = thing.attributes["value"] if isinstance(thing, Instance) else NONE
        given: list[Value] = [*value.items] if isinstance(value, Sequence) else [value]
        m.call(Method(init, member), Arguments(given))


def _sets_name_or_value(function: Function) -> bool:
    nodes = (node for node in ast.walk(function.node) if isinstance(node, ast.Attribute))
    return any(node.attr in ("name", "value") and not isinstance(node.ctx, ast.Load) for node in nodes)


def _run_own(m: Interpreter, cls: Value, receiver: Value, *names: str) -> None:
    """Carry out that these methods of a class run, with arguments that are not known."""
    found = [find_in_class(m, cls, name) for name in names]
    may_run(m, [Method(replace(one, flavour=""), receiver) for one in found if isinstance(one, Function)])


def _decorated_class(m: Interpreter, ref: Ref, decorators: list[tuple[Value, ast.expr]]) -> Value:
    """The decorated class. A decorator of the program is followed; others may add unseen attributes."""
    made: Value = ref
    for function, decorator in reversed(decorators):
        if skips(m, function):
            return m.unknown("tests that are skipped")
        if _is_own(m, function):
            made = m.call(function, Arguments([made]))
        elif isinstance(m.look(made), ClassObject) and not _keeps_class(decorator):
            m.state.writable(ref.number, ClassObject).open = True
    return made


def skips(m: Interpreter, mark: Value) -> bool:
    """True if a mark of pytest or unittest skips the tests at which it stands, by the installed version."""
    origin = mark.origin if isinstance(mark, Unknown) else None
    if not isinstance(origin, Derived) or not isinstance(origin.sources[-1], CallOf):
        return False
    call = origin.sources[-1]
    truth = m.truth(call.arguments[0]) if call.path in _SKIPPING else None
    return truth is not None and truth is _SKIPPING[call.path]


def _is_own(m: Interpreter, value: Value) -> bool:
    """True if a decorator is code of the program, or a method of one of its lists or dicts."""
    if isinstance(value, Partial):
        return _is_own(m, value.function)
    if isinstance(value, Bound) and isinstance(m.look(value.receiver), (ListObject, DictObject)):
        return True
    return isinstance(value, (Function, Method)) or isinstance(m.look(value), (ClassObject, Instance))


def _forget_data(m: Interpreter, ref: Ref) -> None:
    """Forget the data in a class that its metaclass may have changed."""
    cls = m.state.writable(ref.number, ClassObject)
    for name, value in cls.attributes.items():
        if not isinstance(value, Function):
            cls.attributes[name] = m.unknown("its class is changed when it is made")


def _passes_on(decorator: ast.expr) -> bool:
    """True if a decorator from outside the program is known to pass a call on unchanged."""
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name.rpartition(".")[2] in _TRANSPARENT


def _keeps_class(decorator: ast.expr) -> bool:
    """True if a decorator from outside the program leaves a class and its instances unchanged."""
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator).rpartition(".")[2]
    return name in _CLASS_KEEPERS or name in _TRANSPARENT
