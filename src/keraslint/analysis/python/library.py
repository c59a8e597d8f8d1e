"""Models of some functions of Python's library and of NumPy on known values."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.forgetting import forget
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import Api, ApiResult, Array, Const, Proxy, Value
from keraslint.analysis.keras.datasets import make_pipeline
from keraslint.analysis.python.classes_by_call import make_class
from keraslint.analysis.python.containers import merged
from keraslint.analysis.python.dataclass_types import as_dict, listed_fields, make_named_tuple, replaced
from keraslint.analysis.python.json_text import call_json
from keraslint.analysis.python.lazy_functions import call_lazy

_MAKERS = frozenset({"numpy.array", "numpy.asarray", "numpy.ravel"})
_LAZY = frozenset(
    f"itertools.{name}" for name in ("chain", "chain.from_iterable", "filterfalse", "starmap", "takewhile")
) | {"functools.reduce"}
_NAMESPACES = ("types.SimpleNamespace", "argparse.Namespace")
ARRAY_METHODS = frozenset({"tolist", "ravel", "flatten"})


def call_library(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """The result of a library function; None where it is not modelled or its arguments are not known."""
    if path in ("collections.namedtuple", "typing.NamedTuple"):
        return make_named_tuple(m, args)
    if (made := make_class(m, path, args)) is not None:
        return made
    if path.startswith("dataclasses."):
        return _of_records(m, path, args)
    if (parsed := call_json(m, path, args)) is not None:
        return parsed
    pipeline = make_pipeline(m, path, args)
    if pipeline is not None:
        return pipeline
    if path in _NAMESPACES and not args.open and not args.positional:
        return m.new(Instance(Api(path), dict(args.keywords)))
    _note_changes(m, path, args)
    if args.open or args.keywords:
        return None
    if path == "types.MappingProxyType" and args.positional and m.mapping(args.positional[0]) is not None:
        return Proxy(args.positional[0])
    if path in _LAZY and args.positional:
        return call_lazy(m, path.rpartition(".")[2], args)
    if path == "operator.or_" and len(args.positional) == 2:
        return merged(m, *args.positional)
    if path in _MAKERS and len(args.positional) == 1:
        array = _array(m, args.positional[0])
        return _flat(array) if array is not None and path == "numpy.ravel" else array
    return None


_CHANGING = frozenset(f"numpy.{name}" for name in "copyto fill_diagonal place put put_along_axis putmask".split())


def _note_changes(m: InterpreterCore, path: str, args: Arguments) -> None:
    """Carry out that a function of NumPy changes an array: its first argument, or the one for its result."""
    changed = args.positional[:1] if path in _CHANGING else []
    if path.startswith("numpy.") and (out := args.keywords.get("out")) is not None:
        changed = [*changed, out]
    for array in changed:
        forget(m, array, f"an array that {path} changes")


def _of_records(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    record = args.get(0, "obj")
    if path == "dataclasses.field" and not args.open:
        return ApiResult(path, tuple(args.positional), tuple(args.keywords.items()))
    if path == "dataclasses.asdict" and record is not None:
        return as_dict(m, record, args)
    if path == "dataclasses.fields" and len(args.positional) == 1:
        return listed_fields(m, args.positional[0])
    return replaced(m, record, args) if path == "dataclasses.replace" and record is not None else None


def array_method(m: InterpreterCore, array: Array, name: str) -> Value:
    """``array.tolist()``, ``array.ravel()`` or ``array.flatten()``."""
    return _listed(m, array) if name == "tolist" else _flat(array)


def _array(m: InterpreterCore, value: Value) -> Array | None:
    """The array of constants that a value holds, in one or two dimensions; None for anything else."""
    items = m.iterate(value)
    if items is None or isinstance(value, Const):
        return None
    rows = [item if isinstance(item, Const) else _array(m, item) for item in items]
    known = [row for row in rows if row is not None]
    widths = {len(row.items) if isinstance(row, Array) else -1 for row in known}
    return Array(tuple(known)) if known and len(known) == len(rows) and len(widths) == 1 else None


def _flat(array: Array) -> Array:
    items: list[Value] = []
    for item in array.items:
        items.extend(_flat(item).items if isinstance(item, Array) else [item])
    return Array(tuple(items))


def _listed(m: InterpreterCore, value: Value) -> Value:
    return m.new_list([_listed(m, item) for item in value.items]) if isinstance(value, Array) else value
