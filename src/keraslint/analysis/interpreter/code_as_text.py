"""Code that a program gives as text: to eval and exec, and to functions that time, trace or debug it."""

from __future__ import annotations

import ast
from functools import partial
from typing import NoReturn

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import OutOfBounds
from keraslint.analysis.core.control import Jumps
from keraslint.analysis.core.effects import any_number_of_times, not_followed
from keraslint.analysis.core.forgetting import forget_everything
from keraslint.analysis.core.origins import CallOf
from keraslint.analysis.core.values import NONE, Namespace, Ref, Unknown, Value
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.keras.models import not_in_force

_ONCE = frozenset(
    f"{package}.{name}" for package in ("cProfile", "profile", "pdb") for name in ("run", "runctx", "runeval")
)
"""Functions that run a text once: among the variables of the program itself, or of those that they are given."""

_OFTEN = frozenset({"timeit.timeit", "timeit.repeat", "timeit.Timer"})
"""Functions that run two texts any number of times, by themselves or by methods of what they return."""

_ANYTHING = frozenset(
    "runpy.run_path runpy.run_module code.interact code.InteractiveInterpreter code.InteractiveConsole".split()
)
"""Functions that run another file, or what is typed or given later."""

_RUNNERS = frozenset("cProfile.Profile profile.Profile pdb.Pdb bdb.Bdb trace.Trace".split())
"""Classes with methods that run a text once."""

_OFTEN_RUN = "a text that changes it runs any number of times"


def run_text(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """The result of a function that runs code which it is given as text; None for all others."""
    if path == "builtins.exec":
        return _executed(m, args)
    if path == "builtins.eval":
        return _evaluated(m, args)
    if path in _ANYTHING:
        return not_followed(m, f"{path} runs code that is not followed")
    if path in _ONCE:
        return _run_once(m, args)
    if path in _OFTEN:
        _run_often(m, args)
    return None


def run_by_method(m: Interpreter, owner: Value | None, name: str, args: Arguments) -> Value | None:
    """The result of a method that runs a text, of a profiler or debugger, or of IPython; None for all others."""
    if name == "run_cell":
        return not_followed(m, "a cell that is given as text is not followed")
    origin = owner.origin if isinstance(owner, Unknown) else None
    runs = isinstance(origin, CallOf) and origin.path in _RUNNERS and name in ("run", "runctx", "runeval")
    return _run_once(m, args) if runs else None


def _run_once(m: Interpreter, args: Arguments) -> Value:
    within = args.get(1, "globals")
    text = m.text(args.get(0, "statement") or args.get(0, "cmd") or NONE)
    others = args.get(2, "locals")
    scope = _scope_of(m, within) if others is None or others == within else None
    run = None if text is None or scope is None else _runnable(m, text, scope)
    if run is None:
        return not_followed(m, "a text that is run is not followed")
    run()
    return m.unknown("what a text that runs gives", of=args.every())


def _run_often(m: Interpreter, args: Arguments) -> None:
    """Run the statement and the set-up of a timer. Without variables they only reach what they import."""
    texts = [m.text(args.get(place, name)) for place, name in enumerate(("stmt", "setup"))]
    known = [text for text in texts if text is not None]
    within = args.get(4, "globals") or args.get(3, "globals")
    if within is None:
        if any("import" in text for text in known):
            not_followed(m, "a text with imports is run")
        return
    scope = _scope_of(m, within)
    for text in known:
        run = None if scope is None else _runnable(m, text, scope)
        if run is None:
            not_followed(m, "a text that is run is not followed")
        else:
            any_number_of_times(m, _OFTEN_RUN, run)


def _scope_of(m: Interpreter, within: Value | None) -> int | None:
    """The number of the scope of a module whose variables a text has: the program's own, if none are given."""
    if within is None:
        return m.module_scope() if m.module == m.main_module else None
    return within.owner.number if isinstance(within, Namespace) and isinstance(within.owner, Ref) else None


def _runnable(m: Interpreter, text: str, scope: int) -> partial[None] | None:
    """What runs a text in a scope; None for a text that is no code. Raises OutOfBounds if it may compile a model."""
    if "compile" in text:
        _end(m, "a text that is run may compile a model")  # its place would not be one in the file
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return partial(_run, m, body, scope)


def _run(m: Interpreter, body: list[ast.stmt], scope: int) -> None:
    with m.control.suspended(), m.control.in_scope(scope, Jumps()):
        m.execute(body)


def _evaluated(m: Interpreter, args: Arguments) -> Value:
    """The value of an expression that is given as text. It may have any effect where the text is not known."""
    text = m.text(args.get(0, ""))
    if text is not None and len(args.positional) == 1 and not args.keywords:
        try:
            node = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return m.unknown("a text that is no expression")
        if "compile" in text:
            _end(m, "eval() may compile a model")  # its place would not be one in the file
        with m.control.suspended():
            return m.evaluate(node)
    forget_everything(m, "an expression that is not known is evaluated")
    return m.unknown("the value of a text that is not known", of=args.every())


def _executed(m: Interpreter, args: Arguments) -> Value:
    """Run statements that are given as text. Raises OutOfBounds where they are not known: they may do anything."""
    text, within = m.text(args.get(0, "")), args.get(1, "")
    here = within is None or within == Namespace(Ref(m.control.scope))  # globals() at the top of a module
    if text is None or not here or len(args.positional) > 2 or args.keywords or "compile" in text:
        _end(m, "exec() may do anything")
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return NONE
    with m.control.suspended():
        m.execute(body)
    return NONE


def _end(m: Interpreter, why: str) -> NoReturn:
    """End the run at code that is not known. Raises OutOfBounds.

    It may change the losses of a model that is not trained yet, and compile that again.
    """
    forget_everything(m, why)
    not_in_force(m)
    raise OutOfBounds(why)
