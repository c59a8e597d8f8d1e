"""Attributes: reading and setting them, by inheritance, and the values that leave the view when they are set."""

from __future__ import annotations

import sys
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import KerasChanged
from keraslint.analysis.core.draws import FORMS, undrawn
from keraslint.analysis.core.effects import LISTENED_TO, may_run, not_followed
from keraslint.analysis.core.forgetting import forget, forget_attributes, put_into, reached
from keraslint.analysis.core.functions import (
    ancestors,
    before_own_attribute,
    behind_own_attribute,
    find_in_class,
    is_property,
    own_method,
)
from keraslint.analysis.core.handing import handed_out
from keraslint.analysis.core.keys import is_class_of_data
from keraslint.analysis.core.origins import AttributeOf, taken_from
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import ClassObject, Instance, ListObject, Scope
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Array,
    Bound,
    Const,
    Function,
    Method,
    Namespace,
    OneOf,
    Partial,
    Pipeline,
    Proxy,
    Ref,
    Sequence,
    Super,
    Unknown,
    Value,
    Varying,
    one_of,
    options,
    without_none,
)
from keraslint.analysis.core.varying import decided, lifted, tell
from keraslint.analysis.interpreter import module_table
from keraslint.analysis.interpreter.function_attributes import function_attribute
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.module_attributes import module_attribute
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras.installed_versions import distribution_version, version_variable
from keraslint.analysis.keras.models import CALLED, OVERRIDABLE, without_outputs
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.keras.names import keras_api as name_of
from keraslint.analysis.python.builtin_functions import FOLLOWED
from keraslint.analysis.python.dataclass_types import is_named_tuple
from keraslint.analysis.python.library import ARRAY_METHODS
from keraslint.analysis.python.type_tests import attribute_of_data
from keraslint.analysis.python.version_objects import version_attribute

# Modules that only list names: Keras itself takes them from elsewhere, measured on 3.4.1, 3.6.0, 3.7.0 and 3.15.1.
_ONLY_NAMES = frozenset(
    f"keras.{name}"
    for name in (
        "activations callbacks constraints initializers layers losses metrics optimizers regularizers utils backend"
    ).split()
)
_INSIDE = ("keras.src", "tensorflow.python.keras")
_OF_PROXIES = frozenset({"copy", "get", "items", "keys", "values"})
_CHANGES_ARRAY = frozenset({"fill", "itemset", "partition", "put", "resize", "sort", "flat", "data", "T", "view"})


def outside_name(m: Interpreter, path: str, *, legacy: bool = False) -> Api:
    """The value of a dotted name outside the program. With TF_USE_LEGACY_KERAS tf.keras is Keras 2."""
    m.inside_keras |= path.startswith(_INSIDE)
    return name_of(path, legacy=legacy or (m.state.legacy and path.startswith("tensorflow.")))


def attribute(m: Interpreter, value: Value, name: str) -> Value:
    """The value of ``value.name``; None among the alternatives is ignored."""
    value = without_none(value)
    if isinstance(value, (OneOf, Varying)):
        return _attribute_of_each(m, value, name)
    if isinstance(value, Api):
        return _outside_attribute(m, value, name)
    if isinstance(value, Super):
        return _inherited(m, value, name)
    thing = m.look(value)
    if name == "__dict__" and isinstance(thing, (Instance, ClassObject, Scope)) and not is_property(m, value, name):
        if isinstance(value, Ref) and isinstance(thing, Instance) and isinstance(thing.part, ModelPart):
            m.seen.loss_readers.add(value.number)
        return Namespace(value)
    if isinstance(value, Ref) and isinstance(thing, Instance):
        return _instance_attribute(m, value, thing, name)
    if isinstance(value, Ref) and isinstance(thing, ClassObject):
        return _class_attribute(m, value, name)
    if isinstance(value, Ref) and isinstance(thing, Scope):
        return module_attribute(m, value, thing, name)
    if isinstance(value, Unknown):
        return _unknown_attribute(m, value, name)
    if isinstance(value, (Function, Method)) and (made := function_attribute(m, value, name)) is not None:
        return made
    if isinstance(value, (Method, Partial, ApiResult, Array, Pipeline)):
        return _result_attribute(m, value, name)
    known = version_attribute(m, value, name) if isinstance(value, Const) else None
    known = known or attribute_of_data(m, value, name)
    return known or Bound(value.mapping if isinstance(value, Proxy) and name in _OF_PROXIES else value, name)


def _outside_attribute(m: Interpreter, value: Api, name: str) -> Value:
    if name in ("sys", "builtins") and value.path.partition(".")[0] in sys.stdlib_module_names:  # such as os.sys
        return Api(name)
    if name in ("__name__", "__qualname__") and is_class_of_data(value):
        return Const(value.path.rpartition(".")[2])
    outside = outside_name(m, f"{value.path}.{name}", legacy=value.legacy)
    version = distribution_version(m, value, name) or version_variable(m, outside)
    return version if version is not None else put_into_library(m, outside)


def put_into_library(m: Interpreter, api: Api) -> Value:
    """What the program has put into a module of a library under this name; the name itself if it has put nothing."""
    scope = m.look(Ref(m.library_scope))
    return scope.variables.get(api.path, api) if isinstance(scope, Scope) else api


def _attribute_of_each(m: Interpreter, value: OneOf | Varying, name: str) -> Value:
    """An attribute of each alternative. Where the installed version decides, reading it may run no code."""
    if isinstance(value, OneOf):
        return one_of([m.attribute(option, name) for option in value.options if option != NONE])
    if all(isinstance(case, (Const, Sequence)) or isinstance(m.look(case), ListObject) for case, _ in value.cases):
        return lifted(m, name, [value], lambda each: m.attribute(each, name))
    return m.attribute(decided(m, value, 0), name)


def _unknown_attribute(m: Interpreter, value: Unknown, name: str) -> Value:
    """An attribute of an unknown value. Notes the models whose losses are read if it may be one, or a copy of one."""
    if name == "submodule_search_locations":  # of the spec of a package
        return module_table.PACKAGE_PATH
    if name == "_fn_kwargs":  # the settings of a loss, of which one is not known
        m.seen.touched.add(value)
    if name in ("f_globals", "f_locals"):
        m.seen.reads_unknown_loss = True
        not_followed(m, "the variables of a running function may change through its frame")
    for one in reached(m, [value]) if name in keras_api.READ_LOSSES else ():
        part = m.part(one)
        if isinstance(part, ModelPart) and isinstance(one, Ref):
            m.seen.loss_readers.add(one.number)
            m.seen.reads_unknown_loss |= part.kind == "opaque"
    return Unknown(value.why, AttributeOf(undrawn(value) if name in FORMS else value, name))


def _result_attribute(m: Interpreter, value: Method | Partial | ApiResult | Array | Pipeline, name: str) -> Value:
    if isinstance(value, Pipeline) or (isinstance(value, Array) and name in ARRAY_METHODS):
        return Bound(value, name)
    if isinstance(value, ApiResult) and name.startswith("_"):
        m.seen.touched.add(value)
    if isinstance(value, Partial) and name == "keywords":
        raise KerasChanged("the arguments of a partial function may be changed")
    if isinstance(value, Array) and name in _CHANGES_ARRAY:
        forget(m, value, f"an array that .{name} changes")
    return m.unknown(f"the attribute .{name}", AttributeOf(value, name))


def _instance_attribute(m: Interpreter, value: Ref, thing: Instance, name: str) -> Value:
    found = find_in_class(m, thing.cls, name)
    if thing.part is None and (maker := _own_maker(m, value, "__getattribute__")) is not None:
        return m.call(maker, Arguments([Const(name)]))
    if isinstance(found, Function) and found.flavour == "property" and not found.cached:
        return _bound(m, found, value, thing.cls)
    if found is not None and own_method(m, found, "__set__") is not None:
        return _bound(m, found, value, thing.cls)
    if name in thing.attributes:
        return _held(m, value, thing, name)
    if isinstance(found, Function):
        made = _bound(m, found, value, thing.cls)
        if found.cached and found.flavour == "property":
            m.state.writable(value.number, Instance).attributes[name] = m.state.cached[value.number, name] = made
        return made
    if found is None and (maker := _getter(m, value, thing, name)) is not None:
        made = m.call(maker, Arguments([Const(name)]))
        return m.unknown("an attribute that may be set where it is not seen", of=(made,)) if thing.open else made
    return _inherited_attribute(m, value, thing, name, found)


def _inherited_attribute(m: Interpreter, value: Ref, thing: Instance, name: str, found: Value | None) -> Value:
    """An attribute that is not one of the instance itself: of its class, or of Keras."""
    if thing.open or find_in_class(m, thing.cls, "__getattribute__") is not None:
        return Unknown(f"the attribute '{name}' may be set where it is not seen", AttributeOf(value, name))
    if found is not None:
        return _bound(m, found, value, thing.cls)
    if name == "__class__":
        return thing.cls
    if thing.part is not None:
        special = keras_api.attribute(m, value, thing.part, name)
        return special if special is not None else Bound(value, name)
    if name in ("_asdict", "_replace") and is_named_tuple(m, thing.cls):
        return Bound(value, name)
    return Unknown(f"the attribute '{name}' is set where it is not seen", AttributeOf(value, name))


def _held(m: Interpreter, value: Ref, thing: Instance, name: str) -> Value:
    """An attribute of an instance itself."""
    held = thing.attributes[name]
    if (value.number, name) in m.state.perhaps_cached:
        return m.unknown("a property that was read before, or not", of=(held,))
    return _held_perhaps(m, value, thing, held, name) if name in thing.perhaps else held


def _held_perhaps(m: Interpreter, value: Ref, thing: Instance, held: Value, name: str) -> Value:
    """An attribute that only some paths have set: it may still be that of the class, or what ``__getattr__`` gives."""
    found = find_in_class(m, thing.cls, name)
    if isinstance(found, Function) and found.flavour == "property":
        return m.unknown("a property that was read before, or not", of=(held,))
    if found is not None:
        return one_of([held, _bound(m, found, value, thing.cls)])
    maker = _getter(m, value, thing, name)
    return held if maker is None else one_of([held, m.call(maker, Arguments([Const(name)]))])


def _getter(m: Interpreter, value: Ref, thing: Instance, name: str) -> Value | None:
    """The ``__getattr__`` of the class of an instance, which gives what neither it nor any class has."""
    return _own_maker(m, value, "__getattr__") if thing.part is None and not hasattr(object, name) else None


def _own_maker(m: Interpreter, value: Value, name: str) -> Value | None:
    """The method of this name, such as ``__getattr__``, of an instance's class, unless it is the one that runs."""
    maker = own_method(m, value, name)
    running = isinstance(maker, Method) and id(maker.function.node) in m.control.entered
    return None if running else maker


def _bound(m: Interpreter, found: Value, receiver: Value, cls: Value) -> Value:
    if not isinstance(found, Function):
        getter = own_method(m, found, "__get__")
        return found if getter is None else m.call(getter, Arguments([receiver, cls]))
    if found.flavour == "property":
        return m.call(Method(found, receiver), Arguments())
    if found.flavour == "staticmethod":
        return found
    return Method(found, cls if found.flavour == "classmethod" else receiver)


def _class_attribute(m: Interpreter, value: Ref, name: str) -> Value:
    found = find_in_class(m, value, name)
    thing = m.look(value)
    if name == "__name__" and isinstance(thing, ClassObject) and name not in thing.attributes:
        return Const(thing.name)
    if (of_metaclass := before_own_attribute(m, value, name)) is not None:
        return _bound(m, of_metaclass, value, NONE)
    if isinstance(found, Function):
        return Method(found, value) if found.flavour == "classmethod" else found
    if found is None and (given := behind_own_attribute(m, value, name)) is not None:
        return given
    if found is None:
        base = next((base for base in ancestors(m, value) if isinstance(base, Api)), None)
        return name_of(f"{base.path}.{name}") if base is not None else m.unknown(f"the class attribute .{name}")
    return _bound(m, found, NONE, value)


def _inherited(m: Interpreter, value: Super, name: str) -> Value:
    receiver = m.look(value.receiver)
    cls = value.receiver if isinstance(receiver, ClassObject) else value.owner
    if isinstance(receiver, Instance):
        cls = receiver.cls
    found = find_in_class(m, cls, name, after=value.owner)
    if found is not None:
        return _bound(m, found, value.receiver, cls)
    return Bound(value.receiver, name)


def set_attribute(m: Interpreter, value: Value, name: str, new: Value) -> None:
    """Carry out ``value.name = new``. Raises KerasChanged where that makes another function or class of one."""
    if name in _MADE_OF:
        raise KerasChanged(f"{name} of a function, class or object is set")
    m.state.reactivated |= name in ("activation", "call", "filters", "units")
    value = without_none(decided(m, value, 0))
    if m.state.facts:
        m.state.forget_facts(name)
    for option in options(value):
        thing = m.look(option)
        if name == "__dict__":
            forget_attributes(m, option, "its __dict__ is replaced")
        elif isinstance(option, Ref) and isinstance(thing, Instance):
            _set_on_instance(m, option, thing, name, new, weak=isinstance(value, OneOf))
        elif isinstance(option, Ref) and isinstance(thing, ClassObject):
            if thing.is_tuple or find_in_class(m, option, "__slots__") is not None:
                raise KerasChanged(f"the field {name} of a class is replaced")
            _set_name(m.state.writable(option.number, ClassObject).attributes, name, new, sure=option == value)
        elif isinstance(option, Ref) and isinstance(thing, Scope):
            _set_name(m.state.writable(option.number, Scope).variables, name, new, sure=option == value)
        elif isinstance(option, Api) and is_keras(option) and _is_definition(m, option, name, new):
            if m.inside_keras or option.path not in _ONLY_NAMES:
                raise KerasChanged(f"{option.path}.{name} is replaced, a part of Keras itself")
            m.state.writable(m.library_scope, Scope).variables[name_of(f"{option.path}.{name}").path] = new
        else:
            module_table.set_on(m, option, name)
            _note_set(m, option, name)
            if isinstance(option, Api) and option.path.partition(".")[0] in sys.stdlib_module_names:
                put = m.state.writable(m.library_scope, Scope).variables
                _set_name(put, name_of(f"{option.path}.{name}").path, new, sure=option == value)
            _set_on_unknown(m, option, name, new)
            may_run(m, [new])
            tell(m, option, [new])
            handed_out(m, new)
            put_into(m, option, [new])


_MADE_OF = frozenset({"__bases__", "__class__", "__code__", "__defaults__", "__kwdefaults__", "cell_contents"})


def _note_set(m: Interpreter, owner: Value, name: str) -> None:
    """Carry out that an attribute is set of a module, of an object of Keras, or of what is not known.

    Raises KerasChanged for a built-in function that is followed, and for what may be a method of Keras.
    """
    if isinstance(owner, ApiResult):
        m.seen.touched |= {owner} if name != "name" else set()
        return
    m.state.renamed |= name == "name"
    of_modules = taken_from(owner) == Api("sys.modules") and name in FOLLOWED
    if of_modules or (isinstance(owner, Unknown) and name in OVERRIDABLE):
        raise KerasChanged(f"{name} of something that is not known is replaced")
    if isinstance(owner, Api):
        if owner.path == "builtins" and name in FOLLOWED:
            raise KerasChanged(f"the built-in {name} is replaced")
        m.listens |= owner.path.partition(".")[0] in (*LISTENED_TO, "builtins")


def _set_name(names: dict[str, Value], name: str, new: Value, *, sure: bool) -> None:
    """Set a variable or attribute; one that may not be the one that is set keeps its old value as an alternative."""
    old = names.get(name)
    names[name] = new if sure or old is None else one_of([old, new])


def _set_on_unknown(m: Interpreter, value: Value, name: str, new: Value) -> None:
    """Set an attribute of a function, and of each instance and class that an unknown value may be."""
    if isinstance(value, Function) and name == "__name__":
        m.renamed.add(value)
    for one in reached(m, [value]) if isinstance(value, Unknown) else ():
        thing = m.look(one)
        if isinstance(one, Ref) and isinstance(thing, Instance) and thing.part is None:
            _set_name(m.state.writable(one.number, Instance).attributes, name, new, sure=False)
        elif isinstance(one, Ref) and isinstance(thing, ClassObject):
            _set_name(m.state.writable(one.number, ClassObject).attributes, name, new, sure=False)


def _set_on_instance(m: Interpreter, value: Ref, thing: Instance, name: str, new: Value, *, weak: bool) -> None:
    part = thing.part
    found = find_in_class(m, thing.cls, name)
    if isinstance(found, Function) and found.flavour == "property" and not found.cached:
        if found.setter is not None:
            m.call(Method(found.setter, value), Arguments([new]))
        else:
            m.raises()
        return
    if found is not None and (setter := own_method(m, found, "__set__")) is not None:
        m.call(setter, Arguments([value, new]))
        return
    if find_in_class(m, thing.cls, "__setattr__") is not None:
        if part is None and (own := _own_maker(m, value, "__setattr__")) is not None:
            m.call(own, Arguments([Const(name), new]))
        forget_attributes(m, value, f"{name} is set by a __setattr__ of its class")
        return
    if part is not None and name == "name":  # Keras 3.0.0 to 3.15.1 don't read a layer's _name
        m.state.renamed |= part.called
        m.set_part(value, replace(part, name=m.text(new)))
        return
    if isinstance(part, ModelPart) and name in OVERRIDABLE:
        m.seen.loss_callers.add(value.number)
        part = replace(part, overrides=part.overrides | {name})
        m.set_part(value, part)
    if isinstance(part, ModelPart) and name == "trainable":
        frozen = new == Const(False) and bool(part.compiles) and not part.trained and not weak
        part = replace(part, frozen=frozen)
        m.set_part(value, part)
    if isinstance(part, ModelPart) and name in ("loss", "loss_weights", "compiled_loss", keras_api.INNER_LOSS):
        m.seen.loss_readers.add(value.number)
        m.seen.inner_losses |= {value.number} if name == keras_api.INNER_LOSS else set()
    if isinstance(part, ModelPart) and (name in CALLED or (name == "outputs" and part.kind != "subclass")):
        m.set_part(value, without_outputs(part, f"the program sets .{name} of the model"))
    if find_in_class(m, thing.cls, "__slots__") is not None:
        m.may_raise()
    old = thing.attributes.get(name)
    value_now = one_of((old, new)) if weak and old is not None else new
    instance = m.state.writable(value.number, Instance)
    instance.attributes[name] = value_now
    instance.perhaps -= {name}


def _is_definition(m: Interpreter, api: Api, name: str, new: Value) -> bool:
    """True if an attribute of Keras is a class, a method of one, or a function, but not a setting."""
    owner = api.path.rpartition(".")[2]
    if api.path == "keras" or isinstance(new, (Function, Method, Partial)) or isinstance(m.look(new), ClassObject):
        return True
    return name[:1].isupper() or owner[:1].isupper() or owner in ("layers", "models", "ops", "losses")
