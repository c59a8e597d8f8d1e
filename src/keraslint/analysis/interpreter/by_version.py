"""Calls with values that depend on the installed version."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.state import DictObject, ListObject, SetObject
from keraslint.analysis.core.values import Api, Bound, Const, Sequence, Value, Varying
from keraslint.analysis.core.varying import decided, lifted, varies
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.python.containers import KEEPS_SET
from keraslint.analysis.python.version_objects import is_of_versions

# Functions that only compute their result.
_PURE = frozenset(
    f"builtins.{name}" for name in "abs all any bool float int len max min ord repr round str sum".split()
)
_READING = frozenset({"count", "get", "index"})


def call_by_version(m: Interpreter, function: Value, args: Arguments) -> Value | None:
    """The result of a call without effects for each case of its values; None for all other calls.

    Raises Undecided where the function itself depends on the version and may have effects.
    """
    cases = [case for case, _ in function.cases] if isinstance(function, Varying) else [function]
    if not all(_is_pure(m, case) for case in cases):
        return m.call(decided(m, function, 0), args) if isinstance(function, Varying) else None
    values = [function, *args.every()]
    if args.open or not any(varies(m, value) for value in values):
        return None
    count, names = len(args.positional), tuple(args.keywords)

    def apply(each: Value, *given: Value) -> Value:
        return m.call(each, Arguments(list(given[:count]), dict(zip(names, given[count:], strict=True)), args.node))

    return lifted(m, "call", values, apply, deep=True)


def _is_pure(m: Interpreter, function: Value) -> bool:
    if isinstance(function, Api):
        return function.path in _PURE or is_of_versions(function)
    if not isinstance(function, Bound):
        return False
    if isinstance(function.receiver, (Const, Sequence)):
        return True
    if isinstance(m.look(function.receiver), SetObject):
        return function.name in KEEPS_SET
    return function.name in _READING and isinstance(m.look(function.receiver), (ListObject, DictObject))
