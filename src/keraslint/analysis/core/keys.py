"""Abstract values as keys of dicts, and back."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from keraslint.analysis.core.enums import is_member, text_of_member
from keraslint.analysis.core.values import Const, Ref, Sequence, Value

if TYPE_CHECKING:
    from keraslint.analysis.core.machine import Machine


def as_key(m: Machine, value: Value) -> Value:
    """A constant for what can be told apart as a key: constants, tuples of them, members of Enums; else the value."""
    value = text_of_member(m, value)
    if isinstance(value, Sequence):
        parts = [as_key(m, item) for item in value.items]
        known = [part.value for part in parts if isinstance(part, Const)]
        return Const(tuple(known)) if len(known) == len(parts) else value
    return Const(value) if is_member(m, value) else value


def from_key(key: Hashable) -> Value:
    """The value that was made a key."""
    if isinstance(key, tuple):
        return Sequence(tuple(from_key(part) for part in key))
    return key if isinstance(key, Ref) else Const(key)
