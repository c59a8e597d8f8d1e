"""Attributes whose names are values: ``getattr`` and ``setattr``."""

from __future__ import annotations

from collections.abc import Iterable

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import unseen_call
from keraslint.analysis.core.forgetting import forget_attributes, put_into, reached
from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf, Derived, Fresh
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import ClassObject, Instance, Scope
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Function,
    Method,
    Partial,
    Ref,
    Unknown,
    Value,
    options,
)
from keraslint.analysis.keras.feature_tests import or_default
from keraslint.analysis.keras.models import CALLED, OVERRIDABLE
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.python.type_tests import kind_of


def get_by_name(m: InterpreterCore, args: Arguments) -> Value | None:
    """``getattr(owner, name)``, with or without a default; None where nothing more than its arguments is known."""
    if not args.positional:
        return None
    name, owner, default = m.text(args.get(1, "")), args.positional[0], args.get(2, "default")
    if name is None:
        if isinstance(owner, Ref) and isinstance(m.part(owner), ModelPart):
            m.seen.loss_callers.add(owner.number)  # it may be evaluate
        return _any_attribute(m, owner, args)
    thing = m.look(owner)
    bare = isinstance(thing, Scope) and name not in thing.variables  # it may be a module that was not imported yet
    found = m.attribute(owner, name)
    if bare and default is not None:
        return m.unknown(f"the attribute .{name}, or a default", of=(found, default))
    return found if default is None else _or_default(m, owner, name, found, default)


def _or_default(m: InterpreterCore, owner: Value, name: str, found: Value, default: Value) -> Value:
    """The result of ``getattr`` with a default, where ``found`` is the attribute if there is one."""
    kind = kind_of(m, owner)
    if kind is not None:
        return found if hasattr(kind, name) else default
    is_missing = isinstance(found, Unknown) and isinstance(found.origin, (AttributeOf, Fresh, Derived))
    return (
        m.unknown(f"the attribute .{name}, or a default", of=(found, default))
        if is_missing
        else or_default(m, found, default)
    )


def _any_attribute(m: InterpreterCore, owner: Value, args: Arguments) -> Value | None:
    """An attribute whose name is not known: it may be each that is in view. None where none is."""
    held: list[Value] = []
    for option in options(owner):
        thing = m.look(option)
        if isinstance(thing, Scope):
            held += thing.variables.values()
        elif isinstance(thing, (ClassObject, Instance)) and not m.part(option):
            held += thing.attributes.values()
    if not held:
        return None
    unseen = unseen_call(m, Api("builtins.getattr"), args)
    return m.unknown(unseen.why if isinstance(unseen, Unknown) else "an attribute", of=(unseen, *held))


def set_by_name(m: InterpreterCore, args: Arguments) -> Value | None:
    """``setattr(owner, name, value)`` of a name that is known; None for others."""
    name = m.text(args.get(1, ""))
    if name is None or len(args.positional) != 3:
        return None
    m.set_attribute(args.positional[0], name, args.positional[2])
    return NONE


def set_any_attribute(m: InterpreterCore, owner: Value, new: Iterable[Value]) -> None:
    """Carry out that an attribute is set, or deleted, whose name is not known; ``new``: its values.

    Raises KerasChanged where it may be a method of Keras itself.
    """
    values = tuple(new)
    may_be_method = any(isinstance(one, (Function, Method, Partial)) for one in reached(m, values))
    for option in options(owner):
        for one in reached(m, [option]) if isinstance(option, Unknown) else [option]:
            if m.part(one) is None:
                forget_attributes(m, one, _SET)
            if isinstance(one, Ref) and isinstance(m.look(one), ClassObject):
                m.state.writable(one.number, ClassObject).open = True
            if may_be_method and _has_keras_methods(m, one):
                for name in (*CALLED, *OVERRIDABLE):
                    m.set_attribute(one, name, m.unknown(_SET, of=values))
            put_into(m, one, values)


_SET = "an attribute that is not known is set on it"


def _has_keras_methods(m: InterpreterCore, value: Value) -> bool:
    """True for a model, for a class of one, and for what Keras itself defines."""
    if isinstance(value, Api):
        return is_keras(value)
    of_class = isinstance(m.look(value), ClassObject) and isinstance(value, Ref)
    above = ancestors(m, value) if of_class else ()
    return isinstance(m.part(value), ModelPart) or any(isinstance(one, Api) and is_keras(one) for one in above)
