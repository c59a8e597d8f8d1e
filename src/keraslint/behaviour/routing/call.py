"""One call as the routing code of a release sees it, and the links that it makes of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from keraslint.behaviour.routing.tree import Tree, is_nested
from keraslint.behaviour.structure import (
    ABSENT,
    Absent,
    Leaf,
    Named,
    Outputs,
    Positional,
    Structure,
    Unseen,
)


class RefusedError(Exception):
    """The release raises at this call; the message says what it stumbles over."""


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call beside what the model returns.

    predictions: what the model returns, each leaf the index of an output. output_names: as Keras orders them,
    None where the model has none. ``targets`` and ``sample_weight`` are what fit hands to the loss.
    """

    tree: Tree
    predictions: Structure
    output_names: tuple[str, ...] | None
    loss: Structure
    loss_weights: Structure
    targets: Structure
    sample_weight: Structure


@dataclass(frozen=True, slots=True)
class Link:
    """One loss that runs: on which prediction, with which weight, target and sample weight."""

    prediction: Structure
    loss: Structure
    weight: Structure
    target: Structure
    sample_weight: Structure


def token(leaf: Structure) -> Hashable:
    """Return what a delivery says of a leaf: its token, the Unseen itself, or None for None.

    Raises RefusedError for a container.
    """
    if isinstance(leaf, Leaf):
        return leaf.token
    if isinstance(leaf, Unseen):
        return leaf
    if isinstance(leaf, Absent):
        return None
    raise RefusedError("a loss is given a whole container of outputs")


def predictions(outputs: Outputs, tree: Tree) -> Structure:
    """Build what the model returns, each leaf the index of the declared output that it really is.

    A Functional model takes its outputs apart and puts its results together again, so that an OrderedDict
    comes out with swapped values where packing and taking apart disagree (3.1.0 to 3.7.0). It unpacks a list
    of one.
    """
    declared = _nested(outputs, tuple(map(Leaf, range(len(outputs.names)))))
    if not outputs.functional:
        return declared
    if isinstance(declared, Positional) and len(declared.items) == 1:
        return declared.items[0]
    return tree.pack(declared, tree.flatten(declared))


def output_names(outputs: Outputs, tree: Tree) -> tuple[str, ...] | None:
    """Order Keras' ``output_names`` as Keras does: a Functional model takes its outputs apart for them."""
    names = tuple(name for name in outputs.names if name is not None)
    if not names or len(names) < len(outputs.names):
        return None
    if not outputs.functional:
        return names
    return tuple(str(token(leaf)) for leaf in tree.flatten(_nested(outputs, tuple(map(Leaf, names)))))


def spread_sample_weight(tree: Tree, targets: Structure, sample_weight: Structure) -> Structure:
    """Give ``sample_weight`` the shape fit gives it: one array for every target, else nested as they are.

    Raises RefusedError.
    """
    if isinstance(sample_weight, Absent) or not is_nested(targets):
        return sample_weight
    if not is_nested(sample_weight):
        return tree.pack(targets, [sample_weight] * len(tree.flatten(targets)))
    if not tree.same(targets, sample_weight):
        raise RefusedError("sample_weight is not nested as y is")
    return sample_weight


def per_target(tree: Tree, sample_weight: Structure, targets: tuple[Structure, ...]) -> tuple[Structure, ...]:
    """Flatten the sample weights; the first serves all if they are fewer than the targets (up to 3.6.0)."""
    if isinstance(sample_weight, Absent):
        return (ABSENT,) * len(targets)
    flat = tree.flatten(sample_weight)
    return flat if len(flat) >= len(targets) else flat[:1] * len(targets)


def refuse_integer(loss_weights: Structure) -> None:
    """Refuse one integer for loss_weights, as every release does; zero passes as no weights at all."""
    if isinstance(loss_weights, Leaf) and isinstance(loss_weights.token, int) and loss_weights.token:
        raise RefusedError("loss_weights is an integer")


def refuse_foreign(loss_weights: Iterable[Structure]) -> None:
    """Refuse weights that are no numbers of Python's own among several, as releases up to 3.6.0 do."""
    if any(isinstance(weight, Leaf) and weight.foreign for weight in loss_weights):
        raise RefusedError("a loss weight is no int or float")


def _nested(outputs: Outputs, leaves: tuple[Structure, ...]) -> Structure:
    """Put one leaf for each output into the container that the outputs are declared in."""
    if outputs.container == "tensor":
        return leaves[0]
    if outputs.container in ("list", "tuple"):
        return Positional(leaves, "list" if outputs.container == "list" else "tuple")
    return Named(tuple(zip(outputs.keys, leaves, strict=True)), outputs.container == "odict")
