"""Values that know their hash and their size."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

from keraslint.analysis.core.bounds import MAX_SIZE, OutOfBounds


class Hashed:
    """Stores its hash and its size: values are nested many levels deep, and are hashed and compared at each step.

    Two that were found equal share a representative, so that values which occur many times within others are compared
    once. The size counts every value within it as often as it occurs. Raises OutOfBounds for one that is too large.
    """

    __slots__ = ("_hash", "_representative", "size")
    __match_args__: tuple[str, ...]
    bounded: ClassVar[bool] = True
    _hash: int
    _representative: Hashed | None
    size: int

    def __post_init__(self) -> None:
        parts = [getattr(self, name) for name in self.__match_args__]
        size = 1
        for part in parts:
            kind = type(part)
            if kind is tuple:
                size += sum(map(_size, part))
            else:
                size += part.size if isinstance(part, Hashed) else 1
        if size > MAX_SIZE and self.bounded:
            raise OutOfBounds(f"a value holds more than {MAX_SIZE:,} others")
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "_representative", None)
        object.__setattr__(self, "_hash", hash((type(self).__name__, *parts)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return False
        assert isinstance(other, Hashed)
        if self._hash != other._hash:
            return False
        mine, theirs = _representative(self), _representative(other)
        if mine is theirs:
            return True
        equal = all(getattr(mine, name) == getattr(theirs, name) for name in mine.__match_args__)
        if equal:
            object.__setattr__(theirs, "_representative", mine)
        return equal


def _representative(value: Hashed) -> Hashed:
    found = value
    while found._representative is not None:
        found = found._representative
    if found is not value:
        object.__setattr__(value, "_representative", found)
    return found


def _size(part: Hashable) -> int:
    if isinstance(part, Hashed):
        return part.size
    return sum(map(_size, part)) if isinstance(part, tuple) else 1
