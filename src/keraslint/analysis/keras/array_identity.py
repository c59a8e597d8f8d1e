"""Which values are arrays, and which arrays that the source makes in different ways hold the same numbers."""

from __future__ import annotations

from collections.abc import Hashable

from keraslint.analysis.core.origins import ApiCall, AttributeOf, CallOf, Draw, ItemOf
from keraslint.analysis.core.values import NONE, Api, Array, Const, Sequence, Slice, Unknown, Value

_ARRAYS = frozenset({"numpy", "jax.numpy", "tensorflow", "torch", "keras.ops"})
_COPYING = frozenset(
    "array asarray asanyarray ascontiguousarray as_tensor cast constant convert_to_numpy convert_to_tensor copy"
    " from_numpy identity tensor".split()
)
_COPYING_METHODS = frozenset("astype clone contiguous copy detach numpy to_numpy".split())
_WHOLE = Slice(NONE, NONE, NONE)
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


def array_identity(value: Value) -> Hashable:
    """A key that is equal for arrays that hold the same numbers: one array and its copies, two of zeros.

    A conversion to another type counts as a copy.
    """
    return _constant_array(_original(value))


def _original(value: Value) -> Value:
    """The array of which a value is a copy, or a copy of a copy; the value itself where it is none."""
    while (source := _copied(value)) is not None:
        value = source
    return value


def _copied(value: Value) -> Value | None:
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ItemOf):
        return origin.container if origin.index == _WHOLE else None
    if not isinstance(origin, (CallOf, ApiCall)):
        return None
    package, _, name = origin.path.rpartition(".")
    if name in _COPYING and package in _ARRAYS and origin.arguments:
        return origin.arguments[0]
    if origin.path in ("copy.copy", "copy.deepcopy") and origin.arguments:
        return origin.arguments[0]
    method = origin.function if isinstance(origin, CallOf) else None
    owner = method.origin if isinstance(method, Unknown) else None
    return owner.owner if isinstance(owner, AttributeOf) and owner.name in _COPYING_METHODS else None


def _constant_array(value: Value) -> Hashable:
    """A key that is equal for arrays of one number that may differ in nothing but what is not known of their form.

    The first number of a shape is that of the samples, which is the same for all targets.
    """
    origin = value.origin if isinstance(value, Unknown) else None
    if not isinstance(origin, (CallOf, ApiCall)) or not origin.arguments:
        return value
    package, _, name = origin.path.rpartition(".")
    kind, like = name.removesuffix("_like"), name.endswith("_like")
    if package not in _ARRAYS or kind not in ("zeros", "ones", "full"):
        return value
    form, *rest = origin.arguments
    if like:
        made = form.origin if isinstance(form, Unknown) else None
        shape: Hashable = form if isinstance(made, (CallOf, ApiCall, Draw)) else None
    else:
        shape = form.items[1:] if isinstance(form, Sequence) else () if isinstance(form, Const) else form
    return (kind, like, shape, tuple(rest), origin.keywords)
