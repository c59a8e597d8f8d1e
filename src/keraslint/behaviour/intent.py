"""intended(): what the code names for each output, on any release; departures(): the differences from it on one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from keraslint.behaviour.structure import (
    ABSENT,
    Absent,
    Delivery,
    Leaf,
    Named,
    NotKnown,
    Outputs,
    Positional,
    Routed,
    Structure,
    Unseen,
    is_nested,
    parts,
)


def intended(
    outputs: Outputs,
    loss: Structure,
    loss_weights: Structure = ABSENT,
    y: Structure = Unseen(),  # noqa: B008
    sample_weight: Structure = ABSENT,
) -> Routed | NotKnown:
    """Return what the code names for each output: by key in a dict, by place in a list, else the same for all.

    A key is an output's dict key or, failing that, its name; a key that is neither names nothing. A missing weight is
    1.0. As in the deliveries of route(), an output without a loss has no weight, target or sample weight either.
    NotKnown if the loss is not seen or missing, if a list has not one item for each output, or if a weight, target or
    sample weight of one output is a container.
    """
    if isinstance(loss, Absent | Unseen):
        return NotKnown("the loss is not seen" if isinstance(loss, Unseen) else "there is no loss")
    y = Unseen() if isinstance(y, Absent) else y
    deliveries: list[Delivery] = []
    for index, label in enumerate(outputs.labels):
        try:
            losses = _tokens(_share(outputs, index, loss))
            weight, target, sample = (_token(_share(outputs, index, part)) for part in (loss_weights, y, sample_weight))
        except _UnsharedError as error:
            return NotKnown(str(error))
        if not losses:
            deliveries.append(Delivery(label, (), 1.0))
        else:
            deliveries.append(Delivery(label, losses, 1.0 if weight is None else weight, target, sample))
    return Routed(tuple(deliveries))


class _UnsharedError(Exception):
    """An argument does not name something for each output."""


def _share(outputs: Outputs, index: int, part: Structure) -> Structure:
    """Return the part of an argument for one output. Raises _UnsharedError."""
    if isinstance(part, Positional):
        if len(part.items) != len(outputs.names):
            raise _UnsharedError("a list has not one item for each output")
        return part.items[index]
    if isinstance(part, Named):
        entries = dict(part.entries)
        label, name = outputs.labels[index], outputs.names[index]
        if label in entries or name is None or name in outputs.labels:
            return entries.get(label, ABSENT)
        return entries.get(name, ABSENT)
    return part


def _tokens(share: Structure) -> tuple[Hashable, ...]:
    if is_nested(share):
        return tuple(token for part in parts(share) for token in _tokens(part))
    token = _token(share)
    return () if token is None else (token,)


def _token(share: Structure) -> Hashable:
    if isinstance(share, Leaf):
        return share.token
    if isinstance(share, Unseen):
        return share
    if isinstance(share, Absent):
        return None
    raise _UnsharedError("a weight, target or sample weight is a container itself")


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
