"""Layers with an argument that some releases take otherwise than it is meant."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import ApiResult, Const, Sequence, Value
from keraslint.analysis.facts import LayerCall

_OF_ANY = "activity_regularizer"
_TRANSPOSED = frozenset({"Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"})


def note_layer(m: InterpreterCore, name: str, args: Arguments) -> None:
    """Record a call that makes a layer of this class, if an argument of it is surely taken in another way somewhere."""
    for argument in ("recurrent_dropout", _OF_ANY, "output_padding"):
        value = args.keywords.get(argument)
        entry = _entry(name, argument, value) if value is not None else None
        if entry is not None and args.node is not None and not m.control.recording_suspended:
            m.seen.layers[LayerCall(name, argument, entry, args.node, m.module)] = None


def _entry(name: str, argument: str, value: Value) -> str | None:
    """The entry of the table that such an argument has, if its value is known and not the default."""
    number = value.value if isinstance(value, Const) and isinstance(value.value, (int, float)) else None
    if argument == "recurrent_dropout":
        return "gru_recurrent_dropout" if name in ("GRU", "GRUCell") and number else None
    if argument == _OF_ANY:
        known = isinstance(value, ApiResult) or (isinstance(value, Const) and isinstance(value.value, str))
        return argument if known else None
    padded = number is not None or isinstance(value, Sequence)
    return "output_padding_after_load" if name in _TRANSPOSED and padded else None
