"""Callbacks of a training call: the effects of the program's own, and the logs that Keras' own watch."""

from __future__ import annotations

from string import Formatter

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.functions import ancestors, own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Instance, join_all
from keraslint.analysis.core.values import NONE, Api, ApiResult, Const, Function, Method, Value, without_none
from keraslint.analysis.facts import Monitor

_PACKAGE = "keras.callbacks."

# The positions of the arguments monitor and mode, in Keras 3.0.0 to 3.15.1.
_PLACES = {"EarlyStopping": (0, 4), "ReduceLROnPlateau": (0, 4), "ModelCheckpoint": (1, 5)}
_BEST_ONLY = 3

# These can write to the logs themselves.
_WRITERS = frozenset({"LambdaCallback", "Callback", "CallbackList"})


_HOOK = "on_"


def run_callbacks(m: InterpreterCore, model: Value, value: Value | None) -> None:
    """Run the methods of the program's own callbacks while a model is trained; each may or may not be called.

    They may train or evaluate ``self.model`` again, read its losses, and change dicts that it was given.
    """
    for item in _listed(m, value):
        setter = own_method(m, item, "set_model")
        if setter is not None:
            m.call(setter, Arguments([model]))
        elif isinstance(m.look(item), Instance):
            m.set_attribute(item, "model", model)
        for hook in _hooks(m, item):
            before = m.state
            m.state = before.fork()
            with m.control.uncertain():
                m.call(hook, Arguments(open=True))
            m.state = join_all([state for state in (before, m.state) if not state.dead]) or before


def _listed(m: InterpreterCore, value: Value | None) -> list[Value]:
    """The callbacks in a list, a single one, or those of a CallbackList."""
    if value is None:
        return []
    value = without_none(value)
    if isinstance(value, ApiResult) and value.path == f"{_PACKAGE}CallbackList":
        return _listed(m, _argument(value, 0, "callbacks"))
    items = m.sequence(value)
    return [value] if items is None else [without_none(item) for item in items]


def _hooks(m: InterpreterCore, item: Value) -> list[Value]:
    if isinstance(item, ApiResult) and item.path == f"{_PACKAGE}LambdaCallback":
        functions = (*item.args, *(given for _, given in item.keywords))
        return [function for function in functions if isinstance(function, (Function, Method))]
    thing = m.look(item)
    if not isinstance(thing, Instance) or not is_callback(m, thing):
        return []
    classes = ancestors(m, thing.cls)
    names = dict.fromkeys(name for base in classes for name in getattr(m.look(base), "attributes", ()))
    return [hook for name in names if name.startswith(_HOOK) and (hook := own_method(m, item, name)) is not None]


def is_callback(m: InterpreterCore, thing: Instance) -> bool:
    """True for an instance of a class that derives from a callback of Keras."""
    return any(isinstance(base, Api) and base.path.startswith(_PACKAGE) for base in ancestors(m, thing.cls))


def monitors(m: InterpreterCore, value: Value | None) -> tuple[Monitor, ...]:
    """The logs that the callbacks in a list watch, and those by which a tuner compares models here.

    There are none where a callback is not known, or not Keras' own, as it may write to the logs.
    """
    items = m.sequence(without_none(value)) if value not in (None, NONE) else []
    if items is None:
        return ()
    calls = [without_none(item) for item in items]
    found = [Monitor("keras-tuner", name, "objective") for name in m.control.objectives]
    for call in calls:
        if not isinstance(call, ApiResult) or not call.path.startswith(_PACKAGE):
            return ()
        name = call.path.removeprefix(_PACKAGE)
        if name in _WRITERS:
            return ()
        if name in _PLACES:
            first, second = _PLACES[name]
            monitor = m.text(_argument(call, first, "monitor"))
            mode = m.text(_argument(call, second, "mode") or Const("auto"))
            best_only = name != "ModelCheckpoint" or _argument(call, _BEST_ONLY, "save_best_only") == Const(True)
            if monitor and mode and best_only:
                found.append(Monitor(name, monitor, mode))
            if name == "ModelCheckpoint" and (path := m.text(_argument(call, 0, "filepath"))):
                found += [Monitor(name, field, "path") for field in _fields(path)]
    return tuple(found)


def _fields(path: str) -> list[str]:
    """The names of the logs that the path of a checkpoint asks for; none if it can't be formatted."""
    try:
        fields = {field: None for _, field, _, _ in Formatter().parse(path) if field}
    except ValueError:
        return []
    return [field for field in fields if field.isidentifier() and field not in ("epoch", "batch")]


def _argument(call: ApiResult, place: int, key: str) -> Value | None:
    return dict(call.keywords).get(key, call.args[place] if place < len(call.args) else None)
