"""Statements: what they do to the state, and how branches and loops come together."""

from __future__ import annotations

import ast
from contextlib import nullcontext
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import forget, not_followed
from keraslint.analysis.core.enums import make_members
from keraslint.analysis.core.functions import ancestors, bind_function, find_in_class, may_change_class, own_method
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope, State, join_all
from keraslint.analysis.core.values import NONE, Api, Const, Function, Method, Ref, Value
from keraslint.analysis.interpreter.assumptions import assume, holds
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.targets import bind_target
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.python.builtin_functions import slice_parts
from keraslint.analysis.python.dataclass_types import declared_fields
from keraslint.analysis.python.patterns import matches

# Decorators by the last part of their name: they call the function with the arguments that they are given.
_TRANSPARENT = frozenset(
    "wraps function jit register_keras_serializable register_serializable lru_cache cache timeit retry override final"
    " no_grad deprecated typechecked abstractmethod profile experimental".split()
)
_CLASS_KEEPERS = frozenset(
    "dataclass dataclass_json total_ordering unique verify runtime_checkable dataclass_transform".split()
)
_PLAIN_METACLASSES = (None, Api("abc.ABCMeta"), Api("enum.EnumMeta"), Api("enum.EnumType"), Api("builtins.type"))
_KEEPS = ("property", "staticmethod", "classmethod")


def run_expr(m: Interpreter, node: ast.Expr) -> None:
    """Evaluate an expression that stands as a statement."""
    m.evaluate(node.value)


def run_assign(m: Interpreter, node: ast.Assign) -> None:
    """Run ``a = b = c``."""
    value = m.evaluate(node.value)
    for target in node.targets:
        bind_target(m, target, value, node.value)


def run_ann_assign(m: Interpreter, node: ast.AnnAssign) -> None:
    """Run ``a: int = b``."""
    if node.value is not None:
        bind_target(m, node.target, m.evaluate(node.value), node.value)


def run_aug_assign(m: Interpreter, node: ast.AugAssign) -> None:
    """Run ``a += b`` and the like."""
    load = ast.copy_location(ast.BinOp(_as_load(node.target), node.op, node.value), node)
    if isinstance(node.op, (ast.Add, ast.BitOr)) and _grow(m, m.evaluate(load.left), node):
        return
    bind_target(m, node.target, m.evaluate(load))


def _grow(m: Interpreter, value: Value, node: ast.AugAssign) -> bool:
    """``+=`` on a list and ``|=`` on a dict change the object itself."""
    thing = m.look(value)
    if not isinstance(value, Ref) or not isinstance(thing, (ListObject, DictObject)):
        return False
    more = m.evaluate(node.value)
    if isinstance(thing, ListObject):
        items = m.iterate(more)
        if items is None:
            forget(m, value, "an unknown number of items is added to it")
        elif thing.items is not None:
            m.state.writable(value.number, ListObject).items = [*thing.items, *items]
        return True
    entries = m.mapping(more)
    if entries is None:
        forget(m, value, "an unknown dict is merged into it")
    elif thing.entries is not None:
        m.state.writable(value.number, DictObject).entries = {**thing.entries, **entries}
    return True


def run_return(m: Interpreter, node: ast.Return) -> None:
    """Run ``return``: the state goes to the caller."""
    value = m.evaluate(node.value) if node.value is not None else Const(None)
    m.control.jumps.returns.append((value, m.state))
    _end_here(m)


def _end_here(m: Interpreter) -> None:
    m.state = m.state.fork()
    m.state.dead = True


def run_raise(m: Interpreter, node: ast.Raise) -> None:
    """Run ``raise``: nothing behind it runs."""
    if node.exc is not None:
        m.evaluate(node.exc)
    _end_here(m)


def run_break(m: Interpreter, _: ast.Break) -> None:
    """Run ``break``: the state goes behind the loop."""
    m.control.jumps.breaks.append(m.state)
    _end_here(m)


def run_continue(m: Interpreter, _: ast.Continue) -> None:
    """Run ``continue``: the state goes to the next turn."""
    m.control.jumps.continues.append(m.state)
    _end_here(m)


def run_delete(m: Interpreter, node: ast.Delete) -> None:
    """Run ``del`` of attributes and items."""
    for target in node.targets:
        if isinstance(target, ast.Attribute):
            _delete_attribute(m, m.evaluate(target.value), target.attr)
        elif isinstance(target, ast.Subscript):
            container, key = m.evaluate(target.value), as_key(m, m.evaluate(target.slice))
            _delete_item(m, container, key)


def _delete_item(m: Interpreter, container: Value, key: Value) -> None:
    entries, thing = m.mapping(container), m.look(container)
    if isinstance(container, Ref) and entries is not None and isinstance(key, Const):
        kept = {name: entry for name, entry in entries.items() if name != key.value}
        m.state.writable(container.number, DictObject).entries = kept
        return
    if isinstance(container, Ref) and isinstance(thing, ListObject) and thing.items is not None:
        place = _place(key, len(thing.items))
        if place is not None:
            items = [*thing.items]
            del items[place]
            m.state.writable(container.number, ListObject).items = items
            return
    forget(m, container, "an item is deleted from it")


def _delete_attribute(m: Interpreter, value: Value, name: str) -> None:
    thing = m.look(value)
    if isinstance(value, Ref) and isinstance(thing, Instance):
        m.state.writable(value.number, Instance).attributes.pop(name, None)
    elif isinstance(value, Ref) and isinstance(thing, ClassObject):
        m.state.writable(value.number, ClassObject).attributes.pop(name, None)


def run_assert(m: Interpreter, node: ast.Assert) -> None:
    """Run ``assert``: what it asks for holds behind it."""
    truth = holds(m, node.test)
    if truth is False:
        _end_here(m)
    elif truth is None:
        assume(m, node.test, True)


def run_if(m: Interpreter, node: ast.If) -> None:
    """Run ``if``: the branch that is taken, or both where that is not known."""
    truth = holds(m, node.test)
    if truth is not None:
        m.execute(node.body if truth else node.orelse)
        return
    before, ends = m.state, []
    with m.control.uncertain():
        for answer, block in ((True, node.body), (False, node.orelse)):
            m.state = before.fork()
            assume(m, node.test, answer)
            m.execute(block)
            ends.append(m.state)
    m.state = join_all(ends) or before
    m.state.narrowed |= any(end.dead for end in ends)


def run_match(m: Interpreter, node: ast.Match) -> None:
    """Run ``match``: each case that the subject may match."""
    subject = m.evaluate(node.subject)
    before = m.state
    ends: list[State] = []
    for case in node.cases:
        m.state = before.fork()
        answer = matches(m, case.pattern, subject)
        if answer is not False and case.guard is not None:
            guard = holds(m, case.guard)
            answer = guard if guard is not True else answer
        if answer is False:
            continue
        with nullcontext() if answer is True and not ends else m.control.uncertain():
            m.execute(case.body)
        ends.append(m.state)
        if answer:
            break
    else:
        ends.append(before.fork())
    m.state = join_all(ends) or before


def run_global(m: Interpreter, node: ast.Global) -> None:
    """Run ``global``."""
    _declare(m, node.names, m.module_scope())


def run_nonlocal(m: Interpreter, node: ast.Nonlocal) -> None:
    """Run ``nonlocal``."""
    scope = m.state.objects[m.control.scope]
    for name in node.names:
        number = scope.parent if isinstance(scope, Scope) else None
        while number is not None:
            outer = m.state.objects[number]
            if not isinstance(outer, Scope) or name in outer.variables:
                break
            number = outer.parent
        _declare(m, [name], number)


def _declare(m: Interpreter, names: list[str], number: int | None) -> None:
    if number is not None and number != m.control.scope:
        m.state.writable(m.control.scope, Scope).outer.update(dict.fromkeys(names, number))


def run_function_def(m: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Run ``def``: make the function and apply its decorators."""
    value: Value = bind_function(m, node)
    for decorator in reversed(node.decorator_list):
        value = _decorated(m, value, decorator)
    m.assign(node.name, value)


def _decorated(m: Interpreter, function: Value, node: ast.expr) -> Value:
    """A decorator of the program is followed; one from elsewhere is taken to keep the function."""
    decorator = m.evaluate(node)
    if isinstance(decorator, Api) and isinstance(function, Function):
        name = decorator.path.rpartition(".")[2]
        name = "property" if name == "cached_property" else name
        if name in _KEEPS:
            return replace(function, flavour=name, cached=decorator.path.endswith("cached_property"))
        if name in ("cache", "lru_cache"):
            return replace(function, cached=True)
        if name in ("singledispatch", "singledispatchmethod"):
            return not_followed(m, f"decorated with {name}")
        if name == "contextmanager":
            return replace(function, flavour=name)
        if name in ("asynccontextmanager", "overload"):
            return not_followed(m, f"decorated with {name}")
    if isinstance(node, ast.Attribute) and node.attr in ("setter", "deleter"):
        known = m.evaluate(node.value)
        setter = function if isinstance(function, Function) and node.attr == "setter" else None
        return replace(known, setter=setter) if isinstance(known, Function) else known
    if _is_own(m, decorator):
        return m.call(decorator, Arguments([function]))
    return function if _passes_on(node) or not isinstance(function, Function) else replace(function, wrapped=True)


def run_class_def(m: Interpreter, node: ast.ClassDef) -> None:
    """Run ``class``: run the body, make the class and apply its decorators."""
    bases = tuple(m.evaluate(base) for base in node.bases if not isinstance(base, ast.Starred))
    inner = m.new(Scope(m.control.scope, m.module, kind="class"))
    with m.control.in_scope(inner.number):
        m.execute(node.body)
    body = m.look(inner)
    variables = dict(body.variables) if isinstance(body, Scope) else {}
    is_tuple = any(isinstance(base, Api) and base.path == "typing.NamedTuple" for base in bases)
    metaclass = next((m.evaluate(word.value) for word in node.keywords if word.arg == "metaclass"), None)
    metaclass = None if metaclass in _PLAIN_METACLASSES else metaclass
    fields = declared_fields(node)
    ref = m.new(ClassObject(node.name, m.module, bases, {}, is_tuple=is_tuple, metaclass=metaclass, **fields))
    owned = {n: replace(v, owner=ref) if isinstance(v, Function) else v for n, v in variables.items()}
    m.state.writable(ref.number, ClassObject).attributes.update(owned)
    make_members(m, ref)
    if any(may_change_class(m, cls) for cls in ancestors(m, ref)):
        _forget_data(m, ref)
    for name, value in owned.items():
        if (told := own_method(m, value, "__set_name__")) is not None:
            m.call(told, Arguments([ref, Const(name)]))
    hook = next((found for base in bases if (found := find_in_class(m, base, "__init_subclass__"))), None)
    if isinstance(hook, Function):
        given = {word.arg: m.evaluate(word.value) for word in node.keywords if word.arg is not None}
        m.call(Method(replace(hook, flavour=""), ref), Arguments(keywords=given))
    m.assign(node.name, _decorated_class(m, ref, node))


def _decorated_class(m: Interpreter, ref: Ref, node: ast.ClassDef) -> Value:
    """A decorator of the program is followed; after one from elsewhere an instance may hold what is not seen."""
    made: Value = ref
    for decorator in reversed(node.decorator_list):
        function = m.evaluate(decorator)
        if _is_own(m, function):
            made = m.call(function, Arguments([made]))
        elif isinstance(m.look(made), ClassObject) and not _keeps_class(decorator):
            m.state.writable(ref.number, ClassObject).open = True
    return made


def _is_own(m: Interpreter, value: Value) -> bool:
    """True if a decorator is code of the program."""
    return isinstance(value, (Function, Method)) or isinstance(m.look(value), (ClassObject, Instance))


def _forget_data(m: Interpreter, ref: Ref) -> None:
    """Forget the data in a class that its metaclass may have changed."""
    cls = m.state.writable(ref.number, ClassObject)
    for name, value in cls.attributes.items():
        if not isinstance(value, Function):
            cls.attributes[name] = m.unknown("its class is changed when it is made")


def run_import(m: Interpreter, node: ast.Import) -> None:
    """Run ``import a.b as c``."""
    for alias in node.names:
        module = m.import_module(alias.name, 0)
        top = alias.name.partition(".")[0]
        m.assign(alias.asname or top, module if alias.asname else m.import_module(top, 0))


def run_import_from(m: Interpreter, node: ast.ImportFrom) -> None:
    """Run ``from a import b as c``."""
    module = m.import_module(node.module or "", node.level)
    for alias in node.names:
        if alias.name == "*":
            _import_all(m, module)
        else:
            m.assign(alias.asname or alias.name, m.attribute(module, alias.name))


def _import_all(m: Interpreter, module: Value) -> None:
    scope = m.look(module)
    if isinstance(scope, Scope):
        listed = m.sequence(scope.variables.get("__all__", NONE))
        public = None if listed is None else {m.text(name) for name in listed}
        for name, value in scope.variables.items():
            if name in public if public is not None else not name.startswith("_"):
                m.assign(name, value)
    else:
        names = m.state.writable(m.control.scope, Scope)
        names.stars.append(module)
        if not (isinstance(module, Api) and is_keras(module)):
            _may_be_replaced(m, names.variables)


def _may_be_replaced(m: Interpreter, variables: dict[str, Value]) -> None:
    """A star import that is not followed may bring values for names that are set already."""
    for name, value in variables.items():
        if not isinstance(value, (Api, Function)) and not isinstance(m.look(value), (Scope, ClassObject)):
            variables[name] = m.unknown(f"'{name}' may come from a star import that is not followed")


def _passes_on(decorator: ast.expr) -> bool:
    """True if a decorator from elsewhere is known to pass a call on as it is."""
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name.rpartition(".")[2] in _TRANSPARENT


def _place(key: Value, length: int) -> int | slice | None:
    """The item or items of a list that ``del`` removes; None where they are not known."""
    part = slice_parts(key)
    if part is not None:
        return slice(*part)
    known = isinstance(key, Const) and isinstance(key.value, int) and -length <= key.value < length
    return key.value if isinstance(key, Const) and isinstance(key.value, int) and known else None


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    if isinstance(target, ast.Subscript):
        return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    return target


def _keeps_class(decorator: ast.expr) -> bool:
    """True if a decorator from elsewhere leaves a class and its instances as they are written."""
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator).rpartition(".")[2]
    return name in _CLASS_KEEPERS or name in _TRANSPARENT
