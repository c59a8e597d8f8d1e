"""Calls: the program's own functions and classes are followed, all others are modelled elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Callable

from keraslint.analysis.core.arguments import Arguments, replace_positional
from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_STEPS_ASIDE
from keraslint.analysis.core.control import Jumps
from keraslint.analysis.core.draining import may_be_closed, yield_anything, yielded
from keraslint.analysis.core.effects import (
    hooks_may_run,
    may_make_layers,
    may_run,
    not_followed,
    perhaps,
    run_handed_functions,
    unseen_call,
)
from keraslint.analysis.core.forgetting import forget, forget_everything
from keraslint.analysis.core.functions import bind_parameters, find_in_class, is_generator
from keraslint.analysis.core.speculation import run_unused
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope, SetObject, join_all
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Array,
    Bound,
    Const,
    Function,
    Method,
    Namespace,
    OneOf,
    Partial,
    Pipeline,
    Ref,
    Sequence,
    Suspended,
    Value,
    Varying,
    one_of,
    without_none,
)
from keraslint.analysis.core.varying import by_item
from keraslint.analysis.core.widening import widen
from keraslint.analysis.facts import TRAINING_METHODS
from keraslint.analysis.interpreter.assumptions import assume_in_callee
from keraslint.analysis.interpreter.by_version import call_by_version
from keraslint.analysis.interpreter.classes import instantiate
from keraslint.analysis.interpreter.definitions import is_of
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.introspection import namespace_method
from keraslint.analysis.interpreter.outside_calls import call_api, call_unseen
from keraslint.analysis.interpreter.reach import skipped_call
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras import datasets
from keraslint.analysis.keras import models as keras_models
from keraslint.analysis.keras.callbacks import is_callback
from keraslint.analysis.keras.tuners import initialize_tuner
from keraslint.analysis.python import containers as python_methods
from keraslint.analysis.python import dataclass_types as records
from keraslint.analysis.python import library as library_api
from keraslint.analysis.python.items import iterate as iterate_known
from keraslint.analysis.python.items import subscript
from keraslint.analysis.python.version_objects import version_method
from keraslint.syntax import walk

_ASIDE = "a function that may change it takes too many steps"
_NESTED = "calls are nested too deeply here"
_TOO_DEEP = "a function that changes it calls itself too deeply"


def call(m: Interpreter, function: Value, args: Arguments) -> Value:
    """The result of a call, with its effects on the state."""
    function = without_none(function)
    if m.varies and (made := call_by_version(m, function, args)) is not None:
        return made
    if isinstance(function, OneOf):
        return _call_alternatives(m, function, args)
    if isinstance(function, Function):
        return call_function(m, function, args)
    if isinstance(function, Method):
        bound = replace_positional(args, [function.receiver, *args.positional])
        return call_function(m, function.function, bound, receiver=function.receiver)
    if isinstance(function, Partial):
        merged = replace_positional(args, [*function.args, *args.positional])
        merged.keywords = {**dict(function.keywords), **args.keywords}
        return m.call(function.function, merged)
    if isinstance(function, Bound):
        return _call_bound(m, function, args)
    if isinstance(function, Api):
        return call_api(m, function, args)
    thing = m.look(function)
    if isinstance(function, Ref) and isinstance(thing, ClassObject):
        return instantiate(m, function, thing, args)
    if isinstance(function, Ref) and isinstance(thing, Instance):
        return _call_instance(m, function, thing, args)
    return call_unseen(m, function, args)


def _call_alternatives(m: Interpreter, function: OneOf, args: Arguments) -> Value:
    if all(isinstance(option, Bound) for option in function.options):
        names = {option.name for option in function.options if isinstance(option, Bound)}
        receivers = [option.receiver for option in function.options if isinstance(option, Bound)]
        if names == {"compile"} or (len(names) == 1 and next(iter(names)) in TRAINING_METHODS):
            return _keras_method(m, one_of(receivers), names.pop(), args)
    before, results, ends = m.state, [], []
    with m.control.uncertain():
        for option in function.options:
            m.state = before.fork()
            results.append(m.call(option, args))
            ends.append(m.state)
    m.state = join_all(ends) or before
    return one_of(results)


def _keras_method(m: Interpreter, receiver: Value, name: str, args: Arguments) -> Value:
    if name == "compile":
        return keras_models.compile_model(m, receiver, args)
    return keras_models.train(m, receiver, name, args)


def call_function(m: Interpreter, function: Function, args: Arguments, receiver: Value | None = None) -> Value:
    """Follow a call of one of the program's own functions."""
    lazy = m.lazy.get(function.node)
    if lazy is None:
        lazy = isinstance(function.node, ast.AsyncFunctionDef) or is_generator(function.node)
        m.lazy[function.node] = lazy
    if function.flavour == "contextmanager" or lazy:
        pending = Suspended(function, tuple(args.positional), tuple(args.keywords.items()), m.next_number())
        m.lazily_called.setdefault(id(function.node), set()).add(pending.number)
        return pending
    if m.aside_steps > MAX_STEPS_ASIDE and m.is_aside(function.module):
        skipped = skipped_call(m, function, args, _ASIDE)
        if skipped is not None:
            return skipped
    if function.wrapped:
        return _run_wrapped(m, function, args, receiver)
    if not function.cached:
        return _run_function(m, function, args, Jumps(), receiver)
    key = (id(function.node), tuple(args.positional), tuple(args.keywords.items()))
    known = m.state.cached.get(key)
    if known is None or (isinstance(known, Ref) and known.number not in m.state.objects):
        made = _run_function(m, function, args, Jumps(), receiver)
        if m.state.perhaps_all_cached:
            made = m.unknown("made by a call that is not followed, or by this one", of=(made,))
        known = m.state.cached[key] = made
    elif key in m.state.perhaps_cached:
        with perhaps(m):
            again = _run_function(m, function, args, Jumps(), receiver)
        known = m.unknown("made by an earlier call, or by this one", of=(known, again))
    return known


def _run_wrapped(m: Interpreter, function: Function, args: Arguments, receiver: Value | None) -> Value:
    """Follow a call of a function that a decorator may call any number of times, or not at all."""
    before = m.state
    m.state = before.fork()
    result = _run_function(m, function, args, Jumps(), receiver)
    ran = m.state
    if not ran.dead:
        m.state = before.fork().joined(ran)
        widen(m, before, ran, m.state, "a decorator that is not followed decides whether it runs", by_function=True)
    return result


def _run_function(m: Interpreter, function: Function, args: Arguments, jumps: Jumps, receiver: Value | None) -> Value:
    key = id(function.node)
    before = m.control.entered.get(key)
    if function.scope not in m.state.objects:
        unknown = not_followed(m, "a function of an earlier turn of a loop is called")
        yield_anything(m, jumps.on_yield, unknown.why)
        return unknown
    if m.control.depth >= MAX_DEPTH or (before is not None and m.control.uncertain_depth > before):
        made = not_followed(m, _NESTED) if before is None else _cut_off(m, function, args, receiver)
        yield_anything(m, jumps.on_yield, _NESTED, args.every())
        return made
    if before is None and _names_itself(m, function):
        return _run_recursive(m, function, args, jumps, receiver)
    result = _enter(m, function, args, jumps, receiver)
    if before is None and key in m.cut_off:
        m.cut_off.discard(key)
        forget_everything(m, _TOO_DEEP)
    return result


def _cut_off(m: Interpreter, function: Function, args: Arguments, receiver: Value | None) -> Value:
    """The result of a call of itself that is not followed. Its body runs once, with arguments that are not known.

    So each branch of it is seen that any further call may take.
    """
    key, result = id(function.node), m.unknown(_NESTED, of=args.every())
    m.cut_off.add(key)
    if key not in m.run_for_all:
        m.run_for_all.add(key)
        positional: list[Value] = [
            m.unknown("an argument of a call that is not followed", of=(one,)) for one in args.positional
        ]
        if receiver is not None and positional:
            positional[0] = receiver
        any_args = Arguments(positional, open=True)
        with perhaps(m), m.control.suspended():
            _enter(m, function, any_args, Jumps(on_yield=lambda _: None), receiver)
        m.run_for_all.discard(key)
    return result


def _run_recursive(m: Interpreter, function: Function, args: Arguments, jumps: Jumps, receiver: Value | None) -> Value:
    """Follow a call of a function that calls itself; what it changes is as uncertain as after a loop.

    Calls of itself that are not followed change what those that are followed change, and what they are passed.
    """
    key, entry, mark = id(function.node), m.state, m.seen.mark()
    m.state = entry.fork()
    result = _enter(m, function, args, jumps, receiver)
    if key not in m.cut_off:
        return result
    m.cut_off.discard(key)
    ran, start = m.state, entry.fork()
    if not widen(m, entry, ran, start, _TOO_DEEP) and ran.counters == entry.counters:
        return result
    m.seen.forget_since(mark)
    m.state = start
    if ran.counters != entry.counters:
        may_make_layers(m)
    for value in args.every():
        forget(m, value, _TOO_DEEP)
    begun = m.state
    m.state = begun.fork()
    result = _enter(m, function, args, Jumps(on_yield=jumps.on_yield), receiver)
    m.cut_off.discard(key)
    widen(m, begun, m.state, m.state, _TOO_DEEP)
    return result


def _names_itself(m: Interpreter, function: Function) -> bool:
    node = function.node
    if node not in m.names_itself:
        name = getattr(node, "name", "")
        found = (getattr(child, "id", getattr(child, "attr", "")) for child in walk(node))
        m.names_itself[node] = bool(name) and name in found
    return m.names_itself[node]


def _enter(m: Interpreter, function: Function, args: Arguments, jumps: Jumps, receiver: Value | None) -> Value:
    key = id(function.node)
    m.step()
    if not m.control.recording_suspended:
        m.executed.add(key)
        if key != m.control.alone:
            m.reached.add(key)
    parameters = bind_parameters(m, function, args)
    scope = Scope(function.scope, function.module, parameters, owner=function.owner, receiver=receiver)
    caller, number = m.control.scope, m.new(scope).number
    begun, inner, m.inner_steps = m.steps, m.inner_steps, 0
    with m.control.in_function(key, number, jumps):
        if m.state.facts:
            assume_in_callee(m, args, caller, function)
        result = _run_body(m, function, number)
    if m.is_aside(function.module):
        m.aside_steps += m.steps - begun - m.inner_steps
    m.inner_steps = inner + m.steps - begun
    return result


def _run_body(m: Interpreter, function: Function, number: int) -> Value:
    if isinstance(function.node, ast.Lambda):
        return m.evaluate(function.node.body)
    entry = m.state
    m.execute(function.node.body)
    returns = m.control.jumps.returns
    if not m.state.dead:
        returns = [*returns, (NONE, m.state)]
    elif not returns:
        m.state = m.state.fork()  # it always raises: the caller ends here
        return m.unknown("a function that never returns")
    m.state = join_all([state for _, state in returns]) or entry
    m.state.narrowed = entry.narrowed
    result = one_of([value for value, _ in returns])
    run_unused(m, number)
    frame = m.state.objects.get(number)
    if isinstance(frame, Scope) and not frame.captured:
        m.state.drop(number)
    return result


def _call_instance(m: Interpreter, value: Ref, thing: Instance, args: Arguments) -> Value:
    if thing.part is not None:
        return keras_api.call_instance(m, value, thing.part, args)
    call = find_in_class(m, thing.cls, "__call__")
    if isinstance(call, Function):
        return m.call(Method(call, value), args)
    return call_unseen(m, value, args)


def _call_bound(m: Interpreter, function: Bound, args: Arguments) -> Value:
    receiver = function.receiver
    thing = m.look(receiver)
    if function.name == "__getitem__" and args.positional and not isinstance(thing, Instance):
        return subscript(m, receiver, args.positional[0])
    if isinstance(thing, Instance):
        return _call_inherited(m, function, thing, args)
    if isinstance(receiver, Function) and receiver.cached and function.name == "cache_clear":
        m.state.cached = {key: made for key, made in m.state.cached.items() if not is_of(receiver, key)}
        return NONE
    if isinstance(receiver, Suspended) and function.name in ("close", "aclose"):
        m.dropped.add(receiver.number)
        if receiver.number in m.state.used_up:
            may_be_closed(m, receiver)
        return NONE
    if isinstance(receiver, Ref) and isinstance(thing, SetObject):
        return python_methods.set_method(m, receiver, function.name, args)
    if isinstance(receiver, Pipeline):
        return datasets.pipeline_method(m, receiver, function.name, args)
    if isinstance(receiver, Array):
        return library_api.array_method(m, receiver, function.name)
    if isinstance(receiver, Namespace):
        return namespace_method(m, receiver.owner, function.name, args)
    if isinstance(receiver, Const) and (made := version_method(m, receiver, function.name, args)) is not None:
        return made
    if isinstance(receiver, (Const, Sequence)) or isinstance(thing, (ListObject, DictObject)):
        return python_methods.call_method(m, receiver, function.name, args)
    return call_unseen(m, function, args)


def _call_inherited(m: Interpreter, function: Bound, thing: Instance, args: Arguments) -> Value:
    """The result of a method of an instance that the program does not define."""
    receiver = function.receiver
    if thing.part is not None:
        return keras_api.call_method(m, receiver, function.name, args)
    if function.name == "__init__":
        if not initialize_tuner(m, receiver, args) and thing.open:
            unseen_call(m, function, args)
        return NONE
    if function.name == "__setattr__" and len(args.positional) == 2 and (name := m.text(args.positional[0])):
        m.set_attribute(receiver, name, args.positional[1])
        return NONE
    if function.name in ("set_model", "set_params") and is_callback(m, thing):
        m.set_attribute(receiver, function.name.removeprefix("set_"), args.get(0, function.name[4:]) or NONE)
        return NONE
    made = records.named_tuple_method(m, receiver, function.name, args)
    return made if made is not None else call_unseen(m, function, args)


def resume(m: Interpreter, value: Suspended, on_yield: Callable[[Value], None] | None = None) -> Value:
    """Run the body of a generator or coroutine, call ``on_yield`` with what it yields, and return its result."""
    args = Arguments(list(value.args), dict(value.keywords))
    receiver = value.args[0] if value.function.owner is not None and value.args else None
    m.state.used_up |= {value.number}
    return _run_function(m, value.function, args, Jumps(on_yield=on_yield), receiver)


def iterate(m: Interpreter, value: Value) -> list[Value] | None:
    """The items of an iterable value, in order; None where they are not known. Reads a generator to its end."""
    if isinstance(value, Suspended):
        return _drained(m, value)
    if isinstance(value, Varying):
        return by_item(m, value)
    items = iterate_known(m, value)
    if items is None:
        m.may_raise()
        hooks_may_run(m, value)
        run_handed_functions(m)
    return items


def _drained(m: Interpreter, value: Suspended) -> list[Value] | None:
    """Everything that a generator yields; None where that depends on unknown branches or loops."""
    if value.number in m.state.used_up:
        may_run(m, [value])
        return None
    return yielded(m, value)
