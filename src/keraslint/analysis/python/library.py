"""Models of some functions of Python's library and of NumPy on known values."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_UNROLL
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import Api, ApiResult, Array, Const, Proxy, Sequence, Value
from keraslint.analysis.keras.datasets import make_pipeline
from keraslint.analysis.python.containers import merged
from keraslint.analysis.python.dataclass_types import as_dict, make_named_tuple, replaced

_MAKERS = frozenset({"numpy.array", "numpy.asarray", "numpy.ravel"})
_NAMESPACES = ("types.SimpleNamespace", "argparse.Namespace")
ARRAY_METHODS = frozenset({"tolist", "ravel", "flatten"})


def call_library(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """The result of a library function; None where it is not modelled or its arguments are not known."""
    if path in ("collections.namedtuple", "typing.NamedTuple"):
        return make_named_tuple(m, args)
    if path.startswith("dataclasses."):
        return _of_records(m, path, args)
    pipeline = make_pipeline(m, path, args)
    if pipeline is not None:
        return pipeline
    if path in _NAMESPACES and not args.open and not args.positional:
        return m.new(Instance(Api(path), dict(args.keywords)))
    if args.open or args.keywords:
        return None
    if path == "types.MappingProxyType" and args.positional and m.mapping(args.positional[0]) is not None:
        return Proxy(args.positional[0])
    if path == "functools.reduce" and 2 <= len(args.positional) <= 3:
        return _reduced(m, *args.positional)
    if path == "operator.or_" and len(args.positional) == 2:
        return merged(m, *args.positional)
    if path == "itertools.chain":
        return _chained(m, args.positional)
    if path == "itertools.chain.from_iterable" and args.positional:
        rows = m.iterate(args.positional[0])
        return None if rows is None else _chained(m, rows)
    if path in _MAKERS and len(args.positional) == 1:
        array = _array(m, args.positional[0])
        return _flat(array) if array is not None and path == "numpy.ravel" else array
    return None


def _reduced(m: InterpreterCore, function: Value, source: Value, start: Value | None = None) -> Value | None:

    items = m.iterate(source)
    if items is None or not 0 < len(items) <= MAX_UNROLL:
        return None
    result, rest = (items[0], items[1:]) if start is None else (start, items)
    for item in rest:
        result = m.call(function, Arguments([result, item]))
    return result


def _of_records(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    record = args.get(0, "obj")
    if path == "dataclasses.field" and not args.open:
        return ApiResult(path, tuple(args.positional), tuple(args.keywords.items()))
    if path == "dataclasses.asdict" and record is not None:
        return as_dict(m, record)
    return replaced(m, record, args) if path == "dataclasses.replace" and record is not None else None


def array_method(m: InterpreterCore, array: Array, name: str) -> Value:
    """``array.tolist()``, ``array.ravel()`` or ``array.flatten()``."""
    return _listed(m, array) if name == "tolist" else _flat(array)


def _chained(m: InterpreterCore, rows: list[Value]) -> Value | None:
    columns = [m.iterate(row) for row in rows]
    known = [column for column in columns if column is not None]
    return (
        Sequence(tuple(item for column in known for item in column), once=True) if len(known) == len(columns) else None
    )


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
