"""Effects of code that is not in view. Every result of such code comes from a function here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_STEPS_ALONE, OutOfBounds
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf, CallOf, ItemOf
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, ModelPart, Scope
from keraslint.analysis.core.values import (
    Api,
    Array,
    Bound,
    Const,
    Function,
    Method,
    Origin,
    Ref,
    Sequence,
    Suspended,
    Unknown,
    Value,
    options,
)
from keraslint.analysis.facts import TRAINING_METHODS

# Packages whose functions are assumed not to change a list or dict that is passed to them.
_BENIGN = frozenset(
    "numpy tensorflow keras jax torch pandas sklearn scipy matplotlib seaborn wandb mlflow tqdm absl yaml PIL cv2 rich"
    " tensorboard tensorflow_datasets tensorflow_addons keras_tuner optuna h5py builtins abc argparse collections"
    " contextlib csv dataclasses datetime enum functools gc glob hashlib inspect io itertools json logging math os"
    " pathlib pickle platform pprint re shutil statistics string subprocess sys tempfile textwrap time timeit typing"
    " uuid warnings".split()
)


_BENIGN_METHODS = frozenset({"info", "debug", "warning", "error", "log", "print", "write", "critical", "exception"})


def unseen_call(m: InterpreterCore, function: Value, args: Arguments) -> Value:
    """The result of calling something that is not in view: it may keep and change its arguments."""
    package = function.path.partition(".")[0] if isinstance(function, Api) else ""
    quiet = package in _BENIGN and not (isinstance(function, Api) and ".random." in function.path)
    name = function.name if isinstance(function, Bound) else ""
    if isinstance(function, Unknown) and isinstance(function.origin, AttributeOf):
        name = function.origin.name
    if m.state.facts and not quiet and name not in _BENIGN_METHODS:
        _forget_facts(m, function, args)
    quiet_call = isinstance(function, Api) and function.path.startswith(("builtins.", "functools.wraps"))
    for value in args.every():
        for option in options(value):
            if isinstance(option, (Function, Method)) and not m.control.recording_suspended and not quiet_call:
                may_run(m, option)
            if not quiet and name not in _BENIGN_METHODS:
                forget(m, option, "something that is not seen may have changed it")
                _forget_settings(m, option)
                handed_out(m, option)
    if package not in _BENIGN:
        may_make_layers(m)
    return _unseen_result(function, args)


def may_run(m: InterpreterCore, function: Function | Method) -> None:
    """Run a function once that unseen code may call with arguments of its own."""
    node = function.node if isinstance(function, Function) else function.function.node
    if id(node) in m.relevant and id(node) not in m.called_back and m.control.depth < MAX_DEPTH:
        m.called_back.add(id(node))
        run_with_unknown_arguments(m, function)


def not_followed(m: InterpreterCore, why: str, origin: Origin | None = None) -> Unknown:
    """The result of code of the program that ran, or may have run, and is not followed, for the reason in ``why``."""
    return m.unknown(why, origin)


def handed_out(m: InterpreterCore, value: Value, depth: int = 3) -> None:
    """Record that a value, with the models in it, is passed to code that is not in view."""
    for option in options(value):
        part = m.part(option)
        if isinstance(part, ModelPart):
            if not part.trained and not m.control.recording_suspended:
                m.seen.mark_escape(part.compiles)
            if not part.escaped and not part.trained:
                m.set_part(option, replace(part, escaped=True))
        elif isinstance(option, Bound) and option.name in TRAINING_METHODS and isinstance(option.receiver, Ref):
            m.seen.loss_callers.add(option.receiver.number)
        elif depth:
            for item in _parts_of(m, option):
                handed_out(m, item, depth - 1)


def may_make_layers(m: InterpreterCore, prefix: str | None = None) -> None:
    """Forget the counters of Keras' names (all, or this one), since unseen code may have made layers."""
    if prefix is None:
        m.state.counters = None
    elif m.state.counters is not None:
        m.state.counters[prefix] = None


def forget(m: InterpreterCore, value: Value, why: str, depth: int = 3) -> None:
    """Forget the contents of a list, dict or array, which unseen code may have changed.

    The lists and dicts in it are forgotten too, for they may have other names.
    """
    if isinstance(value, Array):
        _forget_array(m, value, why)
        return
    thing = m.look(value)
    inner: list[Value] = []
    if isinstance(thing, ListObject):
        inner = thing.items or []
    elif isinstance(thing, DictObject):
        inner = [entry.value for entry in (thing.entries or {}).values()]
    elif isinstance(value, Sequence):
        inner = list(value.items)
    for item in inner if depth else ():
        forget(m, item, why, depth - 1)
    if isinstance(value, Ref) and isinstance(thing, ListObject):
        listing = m.state.writable(value.number, ListObject)
        listing.items, listing.why = None, why
    elif isinstance(value, Ref) and isinstance(thing, DictObject):
        mapping = m.state.writable(value.number, DictObject)
        mapping.entries, mapping.why = None, why


def _forget_array(m: InterpreterCore, array: Value, why: str) -> None:
    """Forget the contents of an array: every variable with an equal array is forgotten."""
    for number, thing in [*m.state.objects.items()]:
        if isinstance(thing, (Scope, Instance)):
            names = thing.variables if isinstance(thing, Scope) else thing.attributes
            for name in [name for name, held in names.items() if held == array]:
                m.set_attribute(Ref(number), name, m.unknown(why))
        elif isinstance(thing, (ListObject, DictObject)) and array in _parts_of(m, Ref(number)):
            forget(m, Ref(number), why, depth=0)


def forget_attributes(m: InterpreterCore, value: Value, why: str) -> None:
    """Forget all attributes of an instance, class or module: any may have been set."""
    m.state.forget_facts_within()
    thing = m.look(value)
    if isinstance(value, Ref) and isinstance(thing, Instance):
        instance = m.state.writable(value.number, Instance)
        instance.open = True
        instance.attributes = {name: m.unknown(why) for name in instance.attributes}
    elif isinstance(value, Ref) and isinstance(thing, Scope):
        scope = m.state.writable(value.number, Scope)
        scope.variables = {name: m.unknown(why) for name in scope.variables}
    elif isinstance(value, Ref) and isinstance(thing, ClassObject):
        cls = m.state.writable(value.number, ClassObject)
        cls.attributes = {name: m.unknown(why) for name in cls.attributes}


def _forget_facts(m: InterpreterCore, function: Value, args: Arguments) -> None:
    """End assumptions about the receiver and the arguments of an unseen call, and about the items in them."""
    touched = [option for value in args.every() for option in options(value)]
    if any(isinstance(value, Sequence) or m.look(value) is not None for value in touched):
        m.state.forget_facts_within()
        return
    owner = function
    while isinstance(owner, Unknown) and isinstance(owner.origin, (AttributeOf, ItemOf)):
        owner = owner.origin.owner if isinstance(owner.origin, AttributeOf) else owner.origin.container
        touched += [owner] if isinstance(owner, Unknown) else []
    m.state.forget_facts_within([*touched, *([function.receiver] if isinstance(function, Bound) else [])])


def _forget_settings(m: InterpreterCore, value: Value) -> None:
    """Forget the settings of an instance that is passed to unseen code; models in it stay what they are."""
    thing = m.look(value)
    if isinstance(value, Ref) and isinstance(thing, Instance) and thing.part is None:
        instance = m.state.writable(value.number, Instance)
        attributes, instance.open = instance.attributes, True
        for name, item in attributes.items():
            held = m.look(item)
            if isinstance(item, (Const, Sequence)) or isinstance(held, (ListObject, DictObject)):
                attributes[name] = m.unknown("something that is not seen may have changed it")


def _parts_of(m: InterpreterCore, value: Value) -> list[Value]:
    thing = m.look(value)
    if isinstance(thing, Instance):
        return list(thing.attributes.values())
    entries = m.mapping(value)
    return [entry.value for entry in entries.values()] if entries is not None else m.sequence(value) or []


def _unseen_result(function: Value, args: Arguments) -> Value:
    origin = CallOf(function, tuple(args.every()), tuple(args.keywords))
    if isinstance(function, Api):
        name = function.path.removeprefix("builtins.")
        return Unknown(f"returned by {name}, which is not followed", origin)
    why = function.why if isinstance(function, Unknown) else "the result of a call that is not followed"
    return Unknown(why, origin)


def run_with_unknown_arguments(m: InterpreterCore, function: Value, receiver: Value | None = None) -> None:
    """Run a function with unseen arguments on a copy of the state, for what can be observed in it."""
    method = Method(function, receiver) if isinstance(function, Function) and receiver is not None else function

    def run() -> None:
        result = m.call(method, Arguments(open=True))
        if isinstance(result, Suspended):
            m.resume(result, lambda item: handed_out(m, item))
        handed_out(m, result)

    speculate(m, run)


def speculate(m: InterpreterCore, run: Callable[[], None]) -> None:
    """Run something on a copy of the state, with a bound of its own, for what can be observed in it."""
    before, limit, first = m.state, m.control.limit, len(m.seen.compiles)
    m.state = before.fork()
    may_make_layers(m)
    try:
        with m.control.speculating(min(limit, m.steps + MAX_STEPS_ALONE)):
            run()
            run_waiting(m)
    except (OutOfBounds, RecursionError):
        m.seen.mark_escape(tuple(range(first, len(m.seen.compiles))))
        if limit < m.steps:
            raise
    finally:
        m.state = before


def run_unused(m: InterpreterCore, number: int) -> None:
    """Note the functions that a finished scope defines: those that nothing calls are run at the end."""
    frame = m.state.objects.get(number)
    if not isinstance(frame, Scope) or m.control.recording_suspended or m.control.depth >= MAX_DEPTH:
        return
    for value in list(frame.variables.values()):
        if isinstance(value, Function) and value.scope == number and is_unused(m, value):
            m.control.waiting.append(value)


def run_waiting(m: InterpreterCore) -> None:
    """Run the functions of finished scopes that nothing in view has called until now."""
    while m.control.waiting:
        value = m.control.waiting.pop(0)
        if is_unused(m, value) and value.scope in m.state.objects:
            run_with_unknown_arguments(m, value)


def is_unused(m: InterpreterCore, function: Function) -> bool:
    """True if nothing in view has called a function in which there is something to observe."""
    return id(function.node) not in m.executed and id(function.node) in m.relevant
