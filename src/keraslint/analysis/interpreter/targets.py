"""Assignment targets and comprehensions: where values are bound to names, attributes and items."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.effects import any_number_of_times, hooks_may_run, perhaps
from keraslint.analysis.core.forgetting import forget, forget_attributes, lose_contents, put_into
from keraslint.analysis.core.functions import GENERATOR_SOURCE, bind_function, enclosing, guard_iterator, own_method
from keraslint.analysis.core.handing import handed_out
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import DictObject, Entry, ListObject, Scope
from keraslint.analysis.core.values import (
    Api,
    Const,
    Namespace,
    Proxy,
    Ref,
    Sequence,
    Slice,
    Suspended,
    Unknown,
    Value,
    options,
)
from keraslint.analysis.core.varying import decided, depends_on_version, tell, tell_of_contents
from keraslint.analysis.interpreter import module_table
from keraslint.analysis.interpreter.assumptions import assume, holds
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.keras.uses import note_attribute
from keraslint.analysis.python.items import KEPT, slice_parts
from keraslint.syntax import called_name, is_only_passed_to

# The values of TF_USE_LEGACY_KERAS that TensorFlow 2.21.0 takes as true (python/util/lazy_loader.py).
_LEGACY_ON = (Const("1"), Const("true"), Const("True"))


def evaluate_list_comp(m: Interpreter, node: ast.ListComp) -> Value:
    """The value of ``[a for b in c]``."""
    seen: list[Value] = []

    def element() -> Value:
        seen.append(m.evaluate(node.elt))
        return seen[-1]

    items = _comprehend(m, node.generators, element)
    made = m.new_list(items, "it is built by a loop over something unknown")
    if items is None:
        lose_contents(m, made, "it is built by a loop over something unknown", *seen)
    return made


def evaluate_generator_exp(m: Interpreter, node: ast.GeneratorExp) -> Value:
    """The value of ``(a for b in c)``."""
    first = m.evaluate(node.generators[0].iter)
    if own_method(m, first, "__iter__") is not None:  # Python calls it now, before anything reads the generator
        hooks_may_run(m, first)
    if any(isinstance(child, ast.NamedExpr) for child in ast.walk(node)):
        items = _comprehend(m, node.generators, lambda: m.evaluate(node.elt))
        return m.unknown("a generator that sets variables") if items is None else Sequence(tuple(items), once=True)
    if node not in m.generators:
        m.generators[node] = _as_function(node)
        m.relevant |= {id(m.generators[node])} if id(node) in m.relevant else set()
    function = bind_function(m, m.generators[node])
    return Suspended(function, (first,), (), m.next_number())


def _as_function(node: ast.GeneratorExp) -> ast.FunctionDef:
    """The function that a generator expression is: nothing of it but the first iterable runs before it is read."""
    body: ast.stmt = ast.Expr(ast.Yield(node.elt))
    for place, generator in reversed([*enumerate(node.generators)]):
        for condition in reversed(generator.ifs):
            body = ast.If(condition, [body], [])
        source = generator.iter if place else ast.Name(GENERATOR_SOURCE, ast.Load())
        kind = ast.AsyncFor if generator.is_async else ast.For
        body = kind(generator.target, source, [body], [])
    spec = ast.arguments([], [ast.arg(GENERATOR_SOURCE)], None, [], [], None, [])
    made = ast.FunctionDef("<genexpr>", spec, [body], [])
    for child in ast.walk(made):
        if isinstance(child, (ast.expr, ast.stmt)) and not hasattr(child, "lineno"):
            ast.copy_location(child, node)
    return made


def evaluate_set_comp(m: Interpreter, node: ast.SetComp) -> Value:
    """The value of ``{a for b in c}``: unknown, but its items are evaluated."""
    _comprehend(m, node.generators, lambda: m.evaluate(node.elt))
    return m.unknown("a set has no order")


def evaluate_dict_comp(m: Interpreter, node: ast.DictComp) -> Value:
    """The value of ``{a: b for c in d}``."""

    def pair() -> Value:
        return Sequence((as_key(m, m.evaluate(node.key)), m.evaluate(node.value)))

    pairs = _comprehend(m, node.generators, pair)
    if pairs is None:
        return m.new_dict(None, why="it is built by a loop over something unknown")
    entries: dict[Hashable, Entry] = {}
    for item in pairs:
        if isinstance(item, Sequence) and isinstance(item.items[0], Const):
            entries[item.items[0].value] = Entry(item.items[1], None, m.module)
        else:
            made = m.new_dict(None, why="a key of its comprehension is not known")
            tell_of_contents(m, made, pairs)
            return made
    return m.new_dict(entries)


def _comprehend(
    m: Interpreter, generators: list[ast.comprehension], element: Callable[[], Value]
) -> list[Value] | None:
    first = m.evaluate(generators[0].iter)
    scope = m.new(Scope(enclosing(m), m.module, kind="comprehension"))
    with m.control.in_scope(scope.number):
        return _comprehension_turns(m, generators, element, first)


def _comprehension_turns(
    m: Interpreter, generators: list[ast.comprehension], element: Callable[[], Value], source: Value
) -> list[Value] | None:
    generator, rest = generators[0], generators[1:]
    items = m.iterate(source)

    def take() -> list[Value] | None:
        return _comprehension_turns(m, rest, element, m.evaluate(rest[0].iter)) if rest else [element()]

    if items is None or len(items) > MAX_UNROLL:
        m.doubtful |= m.varies and depends_on_version(m, source)
        any_item = m.unknown("an item of something unknown", of=(source, *(items or ())))

        def turn() -> None:
            bind_target(m, generator.target, any_item)
            _filtered(m, generator.ifs, take)

        any_number_of_times(m, "a comprehension whose turns are not known changes it", turn)
        return None
    results: list[Value] | None = []
    for item in items:
        m.step()
        bind_target(m, generator.target, item)
        more = _filtered(m, generator.ifs, take)
        results = None if more is None or results is None else [*results, *more]
    return results


def _filtered(m: Interpreter, conditions: list[ast.expr], take: Callable[[], list[Value] | None]) -> list[Value] | None:
    """The items of ``take`` if all conditions are true, none if one is false; None where that is not known."""
    if not conditions:
        return take()
    truth = holds(m, conditions[0])
    if truth is None:
        with perhaps(m):
            assume(m, conditions[0], True)
            _filtered(m, conditions[1:], take)
        return None
    return _filtered(m, conditions[1:], take) if truth else []


def bind_target(m: Interpreter, target: ast.expr, value: Value, node: ast.expr | None = None) -> None:
    """Assign a value, written as ``node``, to a target: a name, an attribute, an item, or several of them."""
    if isinstance(target, ast.Name):
        m.assign(target.id, _kept(m, target.id, value, node))
    elif isinstance(target, ast.Attribute):
        owner = m.evaluate(target.value)
        note_attribute(m, owner, target, "set", value)
        m.set_attribute(owner, target.attr, guard_iterator(value))
    elif isinstance(target, ast.Subscript):
        set_item(m, m.evaluate(target.value), m.evaluate(target.slice), value, node)
    elif isinstance(target, ast.Starred):
        bind_target(m, target.value, m.unknown("the rest of an unpacked value", of=(value,)))
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(m, target.elts, value)


def _kept(m: Interpreter, name: str, value: Value, node: ast.expr | None) -> Value:
    """The value of a variable: an iterator of a list or tuple is known where only ``next`` reads it."""
    guarded = guard_iterator(value)
    if guarded is value or m.module != m.main_module or (source := _iterated(m, node)) is None:
        return guarded
    if name not in m.only_read:
        m.only_read[name] = is_only_passed_to(m.tree, name, "next")
    if not m.only_read[name]:
        return guarded
    number = m.next_number()
    m.state.read_up_to[number] = 0
    return m.unknown("an iterator that is kept in a variable", Derived(KEPT, (source, number)))


def _iterated(m: Interpreter, node: ast.expr | None) -> Value | None:
    """The list or tuple of which ``node`` makes an iterator; None for other expressions.

    An iterator reads a list as it is by then.
    """
    plain = isinstance(node, ast.Call) and called_name(node) == "iter" and len(node.args) == 1
    given = node.args[0] if plain and isinstance(node, ast.Call) else None
    if not isinstance(given, (ast.Name, ast.Attribute, ast.List, ast.Tuple)):
        return None
    if any(isinstance(child, ast.Call) or id(child) in m.computed for child in ast.walk(given)):
        return None
    source = m.evaluate(given)
    known = isinstance(source, Sequence) and not source.once
    return source if known or isinstance(m.look(source), ListObject) else None


def _unpack(m: Interpreter, targets: list[ast.expr], value: Value) -> None:
    items = m.iterate(value)
    star = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if items is not None and star is not None and len(items) >= len(targets) - 1:
        tail = len(targets) - star - 1
        middle = items[star : len(items) - tail]
        items = [*items[:star], m.new_list(middle), *items[len(items) - tail :]]
    if items is None or len(items) != len(targets):
        if items is None or star is not None:
            m.may_raise()
        else:
            m.raises()
        why = value.why if isinstance(value, Unknown) else "a part of something unknown"
        items = [m.unknown(why, Derived("part", (value, i))) for i in range(len(targets))]
    for target, item in zip(targets, items, strict=True):
        bind_target(m, target.value if isinstance(target, ast.Starred) else target, item)


def set_item(m: Interpreter, container: Value, key: Value, value: Value, node: ast.expr | None = None) -> None:
    """Carry out ``container[key] = value``, the value written as ``node``."""
    if isinstance(container, Namespace):
        name = m.text(key)
        if name is None:
            forget_attributes(m, container.owner, "a name that is not known is set in it")
            put_into(m, container.owner, [value])
        else:
            m.set_attribute(container.owner, name, value)
        return
    container = decided(m, container, 0)
    module_table.item_set(m, container, key, value)
    if isinstance(container, Api) and (container.path == "builtins" or container.path.endswith(".__dict__")):
        m.set_attribute(Api(container.path.removesuffix(".__dict__")), m.text(key) or "dict", value)
        return
    if m.control.guards:
        _note_refused(m, container, key)
    _set_known_item(m, container, key, value, node)
    thing = m.look(container)
    if isinstance(thing, DictObject) and thing.entries is not None:
        return
    if isinstance(thing, ListObject) and thing.items is not None:
        return
    tell(m, container, [value])
    for option in options(container):
        forget(m, option, "an item is set in it or in something else")
        if isinstance(option, Ref):
            lose_contents(m, option, "an item is set in it or in something else", value)
        put_into(m, option, [value])
    handed_out(m, value)  # an item of an unseen container leaves the view


def _note_refused(m: Interpreter, container: Value, key: Value) -> None:
    """Carry out that nothing can be set at this place of a container, or that perhaps nothing can."""
    items = m.sequence(container)
    place = key.value if items is not None and isinstance(key, Const) else None
    if isinstance(container, (Const, Sequence, Proxy)) or (
        items is not None and isinstance(place, int) and not -len(items) <= place < len(items)
    ):
        m.raises()
    elif not isinstance(m.look(container), (ListObject, DictObject)) and container != Api("os.environ"):
        m.may_raise()


def _set_known_item(m: Interpreter, container: Value, key: Value, value: Value, node: ast.expr | None) -> None:
    """Carry out ``container[key] = value`` for a known list, dict or instance, and for the environment."""
    thing, key = m.look(container), as_key(m, key)
    if m.state.facts:
        m.state.forget_facts("[]")
        if not isinstance(thing, (ListObject, DictObject)):
            m.state.forget_facts_within()
    if container == Api("os.environ") and key == Const("TF_USE_LEGACY_KERAS"):
        m.state.legacy = value in _LEGACY_ON
    if not isinstance(container, Ref):
        return
    if (method := own_method(m, container, "__setitem__")) is not None:
        m.call(method, Arguments([key, value]))
    elif isinstance(thing, DictObject):
        if not isinstance(key, Const):
            forget(m, container, "a key that is not known is set in it")
        elif thing.entries is not None:
            entries = m.state.writable(container.number, DictObject).entries
            assert entries is not None
            entries[key.value] = Entry(value, node, m.module)
    elif isinstance(thing, ListObject):
        _set_in_list(m, container, key, value)


def _set_in_list(m: Interpreter, container: Ref, key: Value, value: Value) -> None:
    """Carry out ``container[key] = value`` for a list: an item, or a slice, for which the value is read to its end."""
    new = m.iterate(value) if isinstance(key, Slice) else None
    part, listing = slice_parts(key), m.state.writable(container.number, ListObject)
    if listing.items is None:
        return
    if isinstance(key, Const) and isinstance(key.value, int) and -len(listing.items) <= key.value < len(listing.items):
        listing.items[key.value] = value
    elif part is None or part[2] is not None or new is None:
        forget(m, container, "items at unknown places are set in it")
    else:
        listing.items = [*listing.items]
        listing.items[slice(*part)] = new
