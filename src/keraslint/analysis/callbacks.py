"""What the callbacks of a training call watch in the logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keraslint.analysis.facts import Monitor
from keraslint.analysis.values import ApiResult, Const, Value, settle

if TYPE_CHECKING:
    from keraslint.analysis.machine import Machine

_PACKAGE = "keras.callbacks."

# Where monitor and mode stand among the positional arguments, in Keras 3.0.0 to 3.15.1.
_PLACES = {"EarlyStopping": (0, 4), "ReduceLROnPlateau": (0, 4), "ModelCheckpoint": (1, 5)}
_BEST_ONLY = 3

# These can write to the logs themselves.
_WRITERS = frozenset({"LambdaCallback", "Callback", "CallbackList"})


def monitors(m: Machine, value: Value | None) -> tuple[Monitor, ...]:
    """What the callbacks in a list watch; nothing where one of them is not Keras' own, and so may write to the logs."""
    items = m.sequence(settle(value)) if value is not None else None
    calls = [settle(item) for item in items or ()]
    found: list[Monitor] = []
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
            if monitor and mode and (name != "ModelCheckpoint" or _is_true(call, _BEST_ONLY, "save_best_only")):
                found.append(Monitor(name, monitor, mode))
    return tuple(found)


def _is_true(call: ApiResult, place: int, key: str) -> bool:
    return _argument(call, place, key) == Const(True)


def _argument(call: ApiResult, place: int, key: str) -> Value | None:
    return dict(call.keywords).get(key, call.args[place] if place < len(call.args) else None)
