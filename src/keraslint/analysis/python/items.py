"""Items: of sequences, dicts and what else has them, by index and one after the other."""

from __future__ import annotations

import sys
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_UNROLL
from keraslint.analysis.core.effects import hooks_may_run
from keraslint.analysis.core.enums import find_member, members
from keraslint.analysis.core.forgetting import forget, forget_all_modules
from keraslint.analysis.core.functions import find_in_class, own_method
from keraslint.analysis.core.interpreter_core import ANY_MODULE, InterpreterCore
from keraslint.analysis.core.keys import as_key, from_key
from keraslint.analysis.core.origins import Derived, ItemOf
from keraslint.analysis.core.state import ClassObject, DictObject, Entry, Instance, Scope
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Array,
    Const,
    Function,
    Method,
    ModelLayers,
    Namespace,
    Proxy,
    Ref,
    Sequence,
    Slice,
    Suspended,
    Unknown,
    Value,
    View,
)
from keraslint.analysis.keras.model_layers import layer_at
from keraslint.analysis.python.containers import VIEWS, any_of, entry_of


def subscript(m: InterpreterCore, value: Value, index: Value) -> Value:
    """The value of ``value[index]``."""
    part, given = slice_parts(index), index
    items = m.sequence(value)
    if items is not None:
        if part is not None:
            chosen = items[slice(*part)]
            return Sequence(tuple(chosen)) if isinstance(value, Sequence) else m.new_list(chosen)
        if isinstance(index, Const) and isinstance(index.value, int) and -len(items) <= index.value < len(items):
            return items[index.value]
        return _at_unknown_place(m, items, index)
    if isinstance(value, Array) and part is not None:
        forget(m, value, "a part of it may be changed through a slice")
    if (held := _held(m, value, index)) is not None:
        return held
    thing = m.look(value)
    index = as_key(m, index)
    if isinstance(thing, DictObject) and isinstance(index, Const):
        return _dict_item(m, value, thing, index)
    if isinstance(thing, DictObject) and thing.default is None and (entry := entry_of(m, thing)) is not None:
        return entry
    if (member := find_member(m, value, "name", index)) is not None:
        return member
    if (own := _own_item(m, value, given)) is not None:
        return own
    if isinstance(value, Const) and (piece := _piece(m, value, index, part)) is not None:
        return piece
    why = value.why if isinstance(value, Unknown) else "an item of something unknown"
    return m.unknown(why, ItemOf(value, index))


def _at_unknown_place(m: InterpreterCore, items: list[Value], index: Value) -> Value:
    """An item of a list or tuple at a place that is not known, or that it does not have."""
    if isinstance(index, Const):
        m.raises()
    known = None if isinstance(index, Const) else any_of(m, items)
    return known or m.unknown("an item at an unknown place", of=items)


def _own_item(m: InterpreterCore, value: Value, index: Value) -> Value | None:
    """The item that a method of the program's own gives, of an instance or a class; None without one."""
    if (method := own_method(m, value, "__getitem__")) is not None:
        return m.call(method, Arguments([index]))
    if isinstance(m.look(value), ClassObject):
        found = find_in_class(m, value, "__class_getitem__")
        return m.call(Method(found, value), Arguments([index])) if isinstance(found, Function) else value
    if isinstance(m.look(value), Instance):
        hooks_may_run(m, value)  # such as __missing__
    return None


def _piece(m: InterpreterCore, value: Const, index: Value, part: tuple[Any, Any, Any] | None) -> Value | None:
    """A part of a text; None where it has none at this place, or is no text."""
    text = value.value if isinstance(value.value, str) else ""
    if part is not None:
        return m.constant(text[slice(*part)]) if isinstance(value.value, str) else None
    if isinstance(index, Const) and isinstance(index.value, int) and -len(text) <= index.value < len(text):
        return m.constant(text[index.value])
    if isinstance(index, Const) and not isinstance(value.value, bytes):
        m.raises()
    return None


def _held(m: InterpreterCore, value: Value, index: Value) -> Value | None:
    """``model.layers[-1]``, ``globals()["name"]``, ``sys.modules[__name__]``, an item of a proxy; None for all else."""
    if isinstance(value, ModelLayers):
        return layer_at(m, value.model, index)
    if isinstance(value, Namespace):
        name = m.text(index)
        return None if name is None else m.attribute(value.owner, name)
    if isinstance(value, Proxy):
        return subscript(m, value.mapping, index)
    if isinstance(value, Api) and value.path.endswith(".__dict__") and (name := m.text(index)) is not None:
        return m.attribute(Api(value.path.removesuffix(".__dict__")), name)
    if value == Api("sys.modules") and m.text(index) is None:  # it may be any of them
        forget_all_modules(m)
    return loaded(m, index) if value == Api("sys.modules") else None


def loaded(m: InterpreterCore, name: Value) -> Value | None:
    """What the program has put into ``sys.modules`` under a name, or the module that is there, if it is known."""
    table, text = m.look(Ref(m.module_table)), m.text(name)
    if isinstance(table, Scope) and (table.variables[ANY_MODULE] != NONE or (text or "") in table.variables):
        return table.variables.get(text or "") if table.variables[ANY_MODULE] == NONE else None
    if text is not None and name == m.lookup("__name__"):
        return Ref(m.module_scope())
    modules = ((number, one) for number, one in m.state.objects.items() if isinstance(one, Scope))
    own = next((Ref(number) for number, one in modules if one.variables.get("__name__") == name), None)
    of_library = text is not None and (text in ("keras", "tensorflow") or text in sys.stdlib_module_names)
    return Api(text or "") if own is None and of_library else own


def _dict_item(m: InterpreterCore, value: Value, thing: DictObject, index: Const) -> Value:
    if thing.entries is not None and index.value in thing.entries:
        return thing.entries[index.value].value
    if thing.entries is not None and thing.default is not None and isinstance(value, Ref):
        made = m.call(thing.default, Arguments())
        entries = m.state.writable(value.number, DictObject).entries
        if entries is not None:
            entries[index.value] = Entry(made)
        return made
    if thing.entries is not None and thing.default is None:
        m.raises()
    return m.unknown(thing.why or f"the key {index.value!r}", ItemOf(value, index))


def slice_parts(index: Value) -> tuple[Any, Any, Any] | None:
    """Start, stop and step of a slice; None for any other index and where they are not known."""
    if not isinstance(index, Slice):
        return None
    parts = [part.value for part in (index.start, index.stop, index.step) if isinstance(part, Const)]
    if len(parts) < 3 or not all(isinstance(part, (int, type(None))) for part in parts):
        return None
    start, stop, step = parts
    if step == 0:  # Python raises
        return None
    return start, stop, step


def iterate(m: InterpreterCore, value: Value) -> list[Value] | None:
    """The items of an iterable value, in order; None where they are not known."""
    items = m.sequence(value)
    if items is None:
        items = list(value.items) if isinstance(value, Array) else members(m, value)
    if items is not None:
        return items
    if isinstance(value, View):
        shown = m.mapping(value.mapping)
        return None if shown is None else VIEWS[value.part](shown)
    entries = m.mapping(value)
    if entries is not None:
        return [from_key(key) for key in entries]
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= MAX_UNROLL:
        return [Const(character) for character in value.value]
    if (method := own_method(m, value, "__iter__")) is not None and m.control.depth < MAX_DEPTH:
        iterator = m.call(method, Arguments())
        return None if own_method(m, iterator, "__next__") is not None else m.iterate(iterator)
    return None


def iterator_of(m: InterpreterCore, args: Arguments) -> Value | None:
    """What ``iter`` returns: a generator itself, what an own ``__iter__`` returns, else what is left to read."""
    if len(args.positional) != 1:
        return None
    made = args.positional[0]
    if (method := own_method(m, made, "__iter__")) is not None:
        made = m.call(method, Arguments())
    if isinstance(made, Suspended):
        return made
    items = m.iterate(made)
    return None if items is None else Sequence(tuple(items), once=True)


def next_item(m: InterpreterCore, args: Arguments) -> Value | None:
    """The next item of an iterator that is made in the call itself, or that nothing else reads."""
    source = args.positional[0] if args.positional else None
    origin = source.origin if isinstance(source, Unknown) else None
    if isinstance(origin, Derived) and origin.how == KEPT:
        source = _left_to_read(m, origin)
    if not isinstance(source, Sequence) or not source.once:
        return None
    default = args.get(1, "")
    if not source.items and default is None:
        m.raises()
    return source.items[0] if source.items else default


KEPT = "an iterator that only next() reads"
"""How the origin of such an iterator in a variable is called; it is made of what it reads, and a number."""


def _left_to_read(m: InterpreterCore, iterator: Derived) -> Sequence | None:
    """What is left of a kept iterator, of which the first item is read now; None where it is not known."""
    source, number = iterator.sources
    place = m.state.read_up_to.get(number) if isinstance(number, int) else None
    items = m.sequence(source) if isinstance(source, (Ref, Sequence)) else None
    if place is None or not isinstance(number, int) or items is None:
        return None
    m.state.read_up_to[number] = place + 1
    return Sequence(tuple(items[place:]), once=True)


def range_items(_: InterpreterCore, args: Arguments) -> Value | None:
    """The numbers of ``range``; None where they are not known, or too many to be followed one by one."""
    numbers = [value.value for value in args.positional if isinstance(value, Const) and isinstance(value.value, int)]
    if len(numbers) != len(args.positional) or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and numbers[2] == 0):
        return None
    turns = range(*numbers)
    if abs(turns.start) + abs(turns.stop) > sys.maxsize:  # it has no len()
        return None
    return Sequence(tuple(Const(number) for number in turns)) if len(turns) <= MAX_UNROLL else None
