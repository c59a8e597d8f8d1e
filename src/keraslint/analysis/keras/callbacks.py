"""Callbacks of a training call: the effects of the program's own, and the logs that Keras' own watch."""

from __future__ import annotations

import math
from dataclasses import replace
from string import Formatter

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.functions import ancestors, own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Instance, join_all
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Const,
    Function,
    Method,
    OneOf,
    Ref,
    Value,
    without_none,
)
from keraslint.analysis.facts import Monitor
from keraslint.analysis.keras.weights import goes_on

_PACKAGE = "keras.callbacks."

# The positions of the arguments monitor and mode, in Keras 3.0.0 to 3.15.1.
_PLACES = {"EarlyStopping": (0, 4), "ReduceLROnPlateau": (0, 4), "ModelCheckpoint": (1, 5)}
_BEST_ONLY = 3

_PATIENCE = 2

KEEPS_STATE = {f"{_PACKAGE}EarlyStopping": 0, f"{_PACKAGE}ReduceLROnPlateau": 10}
"""Callbacks that may go on in the next training where they were in the last, with the patience that they have by
default: each is told apart from all others."""

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


def reused(
    m: InterpreterCore, model: Value, value: Value | None, epochs: int | None, *, validated: bool
) -> tuple[str, ...]:
    """The classes of those callbacks in a list that trained another model before, and have the patience to act.

    Notes that they train this one. epochs: for how many; None where that is not known. validated: on validation data,
    too, without which a callback that watches their logs keeps nothing.
    """
    items = m.sequence(without_none(value)) if value is not None else None
    found = []
    for item in map(without_none, items or ()):
        if isinstance(item, ApiResult) and item.path in KEEPS_STATE and isinstance(model, Ref):
            watched = m.text(_argument(item, 0, "monitor") or Const("val_loss"))
            if not validated and (watched is None or watched.startswith("val_")):
                continue
            before = m.state.trained_with.get(item.state, model.number)
            again = before != model.number and item not in m.seen.touched and not goes_on(m, model, before)
            if again and epochs is not None and _patience(item) < epochs:
                found.append(item.path.removeprefix(_PACKAGE))
            m.state.trained_with[item.state] = model.number
    return tuple(found)


def validates(args: Arguments) -> bool:
    """True if ``fit`` is given validation data, or a share of its data for that."""
    return any(
        args.get(place, name) not in (None, NONE) for place, name in ((6, "validation_split"), (7, "validation_data"))
    )


def _patience(call: ApiResult) -> float:
    """The number of epochs for which a callback waits; without an end where it is not known."""
    if "start_from_epoch" in dict(call.keywords):
        return math.inf
    given = _argument(call, _PATIENCE, "patience") or Const(KEEPS_STATE[call.path])
    return given.value if isinstance(given, Const) and isinstance(given.value, int) else math.inf


def monitors(m: InterpreterCore, value: Value | None) -> tuple[Monitor, ...]:
    """The logs that the callbacks in a list watch, and those by which a tuner compares models here.

    There are none where a callback is not known, or not Keras' own, as it may write to the logs.
    """
    items = m.sequence(without_none(value)) if value not in (None, NONE) else []
    if items is None:
        return ()
    calls = [_alike(without_none(item)) for item in items]
    found = [Monitor("keras-tuner", name, "objective") for name in m.control.objectives]
    for call in calls:
        if not isinstance(call, ApiResult) or not call.path.startswith(_PACKAGE):
            return ()
        name = call.path.removeprefix(_PACKAGE)
        if name in _WRITERS:
            return ()
        if name in _PLACES:
            first, second = _PLACES[name]
            monitor = m.text(_argument(call, first, "monitor") or Const("val_loss"))
            mode = m.text(_argument(call, second, "mode") or Const("auto"))
            best_only = name != "ModelCheckpoint" or _argument(call, _BEST_ONLY, "save_best_only") == Const(True)
            if monitor and mode and best_only:
                found.append(Monitor(name, monitor, mode))
            if name == "ModelCheckpoint" and (path := m.text(_argument(call, 0, "filepath"))):
                found += [Monitor(name, field, "path") for field in _fields(path)]
    return tuple(found)


def _alike(value: Value) -> Value:
    """One of several callbacks that are made in the same way on different branches; any other value itself."""
    options = value.options if isinstance(value, OneOf) else ()
    same = {replace(one, state=None) if isinstance(one, ApiResult) else one for one in options}
    return options[0] if len(same) == 1 else value


def _fields(path: str) -> list[str]:
    """The names of the logs that the path of a checkpoint asks for; none if it can't be formatted."""
    try:
        fields = {field: None for _, field, _, _ in Formatter().parse(path) if field}
    except ValueError:
        return []
    return [field for field in fields if field.isidentifier() and field not in ("epoch", "batch")]


def _argument(call: ApiResult, place: int, key: str) -> Value | None:
    return dict(call.keywords).get(key, call.args[place] if place < len(call.args) else None)
