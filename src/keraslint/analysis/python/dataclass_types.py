"""Dataclasses and named tuples of the program: their fields, and the functions that make and copy them."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import replace
from typing import TypedDict

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_run
from keraslint.analysis.core.enums import is_member
from keraslint.analysis.core.functions import ancestors, find_in_class, own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, DictObject, Entry, Instance, ListObject
from keraslint.analysis.core.values import NONE, Api, ApiResult, Const, Proxy, Sequence, Value


class Fields(TypedDict, total=False):
    """The properties of the fields of a dataclass or named tuple, as ClassObject keeps them."""

    fields: tuple[str, ...]
    by_keyword: frozenset[str]
    passed_on: frozenset[str]


def declared_fields(node: ast.ClassDef) -> Fields:
    """The fields of a dataclass or named tuple, as ClassObject keeps them."""
    decorators = {ast.unparse(each).partition("(")[0].rpartition(".")[2]: each for each in node.decorator_list}
    if "dataclass" not in decorators and not any(ast.unparse(base).endswith("NamedTuple") for base in node.bases):
        return {}
    decorator = decorators.get("dataclass")
    words = decorator.keywords if isinstance(decorator, ast.Call) else []
    only = any(word.arg == "kw_only" and ast.unparse(word.value) != "False" for word in words)
    names, by_keyword, passed_on = [], set(), set()
    for item in node.body:
        if not isinstance(item, ast.AnnAssign) or not isinstance(item.target, ast.Name):
            continue
        kind = ast.unparse(item.annotation).strip("'\"").partition("[")[0].rpartition(".")[2]
        if kind in ("ClassVar", "KW_ONLY"):
            only |= kind == "KW_ONLY"
            continue
        name, value = item.target.id, item.value
        names.append(name)
        own = [word for word in value.keywords if word.arg == "kw_only"] if isinstance(value, ast.Call) else []
        if any(ast.unparse(word.value) != "False" for word in own) if own else only:
            by_keyword.add(name)
        if kind == "InitVar":
            passed_on.add(name)
    return {"fields": tuple(names), "by_keyword": frozenset(by_keyword), "passed_on": frozenset(passed_on)}


def fields_of(m: InterpreterCore, cls: Value) -> tuple[str, ...]:
    """The fields of a dataclass or named tuple, those of its bases first."""
    classes = [m.look(ancestor) for ancestor in ancestors(m, cls)]
    found = [thing.fields for thing in classes if isinstance(thing, ClassObject) and thing.fields is not None]
    return tuple(dict.fromkeys(name for fields in reversed(found) for name in fields))


def make_named_tuple(m: InterpreterCore, args: Arguments) -> Value | None:
    """The class that ``namedtuple("Name", "a b")`` makes; None where its fields are not known."""
    title, listed = m.text(args.get(0, "typename")), args.get(1, "field_names") or args.get(1, "fields") or NONE
    text = m.text(listed)
    names: list[str | None] = list(text.replace(",", " ").split()) if text is not None else []
    for item in m.sequence(listed) or ():
        pair = m.sequence(item)
        names.append(m.text(pair[0] if pair else item))
    known = [name for name in names if name is not None]
    if title is None or not known or len(known) < len(names) or args.open:
        return None
    defaults = m.sequence(args.keywords.get("defaults", NONE)) or []
    attributes = dict(zip(reversed(known), reversed(defaults), strict=False))
    attributes["_fields"] = Sequence(tuple(map(Const, known)))
    return m.new(ClassObject(title, m.module, (Api("typing.NamedTuple"),), attributes, tuple(known), is_tuple=True))


def is_named_tuple(m: InterpreterCore, cls: Value) -> bool:
    """True for a named tuple, or a class that derives from one."""
    return any(isinstance(thing, ClassObject) and thing.is_tuple for thing in map(m.look, ancestors(m, cls)))


def listed_fields(m: InterpreterCore, record: Value) -> Value | None:
    """``dataclasses.fields(record)``, of a dataclass or an instance of one; None for everything else."""
    cls = _class_of(m, record)
    names = _kept_fields(m, cls)
    return Sequence(tuple(_field(m, cls, name) for name in names)) if names and not is_named_tuple(m, cls) else None


def _field(m: InterpreterCore, cls: Value, name: str) -> Value:
    """What ``dataclasses.fields`` gives for a field: its name, and its default and metadata where they are given."""
    value = find_in_class(m, cls, name)
    made = isinstance(value, ApiResult) and value.path == "dataclasses.field"
    given = dict(value.keywords) if isinstance(value, ApiResult) and made else {}
    shown: dict[str, Value] = {"name": Const(name)}
    if value is not None and not made:
        shown["default"] = value
    elif "default" in given:
        shown["default"] = given["default"]
    if "metadata" in given:
        shown["metadata"] = Proxy(given["metadata"])
    return m.new(Instance(Api("dataclasses.Field"), shown, open=True))


def _class_of(m: InterpreterCore, record: Value) -> Value:
    thing = m.look(record)
    return thing.cls if isinstance(thing, Instance) else record


def _kept_fields(m: InterpreterCore, cls: Value) -> tuple[str, ...]:
    """The fields that an instance has: not those that are only passed to ``__post_init__``.

    () where a base is not seen, or a decorator is not followed: there may be others.
    """
    names, line = fields_of(m, cls), ancestors(m, cls)
    classes = [thing for thing in map(m.look, line) if isinstance(thing, ClassObject)]
    others = [base for base in line if not isinstance(m.look(base), ClassObject)]
    if any(thing.open for thing in classes) or not all(map(_is_without_fields, others)):
        return ()
    passed_on = frozenset[str]().union(*(thing.passed_on for thing in classes))
    return tuple(name for name in names if name not in passed_on)


def _is_without_fields(base: Value) -> bool:
    """True for a class of the library that adds no fields to a dataclass."""
    return isinstance(base, Api) and base.path.startswith(("abc.", "typing.", "builtins.object"))


def as_dict(m: InterpreterCore, value: Value, args: Arguments) -> Value | None:
    """``dataclasses.asdict(record)``, which makes dicts of the dataclasses in it, too; None for everything else."""
    factory = args.get(1, "dict_factory") or Api("builtins.dict")
    thing = m.look(value)
    if not isinstance(thing, Instance) or is_named_tuple(m, thing.cls) or args.open or factory not in _FACTORIES:
        return None
    names = _kept_fields(m, thing.cls)
    if not names or any(name not in thing.attributes or name in thing.perhaps for name in names):
        return None
    entries: dict[Hashable, Entry] = {
        name: Entry(_plain(m, thing.attributes[name], args), None, m.module) for name in names
    }
    return m.new_dict(entries, ordered=factory != Api("builtins.dict"))


_FACTORIES = frozenset({Api("builtins.dict"), Api("collections.OrderedDict")})


def _plain(m: InterpreterCore, value: Value, args: Arguments) -> Value:
    """The value of a field in what ``asdict`` gives: a copy of a list, tuple or dict, and a dict for a dataclass."""
    thing = m.look(value)
    if isinstance(value, Sequence):
        return Sequence(tuple(_plain(m, item, args) for item in value.items), value.once)
    if isinstance(thing, ListObject):
        return m.new_list(None if thing.items is None else [_plain(m, item, args) for item in thing.items], thing.why)
    if isinstance(thing, DictObject):
        entries = thing.entries
        if entries is not None:
            entries = {key: replace(entry, value=_plain(m, entry.value, args)) for key, entry in entries.items()}
        return m.new_dict(entries, ordered=thing.ordered, why=thing.why)
    if not isinstance(thing, Instance) or is_member(m, value):
        return value
    return as_dict(m, value, args) or m.unknown("a copy of an object", of=(value,))


OF_COPIES = (
    *("__reduce__", "__reduce_ex__", "__getnewargs__", "__getnewargs_ex__", "__getstate__", "__setstate__"),
    *("__copy__", "__deepcopy__"),
)
"""The methods of a class that may decide how its instances are copied."""


def named_tuple_method(m: InterpreterCore, value: Value, name: str, args: Arguments) -> Value | None:
    """``record._asdict()`` and ``record._replace(…)`` of a named tuple; None for everything else."""
    thing = m.look(value)
    if not isinstance(thing, Instance) or not is_named_tuple(m, thing.cls):
        return None
    if name == "_replace":
        return replaced(m, value, args)
    names = fields_of(m, thing.cls)
    if name != "_asdict" or any(field not in thing.attributes for field in names):
        return None
    return m.new_dict({field: Entry(thing.attributes[field], None, m.module) for field in names})


def replaced(m: InterpreterCore, value: Value, args: Arguments) -> Value | None:
    """``dataclasses.replace(record, …)`` and ``record._replace(…)``; None for everything else."""
    thing = m.look(value)
    if not isinstance(thing, Instance) or not fields_of(m, thing.cls):
        return None
    kept = thing.attributes
    if args.open:
        kept = {name: m.unknown("a field that may be replaced", of=(held,)) for name, held in kept.items()}
    made = m.new(Instance(thing.cls, {**kept, **args.keywords}, thing.part))
    if (finish := own_method(m, made, "__post_init__")) is not None:
        may_run(m, [finish])
    return made
