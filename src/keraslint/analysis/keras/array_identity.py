"""Which values are arrays, and which arrays that the source makes in different ways hold the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import add, mul, sub
from typing import Any

from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import ApiCall, AttributeOf, CallOf, Derived, Draw, ItemOf
from keraslint.analysis.core.values import NONE, Api, Array, Const, Slice, Unknown, Value

_ARRAYS = frozenset({"numpy", "jax.numpy", "tensorflow", "torch", "keras.ops"})
_COPYING = frozenset(
    "array asarray asanyarray ascontiguousarray as_tensor cast constant convert_to_numpy convert_to_tensor copy"
    " from_numpy identity ravel reshape squeeze tensor".split()
)
_COPYING_METHODS = frozenset(
    "astype clone contiguous copy detach flatten numpy ravel reshape squeeze to_numpy view".split()
)
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"Add": add, "Sub": sub, "Mult": mul}
_PARTS = frozenset("array_split broadcast_to dsplit hsplit ravel repeat reshape split squeeze tile vsplit".split())
_OF_NUMBERS = frozenset("arange eye identity linspace ones ones_like zeros zeros_like".split())
_OF_ANYTHING = frozenset("array asarray concatenate empty full full_like hstack repeat stack tile vstack".split())
_OF_DRAWS = frozenset("integers normal rand randint randn random random_sample standard_normal uniform".split())
_SHAPING_METHODS = frozenset("astype clip copy flatten ravel repeat reshape round squeeze transpose".split())


def is_one_array(value: Value) -> bool:
    """True if a value is surely one array: made by NumPy, drawn, or worked out of an array of numbers."""
    return isinstance(value, Array) or _maker(value) in _OF_ANYTHING or _holds_numbers(value)


def _holds_numbers(value: Value) -> bool:
    """True if a value is surely an array of numbers, or a number: no item of it is a dict, list or other object."""
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ItemOf):
        return _holds_numbers(origin.container)
    if isinstance(origin, Draw):
        return origin.module == "numpy.random" and origin.name.rpartition(".")[2] in _OF_DRAWS
    if not isinstance(origin, CallOf):
        return False
    method = origin.function.origin if isinstance(origin.function, Unknown) else None
    if isinstance(method, AttributeOf):
        return method.name in _SHAPING_METHODS and _holds_numbers(method.owner) and not _may_be_objects(origin)
    return (_maker(value) in _OF_NUMBERS and not _may_be_objects(origin)) or origin.path == "keras.utils.to_categorical"


def _maker(value: Value) -> str:
    """The name of the function of NumPy that made a value; "" where none did."""
    origin = value.origin if isinstance(value, Unknown) else None
    package, _, name = origin.path.rpartition(".") if isinstance(origin, CallOf) else ("", "", "")
    return name if package in ("numpy", "jax.numpy") else ""


def _may_be_objects(call: CallOf) -> bool:
    """True if a call may ask for an array of objects: by another argument than the first, or one with a name."""
    given = call.arguments if call.keywords or not call.arguments else call.arguments[1:]
    return any(isinstance(value, Unknown) or _names_objects(value) for value in given)


def _names_objects(value: Value) -> bool:
    if isinstance(value, Api):
        return "object" in value.path
    return isinstance(value, Const) and value.value in ("object", "O", "|O")


def array_identity(m: InterpreterCore, value: Value) -> Hashable:
    """A key that is equal for arrays that hold the same numbers: one array and its copies, two of zeros.

    A conversion to another type counts as a copy.
    """
    whole = original(value)
    found = _filled(m, whole)
    return whole if found is None else ("filled", *found)


def original(value: Value) -> Value:
    """The array of which a value is a copy, in another form or not, or a copy of a copy; else the value itself."""
    while (source := _copied(value)) is not None:
        value = source
    return value


def _dumped(package: str, value: Value) -> Value | None:
    """The object that ``dumps`` of this package, such as ``pickle``, wrote; None for everything else."""
    origin = value.origin if isinstance(value, Unknown) else None
    written = isinstance(origin, (CallOf, ApiCall)) and origin.path == f"{package}.dumps" and origin.arguments
    return origin.arguments[0] if written and isinstance(origin, (CallOf, ApiCall)) else None


def _copied(value: Value) -> Value | None:
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ItemOf):
        return origin.container if _is_whole(origin) else None
    if isinstance(origin, AttributeOf):
        return _transposed_twice(origin)
    if not isinstance(origin, (CallOf, ApiCall)):
        return None
    package, _, name = origin.path.rpartition(".")
    if name in _COPYING and package in _ARRAYS and origin.arguments:
        return origin.arguments[0]
    if origin.path in ("copy.copy", "copy.deepcopy") and origin.arguments:
        return origin.arguments[0]
    if name == "loads" and origin.arguments:
        return _dumped(package, origin.arguments[0])
    method = origin.function if isinstance(origin, CallOf) else None
    owner = method.origin if isinstance(method, Unknown) else None
    return owner.owner if isinstance(owner, AttributeOf) and owner.name in _COPYING_METHODS else None


def _transposed_twice(origin: AttributeOf) -> Value | None:
    inner = origin.owner.origin if isinstance(origin.owner, Unknown) else None
    twice = isinstance(inner, AttributeOf) and inner.name == origin.name == "T"
    return inner.owner if twice and isinstance(inner, AttributeOf) else None


def _is_whole(part: ItemOf) -> bool:
    """True for all items of an array: ``a[:]``, ``a[0:]``, ``a[:len(a)]``."""
    index = part.index
    if not isinstance(index, Slice) or index.step not in (NONE, Const(1)) or index.start not in (NONE, Const(0)):
        return False
    end = index.stop.origin if isinstance(index.stop, Unknown) else None
    if isinstance(end, (CallOf, ApiCall)) and end.path in ("len", "builtins.len"):
        return end.arguments == (part.container,)
    return index.stop == NONE


def _filled(m: InterpreterCore, value: Value) -> tuple[object, Hashable] | None:
    """The number that an array consists of, and its shape without the number of samples; None for any other array.

    The number of samples is the same for all targets. Of the shape, None is what is not known.
    """
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ItemOf):
        return _part_of_filled(m, origin.container)
    if isinstance(origin, Derived):
        return _derived(m, origin)
    if not isinstance(origin, (CallOf, ApiCall)) or not origin.arguments:
        return None
    package, _, name = origin.path.rpartition(".")
    if package not in _ARRAYS:
        return None
    if name in _PARTS:
        return _part_of_filled(m, origin.arguments[0])
    kind, like = name.removesuffix("_like"), name.endswith("_like")
    number = _fill(kind, origin)
    if number is None:
        return None
    form = origin.arguments[0]
    return number, _shape_like(m, original(form)) if like else _shape(m, form)


def _part_of_filled(m: InterpreterCore, whole: Value) -> tuple[object, Hashable] | None:
    """The number that a part of an array, or a repetition of it, consists of; of its shape nothing is known."""
    numbers = _numbers(m, whole)
    if numbers:
        return (numbers.pop(), None) if len(numbers) == 1 else None
    found = _filled(m, original(whole))
    return None if found is None else (found[0], None)


def _numbers(m: InterpreterCore, value: Value) -> set[object]:
    """The different numbers in a list of lists, none where one of them is not known."""
    if isinstance(value, Const):
        return {value.value} if isinstance(value.value, (int, float)) else set()
    parts = [_numbers(m, item) for item in m.sequence(value) or ()]
    return set().union(*parts) if all(parts) else set()


def _fill(kind: str, origin: CallOf | ApiCall) -> object:
    """The number that ``zeros``, ``ones`` or ``full`` fills an array with; None if that is not known."""
    if kind in ("zeros", "ones"):
        return 1 if kind == "ones" else 0
    named = dict(zip(reversed(origin.keywords), reversed(origin.arguments), strict=False))
    given = named.get("fill_value", origin.arguments[1] if len(origin.arguments) > 1 else None)
    known = kind == "full" and isinstance(given, Const) and isinstance(given.value, (int, float))
    return given.value if known and isinstance(given, Const) else None


def _shape(m: InterpreterCore, form: Value) -> Hashable:
    items = m.sequence(form)
    if items is not None:
        return tuple(items[1:])
    return () if isinstance(form, Const) else form


def _derived(m: InterpreterCore, origin: Derived) -> tuple[object, Hashable] | None:
    """The number and shape of a part of an array of one number, or of what an operator makes of it and a number."""
    sources = [one for one in origin.sources if isinstance(one, (Const, Unknown))]
    if origin.how == "part" and sources and isinstance(sources[0], Unknown):
        return _part_of_filled(m, sources[0])
    operator, known = _OPERATORS.get(origin.how), [_number(m, one) for one in sources]
    if operator is None or len(known) != len(origin.sources) or len(known) != 2 or None in known:
        return None
    shapes = [
        shape for one in sources if isinstance(one, Unknown) and (found := _filled(m, one)) for shape in found[1:]
    ]
    return operator(*known), shapes[0] if shapes else None


def _number(m: InterpreterCore, value: Value) -> Any:
    """A number, or that of which an array consists; None for everything else."""
    if isinstance(value, Const):
        return value.value if isinstance(value.value, (int, float)) else None
    found = _filled(m, original(value))
    return None if found is None else found[0]


def _shape_like(m: InterpreterCore, made: Value) -> Hashable:
    """The shape of another array: its own where that is known, else None for one that the program makes."""
    known = _filled(m, made)
    if known is not None:
        return known[1]
    origin = made.origin if isinstance(made, Unknown) else None
    return None if isinstance(origin, (CallOf, ApiCall, Draw)) else made
