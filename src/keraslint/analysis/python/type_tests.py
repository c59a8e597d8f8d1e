"""The kind of object that a value is: ``isinstance``, ``issubclass``, ``callable``, ``hasattr``, ``type``."""

from __future__ import annotations

import builtins
import collections
import collections.abc
import numbers
import types
from collections.abc import Iterable

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject
from keraslint.analysis.core.values import (
    Api,
    ApiResult,
    Array,
    Const,
    Function,
    Method,
    Ref,
    Sequence,
    Slice,
    Tensor,
    Unknown,
    Value,
)
from keraslint.analysis.keras.names import is_keras

_MODULES = {
    "builtins": builtins,
    "collections": collections,
    "collections.abc": collections.abc,
    "numbers": numbers,
    "types": types,
}
_DATA = (dict, list, tuple, set, frozenset, str, bytes, int, float, bool, complex)
"""The classes of data, of which functions, arrays, tensors, layers and models are no instances."""

_WITHOUT_DATA = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases that make no data of a class of the program."""

_MODELS = frozenset({"keras.Model", "keras.Layer", "keras.layers.Layer"})
"""The classes of which every model is an instance."""


def kind_of(m: InterpreterCore, value: Value) -> type | None:
    """The type of a constant, list, dict or tuple; None for any other value."""
    thing = m.look(value)
    if isinstance(value, Const):
        return value.kind
    if isinstance(value, Sequence):
        return None if value.once else tuple
    if isinstance(thing, DictObject):
        return _kind_of_dict(thing)
    return list if isinstance(thing, ListObject) else None


def _kind_of_dict(thing: DictObject) -> type:
    if thing.default is not None:
        return collections.defaultdict
    return collections.OrderedDict if thing.ordered else dict


def is_instance(m: InterpreterCore, args: Arguments) -> Value | None:
    """The answer of ``isinstance(value, classes)``; None where it is not known."""
    if len(args.positional) != 2:
        return None
    value, classes = args.positional
    return _any(_is_of(m, value, cls) for cls in _asked(classes))


def is_subclass(m: InterpreterCore, args: Arguments) -> Value | None:
    """The answer of ``issubclass(cls, classes)``; None where it is not known."""
    if len(args.positional) != 2:
        return None
    below, classes = args.positional
    line, kind = ancestors(m, below) if isinstance(below, Ref) else (below,), _class(below)
    return _any(
        True if cls in line else None if kind is None or (above := _class(cls)) is None else issubclass(kind, above)
        for cls in _asked(classes)
    )


def _any(answers: Iterable[bool | None]) -> Value | None:
    found = {*answers}
    return Const(True) if True in found else Const(False) if None not in found else None


def _asked(classes: Value) -> list[Value]:
    """The classes in a tuple or union of them."""
    if isinstance(classes, Sequence):
        return [one for item in classes.items for one in _asked(item)]
    origin = classes.origin if isinstance(classes, Unknown) else None
    if isinstance(origin, Derived) and origin.how == "|":
        return [one for source in origin.sources if isinstance(source, (Api, Unknown)) for one in _asked(source)]
    return [classes]


def is_callable(m: InterpreterCore, args: Arguments) -> Value | None:
    """The answer of ``callable(value)``; None where it is not known."""
    value = args.get(0, "")
    if isinstance(value, (Function, Method)) or (value is not None and isinstance(m.look(value), ClassObject)):
        return Const(True)
    kind = kind_of(m, value) if value is not None else None
    return None if kind is None else Const(False)


def has_attribute(m: InterpreterCore, args: Arguments) -> Value | None:
    """The answer of ``hasattr(value, name)`` for data; None where it is not known."""
    name, kind = m.text(args.get(1, "")), kind_of(m, args.positional[0]) if args.positional else None
    return None if name is None or kind is None else Const(hasattr(kind, name))


def type_of(m: InterpreterCore, value: Value) -> Api | None:
    """The class of data: ``dict``; None where it is not known."""
    kind = None if _may_be_range(value) else kind_of(m, value)
    return Api(f"{kind.__module__}.{kind.__qualname__}") if kind is not None and kind is not type(None) else None


def attribute_of_data(m: InterpreterCore, value: Value, name: str) -> Value | None:
    """The class of data, or a part of a slice; None for every other attribute."""
    if name == "__class__":
        return type_of(m, value)
    return getattr(value, name) if isinstance(value, Slice) and name in ("start", "stop", "step") else None


def _is_of(m: InterpreterCore, value: Value, cls: Value) -> bool | None:
    """True if a value is an instance of a class; None where that is not known."""
    thing = m.look(value)
    target = _class(cls)
    if isinstance(thing, Instance) and thing.part is None:
        return _is_made_of(m, thing, cls, target)
    kind = kind_of(m, value)
    if kind is not None:
        if target is None:
            return False if isinstance(m.look(cls), ClassObject) and not _answers(m, cls) else None
        return None if _may_be_range(value) and target is tuple else issubclass(kind, target)
    if target is None:
        of_models = isinstance(cls, Api) and cls.path in _MODELS and isinstance(m.part(value), ModelPart)
        return True if of_models else None
    return False if target in _DATA and _is_no_data(m, value) else None


def _class(cls: Value) -> type | None:
    """The class that a name of Python's own library stands for; None for any other value."""
    if not isinstance(cls, Api):
        return None
    module, _, name = cls.path.rpartition(".")
    found = getattr(_MODULES.get("collections.abc" if module == "typing" else module), name, None)
    return found if isinstance(found, type) and found is not type else None


def _may_be_range(value: Value) -> bool:
    """True for what may be a range, which is kept as a tuple is."""
    return isinstance(value, Sequence) and all(isinstance(item, Const) and item.kind is int for item in value.items)


def _is_no_data(m: InterpreterCore, value: Value) -> bool:
    """True for a function, class, layer, model, tensor, array, set or an object of Keras."""
    if isinstance(value, (Function, Method, Array, Tensor)) or m.part(value) is not None:
        return True
    if isinstance(value, (Api, ApiResult)):
        return value.path.startswith("keras.")
    return isinstance(m.look(value), ClassObject)


def _is_made_of(m: InterpreterCore, thing: Instance, cls: Value, target: type | None) -> bool | None:
    """True if an instance of a class of the program is one of another class, too; None where that is not known."""
    if thing.open:
        return None
    line = ancestors(m, thing.cls)
    if cls in line:
        return True
    things = [m.look(one) for one in line]
    if any(isinstance(one, ClassObject) and one.is_tuple for one in things):
        return True if target is tuple else None
    plain = all(
        isinstance(found, ClassObject) or (isinstance(one, Api) and one.path in _WITHOUT_DATA)
        for one, found in zip(line, things, strict=True)
    )
    if not plain:
        return None
    if isinstance(m.look(cls), ClassObject):
        return None if _answers(m, cls) else False
    return False if target in _DATA else None


def _answers(m: InterpreterCore, cls: Value) -> bool:
    """True if a class, its metaclass or an abstract base may take objects of other classes for its instances."""
    for one in ancestors(m, cls):
        thing = m.look(one)
        if isinstance(thing, ClassObject):
            if thing.metaclass is not None or thing.open or "__subclasshook__" in thing.attributes:
                return True
        elif not (isinstance(one, Api) and (one.path in ("builtins.object", "typing.Generic") or is_keras(one))):
            return True
    return not isinstance(cls, Ref)
