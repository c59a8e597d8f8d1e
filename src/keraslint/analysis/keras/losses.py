"""Keras' losses and metrics: keys that compare them, however they are written, and those that a model has."""

from __future__ import annotations

import ast
from collections.abc import Hashable

from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import ApiCall, AttributeOf, CallOf
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import DictObject, ListObject
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Array,
    Const,
    Function,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    Value,
)
from keraslint.analysis.keras.names import loss_name, snake_case

# The parameters of each class before ``reduction``, in order, with their defaults, which are those of its function
# too: measured on Keras 3.4.1, 3.5.0, 3.6.0, 3.7.0 and 3.15.1 by calling each with none, all, and by its names.
_CROSSENTROPY: tuple[tuple[str, Hashable], ...] = (("from_logits", False), ("label_smoothing", 0.0), ("axis", -1))
_FOCAL: tuple[tuple[str, Hashable], ...] = (("alpha", 0.25), ("gamma", 2.0), *_CROSSENTROPY)
_PARAMETERS: dict[str, tuple[tuple[str, Hashable], ...]] = {
    "binary_crossentropy": _CROSSENTROPY,
    "binary_focal_crossentropy": (("apply_class_balancing", False), *_FOCAL),
    "categorical_crossentropy": _CROSSENTROPY,
    "categorical_focal_crossentropy": _FOCAL,
    "categorical_hinge": (),
    "cosine_similarity": (("axis", -1),),
    "hinge": (),
    "huber": (("delta", 1.0),),
    "kl_divergence": (),
    "log_cosh": (),
    "mean_absolute_error": (),
    "mean_absolute_percentage_error": (),
    "mean_squared_error": (),
    "mean_squared_logarithmic_error": (),
    "poisson": (),
    "sparse_categorical_crossentropy": (("from_logits", False), ("ignore_class", None)),
    "squared_hinge": (),
}
_COMMON: tuple[tuple[str, Hashable], ...] = (("reduction", "sum_over_batch_size"),)
_NAMING = ("name", "dtype")


LOOKED_UP = ("looked up",)
"""The key of a loss that is looked up among those that the program registers: it may be any of them."""

FROM_CONFIG = ("from a config",)
"""The key of a loss that is made from a config: it may be any loss."""


def loss_identity(value: Value) -> Hashable | None:
    """A key that is equal for losses of Keras that do the same: "mse", ``get("mse")``; None for anything else.

    A parameter with its default value, by position or by name, counts as not given. Losses of a class with unknown
    parameters are compared as they are written.
    """
    if isinstance(value, Const) and isinstance(value.value, str):
        return ("loss", loss_name(value.value))
    if isinstance(value, Api) and value.path.startswith(("keras.losses.", "keras.metrics.")):
        return ("loss", loss_name(value.path.rpartition(".")[2]))
    if isinstance(value, ApiResult) and value.path.endswith(".get_registered_object"):
        return LOOKED_UP
    if _made_by(value).endswith(".from_config") or _is_part_of_loss(value):
        return FROM_CONFIG
    if not isinstance(value, ApiResult) or not value.path.startswith(("keras.losses.", "keras.metrics.")):
        return None
    if value.path in ("keras.losses.get", "keras.losses.deserialize"):
        return _looked_up(value)
    name = loss_name(value.path.rpartition(".")[2])
    given = _given(name, value)
    if given is None:
        keywords = tuple(sorted(((k, v) for k, v in value.keywords if k != "name"), key=lambda pair: pair[0]))
        return ("loss", name, value.args, keywords) if value.args or keywords else ("loss", name)
    return ("loss", name, given) if given else ("loss", name)


def defaults_of(value: Value) -> dict[str, Value]:
    """The defaults of the parameters of a loss function of Keras; none for anything else."""
    path = value.path if isinstance(value, Api) else ""
    known = _PARAMETERS.get(loss_name(path.rpartition(".")[2]), ()) if path.startswith("keras.losses.") else ()
    return {name: Const(default) for name, default in known}


def names_loss(value: Value) -> bool:
    """True if a value is a text that names a loss of Keras."""
    name = value.value if isinstance(value, Const) else None
    return isinstance(name, str) and loss_name(name) in _PARAMETERS


def metric_name(value: Value) -> str | None:
    """The name of a metric's log, or the path of the class or function that decides it; None where it is not known.

    A metric of Keras without a name of its own takes that of its class; a text is its own name, and a function of the
    program has its own, in snake case.
    """
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Function) and isinstance(value.node, ast.FunctionDef) and not value.wrapped:
        return snake_case(value.node.name)
    if not isinstance(value, (Api, ApiResult)) or not value.path.startswith("keras.metrics."):
        return None
    own = value.path.rpartition(".")[2]
    if isinstance(value, Api):
        return value.path
    name = dict(value.keywords).get("name", Const(None))
    if not own[:1].isupper() or not isinstance(name, Const) or not all(map(_is_setting, value.args)):
        return None
    return name.value if isinstance(name.value, str) else value.path


def _is_setting(value: Value) -> bool:
    """True if a positional argument is a number or a function of Keras, and so not a name."""
    return isinstance(value, Api) or (isinstance(value, Const) and isinstance(value.value, (int, float)))


def _looked_up(value: ApiResult) -> Hashable | None:
    """``keras.losses.get(x)`` is x, or what x names; with a config or other objects it may be any loss."""
    given = [*value.args, *(item for _, item in value.keywords)]
    if len(given) != 1:
        return LOOKED_UP
    if isinstance(given[0], (Unknown, Ref)) or _made_by(given[0]) == "keras.losses.serialize":
        return FROM_CONFIG
    return loss_identity(given[0]) or (LOOKED_UP if isinstance(given[0], Const) else None)


def _is_part_of_loss(value: Value) -> bool:
    """True for the function of a loss object, ``huber.fn``, and for what its class makes: ``type(huber)(2.0)``."""
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, AttributeOf):
        return isinstance(origin.owner, ApiResult) and origin.owner.path.startswith("keras.losses.")
    maker = origin.function.origin if isinstance(origin, CallOf) and isinstance(origin.function, Unknown) else None
    if not isinstance(maker, ApiCall) or maker.path != "builtins.type" or not maker.arguments:
        return False
    return isinstance(one := maker.arguments[0], ApiResult) and one.path.startswith("keras.losses.")


def _made_by(value: Value) -> str:
    """The path of the function that made a value; "" where that is not known."""
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, (CallOf, ApiCall)):
        return origin.path
    return value.path if isinstance(value, ApiResult) else ""


def _given(name: str, value: ApiResult) -> tuple[tuple[str, Hashable], ...] | None:
    """The parameters without those at their defaults; None where their names are not known."""
    own = _PARAMETERS.get(name)
    if own is None or not value.path.rpartition(".")[2][:1].isupper() or not value.path.startswith("keras.losses."):
        return None
    known = (*own, *_COMMON)
    if len(value.args) > len(known):
        return None
    given = {
        **{parameter: item for (parameter, _), item in zip(known, value.args, strict=False)},
        **dict(value.keywords),
    }
    defaults = dict(known)
    if not set(given) <= {*defaults, *_NAMING} or given.get("dtype", Const(None)) != Const(None):
        return None
    plain = {parameter: item.value if isinstance(item, Const) else item for parameter, item in given.items()}
    return tuple(
        (parameter, plain[parameter])
        for parameter, default in known
        if parameter in plain and plain[parameter] != default
    )


# Each returns something that is not an int or float; numpy.float64 is a float, and so not among them.
_SCALARS = "float16 float32 half single longdouble int8 int16 int32 int64 intp int_ uint8 uint16 uint32 uint64".split()
_MAKERS = frozenset(
    [f"numpy.{name}" for name in (*_SCALARS, "array", "asarray")]
    + [f"jax.numpy.{name}" for name in (*_SCALARS, "float64", "array", "asarray")]
    + ["tensorflow.constant", "tensorflow.Variable", "tensorflow.convert_to_tensor", "torch.tensor"]
    + ["keras.Variable", "keras.backend.variable", "keras.backend.constant"]
)


def is_foreign_number(value: Value) -> bool:
    """True if a value is surely not an ``int`` or ``float``, but a scalar of NumPy, a variable or a tensor."""
    if isinstance(value, OneOf):
        return all(map(is_foreign_number, value.options))
    if isinstance(value, ApiResult):
        return value.path in _MAKERS
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, ApiCall) and origin.numeric:
        return True
    return isinstance(value, Array) or (isinstance(origin, (CallOf, ApiCall)) and origin.path in _MAKERS)


def compiled_with(m: InterpreterCore, part: ModelPart, name: str) -> Value | None:
    """The losses, or their weights, that the only compile call of a model was given; None where they are not known."""
    number = next(iter(part.compiles), None) if len(part.compiles) == 1 else None
    if number is None or number >= len(m.seen.compiles):
        return None
    given = m.seen.compiles[number].values.get(name)
    known = isinstance(given, (Const, Sequence)) or isinstance(m.look(given or NONE), (DictObject, ListObject))
    return given if known else None
