"""Making instances of the program's own classes: constructors, dataclasses, layers and models."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_make_layers, may_run
from keraslint.analysis.core.enums import find_member
from keraslint.analysis.core.functions import ancestors, find_in_class, may_make_instances, own_method
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import NONE, Api, ApiResult, Bound, Const, Function, Method, Ref, Value
from keraslint.analysis.core.varying import tell
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.keras_hooks import keras_may_call
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras import models as keras_models
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.keras.tuners import PACKAGES
from keraslint.analysis.python.dataclass_types import fields_of


def instantiate(m: Interpreter, cls: Ref, thing: ClassObject, args: Arguments) -> Value:
    """Make an instance of one of the program's own classes."""
    if thing.members is not None:
        return _member(m, cls, thing, args)
    line = [m.look(ancestor) for ancestor in ancestors(m, cls)]
    metaclass = next((each.metaclass for each in line if isinstance(each, ClassObject) and each.metaclass), None)
    special = find_in_class(m, cls, "__new__")
    if special is None and metaclass is not None and may_make_instances(m, metaclass):
        special = find_in_class(m, metaclass, "__call__") or metaclass
    if special is not None:
        return _made_specially(m, cls, thing, special, args)
    base = next((b for b in ancestors(m, cls) if isinstance(b, Api) and is_keras(b)), None)
    unseen = any(not is_plain(ancestor) for ancestor in ancestors(m, cls))
    unseen |= any(isinstance(each, ClassObject) and each.open for each in line)
    instance = m.new(Instance(cls, open=unseen))
    if Api("abc.ABC") in ancestors(m, cls) or metaclass is not None:
        m.may_raise()
    if unseen:
        tell(m, instance, args.every())
    if base is not None:
        set_part_of(m, instance, cls, base)
    init = find_in_class(m, cls, "__init__")
    if isinstance(init, Function):
        m.call(Method(init, instance), args)
    elif fields := fields_of(m, cls):
        handed = _fill_fields(m, instance, cls, fields, args)
        finish = own_method(m, instance, "__post_init__")
        if finish is not None:
            m.call(finish, Arguments(handed))
    elif base is not None:
        keras_api.call_method(m, instance, "__init__", args)
    else:
        m.call(Bound(instance, "__init__"), args)
    keras_may_call(m, instance, cls)
    if (last := own_method(m, instance, "__del__")) is not None:
        may_run(m, [last])
    return instance


def _member(m: Interpreter, cls: Ref, thing: ClassObject, args: Arguments) -> Value:
    """The member of an Enum with a value."""
    found = find_member(m, cls, "value", args.get(0, "value") or NONE)
    if found is None:
        missing = find_in_class(m, cls, "_missing_")
        if missing is None and isinstance(args.get(0, "value"), Const):
            m.raises()
        may_run(m, [Method(missing, cls)] if isinstance(missing, Function) else [])
    return found if found is not None else m.unknown(f"a member of {thing.name}")


def _made_specially(m: Interpreter, cls: Ref, thing: ClassObject, maker: Value, args: Arguments) -> Value:
    """The result of ``__new__``, or of ``__call__`` of a metaclass: an instance, or anything else."""
    makers = (maker, find_in_class(m, cls, "__init__"))
    may_run(m, [Method(one, cls) for one in makers if isinstance(one, Function)], may_pass=args.every())
    return m.unknown(f"what calling {thing.name} makes", of=args.every())


def set_part_of(m: Interpreter, instance: Ref, cls: Ref, base: Api) -> None:
    """Make an instance a Keras layer or model, if its class derives from one."""
    if base.path in ("keras.Model", "keras.Sequential", "keras.Functional"):
        if base.path == "keras.Sequential":
            may_make_layers(m, "functional")
            may_make_layers(m, "input_layer")
        part: LayerPart | ModelPart = keras_models.subclass(m, cls, legacy=base.legacy)
        m.set_part(instance, part)
    elif base.path == "keras.Layer" or base.path.startswith("keras.layers."):
        m.set_part(instance, LayerPart(None, "its class never calls super().__init__()"))


def _field_default(m: Interpreter, cls: Ref, name: str) -> Value:
    """The default of a dataclass's field: that of the class that declares it."""
    line = [(each, m.look(each)) for each in ancestors(m, cls)]
    declaring = [each for each, thing in line if isinstance(thing, ClassObject) and name in (thing.fields or ())]
    value = find_in_class(m, declaring[0] if declaring else cls, name)
    if isinstance(value, ApiResult) and value.path == "dataclasses.field":
        given = dict(value.keywords)
        if "default_factory" in given:
            return m.call(given["default_factory"], Arguments())
        value = given.get("default")
    if value is None:
        m.may_raise()
    return value if value is not None else m.unknown(f"the field '{name}'")


def _is_made_later(m: Interpreter, cls: Ref, name: str) -> bool:
    """True if the constructor takes no value for a field: ``field(init=False)``."""
    value = find_in_class(m, cls, name)
    return isinstance(value, ApiResult) and dict(value.keywords).get("init") == Const(False)


def _fill_fields(m: Interpreter, instance: Ref, cls: Ref, fields: tuple[str, ...], args: Arguments) -> list[Value]:
    """Set the fields of a dataclass; return what is passed on to ``__post_init__``."""
    line = [each for each in map(m.look, ancestors(m, cls)) if isinstance(each, ClassObject)]
    by_keyword = frozenset().union(*(each.by_keyword for each in line))
    passed_on = frozenset().union(*(each.passed_on for each in line))
    taken = [name for name in fields if name not in by_keyword and not _is_made_later(m, cls, name)]
    given = {**dict(zip(taken, args.positional, strict=False)), **args.keywords}
    handed = []
    for name in fields:
        value = given[name] if name in given else _field_default(m, cls, name)
        value = m.unknown("a field") if args.open and name not in given else value
        if name in passed_on:
            handed.append(value)
        else:
            m.set_attribute(instance, name, value)
    return handed


def is_plain(base: Value) -> bool:
    """True if a base has no unseen attributes and no unseen constructor."""
    if isinstance(base, Api):
        return base.path.startswith(("keras.", "abc.", "typing.", "enum.", "builtins.object", *PACKAGES))
    return isinstance(base, Ref)
