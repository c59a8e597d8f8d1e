"""Expressions: from a syntax node to an abstract value."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Hashable
from functools import partial
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.draining import length_asked, yield_anything
from keraslint.analysis.core.effects import hooks_may_run, may_run, own_hook, run_handed_functions
from keraslint.analysis.core.forgetting import lose_contents
from keraslint.analysis.core.functions import is_property
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.origins import Derived, ItemOf
from keraslint.analysis.core.state import Entry, Scope
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Bound,
    Const,
    OneOf,
    Slice,
    Suspended,
    Tensor,
    Unknown,
    Value,
    one_of,
    options,
)
from keraslint.analysis.core.varying import lifted
from keraslint.analysis.interpreter.assumptions import assume, holds
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.module_table import PACKAGE_PATH
from keraslint.analysis.keras.called_models import note_read
from keraslint.analysis.keras.names import may_lack
from keraslint.analysis.keras.tensors import operator_tensor
from keraslint.analysis.keras.uses import note_attribute
from keraslint.analysis.python.builtin_functions import make_set
from keraslint.analysis.python.containers import is_wide
from keraslint.analysis.python.entries import mapped
from keraslint.analysis.python.items import subscript
from keraslint.analysis.python.type_tests import kind_of
from keraslint.ipython.lines import why_unknown


def evaluate_constant(m: Interpreter, node: ast.Constant) -> Value:
    """The value of a literal."""
    return m.constant(node.value)


def evaluate_name(m: Interpreter, node: ast.Name) -> Value:
    """The value of a variable, or of a builtin."""
    value = m.lookup(node.id)
    if value is not None:
        return value
    if node.id == "__file__":
        return m.unknown("the file's own path", Derived("name", (node.id, m.module)))
    if node.id == "__path__" and m.module.endswith("__init__.py"):
        return PACKAGE_PATH
    if node.id in ("__loader__", "__package__", "__spec__"):  # not those of builtins
        return m.unknown(f"'{node.id}' of the module", Derived("name", (m.module, node.id)))
    if node.id == "__builtins__":
        return Api("builtins")
    if hasattr(builtins, node.id):
        return Api(f"builtins.{node.id}")
    m.may_raise()
    return _star_imported(m, node.id)


def _star_imported(m: Interpreter, name: str) -> Value:
    """A name that nothing in view defines: from a star import of Keras, or not known."""
    for _, scope in m.scopes():
        stars = [star for star in scope.stars if isinstance(star, Api)]
        if len(stars) == 1 and len(scope.stars) == 1:
            return m.attribute(stars[0], name)
    return Unknown(why_unknown(name) or f"'{name}' is defined where it is not seen", Derived("name", (name,)))


def evaluate_tuple(m: Interpreter, node: ast.Tuple) -> Value:
    """The value of ``(a, *b)``."""
    items = _items_of(m, node.elts)
    return m.unknown("a tuple of unknown length") if items is None else m.new_tuple(items)


def evaluate_list(m: Interpreter, node: ast.List) -> Value:
    """The value of ``[a, *b]``."""
    return m.new_list(_items_of(m, node.elts), "an unknown number of items is unpacked into it")


def evaluate_set(m: Interpreter, node: ast.Set) -> Value:
    """The value of ``{a, b}``."""
    items = _items_of(m, node.elts)
    hooks_may_run(m, *(items or ()))
    return make_set(m, items)


def _items_of(m: Interpreter, nodes: list[ast.expr]) -> list[Value] | None:
    items: list[Value] | None = []
    for element in nodes:
        if isinstance(element, ast.Starred):
            rest = _unpacked(m, m.evaluate(element.value))
            items = None if rest is None or items is None else [*items, *rest]
        else:
            value = m.evaluate(element)
            if items is not None:
                items.append(value)
    return items


def _unpacked(m: Interpreter, value: Value) -> list[Value] | None:
    """The items of ``*value``; None where they are not known."""
    length_asked(m, value)
    return m.iterate(value)


def evaluate_dict(m: Interpreter, node: ast.Dict) -> Value:
    """The value of ``{a: b, **c}``."""
    entries: dict[Hashable, Entry] | None = {}
    why, unseen = "", list[Value]()
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        named = m.evaluate(key_node) if key_node is not None else NONE
        value = m.evaluate(value_node)
        if key_node is None:
            more = m.mapping(value)
            if more is None:
                mapped(m, value)
                m.may_raise()
                entries, why = None, "an unknown dict is unpacked into it"
                unseen.append(value)
            elif entries is not None:
                entries.update(more)
            continue
        hooks_may_run(m, named)
        key = as_key(m, named)
        if not isinstance(key, Const):
            m.may_raise()
            entries, why = None, f"the key '{ast.unparse(key_node)[:40]}' is not known"
        elif entries is not None:
            entries[key.value] = Entry(value, value_node, m.module)
    made = m.new_dict(entries, why=why)
    if unseen:
        lose_contents(m, made, why, *unseen)
    return made


def evaluate_joined_str(m: Interpreter, node: ast.JoinedStr) -> Value:
    """The value of an f-string."""
    pieces = [piece for piece in node.values if isinstance(piece, ast.FormattedValue)]
    values = [_shown(m, m.evaluate(piece.value), piece.conversion) for piece in pieces]
    specs = [m.text(m.evaluate(piece.format_spec)) if piece.format_spec else "" for piece in pieces]

    def joined(*known: Value) -> Value:
        texts = iter([_formatted(*each) for each in zip(pieces, known, specs, strict=True)])
        parts = [str(piece.value) if isinstance(piece, ast.Constant) else next(texts) for piece in node.values]
        if None in parts:
            origin = Derived("f-string", (ast.dump(node), _names_in(m, node), known))
            return m.unknown("an f-string with an unknown part", origin)
        return m.constant("".join(part for part in parts if part is not None))

    return lifted(m, "f-string", values, joined)


def _formatted(piece: ast.FormattedValue, value: Value, spec: str | None) -> str | None:
    if not isinstance(value, Const) or spec is None or is_wide("{:" + spec):
        return None
    shown: Any = value.value
    if piece.conversion != -1:
        shown = {ord("r"): repr, ord("a"): ascii}.get(piece.conversion, str)(shown)
    try:
        return format(shown, spec)
    except (ValueError, TypeError, OverflowError):
        return None


def _shown(m: Interpreter, value: Value, conversion: int) -> Value:
    """The text of an instance whose class has a method for that; any other value unchanged."""
    plain = conversion in (-1, ord("s"))
    if plain and conversion == -1 and (hook := own_hook(m, value, "__format__")) is not None:
        return m.call(hook, Arguments([Const("")]))
    if (hook := own_hook(m, value, *(["__str__"] if plain else []), "__repr__")) is not None:
        return m.call(hook, Arguments())
    hooks_may_run(m, value)
    return value


def _names_in(m: Interpreter, node: ast.expr) -> tuple[tuple[str, Value | None], ...]:
    """The values of the names in an expression: equal texts with equal values of names are equal."""
    names = sorted({child.id for child in ast.walk(node) if isinstance(child, ast.Name)})
    return tuple((name, m.lookup(name)) for name in names)


def evaluate_if_exp(m: Interpreter, node: ast.IfExp) -> Value:
    """The value of ``a if b else c``."""
    truth = holds(m, node.test)
    if truth is not None:
        return m.evaluate(node.body if truth else node.orelse)
    before = m.state
    with m.control.uncertain():
        m.state = before.fork()
        assume(m, node.test, True)
        yes = m.evaluate(node.body)
        after_yes, m.state = m.state, before.fork()
        assume(m, node.test, False)
        no = m.evaluate(node.orelse)
    m.state = after_yes.joined(m.state)
    return one_of((yes, no))


def evaluate_named_expr(m: Interpreter, node: ast.NamedExpr) -> Value:
    """The value of ``(a := b)``."""
    value = m.evaluate(node.value)
    m.assign(node.target.id, value)
    scope, number = m.state.objects[m.control.scope], m.control.scope
    while isinstance(scope, Scope) and scope.kind == "comprehension" and scope.parent is not None:
        number, scope = scope.parent, m.state.objects[scope.parent]
    if number != m.control.scope:  # a variable outside the comprehension, which may run any number of turns
        target = scope.outer.get(node.target.id, number) if isinstance(scope, Scope) else number
        m.state.writable(target, Scope).variables[node.target.id] = m.unknown("set in a comprehension", of=(value,))
    return value


def evaluate_attribute(m: Interpreter, node: ast.Attribute) -> Value:
    """The value of ``a.b``."""
    value = m.evaluate(node.value)
    if is_property(m, value, node.attr):
        m.computed.add(id(node))
    if m.control.guards:
        _note_missing(m, value, node.attr)
    note_attribute(m, value, node, "read")
    return m.attribute(value, node.attr)


def _note_missing(m: Interpreter, value: Value, name: str) -> None:
    """Carry out that a value has no attribute of this name, or may have none."""
    kind = kind_of(m, value)
    if kind in _PLAIN and not hasattr(kind, name):
        m.raises()
    elif (
        (isinstance(value, OneOf) and NONE in value.options)
        or (isinstance(value, Api) and may_lack(Api(f"{value.path}.{name}")))
        or (m.part(value) is not None and isinstance(m.attribute(value, name), Bound) and name not in _OF_MODELS)
    ):
        m.may_raise()


_PLAIN = (str, bytes, int, float, complex, bool, type(None), list, dict, tuple)
_OF_MODELS = frozenset(
    "compile fit evaluate predict summary get_layer save save_weights load_weights train_on_batch test_on_batch"
    " predict_on_batch get_config get_weights set_weights count_params build call __call__ __init__ add pop".split()
)


def evaluate_subscript(m: Interpreter, node: ast.Subscript) -> Value:
    """The value of ``a[b]``."""
    value, index = m.evaluate(node.value), m.evaluate(node.slice)
    if not isinstance(index, Const):
        hooks_may_run(m, index)
    if isinstance(value, Tensor):
        if not value.many:
            return operator_tensor(m, "GetItem", node)
        return m.unknown("one of several tensors of a layer", ItemOf(value, index))
    if m.seen.called:
        note_read(m, value, index, node)
    return lifted(m, "item", [value, index], partial(_item, m))


def _item(m: Interpreter, value: Value, index: Value) -> Value:
    return one_of([subscript(m, option, index) for option in options(value)])


def evaluate_slice(m: Interpreter, node: ast.Slice) -> Value:
    """The slice that ``a:b:c`` makes."""
    parts = (m.evaluate(part) if part is not None else NONE for part in (node.lower, node.upper, node.step))
    return Slice(*parts)


def evaluate_starred(m: Interpreter, node: ast.Starred) -> Value:
    """The value behind a star."""
    return m.evaluate(node.value)


def evaluate_await(m: Interpreter, node: ast.Await) -> Value:
    """The value of ``await a``."""
    return awaited(m, m.evaluate(node.value))


def evaluate_yield(m: Interpreter, node: ast.Yield) -> Value:
    """Pass what ``yield a`` yields to the caller; its value is what is sent."""
    value = m.evaluate(node.value) if node.value is not None else NONE
    if m.control.jumps.on_yield is not None:
        m.control.jumps.on_yield(value)
    return m.unknown("what is sent to a generator")


def evaluate_yield_from(m: Interpreter, node: ast.YieldFrom) -> Value:
    """Pass what ``yield from a`` yields to the caller."""
    source = m.evaluate(node.value)
    if isinstance(source, Suspended):
        return m.resume(source, m.control.jumps.on_yield)
    items = m.iterate(source)
    if items is None:
        yield_anything(m, m.control.jumps.on_yield, "an item of something unknown", (source,))
    elif m.control.jumps.on_yield is not None:
        for item in items:
            m.control.jumps.on_yield(item)
    return m.unknown("what a generator returns")


def evaluate_call(m: Interpreter, node: ast.Call) -> Value:
    """The result of ``f(a)``."""
    m.step()
    function = m.evaluate(node.func)
    args = _arguments(m, node)
    with m.control.at_row(node.lineno):
        return m.call(function, args)


def _arguments(m: Interpreter, node: ast.Call) -> Arguments:
    args = Arguments(node=node)
    for arg in node.args:
        if isinstance(arg, ast.Starred):
            value = m.evaluate(arg.value)
            items = _unpacked(m, value)
            args.positional.extend(items or ())
            if items is None:
                args.open, args.may_pass = True, (*args.may_pass, value)
        else:
            args.nodes[len(args.positional)] = arg
            args.positional.append(m.evaluate(arg))
    for keyword in node.keywords:
        value = m.evaluate(keyword.value)
        if keyword.arg is not None:
            args.nodes[keyword.arg] = keyword.value
            args.keywords[keyword.arg] = value
            continue
        entries = m.mapping(value)
        if entries is None:
            args.open, args.may_pass = True, (*args.may_pass, value)
        mapped(m, value)
        for key, entry in (entries or {}).items():
            args.keywords[str(key)] = entry.value
    return args


def awaited(m: Interpreter, value: Value) -> Value:
    """The result of awaiting a coroutine; its body runs now."""
    run_handed_functions(m)
    if (own := own_hook(m, value, "__await__")) is not None:
        may_run(m, [own])
    return m.resume(value) if isinstance(value, Suspended) else value
