"""Classes that a call makes or tells: ``type``, ``types.new_class`` and ``dataclasses.make_dataclass``."""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_run
from keraslint.analysis.core.functions import ancestors, find_in_class
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import Function, Ref, Sequence, Value
from keraslint.analysis.python.type_tests import type_of

_BASES = {"types.new_class": 1, "dataclasses.make_dataclass": 3}
"""The functions that make a class, with the place of its bases; what else these give it is not followed."""


def class_of(m: InterpreterCore, args: Arguments) -> Value | None:
    """``type(x)`` of a layer, a model or an instance of an own class, or ``type(name, bases, attributes)``."""
    if len(args.positional) == 3 and not args.open:
        return _made(m, *args.positional)
    if len(args.positional) != 1 or args.open:
        return None
    thing = m.look(args.positional[0])
    own = isinstance(thing, Instance) and (isinstance(thing.cls, Ref) or thing.part is not None)
    return thing.cls if isinstance(thing, Instance) and own else type_of(m, args.positional[0])


def make_class(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """A class that a library function makes of bases; None for every other function."""
    if path not in _BASES or args.open:
        return None
    bases = m.sequence(args.get(_BASES[path], "bases") or Sequence(()))
    if bases is None:
        return None
    may_run(m, args.every(), may_pass=args.every())
    return m.new(ClassObject(m.text(args.positional[0]) or "", m.module, tuple(bases), {}, open=True))


def _made(m: InterpreterCore, name: Value, bases: Value, namespace: Value) -> Value | None:
    of, entries = m.sequence(bases), m.mapping(namespace)
    if of is None:
        return None
    attributes = {key: entry.value for key, entry in (entries or {}).items() if isinstance(key, str)}
    unseen = entries is None or len(attributes) < len(entries) or any(_has_own_making(m, base) for base in of)
    ref = m.new(ClassObject(m.text(name) or "", m.module, tuple(of), {}, open=unseen))
    owned = {
        key: replace(value, owner=ref) if isinstance(value, Function) else value for key, value in attributes.items()
    }
    m.state.writable(ref.number, ClassObject).attributes.update(owned)
    return ref


def _has_own_making(m: InterpreterCore, base: Value) -> bool:
    """True if a base has code of its own that runs when a class is made of it."""
    line = map(m.look, ancestors(m, base))
    own = any(isinstance(one, ClassObject) and one.metaclass is not None for one in line)
    return own or find_in_class(m, base, "__init_subclass__") is not None
