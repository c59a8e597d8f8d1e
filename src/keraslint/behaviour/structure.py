"""The vocabulary of route(): arguments as structures of opaque leaves, outputs, and what reaches them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Leaf:
    """One loss, weight, target or metric. Two leaves with equal tokens do the same; nothing else is read.

    A weight's token is the number itself where it is known: Keras before 3.5 refuses integers. ``foreign``: it is
    surely no ``int`` or ``float`` of Python, such as ``np.float32(0.5)`` or a tensor, which Keras refuses as a weight
    up to 3.6.0.
    """

    token: Hashable
    foreign: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """None where a loss, weight or target could stand, or an argument that was not given."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of an argument that the source does not show; ``why`` says what hid it."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Positional:
    """A list or tuple."""

    items: tuple[Structure, ...]
    kind: Literal["list", "tuple"] = "list"


@dataclass(frozen=True, slots=True)
class Named:
    """A dict with string keys in their order; ``ordered`` marks an OrderedDict, whose order Keras keeps."""

    entries: tuple[tuple[str, Structure], ...]
    ordered: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in their order."""
        return tuple(key for key, _ in self.entries)


Structure: TypeAlias = Leaf | Absent | Unseen | Positional | Named

ABSENT = Absent()

Container: TypeAlias = Literal["tensor", "list", "tuple", "dict", "odict"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The outputs of a model, flat, in the order in which they are declared.

    ``names``: Keras' ``output_names``, for a Functional model the names of the layers that made the outputs
    (None for a subclassed model that returns a list: it has no names). ``keys``: the keys of a dict of
    outputs, else empty. ``functional``: False for a subclassed model.
    """

    container: Container
    names: tuple[str | None, ...]
    keys: tuple[str, ...] = ()
    functional: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """What the source calls each output: its dict key, else its name, else its position."""
        if self.keys:
            return self.keys
        return tuple(name if name is not None else f"#{index}" for index, name in enumerate(self.names))


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one output gets. ``losses`` and ``target`` are Leaf tokens (None: nothing reaches it).

    ``weight`` is the token of its loss weight, 1.0 where there is none; a tuple of them where the losses of
    one output differ in it. ``target`` is an Unseen where y is not seen. ``sample_weight`` is None if none is
    given. An output that no loss reaches has weight 1.0 and neither target nor sample weight.
    """

    output: str
    losses: tuple[Hashable, ...]
    weight: Hashable
    target: Hashable | Unseen | None = None
    sample_weight: Hashable | Unseen | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """The call trains; one delivery for each output, in declared order."""

    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Raises:
    """Keras refuses the call; ``reason`` says what it stumbles over."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """No verdict: the call's shape was not measured, or a part that decides is not seen."""

    why: str


Routing: TypeAlias = Routed | Raises | NotKnown
