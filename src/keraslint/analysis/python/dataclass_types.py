"""Dataclasses and named tuples of the program: their fields, and the functions that make and copy them."""

from __future__ import annotations

import ast
from typing import TypedDict

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_run
from keraslint.analysis.core.functions import ancestors, own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import ClassObject, Entry, Instance
from keraslint.analysis.core.values import NONE, Api, Value


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
    return m.new(ClassObject(title, m.module, (Api("typing.NamedTuple"),), attributes, tuple(known), is_tuple=True))


def as_dict(m: InterpreterCore, value: Value) -> Value | None:
    """``dataclasses.asdict(record)`` and ``record._asdict()``; None for everything else."""
    thing = m.look(value)
    names = fields_of(m, thing.cls) if isinstance(thing, Instance) else ()
    if not isinstance(thing, Instance) or not names:
        return None
    return m.new_dict({name: Entry(_plain(m, thing.attributes.get(name, NONE)), None, m.module) for name in names})


def _plain(m: InterpreterCore, value: Value) -> Value:
    inner = as_dict(m, value)
    return value if inner is None else inner


def replaced(m: InterpreterCore, value: Value, args: Arguments) -> Value | None:
    """``dataclasses.replace(record, …)`` and ``record._replace(…)``; None for everything else."""
    thing = m.look(value)
    if not isinstance(thing, Instance) or not fields_of(m, thing.cls) or args.open:
        return None
    made = m.new(Instance(thing.cls, {**thing.attributes, **args.keywords}, thing.part))
    if (finish := own_method(m, made, "__post_init__")) is not None:
        may_run(m, [finish])
    return made
