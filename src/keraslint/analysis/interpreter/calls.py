"""Calls: the program's own functions and classes are followed, all others are modelled elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Callable

from keraslint.analysis.core.arguments import Arguments, replace_positional
from keraslint.analysis.core.bounds import MAX_DEPTH
from keraslint.analysis.core.control import Jumps
from keraslint.analysis.core.effects import may_make_layers, not_followed, run_unused, unseen_call
from keraslint.analysis.core.functions import ancestors, bind_parameters, find_in_class, is_generator
from keraslint.analysis.core.origins import AttributeOf, CallOf
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
    Unknown,
    Value,
    Varying,
    one_of,
    without_none,
)
from keraslint.analysis.core.varying import by_item
from keraslint.analysis.facts import TRAINING_METHODS
from keraslint.analysis.interpreter.assumptions import assume_in_callee
from keraslint.analysis.interpreter.by_version import call_by_version
from keraslint.analysis.interpreter.classes import instantiate
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.introspection import copied, enclosing_super, namespace_method, reaching_in
from keraslint.analysis.interpreter.targets import set_item
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras import datasets
from keraslint.analysis.keras import models as keras_models
from keraslint.analysis.keras.installed_versions import version_call
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.python import builtin_functions as python_api
from keraslint.analysis.python import containers as python_methods
from keraslint.analysis.python import dataclass_types as records
from keraslint.analysis.python import library as library_api
from keraslint.analysis.python.version_objects import call_maker, version_method


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
        return _call_api(m, function, args)
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
        return Suspended(function, tuple(args.positional), tuple(args.keywords.items()))
    if not function.cached:
        return _run_function(m, function, args, Jumps(), receiver)
    key = (id(function.node), tuple(args.positional), tuple(args.keywords.items()))
    known = m.cached.get(key)
    if known is None or (isinstance(known, Ref) and known.number not in m.state.objects):
        known = m.cached[key] = _run_function(m, function, args, Jumps(), receiver)
    return known


def _run_function(m: Interpreter, function: Function, args: Arguments, jumps: Jumps, receiver: Value | None) -> Value:
    key = id(function.node)
    before = m.control.entered.get(key)
    if m.control.depth >= MAX_DEPTH or (before is not None and m.control.uncertain_depth > before):
        may_make_layers(m)
        return not_followed(m, "calls are nested too deeply here")
    m.step()
    if not m.control.recording_suspended:
        m.executed.add(key)
        if key != m.control.alone:
            m.reached.add(key)
    parameters = bind_parameters(m, function, args)
    scope = Scope(function.scope, function.module, parameters, owner=function.owner, receiver=receiver)
    caller, number = m.control.scope, m.new(scope).number
    with m.control.in_function(key, number, jumps):
        if m.state.facts:
            assume_in_callee(m, args, caller, function)
        return _run_body(m, function, number)


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
        return python_api.subscript(m, receiver, args.positional[0])
    if isinstance(thing, Instance):
        if thing.part is not None:
            return keras_api.call_method(m, receiver, function.name, args)
        if function.name == "__init__":
            return NONE
        made = records.replaced(m, receiver, args) if function.name == "_replace" else None
        made = records.as_dict(m, receiver) if function.name == "_asdict" else made
        return made if made is not None else call_unseen(m, function, args)
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


def _call_api(m: Interpreter, api: Api, args: Arguments) -> Value:
    if (version := version_call(m, api, args) or call_maker(api, args)) is not None:
        return version
    if is_keras(api):
        return keras_api.call_keras(m, api, args)
    if api.path == "builtins.super":
        return enclosing_super(m)
    special = reaching_in(m, api.path, args)
    if special is not None:
        return special
    if api.path.startswith("builtins."):
        return python_api.call_builtin(m, api.path.removeprefix("builtins."), args)
    if api.path in ("os.environ.setdefault", "os.putenv") and len(args.positional) == 2:
        set_item(m, Api("os.environ"), args.positional[0], args.positional[1])
        return NONE
    if api.path == "functools.partial" and args.positional:
        return Partial(args.positional[0], tuple(args.positional[1:]), tuple(args.keywords.items()))
    if api.path == "keraslint.runtime.safe_compile" and (model := args.get(0, "model")) is not None:
        return keras_models.compile_model(m, model, replace_positional(args, args.positional[1:]), safe=True)
    if (mapping := _made_mapping(m, api.path, args)) is not None:
        return mapping
    if api.path in ("copy.copy", "copy.deepcopy"):
        return copied(m, args.get(0, "x") or NONE, depth=1 if api.path == "copy.copy" else 4)
    if (made := library_api.call_library(m, api.path, args)) is not None:
        return made
    return call_unseen(m, api, args)


def _made_mapping(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """The result of calling a class of mappings other than dict; None for all other calls."""
    if path in ("collections.OrderedDict", "typing.OrderedDict"):
        return python_api.make_dict(m, args, ordered=True)
    if path in ("collections.OrderedDict.fromkeys", "typing.OrderedDict.fromkeys"):
        return python_api.fromkeys(m, args, ordered=True)
    if path == "collections.defaultdict":
        factory = args.positional[0] if args.positional else None
        return m.new(DictObject({}, default=factory))
    return None


def resume(m: Interpreter, value: Suspended, on_yield: Callable[[Value], None] | None = None) -> Value:
    """Run the body of a generator or coroutine, call ``on_yield`` with what it yields, and return its result."""
    args = Arguments(list(value.args), dict(value.keywords))
    receiver = value.args[0] if value.function.owner is not None and value.args else None
    return _run_function(m, value.function, args, Jumps(on_yield=on_yield), receiver)


def call_unseen(m: Interpreter, function: Value, args: Arguments) -> Value:
    """The result of an unseen call; a training call on an unknown model is recorded, too."""
    origin = function.origin if isinstance(function, Unknown) else None
    if isinstance(origin, AttributeOf):
        if origin.name == "compile":
            keras_models.compile_model(m, origin.owner, args)
        elif _ends(m, origin):
            m.end()
        elif origin.name in TRAINING_METHODS and args.node is not None and not m.control.recording_suspended:
            m.seen.add_unresolved_training(args.node)
    return unseen_call(m, function, args)


def _ends(m: Interpreter, method: AttributeOf) -> bool:
    """True if nothing runs after an unseen method: it skips a test, or ends a program with bad arguments."""
    owner, thing = method.owner, m.look(method.owner)
    if isinstance(owner, Unknown) and isinstance(owner.origin, CallOf):
        return owner.origin.path == "argparse.ArgumentParser" and method.name in ("error", "exit")
    bases = ancestors(m, thing.cls) if isinstance(thing, Instance) else ()
    return Api("unittest.TestCase") in bases and method.name in ("fail", "skipTest")


def iterate(m: Interpreter, value: Value) -> list[Value] | None:
    """The items of an iterable value, in order; None where they are not known."""
    if isinstance(value, Suspended):
        return _drained(m, value)
    if isinstance(value, Varying):
        return by_item(m, value)
    return python_api.iterate(m, value)


def _drained(m: Interpreter, value: Suspended) -> list[Value] | None:
    """Everything that a generator yields; None where that depends on unknown branches or loops."""
    items, depth, certain = list[Value](), m.control.uncertain_depth, True

    def keep(item: Value) -> None:
        nonlocal certain
        certain &= m.control.uncertain_depth == depth
        items.append(item)

    m.resume(value, keep)
    return items if certain else None
