"""Enum classes of the program: their members."""

from __future__ import annotations

from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import Api, Const, Function, Ref, Value

_BASES = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum"})
_TEXTS = frozenset({"enum.StrEnum", "builtins.str"})


def make_members(m: InterpreterCore, cls: Ref) -> None:
    """Turn the attributes of a class that was just defined into members, if it is an Enum."""
    bases = {base.path for base in ancestors(m, cls) if isinstance(base, Api)}
    thing = m.look(cls)
    if bases.isdisjoint(_BASES) or not isinstance(thing, ClassObject):
        return
    ignored = thing.attributes.get("_ignore_", Const(""))
    left_out = {*(m.text(ignored) or "").replace(",", " ").split(), *map(m.text, m.sequence(ignored) or ())}
    names = [
        name
        for name, value in thing.attributes.items()
        if not name.startswith("_") and not isinstance(value, Function) and name not in left_out
    ]
    first: dict[Value, Value] = {}
    for name in [*names]:
        value = m.state.writable(cls.number, ClassObject).attributes[name]
        if isinstance(value, Const) and value in first:  # another name for a member that there is
            m.state.writable(cls.number, ClassObject).attributes[name] = first[value]
            names.remove(name)
            continue
        member = first[value] = m.new(Instance(cls, {"name": Const(name), "value": value}))
        m.state.writable(cls.number, ClassObject).attributes[name] = member
    thing = m.state.writable(cls.number, ClassObject)
    thing.members, thing.is_text = tuple(names), not bases.isdisjoint(_TEXTS)


def members(m: InterpreterCore, cls: Value) -> list[Value] | None:
    """The members of an Enum class in order; None for everything else."""
    thing = m.look(cls)
    if not isinstance(thing, ClassObject) or thing.members is None:
        return None
    return [thing.attributes[name] for name in thing.members]


def find_member(m: InterpreterCore, cls: Value, attribute: str, wanted: Value) -> Value | None:
    """The member whose name or value (``attribute``) is this; None where that is not known."""
    for member in members(m, cls) or ():
        thing = m.look(member)
        if isinstance(thing, Instance) and isinstance(wanted, Const) and thing.attributes[attribute] == wanted:
            return member
    return None


def is_member(m: InterpreterCore, value: Value) -> bool:
    """True if a value is a member of an Enum class of the program."""
    thing = m.look(value)
    return isinstance(thing, Instance) and members(m, thing.cls) is not None
