"""The origins of unknown values: two unknowns of equal origin are the same thing."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from keraslint.analysis.core.values import Api, Origin, Unknown, Value


@dataclass(frozen=True, slots=True, eq=False)
class Fresh(Origin):
    """An origin that is equal to no other. sources: values that it may be, or may be a part of."""

    number: int
    sources: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Parameter(Origin):
    """A parameter of the function with this node (by its identity) for which nothing in view passes a value.

    sources: values that may be passed, or of which a part may be.
    """

    function: int
    name: str
    sources: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AttributeOf(Origin):
    """``owner.name``."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ItemOf(Origin):
    """``container[index]``."""

    container: Value
    index: Hashable


@dataclass(frozen=True, slots=True, eq=False)
class CallOf(Origin):
    """The result of a call of something that is not in view. keywords: the names of the last arguments.

    open: it may have more arguments than these.
    """

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[str, ...] = ()
    open: bool = False

    @property
    def path(self) -> str:
        """The dotted name of the function, "" where it has none."""
        return self.function.path if isinstance(self.function, Api) else ""


@dataclass(frozen=True, slots=True, eq=False)
class Stream(Origin):
    """An object of which each use returns another value: a file, a stream, a generator of random numbers.

    sources: values that it may return. start: the state in which it is made. number: tells it from others.
    """

    path: str
    sources: tuple[Value, ...]
    start: Hashable
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Draw(Origin):
    """The result of a draw of random numbers, or of a read of a file.

    module: from whose generator it is drawn, "" if from an object's. state: in which state that was before it drew
    ``count`` times. sources: values of which the result may be a part.
    """

    module: str
    state: Hashable
    count: int
    name: str
    arguments: tuple[Value, ...]
    keywords: tuple[str, ...]
    sources: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ApiCall(Origin):
    """The result of a function of Keras or Python on values that are not known; ``numeric``: surely a tensor."""

    path: str
    arguments: tuple[Value, ...]
    keywords: tuple[str, ...] = ()
    numeric: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MethodCall(Origin):
    """The result of a method of an object that Python or Keras defines."""

    receiver: Value
    name: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Derived(Origin):
    """Anything else: how it is made, and what it is made of."""

    how: str
    sources: tuple[Hashable, ...]


def taken_from(value: Value) -> Value | None:
    """The value of which an unknown one is an attribute or item; None if it is neither."""
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, AttributeOf):
        return origin.owner
    return origin.container if isinstance(origin, ItemOf) else None


def result_of(value: Value) -> Value | None:
    """The function of which an unknown value is the result; None if it is no such result."""
    origin = value.origin if isinstance(value, Unknown) else None
    return origin.function if isinstance(origin, CallOf) else None
