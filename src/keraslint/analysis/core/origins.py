"""The origins of unknown values: two unknowns of equal origin are the same thing."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from keraslint.analysis.core.values import Api, Origin, Value


@dataclass(frozen=True, slots=True)
class Fresh(Origin):
    """An origin that is equal to no other."""

    number: int


@dataclass(frozen=True, slots=True)
class Parameter(Origin):
    """A parameter of the function with this node (by its identity) for which nothing in view passes a value."""

    function: int
    name: str


@dataclass(frozen=True, slots=True)
class UnseenName(Origin):
    """A variable that nothing in view sets."""

    name: str


@dataclass(frozen=True, slots=True)
class AttributeOf(Origin):
    """``owner.name``."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True)
class MemberOf(Origin):
    """A name that a module of the project does not define."""

    module: Value
    name: str


@dataclass(frozen=True, slots=True)
class ItemOf(Origin):
    """``container[index]``."""

    container: Value
    index: Hashable


@dataclass(frozen=True, slots=True)
class PartOf(Origin):
    """The part of an unpacked value at a position."""

    whole: Value
    place: int


@dataclass(frozen=True, slots=True)
class CallOf(Origin):
    """The result of a call of something that is not in view. keywords: the names of the last arguments."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The dotted name of the function, "" where it has none."""
        return self.function.path if isinstance(self.function, Api) else ""


@dataclass(frozen=True, slots=True)
class ApiCall(Origin):
    """The result of a function of Keras or Python on values that are not known; ``numeric``: surely a tensor."""

    path: str
    arguments: tuple[Value, ...]
    keywords: tuple[str, ...] = ()
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class MethodCall(Origin):
    """The result of a method of an object that Python or Keras defines."""

    receiver: Value
    name: str
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OperationOn(Origin):
    """The result of an operator."""

    operator: str
    operands: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class FormattedText(Origin):
    """An f-string, with the values of the names in it."""

    text: str
    names: tuple[tuple[str, Value | None], ...]


@dataclass(frozen=True, slots=True)
class Imported(Origin):
    """A module that is not followed, by its path or by the name in an import, with ``level`` dots before it."""

    name: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class IteratorOver(Origin):
    """An iterator that may be used up."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OutputOf(Origin):
    """``layer.output``."""

    layer: Value
