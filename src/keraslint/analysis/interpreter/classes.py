"""Making instances of the program's own classes: constructors, dataclasses, layers and models."""

from __future__ import annotations

from keraslint.analysis.core.enums import find_member
from keraslint.analysis.core.functions import ancestors, find_in_class, may_make_instances
from keraslint.analysis.core.machine import Arguments
from keraslint.analysis.core.state import ClassObject, Instance, LayerPart, ModelPart
from keraslint.analysis.core.values import NONE, Api, ApiResult, Const, Function, Method, Ref, Value
from keraslint.analysis.interpreter.introspection import Dynamic
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras import models as keras_models
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.python.dataclass_types import fields_of


class Instances(Dynamic):
    """Makes instances."""

    def instantiate(self, cls: Ref, thing: ClassObject, args: Arguments) -> Value:
        """Make an instance of one of the program's own classes."""
        if thing.members is not None:
            found = find_member(self, cls, "value", args.get(0, "value") or NONE)
            return found if found is not None else self.unknown(f"a member of {thing.name}")
        line = [self.look(ancestor) for ancestor in ancestors(self, cls)]
        metaclass = next((each.metaclass for each in line if isinstance(each, ClassObject) and each.metaclass), None)
        if metaclass is not None and may_make_instances(self, metaclass):
            return self.unknown(f"what the metaclass of {thing.name} makes")
        if find_in_class(self, cls, "__new__") is not None:
            return self.unknown(f"what {thing.name}.__new__ makes")
        base = next((b for b in ancestors(self, cls) if isinstance(b, Api) and is_keras(b)), None)
        unseen = any(not _is_plain(ancestor) for ancestor in ancestors(self, cls))
        unseen |= any(isinstance(each, ClassObject) and each.open for each in line)
        instance = self.new(Instance(cls, open=unseen))
        if base is not None:
            self.set_part_of(instance, cls, base)
        init = find_in_class(self, cls, "__init__")
        if isinstance(init, Function):
            self.call(Method(init, instance), args)
        elif fields := fields_of(self, cls):
            handed = self._fill_fields(instance, cls, fields, args)
            finish = self.own_method(instance, "__post_init__")
            if finish is not None:
                self.call(finish, Arguments(handed))
        elif base is not None:
            keras_api.call_method(self, instance, "__init__", args)
        return instance

    def set_part_of(self, instance: Ref, cls: Ref, base: Api) -> None:
        """Make an instance a Keras layer or model, if its class derives from one."""
        if base.path in ("keras.Model", "keras.Sequential", "keras.Functional"):
            if base.path == "keras.Sequential":
                self.lose_count("functional")
                self.lose_count("input_layer")
            part: LayerPart | ModelPart = keras_models.subclass(self, cls, legacy=base.legacy)
            self.set_part(instance, part)
        elif base.path == "keras.Layer" or base.path.startswith("keras.layers."):
            self.set_part(instance, LayerPart(None, "its class never calls super().__init__()"))

    def _default(self, cls: Ref, name: str) -> Value:
        """The default of a dataclass's field."""
        value = find_in_class(self, cls, name)
        if isinstance(value, ApiResult) and value.path == "dataclasses.field":
            given = dict(value.keywords)
            if "default_factory" in given:
                return self.call(given["default_factory"], Arguments())
            value = given.get("default")
        return value if value is not None else self.unknown(f"the field '{name}'")

    def _is_made_later(self, cls: Ref, name: str) -> bool:
        """Whether the constructor takes no value for a field: ``field(init=False)``."""
        value = find_in_class(self, cls, name)
        return isinstance(value, ApiResult) and dict(value.keywords).get("init") == Const(False)

    def _fill_fields(self, instance: Ref, cls: Ref, fields: tuple[str, ...], args: Arguments) -> list[Value]:
        """Set the fields of a dataclass; what its constructor hands on to ``__post_init__``."""
        line = [each for each in map(self.look, ancestors(self, cls)) if isinstance(each, ClassObject)]
        by_keyword = frozenset().union(*(each.by_keyword for each in line))
        passed_on = frozenset().union(*(each.passed_on for each in line))
        taken = [name for name in fields if name not in by_keyword and not self._is_made_later(cls, name)]
        given = {**dict(zip(taken, args.positional, strict=False)), **args.keywords}
        handed = []
        for name in fields:
            value = given[name] if name in given else self._default(cls, name)
            value = self.unknown("a field") if args.open and name not in given else value
            if name in passed_on:
                handed.append(value)
            else:
                self.set_attribute(instance, name, value)
        return handed


def _is_plain(base: Value) -> bool:
    """Whether a base brings no attributes and no constructor that are not seen."""
    if isinstance(base, Api):
        return base.path.startswith(("keras.", "abc.", "typing.", "enum.", "builtins.object"))
    return isinstance(base, Ref)
