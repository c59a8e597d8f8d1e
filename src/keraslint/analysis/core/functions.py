"""Functions and classes of the analysed program: making them, finding a method, binding parameters."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Hashable, Iterator

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_ANCESTORS, OutOfBounds
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import Derived, Parameter
from keraslint.analysis.core.state import ClassObject, Entry, Instance, Scope
from keraslint.analysis.core.values import Api, Const, Function, Method, Ref, Sequence, Unknown, Value, one_of, options
from keraslint.analysis.prefilter import children
from keraslint.limits import poll

GENERATOR_SOURCE = ".0"
"""The parameter that Python gives to a generator expression: it is read once, by the expression alone."""


def enclosing(m: InterpreterCore) -> int:
    """The number of the scope that a function, class or comprehension within the current one is in.

    The variables of a class body are seen in the body itself alone.
    """
    number = m.control.scope
    scope = m.state.objects[number]
    if isinstance(scope, Scope) and scope.kind == "class" and scope.parent is not None:
        return scope.parent
    return number


def bind_function(m: InterpreterCore, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Function:
    """The function that a ``def`` or ``lambda`` makes in the current scope."""
    arguments = node.args
    names = [arg.arg for arg in (*arguments.posonlyargs, *arguments.args)]
    plain = zip(names[len(names) - len(arguments.defaults) :], arguments.defaults, strict=True)
    keyword = ((arg.arg, value) for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    defaults = tuple((name, m.evaluate(value)) for name, value in (*plain, *keyword) if value is not None)
    number = enclosing(m)
    _capture(m, number)
    return Function(node, number, m.module, defaults)


def _capture(m: InterpreterCore, number: int | None) -> None:
    while number is not None:
        scope = m.state.objects[number]
        if not isinstance(scope, Scope) or scope.captured:
            return
        m.state.writable(number, Scope).captured = True
        number = scope.parent


def bind_parameters(m: InterpreterCore, function: Function, args: Arguments) -> dict[str, Value]:
    """The parameters of a call. One that is not passed has its default, else it is an Unknown."""
    spec = function.node.args
    values: dict[str, Value] = {}
    names = [arg.arg for arg in (*spec.posonlyargs, *spec.args)]
    for name, value in zip(names, args.positional, strict=False):
        values[name] = value if name == GENERATOR_SOURCE else guard_iterator(value)
    rest = {name: guard_iterator(value) for name, value in args.keywords.items()}
    by_place = {arg.arg for arg in spec.posonlyargs} if spec.kwarg else set[str]()
    for name in (*names, *(arg.arg for arg in spec.kwonlyargs)):
        if name in rest and name not in by_place:
            values[name] = rest.pop(name)
    defaults = dict(function.defaults)
    title = getattr(function.node, "name", "a lambda")
    if m.control.guards and _may_not_fit(function, args, names, values, rest):
        m.may_raise()
    for name in (*names, *(arg.arg for arg in spec.kwonlyargs)):
        if name not in values:
            unknown = Unknown(f"'{name}' is a parameter of {title}", Parameter(id(function.node), name, args.may_pass))
            default = defaults.get(name, unknown)
            held = isinstance(m.look(default), Instance) and not function.wrapped  # an object of the program
            values[name] = default if held or (not args.open and not function.wrapped) else unknown
            if args.open and m.control.recording_suspended and default is not unknown:
                values[name] = one_of([default, unknown])
    if spec.vararg:
        extra = tuple(args.positional[len(names) :])
        values[spec.vararg.arg] = m.unknown("further arguments", of=args.may_pass) if args.open else Sequence(extra)
    if spec.kwarg:
        entries: dict[Hashable, Entry] | None = None
        if not args.open:
            entries = {key: Entry(value) for key, value in rest.items()}
        values[spec.kwarg.arg] = m.new_dict(entries, why="keyword arguments that are not seen")
    return values


def _may_not_fit(
    function: Function, args: Arguments, names: list[str], values: dict[str, Value], rest: dict[str, Value]
) -> bool:
    """True if a function may be called with more, fewer or other arguments than it takes."""
    spec, known = function.node.args, {*values, *dict(function.defaults)}
    missing = any(name not in known for name in (*names, *(arg.arg for arg in spec.kwonlyargs)))
    many = len(args.positional) > len(names) and spec.vararg is None
    return args.open or missing or many or (bool(rest) and spec.kwarg is None)


def is_generator(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """True if a function yields: calling it runs nothing of it."""
    stack: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack += children(current)
    return False


def ancestors(m: InterpreterCore, cls: Value) -> tuple[Value, ...]:
    """A class and its bases in the order in which Python looks things up; Apis and Unknowns among them."""
    if (known := m.lines.get(cls)) is not None:
        return known
    waiting = [cls]
    while waiting:
        thing = m.look(waiting[-1])
        bases = thing.bases if isinstance(thing, ClassObject) else ()
        missing = [base for base in bases if base not in m.lines]
        if missing:
            waiting += missing
        else:
            m.lines[waiting[-1]] = _linear(waiting[-1], bases, m.lines)
            waiting.pop()
    return m.lines[cls]


def _linear(cls: Value, bases: tuple[Value, ...], lines: dict[Value, tuple[Value, ...]]) -> tuple[Value, ...]:
    """Python's method resolution order (C3). Bases that have none come in the order in which they are written."""
    rows = [[*reversed(row)] for row in (*(lines[base] for base in bases), bases)]  # the next one is the last
    behind = Counter(value for row in rows for value in row[:-1])
    order = [cls]
    while rows := [row for row in rows if row]:
        poll()
        if len(order) > MAX_ANCESTORS:
            raise OutOfBounds(f"a class has more than {MAX_ANCESTORS} ancestors")
        head = next((row[-1] for row in rows if not behind[row[-1]]), rows[0][-1])
        order.append(head)
        for row in rows:
            if row[-1] == head:
                row.pop()
                behind.subtract(row[-1:])
            elif behind[head] and head in row:  # there is no order that suits all bases
                row.remove(head)
                behind.subtract([head])
    return tuple(order)


def find_in_class(m: InterpreterCore, cls: Value, name: str, *, after: Ref | None = None) -> Value | None:
    """A class attribute by inheritance; ``after``: as ``super()`` in that class looks it up. None: not in view."""
    passed = after is None
    for current in ancestors(m, cls):
        if not passed:
            passed = current == after
            continue
        thing = m.look(current)
        if isinstance(thing, ClassObject) and name in thing.attributes:
            return thing.attributes[name]
        if isinstance(current, Api) and current.path in _MODELS and name in _OF_MODELS:
            return None
    return None


_MODELS = frozenset({"keras.Model", "keras.Sequential", "keras.Functional"})
_OF_MODELS = frozenset(
    "build call compile compute_loss compute_metrics evaluate fit predict predict_step test_step train_step".split()
)
"""Methods of Keras' models, which go before those of what stands behind them among the bases."""


def may_change_class(m: InterpreterCore, cls: Value) -> bool:
    """True if the metaclass that a class names may make other attributes of those in its body."""
    thing = m.look(cls)
    metaclass = thing.metaclass if isinstance(thing, ClassObject) else None
    return metaclass is not None and _defines(m, metaclass, "__new__", "__init__", "__prepare__", "mro")


def before_own_attribute(m: InterpreterCore, cls: Value, name: str) -> Value | None:
    """The property of this name that the metaclass has: Python asks it before the class. None where there is none.

    Unknown where the metaclass has a ``__getattribute__``, which decides on all attributes.
    """
    thing = m.look(cls)
    metaclass = thing.metaclass if isinstance(thing, ClassObject) else None
    if metaclass is None:
        return None
    if find_in_class(m, metaclass, "__getattribute__") is not None:
        return m.unknown("a metaclass decides on the attributes of its classes")
    found = find_in_class(m, metaclass, name)
    return found if isinstance(found, Function) and found.flavour == "property" else None


def behind_own_attribute(m: InterpreterCore, cls: Value, name: str) -> Value | None:
    """What the metaclass gives under a name that a class itself does not have; None if it gives nothing."""
    line = [m.look(each) for each in ancestors(m, cls)]
    metaclass = next((each.metaclass for each in line if isinstance(each, ClassObject) and each.metaclass), None)
    if metaclass is None or hasattr(type, name):
        return None
    if (given := find_in_class(m, metaclass, name)) is not None:
        return Method(given, cls) if isinstance(given, Function) and not given.flavour else given
    maker = find_in_class(m, metaclass, "__getattr__")
    if not isinstance(maker, Function) or id(maker.node) in m.control.entered:
        return None
    return m.call(Method(maker, cls), Arguments([Const(name)]))


def may_make_instances(m: InterpreterCore, metaclass: Value) -> bool:
    """True if calling a class of this metaclass may give something else than a new instance."""
    return _defines(m, metaclass, "__call__")


def _defines(m: InterpreterCore, metaclass: Value, *names: str) -> bool:
    """True if one of these methods is, or may be, the metaclass's own."""
    if any(find_in_class(m, metaclass, name) is not None for name in names):
        return True
    return any(
        not isinstance(m.look(base), ClassObject) and base not in (Api("builtins.type"), Api("abc.ABCMeta"))
        for base in ancestors(m, metaclass)
    )


def own_methods(thing: ClassObject) -> Iterator[Function]:
    """The functions that a class body defines."""
    for value in thing.attributes.values():
        if isinstance(value, Function) and not isinstance(value.node, ast.Lambda):
            yield value


def own_method(m: InterpreterCore, value: Value, name: str) -> Value | None:
    """A method that the value's class defines in the program; None where it does not."""
    thing = m.look(value)
    if not isinstance(thing, Instance):
        return None
    found = find_in_class(m, thing.cls, name)
    return Method(found, value) if isinstance(found, Function) else None


def is_property(m: InterpreterCore, value: Value, name: str) -> bool:
    """True if reading ``value.name`` runs code of the program."""
    for option in options(value):
        thing = m.look(option)
        found = find_in_class(m, thing.cls, name) if isinstance(thing, Instance) else None
        if isinstance(found, Function) and found.flavour == "property":
            return True
        if found is not None and own_method(m, found, "__get__") is not None:
            return True
        if isinstance(thing, Instance) and thing.part is None and _is_made_up(m, thing, name):
            return True
    return False


def _is_made_up(m: InterpreterCore, thing: Instance, name: str) -> bool:
    """True if a method of the class of an instance gives this attribute."""
    if find_in_class(m, thing.cls, "__getattribute__") is not None:
        return True
    if name in ("__class__", "__dict__"):  # each object has them
        return False
    missing = name not in thing.attributes and find_in_class(m, thing.cls, name) is None
    return missing and find_in_class(m, thing.cls, "__getattr__") is not None


def guard_iterator(value: Value) -> Value:
    """The value of a name that this value is bound to: an iterator may be used up before the name is read."""
    if isinstance(value, Sequence) and value.once:
        return Unknown("an iterator that is kept in a variable", Derived("iterator", (value.items,)))
    return value
