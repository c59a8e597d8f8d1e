"""departures(): the differences between what a release delivers and what the code names."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from keraslint.behaviour.structure import Delivery, Routed, Unseen

Part: TypeAlias = Literal["losses", "weight", "target", "sample_weight"]

_PARTS: tuple[Part, ...] = ("losses", "weight", "target", "sample_weight")


@dataclass(frozen=True, slots=True)
class Departure:
    """One part of a delivery that differs from what the code names for the output."""

    output: str
    part: Part
    meant: Hashable
    delivered: Hashable


def departures(routed: Routed, meant: Routed) -> tuple[Departure, ...]:
    """List the parts in which a release's deliveries differ from those that the code names.

    ``routed`` comes from route(), ``meant`` from intended() for the same arguments. A part that is Unseen on either
    side is never a departure. If an output has no loss on one side, the losses are the departure, and no other
    part of it is compared.
    """
    pairs = zip(routed.deliveries, meant.deliveries, strict=True)
    return tuple(departure for delivered, named in pairs for departure in _of_output(delivered, named))


def _of_output(delivered: Delivery, meant: Delivery) -> Iterator[Departure]:
    parts = _PARTS if delivered.losses and meant.losses else _PARTS[:1]
    for part in parts:
        mine, theirs = getattr(meant, part), getattr(delivered, part)
        if mine != theirs and not (_hides(mine) or _hides(theirs)):
            yield Departure(meant.output, part, mine, theirs)


def _hides(value: Hashable) -> bool:
    return isinstance(value, Unseen) or (isinstance(value, tuple) and any(isinstance(item, Unseen) for item in value))
