"""Access to names, attributes and objects at run time: vars, globals, setattr, exec, copy, super."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import KerasChanged
from keraslint.analysis.core.effects import hooks_may_run, not_followed, own_hook
from keraslint.analysis.core.enums import is_member
from keraslint.analysis.core.forgetting import forget_all_modules, forget_attributes
from keraslint.analysis.core.functions import find_in_class, own_method
from keraslint.analysis.core.state import ClassObject, DictObject, Entry, Instance, ListObject, Scope, SetObject
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Const,
    Function,
    Method,
    Namespace,
    Partial,
    Ref,
    Sequence,
    Super,
    Value,
    options,
)
from keraslint.analysis.interpreter.code_as_text import run_text
from keraslint.analysis.interpreter.definitions import is_of
from keraslint.analysis.interpreter.expressions import awaited
from keraslint.analysis.interpreter.imports import import_module
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.module_table import taken_out
from keraslint.analysis.python.attributes_by_name import set_any_attribute
from keraslint.analysis.python.dataclass_types import OF_COPIES
from keraslint.analysis.python.entries import as_entries
from keraslint.analysis.python.items import subscript

_ENDING = frozenset(
    "sys.exit os._exit os.abort builtins.exit builtins.quit pytest.exit pytest.fail pytest.skip pytest.xfail".split()
)
"""Functions after which nothing runs."""

_DELETING = frozenset({"builtins.delattr", "builtins.object.__delattr__", "builtins.type.__delattr__"})
_SETTING = _DELETING | {"builtins.setattr", "builtins.object.__setattr__", "builtins.type.__setattr__"}
_GIVE_MODULES = frozenset({"__getitem__", "copy", "get", "items", "popitem", "values"})


def reaching_in(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """The result of a function that ends the program or accesses its names and attributes; None for all others."""
    if path in _ENDING or path.startswith("os.exec"):
        m.end()
        return NONE
    if path == "asyncio.run" and args.positional:
        return awaited(m, args.positional[0])
    if path in ("importlib.import_module", "importlib.reload", "builtins.__import__"):
        return _imported(m, path, args)
    if path.startswith("unittest.mock.patch") and any(_names_keras(m, value) for value in args.every()):
        raise KerasChanged("a part of Keras itself is replaced")
    if path == "copyreg.pickle":
        raise KerasChanged("copyreg decides how objects are copied")
    if path.startswith(("sys.modules.", "builtins.__dict__.", "unittest.mock.patch")):
        return _reach_modules(m, path, args)
    if path == "builtins.vars" and args.positional:
        return m.attribute(args.positional[0], "__dict__")
    if path in ("builtins.globals", "builtins.vars", "builtins.locals"):
        return _namespace(m, path)
    if (made := run_text(m, path, args)) is not None:
        return made
    if path in _DELETING and len(args.positional) == 2 and (name := m.text(args.positional[1])) is not None:
        delete_attribute(m, args.positional[0], name)
        return NONE
    if path in _SETTING and args.positional and m.text(args.get(1, "")) is None:
        set_any_attribute(m, args.positional[0], args.positional[2:])
        m.seen.touched.update(one for one in options(args.positional[0]) if isinstance(one, ApiResult))
        return NONE
    return None


def _reach_modules(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """Carry out that a function may set variables of modules, or attributes of classes, that are not named there.

    The result is that of ``sys.modules.get``, None for all others.
    """
    if path.startswith("builtins.__dict__."):
        raise KerasChanged("a built-in function is replaced")
    if path == "sys.modules.get" and len(args.positional) == 1:
        return subscript(m, Api("sys.modules"), args.positional[0])
    if path.startswith("unittest.mock.patch"):
        _patched(m, args)
    elif path == "sys.modules.pop":
        unload(m, args.get(0, "key") or NONE)
    elif path.startswith("sys.modules.") and path.rpartition(".")[2] in _GIVE_MODULES:
        forget_all_modules(m)
    return None


def _patched(m: Interpreter, args: Arguments) -> None:
    """Carry out that ``mock.patch`` replaces attributes of an object, or of a module or class that a text names."""
    target = args.get(0, "target")
    for option in options(target) if target is not None else ():
        module, _, last = (m.text(option) or "").rpartition(".")
        named = import_module(m, module, 0) if module else option
        names = [last, m.text(args.get(1, "attribute")), *args.keywords]
        if m.look(named) is not None or isinstance(named, Api):
            for name in filter(None, names):
                held = m.attribute(named, name)  # what it is again after the patch
                m.set_attribute(named, name, m.unknown("mock.patch replaces it", of=(held, *args.every())))
        else:
            not_followed(m, "mock.patch replaces something that is not known")


def unload(m: Interpreter, name: Value) -> None:
    """Carry out that a module is taken out of ``sys.modules``: the next import runs it again."""
    text = m.text(name)
    if text is None or m.control.uncertain_depth:
        not_followed(m, "a module that is imported again may change it")
    for place, number in [*m.modules.items()]:
        scope = m.look(Ref(number))
        if isinstance(scope, Scope) and (text is None or scope.variables.get("__name__") == Const(text)):
            m.modules.pop(place)
    taken_out(m, text)


def _imported(m: Interpreter, path: str, args: Arguments) -> Value:
    """The module that ``import_module`` gives: one that is not known may be any of the project's."""
    name = m.text(args.get(0, "name"))
    if isinstance(m.look(module := args.get(0, "module") or NONE), Scope):  # it is loaded again
        not_followed(m, "a module that runs again may change it")
        forget_attributes(m, module, "a module that runs again may change it")
        return module
    if path == "importlib.import_module" and name is not None and name.startswith("."):
        name = _absolute(name, m.text(args.get(1, "package")))
    if name is None or name.startswith(".") or (path == "builtins.__import__" and args.get(4, "level") is not None):
        return not_followed(m, "a module that is imported by a name that is not known")
    module = import_module(m, name, 0)
    listed = m.sequence(args.get(3, "fromlist") or NONE)
    if path == "builtins.__import__" and "." in name and not listed:
        return import_module(m, name.partition(".")[0], 0)
    return module


def _absolute(name: str, package: str | None) -> str | None:
    """The whole name of a module that ``import_module`` is given with dots in front; None where it is not known."""
    rest = name.lstrip(".")
    parts = package.split(".") if package else []
    last = len(parts) - (len(name) - len(rest)) + 1
    return ".".join([*parts[:last], rest]) if last > 0 and rest else None


def _names_keras(m: Interpreter, value: Value) -> bool:
    """True for a name or module of Keras or TensorFlow, or a built-in function, as a text or by itself."""
    path = value.path if isinstance(value, Api) else m.text(value) or ""
    return path.partition(".")[0] in ("keras", "tensorflow", "tf_keras", "builtins")


def _namespace(m: Interpreter, path: str) -> Value:
    """The variables of the module or class that runs; in a function ``locals()`` is a dict of what they are now."""
    scope = m.look(Ref(m.control.scope))
    if path == "builtins.globals" or not isinstance(scope, Scope) or scope.kind in ("module", "class"):
        return Namespace(Ref(m.module_scope() if path == "builtins.globals" else m.control.scope))
    return m.new_dict({name: Entry(value, None, m.module) for name, value in scope.variables.items()})


def namespace_method(m: Interpreter, receiver: Value, name: str, args: Arguments) -> Value:
    """A method of ``__dict__``, ``vars()`` or ``globals()``."""
    if name == "update" and not args.open:
        given = args.get(0, "")
        entries = as_entries(m, given) if given is not None else {}
        if entries is not None and all(isinstance(key, str) for key in entries):
            named = {**{str(key): entry.value for key, entry in entries.items()}, **args.keywords}
            for key, value in named.items():
                m.set_attribute(receiver, key, value)
            return NONE
    text = m.text(args.get(0, ""))
    if name == "get" and text is not None and _has(m, receiver, text):
        return m.attribute(receiver, text)
    known = m.mapping(Namespace(receiver)) if name in ("keys", "values", "items", "copy") else None
    if known is not None:
        return m.call(m.attribute(m.new_dict(known), name), args)
    if name not in ("get", "keys", "values", "items", "copy"):
        forget_attributes(m, receiver, "its attributes are changed through its __dict__")
        if isinstance(m.look(receiver), Scope) and isinstance(receiver, Ref):  # it may have further names
            m.state.writable(receiver.number, Scope).stars.append(m.unknown("what is put into a __dict__"))
    return m.unknown(f"the result of .{name}()", of=(Namespace(receiver), *args.every()))


def _has(m: Interpreter, owner: Value, name: str) -> bool:
    """True if a module, class or instance surely has a variable or attribute of its own of this name."""
    thing = m.look(owner)
    names = thing.variables if isinstance(thing, Scope) else getattr(thing, "attributes", {})
    return name in names


def copied(m: Interpreter, value: Value, depth: int, made: dict[Value, Value] | None = None) -> Value:
    """A copy of a list, dict, set, tuple, method or plain instance; models and layers are not copied.

    depth: the levels that are copied, one for ``copy.copy``. made: what is copied already; None for ``copy.copy``.
    """
    thing = m.look(value)
    if made is not None and value in made:
        return made[value]
    deep = isinstance(value, (Sequence, Method, Partial)) and made is not None
    if not deep and (is_member(m, value) or not isinstance(thing, (ListObject, DictObject, SetObject, Instance))):
        return value
    if not depth:
        return value if made is None else m.unknown("a copy of what is nested deeply")

    def copy_of(item: Value) -> Value:
        return copied(m, item, depth - 1, made)

    if isinstance(value, Method):
        return replace(value, receiver=copy_of(value.receiver))
    if isinstance(value, Partial):
        keywords = tuple((name, copy_of(item)) for name, item in value.keywords)
        return replace(value, args=tuple(map(copy_of, value.args)), keywords=keywords)
    if isinstance(value, Sequence):
        items = tuple(map(copy_of, value.items))
        return value if items == value.items else Sequence(items, value.once)
    if isinstance(thing, Instance) and (refused := _not_copied(m, value, thing)) is not None:
        return refused
    assert isinstance(thing, (ListObject, DictObject, SetObject, Instance))
    copy = m.new(thing.copy())
    if made is not None:
        made[value] = copy  # before its items are copied, of which one may be the object itself
    _copy_items(m, copy, copy_of)
    return copy


def _not_copied(m: Interpreter, value: Value, thing: Instance) -> Value | None:
    """The value in place of a copy, for an instance that is not copied as its attributes are; None for all others."""
    hooks_may_run(m, value)
    if thing.part is not None:
        return m.unknown("a copy of a layer or model", of=(value,))
    if any(find_in_class(m, thing.cls, name) is not None for name in OF_COPIES):
        return not_followed(m, "a copy that methods of its class make")
    return None


def _copy_items(m: Interpreter, copy: Ref, copy_of: Callable[[Value], Value]) -> None:
    """Give a new object copies of its items or attributes."""
    thing = m.look(copy)
    if isinstance(thing, ListObject) and thing.items is not None:
        items = [*map(copy_of, thing.items)]
        m.state.writable(copy.number, ListObject).items = items
    elif isinstance(thing, DictObject) and thing.entries is not None:
        entries = {key: replace(entry, value=copy_of(entry.value)) for key, entry in thing.entries.items()}
        changed = m.state.writable(copy.number, DictObject)
        changed.entries, changed.inserted = entries, ()
    elif isinstance(thing, Instance):
        attributes = {name: copy_of(item) for name, item in thing.attributes.items()}
        m.state.writable(copy.number, Instance).attributes = attributes


def super_object(m: Interpreter, args: Arguments) -> Value:
    """The value of ``super()`` in the function that runs, or of ``super(owner, receiver)``."""
    if args.keywords or len(args.positional) not in (0, 2):
        return m.unknown("super() with other arguments than a class and an object")
    if args.positional:
        owner, receiver = args.positional
        if isinstance(owner, Ref) and isinstance(m.look(owner), ClassObject):
            return Super(owner, receiver)
        return m.unknown("super() of a class that is not known")
    for _, scope in m.scopes():
        if scope.owner is not None and scope.receiver is not None:
            return Super(scope.owner, scope.receiver)
    return m.unknown("super() outside of a method")


def delete_attribute(m: Interpreter, value: Value, name: str) -> None:
    """Carry out ``del value.name``."""
    thing = m.look(value)
    found = find_in_class(m, thing.cls, name) if isinstance(thing, Instance) else None
    if isinstance(found, Function) and found.deleter is not None:
        m.call(Method(found.deleter, value), Arguments())
        return
    if found is not None and (own := own_method(m, found, "__delete__")) is not None:
        m.call(own, Arguments([value]))
        return
    if (own := own_hook(m, value, "__delattr__")) is not None:
        m.call(own, Arguments([Const(name)]))
        forget_attributes(m, value, f"{name} is deleted by a __delattr__ of its class")
        return
    if isinstance(value, Ref) and isinstance(thing, Instance):
        m.state.writable(value.number, Instance).attributes.pop(name, None)
        found = find_in_class(m, thing.cls, name)
        if isinstance(found, Function) and found.cached:  # a cached property is computed anew
            m.state.cached = {key: made for key, made in m.state.cached.items() if not is_of(found, key)}
    elif isinstance(value, Ref) and isinstance(thing, Scope):
        m.state.writable(value.number, Scope).variables.pop(name, None)
    elif isinstance(value, Ref) and isinstance(thing, ClassObject):
        m.state.writable(value.number, ClassObject).attributes.pop(name, None)
