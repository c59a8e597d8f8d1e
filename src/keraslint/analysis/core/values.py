"""The abstract values: what the interpreter knows of the values in a program."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, fields
from typing import ClassVar, TypeAlias

from keraslint.analysis.core.bounds import MAX_ALTERNATIVES, MAX_ORIGIN
from keraslint.analysis.core.hashed import Hashed
from keraslint.analysis.facts import Head


@dataclass(frozen=True, slots=True)
class Const:
    """A constant. ``kind`` keeps 1, 1.0 and True apart."""

    value: Hashable
    kind: type = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", type(self.value))


@dataclass(frozen=True, slots=True, eq=False)
class Origin(Hashed):
    """The origin of an unknown value; its subclasses are in ``origins``. An unknown value does without a large one."""

    bounded: ClassVar[bool] = False

    def parts(self) -> tuple[object, ...]:
        """The values that make up the origin."""
        kind = type(self)
        if kind not in _PARTS:
            _PARTS[kind] = tuple(each.name for each in fields(kind) if not each.name.startswith("_"))
        return tuple(getattr(self, name) for name in _PARTS[kind])


_PARTS: dict[type, tuple[str, ...]] = {}
"""The names of the parts of each kind of origin."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lost(Origin):
    """The origin of a value that is made of too many others; equal to no other. held: the objects among these."""

    held: tuple[Value, ...]

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def _lost(origin: Origin) -> _Lost:
    held: dict[Value, None] = {}
    seen, waiting = set[int](), [*origin.parts()]
    while waiting:
        part = waiting.pop()
        if isinstance(part, (Ref, Function)):
            held[part] = None
        elif isinstance(part, tuple):
            waiting += part
        elif isinstance(part, Hashed) and id(part) not in seen:
            seen.add(id(part))
            waiting += part.parts() if isinstance(part, Origin) else [getattr(part, n) for n in part.__match_args__]
    return _Lost(tuple(held))


@dataclass(frozen=True, slots=True, eq=False)
class Either(Origin):
    """The origin of a value that is one of too many alternatives."""

    alternatives: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Unknown(Hashed):
    """A value that the source does not show; ``why`` says why, for a message.

    Two unknowns with equal ``origin`` are the same thing: one parameter read twice, one call written twice.
    """

    why: str
    origin: Origin | None = None

    def __post_init__(self) -> None:
        if self.origin is not None and self.origin.size > MAX_ORIGIN:
            object.__setattr__(self, "origin", _lost(self.origin))
        Hashed.__post_init__(self)


@dataclass(frozen=True, slots=True, eq=False)
class Sequence(Hashed):
    """A tuple, or another sequence that nothing can change (a range).

    ``once``: an iterator such as a zip, which can be used once and reads its source only then.
    """

    items: tuple[Value, ...]
    once: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a list, dict, class or instance, which the state keeps under this number."""

    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Function(Hashed):
    """A function or lambda of the program, with the scope it closes over and its evaluated defaults."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: int
    module: str
    defaults: tuple[tuple[str, Value], ...] = ()
    owner: Ref | None = None
    flavour: str = ""  # "", "property", "staticmethod", "classmethod", "contextmanager"
    setter: Function | None = None  # of a property
    deleter: Function | None = None
    cached: bool = False  # its result is kept: functools.cache, cached_property
    wrapped: bool = False  # an unseen decorator may pass it other arguments


@dataclass(frozen=True, slots=True, eq=False)
class Method(Hashed):
    """A function of the program bound to a receiver."""

    function: Function
    receiver: Value


@dataclass(frozen=True, slots=True, eq=False)
class Bound(Hashed):
    """A method of an object that Python or Keras defines: ``[].append``, ``model.fit``, ``super().__init__``."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Super(Hashed):
    """``super()`` within a method of ``owner``, for ``receiver``."""

    owner: Ref
    receiver: Value


@dataclass(frozen=True, slots=True, eq=False)
class View(Hashed):
    """``d.keys()``, ``d.values()`` or ``d.items()``: a live view of the dict."""

    mapping: Value
    part: str


@dataclass(frozen=True, slots=True, eq=False)
class Proxy(Hashed):
    """A ``MappingProxyType`` of a dict."""

    mapping: Value


@dataclass(frozen=True, slots=True, eq=False)
class Namespace(Hashed):
    """``owner.__dict__``, ``vars(owner)`` or ``globals()``: attributes or variables as a dict."""

    owner: Value


@dataclass(frozen=True, slots=True, eq=False)
class ModelLayers(Hashed):
    """``model.layers``."""

    model: Value


@dataclass(frozen=True, slots=True, eq=False)
class Slice(Hashed):
    """``start:stop:step``."""

    start: Value
    stop: Value
    step: Value


@dataclass(frozen=True, slots=True, eq=False)
class Array(Hashed):
    """An array of NumPy whose items are known: constants, or arrays of them."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shuffled(Hashed):
    """The order of a ``tf.data.Dataset`` that is shuffled anew each time it is iterated over.

    call: what shuffles it, in this module. data: what is shuffled. parts: the methods that took a part of it since,
    "take" or "skip", each with its argument. number: tells it from others that may be in the same order at first.
    by: the name of the method or function that shuffles it.
    """

    call: ast.Call
    module: str
    data: Value
    number: int
    parts: tuple[tuple[str, Value], ...] = ()
    by: str = "tensorflow.data.Dataset.shuffle"


@dataclass(frozen=True, slots=True, eq=False)
class Subset(Hashed):
    """All files of a folder that are for training, or for validation, by the order in which Keras splits the folder.

    call: what reads them, in this module. folder: what decides which files there are, and how many are for validation.
    name: "training" or "validation". seed: that of their order, None where they are sorted.
    """

    call: ast.Call
    module: str
    by: str
    folder: Value
    name: str
    seed: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Pipeline(Hashed):
    """A ``tf.data.Dataset`` with elements of this structure. order: None if it is not known to be drawn anew.

    subset: None if it is not known to be a whole subset of the files of a folder.
    """

    element: Value
    order: Shuffled | None = None
    subset: Subset | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Suspended(Hashed):
    """A generator, or a context manager made of one: a call whose body has not run yet.

    number: tells it from others that equal calls made.
    """

    function: Function
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Partial(Hashed):
    """``functools.partial``."""

    function: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Api:
    """A name that a module outside the program defines, with its dotted path.

    Keras' names have one form, "keras.layers.Dense", wherever they were imported from; ``legacy``
    marks the ones that are Keras 2 on every release of TensorFlow (tf_keras, tensorflow.python.keras).
    """

    path: str
    legacy: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ApiResult(Hashed):
    """The result of an Api whose equal calls return equal values: ``MeanSquaredError()``.

    state: for one whose equal calls do not, what tells this result from others.
    """

    path: str
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    state: Hashable = None


@dataclass(frozen=True, slots=True, eq=False)
class Tensor(Hashed):
    """A symbolic Keras tensor. ``producer``: name of the layer or operation that made it, None if not known.

    ``inner``: if a model made it, its name or key among the outputs of that model.
    ``sources``: the tensors that it was made from, () for an input; ``layer``: the number of the layer or model that
    made it, or ends a Sequential model. Both are None where not known, and do not count when tensors are compared.
    """

    producer: str | None
    why: str
    origin: Origin
    many: bool = False  # the layer may return several tensors, all under its name
    renumbered: bool = False  # made by an operation, or an input without a name: a clone may number it anew
    inner: str | None = None
    head: Head | None = None  # the last layers that made it
    sources: tuple[Tensor, ...] | None = field(default=None, kw_only=True)
    layer: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class OneOf(Hashed):
    """A value that is one of a few alternatives, which come from different branches."""

    options: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Varying(Hashed):
    """A value that depends on the installed version of Keras or TensorFlow.

    cases: the values, each with the bits of the environments (``environments``) in which it is that.
    """

    cases: tuple[tuple[Value, int], ...]


Value: TypeAlias = (
    Const
    | Unknown
    | Sequence
    | Ref
    | Function
    | Method
    | Bound
    | Super
    | Suspended
    | View
    | Proxy
    | Namespace
    | ModelLayers
    | Slice
    | Array
    | Pipeline
    | Partial
    | Api
    | ApiResult
    | Tensor
    | OneOf
    | Varying
)

NONE = Const(None)


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a OneOf or Varying; any other value by itself."""
    if isinstance(value, Varying):
        return tuple(option for case, _ in value.cases for option in options(case))
    return value.options if isinstance(value, OneOf) else (value,)


def one_of(values: Iterator[Value] | tuple[Value, ...] | list[Value]) -> Value:
    """One value for several alternatives; an Unknown if there are too many."""
    flat: dict[Value, None] = {}
    for value in values:
        flat.update(dict.fromkeys(value.options if isinstance(value, OneOf) else (value,)))
    if len(flat) == 1:
        return next(iter(flat))
    if not flat or len(flat) > MAX_ALTERNATIVES:
        return Unknown("it has too many possible values here", Either(tuple(flat)))
    return OneOf(tuple(flat))


def without_none(value: Value) -> Value:
    """The value without None among its alternatives, since using None would raise."""
    if isinstance(value, OneOf):
        rest = tuple(option for option in value.options if option != NONE)
        return rest[0] if len(rest) == 1 else value
    return value


def each_once(*values: Value) -> tuple[Value, ...]:
    """The values, each once, in their order."""
    return (*dict.fromkeys(values),)


def head_of(value: Value) -> Head | None:
    """The last layers that made a tensor; None for any other value."""
    return value.head if isinstance(value, Tensor) else None
