"""Attributes: reading and setting them, by inheritance, and what escapes the view when they are set."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from keraslint.analysis.core.functions import ancestors, find_in_class
from keraslint.analysis.core.machine import Arguments, OutOfBounds
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, ModelPart, Scope
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Bound,
    Const,
    Function,
    Method,
    OneOf,
    Partial,
    Ref,
    Super,
    Unknown,
    Value,
    View,
    one_of,
    options,
    settle,
)
from keraslint.analysis.interpreter.statements import Statements
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras.datasets import is_pipeline
from keraslint.analysis.keras.models import CALLED, OVERRIDABLE, is_training, without_outputs
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.keras.names import keras_api as name_of
from keraslint.analysis.python.library import ARRAY_METHODS, array_items

_OF_PROXIES = frozenset({"copy", "get", "items", "keys", "values"})
_CHANGES_ARRAY = frozenset({"fill", "itemset", "partition", "put", "resize", "sort", "flat", "data", "T", "view"})


class Attributes(Statements):
    """Reads and sets attributes."""

    def named(self, path: str, *, legacy: bool = False) -> Api:
        """What a dotted name outside the program stands for. With TF_USE_LEGACY_KERAS tf.keras is Keras 2."""
        return name_of(path, legacy=legacy or (self.state.legacy and path.startswith("tensorflow.")))

    def attribute(self, value: Value, name: str) -> Value:
        """The value of ``value.name``; None among the alternatives is passed over, for it has none."""
        value = settle(value)
        if isinstance(value, OneOf):
            return self._alternatives(value, lambda option: self.attribute(option, name))
        if isinstance(value, Api):
            return self.named(f"{value.path}.{name}", legacy=value.legacy)
        if isinstance(value, Super):
            return self._inherited(value, name)
        thing = self.look(value)
        if name == "__dict__" and isinstance(thing, (Instance, ClassObject, Scope)):
            if isinstance(value, Ref) and isinstance(thing, Instance) and isinstance(thing.part, ModelPart):
                self.seen.loss_readers.add(value.number)
            return Bound(value, name)
        if isinstance(value, Ref) and isinstance(thing, Instance):
            return self._instance_attribute(value, thing, name)
        if isinstance(value, Ref) and isinstance(thing, ClassObject):
            return self._class_attribute(value, name)
        if isinstance(value, Ref) and isinstance(thing, Scope):
            return self._module_attribute(value, thing, name)
        if isinstance(value, Unknown):
            return Unknown(value.why, ("attribute", value, name))
        if isinstance(value, (Method, Partial, ApiResult)):
            return self._result_attribute(value, name)
        if isinstance(value, Function) and name == "__name__":
            return Const(getattr(value.node, "name", "<lambda>")) if _keeps_name(value) else self.unknown("a name")
        of_proxy = isinstance(value, View) and value.part == "proxy" and name in _OF_PROXIES
        return Bound(value.mapping if isinstance(value, View) and of_proxy else value, name)

    def _result_attribute(self, value: Method | Partial | ApiResult, name: str) -> Value:
        array = array_items(value) is not None
        if is_pipeline(value) or (array and name in ARRAY_METHODS):
            return Bound(value, name)
        if array and name in _CHANGES_ARRAY:
            self.forget(value, f"an array that .{name} changes")
        return self.unknown(f"the attribute .{name}", ("attribute", value, name))

    def _module_attribute(self, value: Ref, thing: Scope, name: str) -> Value:
        known = thing.variables.get(name) or self.submodule(value, name)
        if known is None and thing.stars:
            return Unknown(f"'{name}' comes from a star import that is not followed", ("member", value, name))
        return known or self.unknown(f"'{name}' is not defined where it is imported from", ("member", value, name))

    def _alternatives(self, value: OneOf, each: Callable[[Value], Value]) -> Value:
        return one_of([each(option) for option in value.options if option != NONE])

    def _instance_attribute(self, value: Ref, thing: Instance, name: str) -> Value:
        found = find_in_class(self, thing.cls, name)
        if isinstance(found, Function) and found.flavour == "property" and not found.cached:
            return self._bound(found, value, thing.cls)
        if found is not None and self.own_method(found, "__set__") is not None:
            return self._bound(found, value, thing.cls)
        if name in thing.attributes:
            return thing.attributes[name]
        if isinstance(found, Function) and found.cached and found.flavour == "property":
            made = self._bound(found, value, thing.cls)
            self.state.writable(value.number, Instance).attributes[name] = made
            return made
        if isinstance(found, Function):
            return self._bound(found, value, thing.cls)
        if thing.open or find_in_class(self, thing.cls, "__getattribute__") is not None:
            return Unknown(f"the attribute '{name}' may be set where it is not seen", ("attribute", value, name))
        if found is not None:
            return self._bound(found, value, thing.cls)
        if thing.part is not None:
            special = keras_api.attribute(self, value, thing.part, name)
            return special if special is not None else Bound(value, name)
        if name == "__class__":
            return thing.cls
        return Unknown(f"the attribute '{name}' is set where it is not seen", ("attribute", value, name))

    def _bound(self, found: Value, receiver: Value, cls: Value) -> Value:
        if not isinstance(found, Function):
            getter = self.own_method(found, "__get__")
            return found if getter is None else self.call(getter, Arguments([receiver, cls]))
        if found.flavour == "property":
            return self.call(Method(found, receiver), Arguments())
        if found.flavour == "staticmethod":
            return found
        return Method(found, cls if found.flavour == "classmethod" else receiver)

    def _class_attribute(self, value: Ref, name: str) -> Value:
        found = find_in_class(self, value, name)
        thing = self.look(value)
        if name == "__name__" and isinstance(thing, ClassObject):
            return Const(thing.name)
        if isinstance(found, Function):
            return Method(found, value) if found.flavour == "classmethod" else found
        if found is None:
            base = next((base for base in ancestors(self, value) if isinstance(base, Api)), None)
            return name_of(f"{base.path}.{name}") if base is not None else self.unknown(f"the class attribute .{name}")
        return self._bound(found, NONE, value)

    def _inherited(self, value: Super, name: str) -> Value:
        receiver = self.look(value.receiver)
        cls = receiver.cls if isinstance(receiver, Instance) else value.owner
        found = find_in_class(self, cls, name, after=value.owner)
        if found is not None:
            return self._bound(found, value.receiver, cls)
        return Bound(value.receiver, name)

    def set_attribute(self, value: Value, name: str, new: Value) -> None:
        """Carry out ``value.name = new``."""
        value = settle(value)
        if self.state.facts:
            self.state.forget_facts(name)
        for option in options(value):
            thing = self.look(option)
            if isinstance(option, Ref) and isinstance(thing, Instance):
                self._set_on_instance(option, thing, name, new, weak=isinstance(value, OneOf))
            elif isinstance(option, Ref) and isinstance(thing, ClassObject):
                self.state.writable(option.number, ClassObject).attributes[name] = new
            elif isinstance(option, Ref) and isinstance(thing, Scope):
                self.state.writable(option.number, Scope).variables[name] = new
            elif isinstance(option, Api) and is_keras(option) and _is_definition(option, name):
                raise OutOfBounds  # Keras itself is changed: nothing that follows can be told
            else:
                self.state.renamed |= name == "name"
                self.escape(new)

    def forget(self, value: Value, why: str, depth: int = 3) -> None:
        """The contents of a list, dict or array are not known from here on."""
        if array_items(value) is None:
            super().forget(value, why, depth)
            return
        for number, thing in [*self.state.objects.items()]:  # an array is known by its contents, whatever its names
            if isinstance(thing, (Scope, Instance)):
                names = thing.variables if isinstance(thing, Scope) else thing.attributes
                for name in [name for name, held in names.items() if held == value]:
                    self.set_attribute(Ref(number), name, self.unknown(why))
            elif isinstance(thing, (ListObject, DictObject)) and value in self._parts_of(Ref(number)):
                super().forget(Ref(number), why, depth=0)

    def forget_attributes(self, value: Value, why: str) -> None:
        """Any attribute of an instance, class or module may have been set, or have another value."""
        self.state.forget_facts_within()
        thing = self.look(value)
        if isinstance(value, Ref) and isinstance(thing, Instance):
            instance = self.state.writable(value.number, Instance)
            instance.open = True
            instance.attributes = {name: self.unknown(why) for name in instance.attributes}
        elif isinstance(value, Ref) and isinstance(thing, Scope):
            scope = self.state.writable(value.number, Scope)
            scope.variables = {name: self.unknown(why) for name in scope.variables}
        elif isinstance(value, Ref) and isinstance(thing, ClassObject):
            cls = self.state.writable(value.number, ClassObject)
            cls.attributes = {name: self.unknown(why) for name in cls.attributes}

    def is_property(self, value: Value, name: str) -> bool:
        """Whether reading ``value.name`` runs code of the program."""
        for option in options(value):
            thing = self.look(option)
            found = find_in_class(self, thing.cls, name) if isinstance(thing, Instance) else None
            if isinstance(found, Function) and found.flavour == "property":
                return True
            if found is not None and self.own_method(found, "__get__") is not None:
                return True
        return False

    def own_method(self, value: Value, name: str) -> Value | None:
        """A method that the value's class defines in the program; None where it does not."""
        thing = self.look(value)
        if not isinstance(thing, Instance):
            return None
        found = find_in_class(self, thing.cls, name)
        return Method(found, value) if isinstance(found, Function) else None

    def set_item(self, container: Value, key: Value, value: Value, node: ast.expr | None = None) -> None:
        """Carry out ``container[key] = value``: what goes into something that is not seen leaves the view."""
        if isinstance(container, Bound) and container.name == "__dict__":
            name = self.text(key)
            if name is None:
                self.forget_attributes(container.receiver, "a name that is not known is set in it")
            else:
                self.set_attribute(container.receiver, name, value)
            return
        super().set_item(container, key, value, node)
        thing = self.look(container)
        if isinstance(thing, DictObject) and thing.entries is not None:
            return
        if isinstance(thing, ListObject) and thing.items is not None:
            return
        for option in options(container):
            self.forget(option, "an item is set in it or in something else")
        self.escape(value)

    def _set_on_instance(self, value: Ref, thing: Instance, name: str, new: Value, *, weak: bool) -> None:
        part = thing.part
        found = find_in_class(self, thing.cls, name)
        if isinstance(found, Function) and found.flavour == "property" and not found.cached:
            if found.setter is not None:
                self.call(Method(found.setter, value), Arguments([new]))
            return
        if found is not None and (setter := self.own_method(found, "__set__")) is not None:
            self.call(setter, Arguments([value, new]))
            return
        if find_in_class(self, thing.cls, "__setattr__") is not None:
            self.forget_attributes(value, f"{name} is set by a __setattr__ of its class")
            return
        if part is not None and name == "name":  # Keras 3.0.0 to 3.15.1 don't read a layer's _name
            self.state.renamed |= part.called
            self.set_part(value, replace(part, name=self.text(new)))
            return
        if isinstance(part, ModelPart) and name in OVERRIDABLE:
            part = replace(part, overrides=part.overrides | {name})
            self.set_part(value, part)
        if isinstance(part, ModelPart) and name in ("loss", "loss_weights", "compiled_loss"):
            self.seen.loss_readers.add(value.number)
        if isinstance(part, ModelPart) and (name in CALLED or (name == "outputs" and part.kind != "subclass")):
            self.set_part(value, without_outputs(part, f"the program sets .{name} of the model"))
        old = thing.attributes.get(name)
        value_now = one_of((old, new)) if weak and old is not None else new
        self.state.writable(value.number, Instance).attributes[name] = value_now

    def escape(self, value: Value, depth: int = 3) -> None:
        """The value, and the models in it, are handed to something that is not in view."""
        for option in options(value):
            part = self.part(option)
            if isinstance(part, ModelPart):
                if not part.trained and not self.silent:
                    self.seen.mark_escape(part.compiles)
                if not part.escaped and not part.trained:
                    self.set_part(option, replace(part, escaped=True))
            elif isinstance(option, Bound) and is_training(option.name) and isinstance(option.receiver, Ref):
                self.seen.loss_callers.add(option.receiver.number)
            elif depth:
                for item in self._parts_of(option):
                    self.escape(item, depth - 1)

    def _parts_of(self, value: Value) -> list[Value]:
        thing = self.look(value)
        if isinstance(thing, Instance):
            return list(thing.attributes.values())
        entries = self.mapping(value)
        return [entry.value for entry in entries.values()] if entries is not None else self.sequence(value) or []


def _keeps_name(function: Function) -> bool:
    """Whether a function is called as it is written: no decorator gives it another's name."""
    decorators = [] if isinstance(function.node, ast.Lambda) else function.node.decorator_list
    return not function.wrapped and not any("wraps" in ast.unparse(decorator) for decorator in decorators)


def _is_definition(api: Api, name: str) -> bool:
    """Whether an attribute of Keras is a class, a function of one, or an operation, and no setting."""
    owner = api.path.rpartition(".")[2]
    return name[:1].isupper() or owner[:1].isupper() or owner in ("layers", "models", "ops", "losses")
