"""Effects of code that is not in view, and of functions that such code may call. Every result of it comes from here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import (
    MAX_EFFECT_STEPS,
    MAX_EFFECT_STEPS_OF_FILE,
    MAX_EFFECTS_WITHIN,
    MAX_HANDED,
    KerasChanged,
    OutOfBounds,
)
from keraslint.analysis.core.draws import form_of, made_by, method_of, stir
from keraslint.analysis.core.forgetting import (
    UNSEEN_CHANGE,
    forget_contents,
    forget_everything,
    forget_modules,
    forget_settings,
    reached,
)
from keraslint.analysis.core.functions import ancestors, own_method
from keraslint.analysis.core.handing import handed_out
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import CallOf, Derived, result_of, taken_from
from keraslint.analysis.core.raising import new_guard, note_broken_off
from keraslint.analysis.core.speculation import run_with_unknown_arguments
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject
from keraslint.analysis.core.values import (
    Api,
    Bound,
    Const,
    Function,
    Method,
    Origin,
    Partial,
    Ref,
    Sequence,
    Suspended,
    Unknown,
    Value,
    options,
)
from keraslint.analysis.core.varying import tell
from keraslint.analysis.core.widening import widen
from keraslint.ipython.lines import why_unknown
from keraslint.syntax import walk

# Packages whose functions are assumed not to change a list or dict that is passed to them.
BENIGN = frozenset(
    "numpy tensorflow keras jax torch pandas sklearn scipy matplotlib seaborn wandb mlflow tqdm absl yaml PIL cv2 rich"
    " tensorboard tensorflow_datasets tensorflow_addons keras_tuner optuna h5py builtins abc argparse collections"
    " contextlib copy csv dataclasses datetime enum functools gc glob hashlib inspect io itertools json logging math os"
    " pathlib pickle platform pprint re shutil statistics string subprocess sys tempfile textwrap time timeit typing"
    " uuid warnings".split()
)

# Methods of unknown objects that change neither these nor what is passed to them.
_BENIGN_METHODS = frozenset(
    "info debug warning error log print write critical exception get items keys values copy index count format join"
    " split strip lower upper startswith endswith".split()
)

# Packages of which a function calls no method of an object that it gets, other than Python's own hooks.
_CALL_HOOKS_ONLY = frozenset({"builtins", "logging", "pprint", "pickle", "copy", "string", "warnings", "math"})

# Modules that pass what they are given to functions that were set in them, and methods of loggers that set some.
LISTENED_TO = frozenset({"logging", "warnings", "sys"})
_LISTENS = frozenset({"addFilter", "addHandler", "setFormatter", "setStream"})

MAY_HAVE_RUN = "a function that changes it may have run where it is not seen"
_TOO_LONG = "a function that may change it takes too many steps"

_MAKERS = frozenset("__init__ __new__ __init_subclass__ __set_name__ __post_init__ __class_getitem__".split())

# Methods that Python runs at places of their own, which are followed there.
_NEVER_HOOKS = _MAKERS | frozenset("__call__ __enter__ __exit__ __aenter__ __aexit__".split())

_ACTING = (
    *(ast.Call, ast.AugAssign, ast.Delete, ast.Global, ast.Nonlocal, ast.With, ast.AsyncWith, ast.Await),
    *(ast.Import, ast.ImportFrom),
)


def unseen_call(m: InterpreterCore, function: Value, args: Arguments) -> Value:
    """The result of calling something that is not in view: it may call, keep and change its arguments."""
    package = function.path.partition(".")[0] if isinstance(function, Api) else ""
    changing = isinstance(function, Api) and any(part in function.path for part in (".random.", "collections.abc."))
    receiver, name = method_of(function)
    quiet = (package in BENIGN and not changing) or name in _BENIGN_METHODS
    if m.state.facts and not quiet:
        _forget_facts(m, function, args)
    given = [*args.every(), *args.may_pass]
    version = tell(m, receiver, given)
    if not quiet and package not in BENIGN:
        stir(m, function, given)
    if not quiet:
        for value in reached(m, [*given, *([receiver] if receiver is not None else [])]):
            forget_contents(m, value, UNSEEN_CHANGE)
            forget_settings(m, value)
        for value in given:
            handed_out(m, value)
    if not isinstance(function, Api) or not function.path.startswith("functools.wraps"):
        hooks_only = package in _CALL_HOOKS_ONLY and not any(isinstance(one, Suspended) for one in given)
        may_run(m, given, hooks_only=hooks_only, may_pass=given)
        callee = [one for one in (receiver, function) if one is not None and not isinstance(one, Api)]
        may_run(m, callee, may_pass=given)
    if _is_of_project(function):
        forget_modules(m)
    _note_loss_reader(m, function, given)
    _note_listener(m, package, function.path.rpartition(".")[2] if isinstance(function, Api) else name, given)
    run_handed_functions(m)
    if package not in BENIGN:
        may_make_layers(m)
    result = _unseen_result(m, function, args)
    return result if version is None else Unknown(result.why, Derived("by version", (version, result.origin)))


def _note_listener(m: InterpreterCore, package: str, name: str, given: list[Value]) -> None:
    """Note that what is logged, printed or warned is passed to code of the program; that code may change it."""
    if name in _BENIGN_METHODS or name in ("warn", "warn_explicit"):
        for value in reached(m, given) if m.listens else ():
            forget_contents(m, value, UNSEEN_CHANGE)
    elif package in LISTENED_TO or name in _LISTENS:
        m.listens |= any(_may_act(m, one) for one in _functions_in(m, given, hooks_only=False))
        may_run(m, given)


def _is_of_project(function: Value) -> bool:
    """True for something from a module of the project that is not followed: it may change the other modules."""
    while (source := taken_from(function) or result_of(function)) is not None:
        function = source
    return isinstance(function, Unknown) and isinstance(function.origin, Derived) and function.origin.how == "import"


def _note_loss_reader(m: InterpreterCore, function: Value, given: list[Value]) -> None:
    """Note the models whose losses ``attrgetter("loss")`` reads."""
    origin = function.origin if isinstance(function, Unknown) else None
    path = origin.path if isinstance(origin, CallOf) else getattr(function, "path", "")
    if path in ("operator.attrgetter", "operator.attrgetter()"):
        m.seen.loss_readers.update(value.number for value in reached(m, given) if isinstance(value, Ref))


def may_run(
    m: InterpreterCore, values: Iterable[Value], *, hooks_only: bool = False, may_pass: Iterable[Value] = ()
) -> None:
    """Carry out that code out of view may call functions in these values, at once or later, any number of times.

    hooks_only: it calls only what Python calls by itself, such as ``__str__`` and ``__eq__``.
    may_pass: what it may pass to them, or parts of it.
    """
    if hooks_only and not m.has_hooks:
        return
    for function in dict.fromkeys(_functions_in(m, values, hooks_only=hooks_only)):
        _observe(m, function)
        changes = _may_act(m, function) and act(m, function, tuple(may_pass))
        if changes and not hooks_only:
            may_be_handed_out(m, function)


def run_handed_functions(m: InterpreterCore) -> None:
    """Carry out that the functions which code out of view holds may run now."""
    if m.control.acting:  # they are run after the function that runs for its effects
        return
    if len(m.state.handed_functions) > MAX_HANDED:
        forget_everything(m, MAY_HAVE_RUN)
    else:
        for function in m.state.handed_functions:
            spent = m.effect_steps > MAX_EFFECT_STEPS_OF_FILE
            act(m, function, ())
            if spent:  # it was not followed, and all was forgotten
                return


def may_be_handed_out(m: InterpreterCore, function: Value) -> None:
    """Note that code out of view may hold a function that may change something."""
    if function not in m.state.handed_functions and len(m.state.handed_functions) <= MAX_HANDED:
        m.state.handed_functions = (*m.state.handed_functions, function)


def _functions_in(m: InterpreterCore, values: Iterable[Value], *, hooks_only: bool) -> Iterator[Value]:
    for value in reached(m, values):
        if isinstance(value, (Function, Method, Partial, Suspended)):
            if not hooks_only:
                yield value
        elif isinstance(value, Bound):
            if isinstance(m.look(value.receiver), (ListObject, DictObject)) and not hooks_only:
                yield value
        else:
            yield from _methods_of(m, value, hooks_only=hooks_only)


def _methods_of(m: InterpreterCore, value: Value, *, hooks_only: bool) -> Iterator[Value]:
    """The methods in view of an instance or class. Those of layers and models are left out: Keras runs them."""
    thing = m.look(value)
    if isinstance(thing, Instance) and thing.part is None:
        for cls in ancestors(m, thing.cls):
            held = m.look(cls)
            for name, found in held.attributes.items() if isinstance(held, ClassObject) else ():
                wanted = _is_hook(name) or (not hooks_only and name not in _MAKERS)
                if wanted and isinstance(found, Function):
                    yield found if found.flavour == "staticmethod" else m.method_of(found, value)
    elif isinstance(thing, ClassObject) and not hooks_only:
        yield value
        for found in thing.attributes.values():
            if isinstance(found, Function) and found.flavour in ("staticmethod", "classmethod"):
                yield found if found.flavour == "staticmethod" else m.method_of(found, value)


def _observe(m: InterpreterCore, value: Value) -> None:
    """Run a function once, with arguments that are not known, for what can be observed in it."""
    value = value.function if isinstance(value, Suspended) else value
    if not isinstance(value, (Function, Method)) or m.control.recording_suspended:
        return
    function = value if isinstance(value, Function) else value.function
    node, closure = function.node, (id(function.node), function.scope)
    if id(node) in m.relevant and closure not in m.called_back:
        m.called_back.add(closure)
        m.reached.add(id(node))
        guard, first = new_guard(m, takes_all=True), len(m.seen.compiles)
        with m.control.uncertain():
            run_with_unknown_arguments(m, value, guard=guard)
        note_broken_off(m, guard, [m.state])
        for number in range(first, len(m.seen.compiles)):
            m.seen.note_later(m.seen.compiles[number].models, guard.first, number)


def _may_act(m: InterpreterCore, value: Value) -> bool:
    """Return False for a function that surely changes nothing outside itself: it sets only variables of its own."""
    if isinstance(value, (Partial, Bound)):
        return True
    if isinstance(value, Ref):
        methods = (getattr(m.look(cls), "attributes", {}).values() for cls in ancestors(m, value))
        return any(isinstance(one, Function) and _may_act(m, one) for each in methods for one in each)
    function = value.function if isinstance(value, (Method, Suspended)) else value
    assert isinstance(function, Function)
    known = m.acting.get(function.node)
    if known is None:
        known = m.acting[function.node] = any(map(_acts, walk(function.node)))
    return known


def _acts(node: ast.AST) -> bool:
    stored = isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store)
    return stored or isinstance(node, _ACTING)


def act(m: InterpreterCore, function: Value, may_pass: tuple[Value, ...]) -> bool:
    """Carry out that a function may run, any number of times. Returns True if it changes something outside itself."""
    before, start = m.state, m.steps
    if function in m.control.acting:
        return False
    scope = getattr(function.function if isinstance(function, (Method, Suspended)) else function, "scope", None)
    if scope is not None and scope not in m.state.objects:  # it was made in a turn of a loop that is not kept
        forget_everything(m, MAY_HAVE_RUN)
        return False
    if m.effect_steps > MAX_EFFECT_STEPS_OF_FILE or len(m.control.acting) >= MAX_EFFECTS_WITHIN:
        forget_everything(m, _TOO_LONG)
        return False
    m.state = before.fork()
    limit = min(m.control.limit, m.steps + MAX_EFFECT_STEPS)
    try:
        with m.control.speculating(limit), m.control.running_for_effects(function):
            called = not isinstance(function, Suspended)
            result = m.call(function, Arguments(open=True, may_pass=may_pass)) if called else function
            if isinstance(result, Suspended):
                m.resume(result)
            for method in _methods_of(m, result, hooks_only=False) if isinstance(function, Ref) else ():
                m.call(method, Arguments(open=True))
    except KerasChanged:
        raise
    except (OutOfBounds, RecursionError):
        m.state = before
        forget_everything(m, _TOO_LONG)
        if m.control.limit <= m.steps:
            raise
        return False
    finally:
        if not m.control.acting:  # these steps have a bound of their own
            m.effect_steps += m.steps - start
            m.control.limit += m.steps - start
    ran = m.state
    ran.dead = False
    m.state = before.fork().joined(ran)
    if isinstance(function, Suspended):
        before.used_up |= {function.number}
    changed = widen(m, before, ran, m.state, MAY_HAVE_RUN, by_function=True)
    changed |= ran.cached != before.cached
    if not changed and ran.counters == before.counters and ran.renamed is before.renamed:
        m.state = before
    return changed


def not_followed(m: InterpreterCore, why: str, origin: Origin | None = None) -> Unknown:
    """The result of code of the program that ran, or may have run, and is not followed, for the reason in ``why``."""
    forget_everything(m, why)
    return m.unknown(why, origin)


def may_make_layers(m: InterpreterCore, prefix: str | None = None) -> None:
    """Forget the counters of Keras' names (all, or this one), since unseen code may have made layers."""
    if prefix is None:
        m.state.counters = None
    elif m.state.counters is not None:
        m.state.counters[prefix] = None


def _forget_facts(m: InterpreterCore, function: Value, args: Arguments) -> None:
    """End assumptions about the receiver and the arguments of an unseen call, and about the items in them."""
    touched = [option for value in args.every() for option in options(value)]
    if any(isinstance(value, Sequence) or m.look(value) is not None for value in touched):
        m.state.forget_facts_within()
        return
    owner: Value | None = function
    while owner is not None and (owner := taken_from(owner)) is not None:
        touched += [owner] if isinstance(owner, Unknown) else []
    m.state.forget_facts_within([*touched, *([function.receiver] if isinstance(function, Bound) else [])])


def _unseen_result(m: InterpreterCore, function: Value, args: Arguments) -> Unknown:
    origin: Origin | None = made_by(m, function, args)
    if origin is None:
        given = form_of(function.path, args) if isinstance(function, Api) else args.every()
        if args.may_pass:
            given = [*args.positional, *args.may_pass, *args.keywords.values()]
        origin = CallOf(function, tuple(given), tuple(args.keywords), args.open)
    if isinstance(function, Api):
        name = function.path.removeprefix("builtins.")
        return Unknown(why_unknown(name) or f"returned by {name}, which is not followed", origin)
    why = function.why if isinstance(function, Unknown) else "the result of a call that is not followed"
    return Unknown(why, origin)


def note_state(m: InterpreterCore) -> None:
    """Keep the current state for the handler around this place, which may take over here."""
    states = m.control.handled
    if states is not None and not m.state.dead:
        states.append(m.state)
        m.state = m.state.fork()


@contextmanager
def perhaps(m: InterpreterCore) -> Iterator[None]:
    """For code that runs once or not at all."""
    before = m.state
    m.state = before.fork()
    with m.control.uncertain():
        yield
    m.state = before.fork().joined(m.state)


def any_number_of_times(m: InterpreterCore, why: str, run: Callable[[], None]) -> None:
    """Carry out ``run`` for code that runs any number of times, or not at all."""
    before, mark = m.state, m.seen.mark()
    with m.control.uncertain():
        m.state = before.fork()
        run()
        ran, start = m.state, before.fork()
        m.state = start
        if ran.counters != before.counters:
            may_make_layers(m)
        if (widen(m, before, ran, start, why) or ran.counters != before.counters) and not m.control.scouting:
            m.seen.forget_since(mark)
            m.state = start.fork()
            run()
            ran = m.state
            widen(m, before, ran, ran, why, since=start)
    m.state = start.fork().joined(ran)


def note_hooks(m: InterpreterCore, names: Iterable[str]) -> None:
    """Note that a class defines methods of these names: Python may call some of them by itself."""
    m.has_hooks |= any(_is_hook(name) for name in names)


def _is_hook(name: str) -> bool:
    return name.startswith("__") and name.endswith("__") and name not in _NEVER_HOOKS


def own_hook(m: InterpreterCore, value: Value, *names: str) -> Value | None:
    """The first of these methods that the class of the value defines in view; None for layers and models."""
    if m.part(value) is not None:
        return None
    return next((found for name in names if (found := own_method(m, value, name)) is not None), None)


def hooks_may_run(m: InterpreterCore, *values: Value) -> None:
    """Carry out that Python may call hooks of these values by itself, such as ``__eq__`` and ``__str__``."""
    if m.has_hooks and any(_has_methods(m, value) for value in values):
        may_run(m, list(values), hooks_only=True)


def _has_methods(m: InterpreterCore, value: Value) -> bool:
    """Return False for a value that surely has no hook in view."""
    return not isinstance(value, (Const, Api, Function)) and m.part(value) is None
