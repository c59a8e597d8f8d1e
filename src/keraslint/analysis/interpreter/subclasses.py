"""Subclasses in view, and the attributes and methods that they give another value than their class does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from keraslint.analysis.core.forgetting import reached
from keraslint.analysis.core.functions import ancestors, find_in_class, own_methods
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import Function, Ref, Unknown, Value
from keraslint.analysis.facts import Subclassed
from keraslint.analysis.interpreter.classes import is_plain

# A subclass that gives another one of these does not hide what the class does.
_MAKERS = frozenset("__doc__ __init__ __module__ __new__ __post_init__ __qualname__".split())


Classes: TypeAlias = tuple[Ref, ...]


def by_subclasses(m: InterpreterCore, cls: Ref, methods: list[Function]) -> dict[Classes, list[Function]]:
    """Methods of a class by the subclasses in view on whose instances they may run, too."""
    below = [ref for ref, _ in _classes(m) if ref != cls and any(_may_be(m, one, cls) for one in ancestors(m, ref))]
    found: dict[Classes, list[Function]] = {}
    for method in methods:
        running = tuple(ref for ref in below if _may_run_on(m, method, cls, ref))
        found.setdefault(running, []).append(method)
    return found


def _may_be(m: InterpreterCore, above: Value, cls: Ref) -> bool:
    """True if a base class is a class, or may be it."""
    return above == cls or (isinstance(above, Unknown) and cls in reached(m, [above]))


def _may_run_on(m: InterpreterCore, method: Function, cls: Ref, subclass: Ref) -> bool:
    """Return False if a subclass surely has another method in the place of this one, and does not call this one."""
    name = getattr(method.node, "name", "")
    found = find_in_class(m, subclass, name)
    if not isinstance(found, Function) or found.node is method.node:
        return True
    line = [m.look(one) for one in ancestors(m, subclass)]
    own = getattr(m.look(cls), "name", "")
    between = (one for one in line if isinstance(one, ClassObject) and one.name != own)
    nodes = (node for one in between for other in own_methods(one) for node in ast.walk(other.node))
    return any(isinstance(node, ast.Attribute) and node.attr == name and _is_above(node.value, own) for node in nodes)


def _is_above(node: ast.expr, name: str) -> bool:
    """True for ``super()``, and for a class by its name."""
    function = node.func if isinstance(node, ast.Call) else node
    return isinstance(function, ast.Name) and function.id in ("super", name)


def with_its_subclasses(m: InterpreterCore, cls: Ref, thing: ClassObject, below: Classes) -> tuple[Ref, ClassObject]:
    """A class that stands for a class and some of its subclasses: what one of these changes is not known."""
    if not below:
        return cls, thing
    things = [other for other in map(m.look, below) if isinstance(other, ClassObject)]
    changed = frozenset[str]().union(*map(_changed, things))
    unseen = any(other.open for other in things) or any(not is_plain(one) for ref in below for one in ancestors(m, ref))
    attributes: dict[str, Value] = {
        name: m.unknown(f"a subclass may give another '{name}'") for name in sorted(changed - _MAKERS)
    }
    made = ClassObject(thing.name, thing.module, (cls,), attributes, open=unseen)
    return m.new(made), made


def hide_what_subclasses_set(m: InterpreterCore, instance: Ref) -> None:
    """Forget the attributes of an instance of ``with_its_subclasses`` that a subclass may set to something else."""
    thing = m.look(instance)
    cls = m.look(thing.cls) if isinstance(thing, Instance) else None
    if isinstance(cls, ClassObject):
        m.state.writable(instance.number, Instance).attributes.update(cls.attributes)


def subclassed_elsewhere(m: InterpreterCore, main: str) -> Iterator[Subclassed]:
    """The classes of other modules than the main one that have subclasses in view."""
    for ref, thing in _classes(m):
        line = ancestors(m, ref)
        names = None if thing.open or not all(map(is_plain, line)) else _changed(thing)
        for above in map(m.look, line[1:]):
            if isinstance(above, ClassObject) and above.module != main:
                yield Subclassed(above.module, above.name, names)


def _classes(m: InterpreterCore) -> list[tuple[Ref, ClassObject]]:
    objects = m.state.objects.items()
    return [(Ref(number), thing) for number, thing in objects if isinstance(thing, ClassObject)]


def _changed(thing: ClassObject) -> frozenset[str]:
    """The names that a class defines itself, with the attributes that its methods set."""
    methods = (node for one in own_methods(thing) for node in ast.walk(one.node))
    stored = (node.attr for node in methods if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    return frozenset((*thing.attributes, *stored))
