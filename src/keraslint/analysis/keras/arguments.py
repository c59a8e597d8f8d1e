"""Abstract values of arguments as the structures that route() reads."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Literal

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_ITEMS
from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.keys import as_inserted
from keraslint.analysis.core.origins import CallOf, ItemOf
from keraslint.analysis.core.state import DictObject, Instance, ListObject, SetObject
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Array,
    Const,
    Function,
    OneOf,
    Pipeline,
    Proxy,
    Sequence,
    Suspended,
    Unknown,
    Value,
    View,
    options,
    without_none,
)
from keraslint.analysis.facts import Argument, Token
from keraslint.analysis.keras.array_identity import is_one_array
from keraslint.analysis.keras.identity import identity
from keraslint.analysis.keras.losses import FROM_CONFIG, LOOKED_UP, is_foreign_number, metric_name
from keraslint.behaviour.structure import ABSENT, Leaf, Named, Positional, Structure, Unseen

_LONGEST_LABEL = 40
_MAKER = re.compile(
    r"(?:jax\.)?numpy\.(?:array|asarray|ones|zeros|full|empty|(?:ones|zeros|full|empty)_like|eye|arange|linspace"
    r"|concatenate|stack|vstack|hstack|random\.(?:rand|randn|randint|random|normal|uniform|choice))"
)


def argument(m: InterpreterCore, value: Value | None, node: ast.expr | None) -> Argument:
    """The facts about an argument with this value, written as ``node`` at the call."""
    if value is None:
        return Argument()
    thing = m.look(without_none(value))
    entries: tuple[tuple[str, ast.expr | None], ...] = ()
    if isinstance(thing, DictObject) and thing.entries is not None:
        entries = tuple((key, entry.node) for key, entry in thing.entries.items() if isinstance(key, str))
    computed = node is not None and any(id(child) in m.computed for child in ast.walk(node))
    within = computed and not isinstance(node, ast.Dict)
    return Argument(structure(m, value, node), node, entries, within, optional=_may_be_none(value))


def data_argument(m: InterpreterCore, value: Value | None, node: ast.expr | None) -> Argument:
    """The facts about targets or sample weights, as ``argument``: one array may stand for those of all outputs."""
    found = argument(m, value, node)
    if value is None or not is_one_array(value) or not isinstance(found.structure, Unseen):
        return found
    return replace(found, structure=_leaf(m, value, node))


def data_structure(m: InterpreterCore, value: Value) -> Structure:
    """The structure of targets or sample weights, as ``structure``."""
    return data_argument(m, value, None).structure


def structure(m: InterpreterCore, value: Value, node: ast.expr | None = None) -> Structure:
    """The structure of a value; Unseen where branches give different ones, and for one of too many parts."""
    try:
        return _structure(m, value, node, iter(range(MAX_ITEMS)))
    except _TooLarge:
        return Unseen("it has too many parts")


class _TooLarge(Exception):
    """A structure has more parts than are followed: lists in it may share others."""


def _structure(m: InterpreterCore, value: Value, node: ast.expr | None, room: Iterator[int]) -> Structure:
    """``structure`` with room for so many parts. Raises _TooLarge."""
    if next(room, None) is None:
        raise _TooLarge
    value = without_none(value)
    if isinstance(value, OneOf):
        found = [_structure(m, option, node, room) for option in value.options]
        if all(_same(found[0], other) for other in found[1:]):
            return found[0]
        return _alike(found)
    if value == NONE:
        return ABSENT
    if isinstance(value, Unknown):
        return Unseen(value.why)
    if isinstance(m.look(value), SetObject):
        return Unseen("a set has no order")
    if isinstance(value, (Suspended, View, Proxy)) or (isinstance(value, Sequence) and value.once):
        return Unseen("an iterator")
    thing = m.look(value)
    if isinstance(thing, Instance) and _is_container(m, thing.cls):
        return Unseen("a container of a class of its own")
    if isinstance(value, Sequence) or isinstance(thing, ListObject):
        items = m.sequence(value)
        if items is None:
            return Unseen(thing.why if isinstance(thing, ListObject) else "")
        kind: Literal["list", "tuple"] = "tuple" if isinstance(value, Sequence) else "list"
        nodes = node.elts if isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == len(items) else None
        return Positional(
            tuple(_part(m, item, nodes[i] if nodes else None, room) for i, item in enumerate(items)), kind
        )
    if isinstance(thing, DictObject):
        return _named(m, thing, room)
    return _leaf(m, value, node)


def _alike(found: list[Structure]) -> Structure:
    """One structure for alternatives that are routed alike: equal keys, and equal values at the same ones.

    Alternatives that exchange the values of their keys may do so for the releases that exchange them, too.
    """
    first, patterns = found[0], set[tuple[bool, ...]]()
    for each in found:
        plain = isinstance(first, Named) and isinstance(each, Named) and not each.ordered and not first.ordered
        if not (plain and isinstance(first, Named) and isinstance(each, Named) and set(each.keys) == set(first.keys)):
            return Unseen("branches of the program give different values")
        if each != first and Counter(dict(each.entries).values()) == Counter(dict(first.entries).values()):
            return Unseen("branches of the program exchange its values")
        values = dict(each.entries)
        patterns.add(tuple(values[a] == values[b] for a in first.keys for b in first.keys))
    leaves = isinstance(first, Named) and all(isinstance(value, Leaf) for _, value in first.entries)
    return first if leaves and len(patterns) == 1 else Unseen("branches of the program give different values")


def _same(one: Structure, other: Structure) -> bool:
    """True if two structures are equal, whatever the order of a plain dict."""
    if isinstance(one, Named) and isinstance(other, Named) and not one.ordered and not other.ordered:
        return dict(one.entries) == dict(other.entries)
    return one == other


def _is_container(m: InterpreterCore, cls: Value) -> bool:
    """True if a class derives from dict, list or another container, or has an unseen base."""
    apis = [base.path for base in ancestors(m, cls) if isinstance(base, Api)]
    plain = ("keras.", "abc.", "typing.Generic", "typing.Protocol", "builtins.object", "enum.")
    return any(not path.startswith(plain) for path in apis)


def _named(m: InterpreterCore, thing: DictObject, room: Iterator[int]) -> Structure:
    if thing.entries is None:
        return Unseen(thing.why)
    if not all(isinstance(key, str) for key in thing.entries):
        return Unseen("its keys are not strings")
    in_order = as_inserted(thing).items()
    entries = ((str(key), _part(m, entry.value, entry.node, room)) for key, entry in in_order)
    named = Named(tuple(entries), thing.ordered)
    return Unseen("a loss is looked up by a name") if _may_be_one(named) else named


def _may_be_one(losses: Named) -> bool:
    """True if one of several losses may be another of them: it is looked up, or made from a config."""
    tokens = [value.token for _, value in losses.entries if isinstance(value, Leaf)]
    identities = [token.identity for token in tokens if isinstance(token, Token)]
    own = [one for one in identities if not (isinstance(one, tuple) and one[:1] == ("loss",))]
    registered = LOOKED_UP in own and len(own) > 1
    return registered or (len(identities) > 1 and FROM_CONFIG in identities)


def _part(m: InterpreterCore, value: Value, node: ast.expr | None, room: Iterator[int]) -> Structure:
    """The structure of an item of a list or dict: an unseen one counts as a single leaf."""
    known = without_none(value)
    if _may_be_none(value):
        return Leaf(Token(identity(m, known), label(known, node)))
    if isinstance(known, (Unknown, OneOf)):
        return _leaf(m, known, node)
    return _structure(m, known, node, room)


def _may_be_none(value: Value) -> bool:
    """True if the value is None on some branch of the program, but not on all."""
    return isinstance(value, OneOf) and NONE in value.options


def _leaf(m: InterpreterCore, value: Value, node: ast.expr | None) -> Leaf:
    return Leaf(token(m, value, node), is_foreign_number(value))


def token(m: InterpreterCore, value: Value, node: ast.expr | None) -> Hashable:
    """The token of a leaf: a number for a number, else one with identity and label."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
        return value.value
    movable, single = _is_movable(m, value, node), _is_single(m, value)
    return Token(identity(m, value), label(value, node), movable, metric_name(value), single)


def label(value: Value, node: ast.expr | None) -> str:
    """The label of a value in the source: its name, its text, else its expression."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value
    if node is not None:
        text = " ".join(ast.unparse(node).split())
        return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
    if isinstance(value, Function):
        return getattr(value.node, "name", "a lambda")
    if isinstance(value, (Array, Pipeline)):
        return "array()" if isinstance(value, Array) else "Dataset()"
    if isinstance(value, (Api, ApiResult)):
        return value.path.rpartition(".")[2] + ("()" if isinstance(value, ApiResult) else "")
    return str(value.value) if isinstance(value, Const) else "a value"


def _is_single(m: InterpreterCore, value: Value) -> bool:
    """True if the value is surely one loss or array."""
    if isinstance(value, Const):
        return isinstance(value.value, str)
    if isinstance(value, (Api, ApiResult)):
        made = isinstance(value, ApiResult)
        return value.path.startswith("keras.losses.") and (not made or value.path.rpartition(".")[2][:1].isupper())
    return isinstance(value, Function) or isinstance(m.look(value), Instance) or _is_array(value)


def _is_array(value: Value) -> bool:
    """True if a value is surely an array, or a part of one."""
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ItemOf):
        return _is_array(origin.container)
    return isinstance(value, Array) or (isinstance(origin, CallOf) and _MAKER.fullmatch(origin.path) is not None)


def _is_movable(m: InterpreterCore, value: Value, node: ast.expr | None) -> bool:
    if isinstance(value, OneOf) or node is None or any(id(child) in m.computed for child in ast.walk(node)):
        return False
    if isinstance(node, ast.Call):
        return isinstance(value, ApiResult) and value.path.startswith("keras.losses.") and _plain_arguments(node)
    return _plain(node)


def _plain_arguments(node: ast.Call) -> bool:
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    return _plain(node.func) and all(_plain(value) for value in values)


def _plain(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return _plain(node.value)
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(_plain(item) for item in node.elts)
    if isinstance(node, ast.UnaryOp):
        return _plain(node.operand)
    return isinstance(node, (ast.Name, ast.Lambda, ast.Constant))


def note_unrecorded(m: InterpreterCore, args: Arguments) -> None:
    """Note a compile call on a model that is not seen, and whether it surely has one loss, whoever calls it."""
    if args.node is None or m.module != m.main_module:
        return
    place, loss = (args.node.lineno, args.node.col_offset), args.get(1, "loss") or NONE
    one = all(isinstance(value, (Const, Function)) or _is_of_keras(value) for value in options(loss))
    one &= args.get(2, "loss_weights") is None and not args.open and not _is_of_self(args.expression(1, "loss"))
    m.one_loss[place] = one and m.one_loss.get(place, True)


def _is_of_self(node: ast.expr | None) -> bool:
    """True if an expression reads ``self``: a subclass may give something else."""
    return node is not None and any(isinstance(one, ast.Name) and one.id in ("self", "cls") for one in ast.walk(node))


def _is_of_keras(value: Value) -> bool:
    return isinstance(value, (Api, ApiResult)) and value.path.startswith("keras.")
