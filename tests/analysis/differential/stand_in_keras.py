"""A stand-in for Keras that records the models, losses and weights of each compile call, and trains nothing."""

import re
import sys
from collections import OrderedDict
from types import ModuleType

RECORDS: list = []
PROGRAM: set = set()
"""The files of the program, whose frames count as places."""

_counts: dict = {}


def _auto_name(prefix):
    number = _counts.get(prefix, 0)
    _counts[prefix] = number + 1
    return prefix if number == 0 else f"{prefix}_{number}"


def _snake_case(name):
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _row():
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename not in PROGRAM:
        frame = frame.f_back
    return ("", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def _frozen(value):
    """The value as it is now, in a form that JSON has."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, dict):
        kind = "odict" if isinstance(value, OrderedDict) else "dict"
        return {"kind": kind, "items": [[_frozen(key), _frozen(item)] for key, item in value.items()]}
    if type(value) in (list, tuple):
        return {"kind": type(value).__name__, "items": [_frozen(item) for item in value]}
    return {"kind": "other", "items": []}


class KerasTensor:
    def __init__(self, name):
        self.name = name


def Input(shape=None, name=None, **others):
    return KerasTensor(name or _auto_name("input_layer"))


class Layer:
    def __init__(self, *args, name=None, **others):
        self.name = name if name is not None else _auto_name(_snake_case(type(self).__name__))
        if not isinstance(self.name, str):
            raise ValueError("the name of a layer is a text")

    def __call__(self, inputs, *args, **others):
        return KerasTensor(self.name)


class Dense(Layer):
    def __init__(self, units, activation=None, **others):
        super().__init__(**others)


class Model:
    def __init__(self, inputs=None, outputs=None, name=None):
        self.name = name or _auto_name("functional")
        if isinstance(outputs, KerasTensor):
            kind, pairs = "tensor", [(None, outputs)]
        elif isinstance(outputs, dict):
            kind, pairs = ("odict" if isinstance(outputs, OrderedDict) else "dict"), list(outputs.items())
        elif isinstance(outputs, (list, tuple)):
            kind, pairs = ("tuple" if isinstance(outputs, tuple) else "list"), [(None, one) for one in outputs]
        else:
            raise ValueError("a model has outputs")
        if not all(isinstance(one, KerasTensor) for _, one in pairs) or not pairs:
            raise ValueError("outputs are tensors")
        self._outputs = {"kind": kind, "items": [[key, one.name] for key, one in pairs]}
        self.output_names = [one.name for _, one in pairs]
        self._compiled = None

    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None, weighted_metrics=None, **others):
        self.loss, self._loss_weights = loss, loss_weights
        self._compiled = {
            "place": _row(),
            "outputs": self._outputs,
            "loss": [_frozen(loss)],
            "loss_weights": [_frozen(loss_weights)],
        }
        RECORDS.append(self._compiled)

    def fit(self, x=None, y=None, *args, **others):
        record, self._compiled = self._compiled, None
        if record is not None:
            record["loss"].append(_frozen(self.loss))
            record["loss_weights"].append(_frozen(self._loss_weights))

    train_on_batch = fit


layers = ModuleType("keras.layers")
layers.Dense, layers.Input, layers.Layer = Dense, Input, Layer
