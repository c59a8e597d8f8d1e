"""Which values are numbers, but none of Python's own."""

from __future__ import annotations

from keraslint.analysis.core.values import Api, ApiResult, OneOf, Unknown, Value

# Each gives something that is no instance of int or float. numpy.float64 is one of float, and so not among them.
_SCALARS = "float16 float32 half single longdouble int8 int16 int32 int64 intp int_ uint8 uint16 uint32 uint64".split()
_MAKERS = frozenset(
    [f"numpy.{name}" for name in (*_SCALARS, "array", "asarray")]
    + [f"jax.numpy.{name}" for name in (*_SCALARS, "float64", "array", "asarray")]
    + ["tensorflow.constant", "tensorflow.Variable", "tensorflow.convert_to_tensor", "torch.tensor"]
    + ["keras.Variable", "keras.backend.variable", "keras.backend.constant"]
)


def is_foreign_number(value: Value) -> bool:
    """Whether a value is surely no ``int`` or ``float``, being what a scalar of NumPy, a variable or a tensor is."""
    if isinstance(value, OneOf):
        return all(map(is_foreign_number, value.options))
    if isinstance(value, ApiResult):
        return value.path in _MAKERS
    if not isinstance(value, Unknown) or not isinstance(value.token, tuple) or len(value.token) < 2:
        return False
    kind, made_by = value.token[:2]
    if kind == "ops":
        return True
    return kind in ("call", "api") and (made_by.path if isinstance(made_by, Api) else made_by) in _MAKERS
