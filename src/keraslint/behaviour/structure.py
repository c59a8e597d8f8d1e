"""The arguments and results of route(): structures of opaque leaves, outputs, and deliveries."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Leaf:
    """One loss, weight, target or metric. Two leaves with equal tokens stand for the same thing.

    The token of a weight is its number if that is known: Keras before 3.5 raises for integers. ``foreign``: it is
    surely not an ``int`` or ``float`` of Python, but an ``np.float32(0.5)`` or a tensor, for which Keras up to 3.6.0
    raises as a weight.
    """

    token: Hashable
    foreign: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Absent:
    """None in place of a loss, weight or target, or an argument that was not given."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of an argument that the source does not show; ``why`` is the reason in words."""

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


def is_nested(structure: Structure) -> bool:
    """Return True if the structure is a container."""
    return isinstance(structure, Positional | Named)


def parts(structure: Structure) -> tuple[Structure, ...]:
    """The items of a list or tuple, the values of a dict; empty for a leaf."""
    if isinstance(structure, Named):
        return tuple(value for _, value in structure.entries)
    return structure.items if isinstance(structure, Positional) else ()


def leaves(structure: Structure) -> Iterator[Leaf | Unseen]:
    """What a structure holds in the end, in its order; an Absent is left out."""
    if isinstance(structure, Leaf | Unseen):
        yield structure
    for part in parts(structure):
        yield from leaves(part)


def has_none(structure: Structure) -> bool:
    """Return True if a dict, list or tuple has a None for some output."""
    return ABSENT in parts(structure)


Container: TypeAlias = Literal["tensor", "list", "tuple", "dict", "odict"]


@dataclass(frozen=True, slots=True)
class Outputs:
    """The outputs of a model, flat, in the order in which they are declared.

    ``names``: Keras' ``output_names``, for a Functional model the names of the layers that made the outputs
    (None for a subclassed model that returns a list: it has no names). ``keys``: the keys of a dict of
    outputs, else empty. ``functional``: False for a subclassed model. ``inner``: for each output of a model that is
    called as a layer, the name or key that it has inside of that model, else None; empty if there is none.
    """

    container: Container
    names: tuple[str | None, ...]
    keys: tuple[str, ...] = ()
    functional: bool = True
    inner: tuple[str | None, ...] = ()
    addresses: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The dict key of each output, else its name, else its position; two outputs may share one."""
    labels: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The address of each output; where some share one, a label of its own for each: its inner name, or a number.

    >>> Outputs("list", ("base", "base"), inner=("b", "a")).labels
    ('b', 'a')
    >>> Outputs("list", ("base", "base")).labels
    ('base (1)', 'base (2)')
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "addresses", self._addresses())
        object.__setattr__(self, "labels", self._labels())

    def _addresses(self) -> tuple[str, ...]:
        if self.keys:
            return self.keys
        return tuple(name if name is not None else f"#{index}" for index, name in enumerate(self.names))

    def _labels(self) -> tuple[str, ...]:
        addresses = self.addresses
        if not self.shares_names:
            return addresses
        inner = self.inner or (None,) * len(addresses)
        shared = [addresses.count(address) > 1 for address in addresses]
        labels = [
            (name or address) if twice else address
            for name, address, twice in zip(inner, addresses, shared, strict=True)
        ]
        if len(set(labels)) == len(labels):
            return tuple(labels)
        counts = [addresses[: place + 1].count(address) for place, address in enumerate(addresses)]
        return tuple(
            f"{address} ({count})" if twice else address
            for address, count, twice in zip(addresses, counts, shared, strict=True)
        )

    @property
    def shares_names(self) -> bool:
        """True if one key of a dict stands for several outputs."""
        return len(set(self.addresses)) < len(self.addresses)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The losses, weight, target and sample weight that one output gets, as tokens of leaves.

    ``weight`` is 1.0 if none is given, and a tuple if the losses of the output have different weights. ``target`` is
    an Unseen if y is not seen, None if none reaches the output. ``sample_weight`` is None if none is given. An output
    that no loss reaches has the weight 1.0 and neither target nor sample weight.
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
    """Keras raises an error for the call; ``reason`` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The result is not known: such a call was not measured, or a part that decides is not seen."""

    why: str


Routing: TypeAlias = Routed | Raises | NotKnown
