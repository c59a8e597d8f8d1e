"""One call as the routing code of a release gets it, and the links that it makes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from keraslint.behaviour.routing.tree import Tree
from keraslint.behaviour.structure import (
    ABSENT,
    Absent,
    Leaf,
    Named,
    Outputs,
    Positional,
    Structure,
    Unseen,
    is_nested,
)


class RefusedError(Exception):
    """The release raises an error for this call; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of a call, and the predictions of the model.

    predictions: the structure that the model returns; each leaf is the index of an output. output_names: in Keras'
    order, None if the model has none. ``targets`` and ``sample_weight``: as fit passes them to the loss.
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
    """Return a leaf as a delivery holds it: its token, the Unseen itself, or None for Absent.

    Raises RefusedError for a container.
    """
    if isinstance(leaf, Leaf):
        return leaf.token
    if isinstance(leaf, Unseen):
        return leaf
    if isinstance(leaf, Absent):
        return None
    raise RefusedError("one loss gets a whole container of outputs")


def predictions(outputs: Outputs, tree: Tree) -> Structure:
    """Return the structure that the model returns; each leaf is the index of the declared output that it really is.

    A Functional model flattens its outputs and packs its results again, so an OrderedDict has exchanged values where
    the two use different orders (3.1.0 to 3.7.0). It unpacks a list of one.
    """
    declared = _nested(outputs, tuple(map(Leaf, range(len(outputs.names)))))
    if not outputs.functional:
        return declared
    if isinstance(declared, Positional) and len(declared.items) == 1:
        return declared.items[0]
    return tree.pack(declared, tree.flatten(declared))


def output_names(outputs: Outputs, tree: Tree) -> tuple[str, ...] | None:
    """Return Keras' ``output_names``: a Functional model flattens its outputs for them. None if there are none."""
    names = tuple(name for name in outputs.names if name is not None)
    if not names or len(names) < len(outputs.names):
        return None
    if not outputs.functional:
        return names
    return tuple(str(token(leaf)) for leaf in tree.flatten(_nested(outputs, tuple(map(Leaf, names)))))


def spread_sample_weight(tree: Tree, targets: Structure, sample_weight: Structure) -> Structure:
    """Return ``sample_weight`` as fit passes it on: one array is repeated for every target, others stay as they are.

    Raises RefusedError.
    """
    if isinstance(sample_weight, Absent) or not is_nested(targets):
        return sample_weight
    if not is_nested(sample_weight):
        return tree.pack(targets, [sample_weight] * len(tree.flatten(targets)))
    if not tree.same(targets, sample_weight):
        raise RefusedError("sample_weight has not the structure of y")
    return sample_weight


def per_target(tree: Tree, sample_weight: Structure, targets: tuple[Structure, ...]) -> tuple[Structure, ...]:
    """Flatten the sample weights; if there are fewer than targets, the first counts for all (up to 3.6.0)."""
    if isinstance(sample_weight, Absent):
        return (ABSENT,) * len(targets)
    flat = tree.flatten(sample_weight)
    return flat if len(flat) >= len(targets) else flat[:1] * len(targets)


def refuse_integer(loss_weights: Structure) -> None:
    """Raise RefusedError for one integer as loss_weights, as every release does; zero counts as no weights."""
    if isinstance(loss_weights, Leaf) and isinstance(loss_weights.token, int) and loss_weights.token:
        raise RefusedError("loss_weights is an integer")


def refuse_foreign(loss_weights: Iterable[Structure]) -> None:
    """Raise RefusedError if one of several weights is not a Python number, as releases up to 3.6.0 do."""
    if any(isinstance(weight, Leaf) and weight.foreign for weight in loss_weights):
        raise RefusedError("a loss weight is not an int or float")


def _nested(outputs: Outputs, leaves: tuple[Structure, ...]) -> Structure:
    """Return the container of the outputs with one leaf for each of them."""
    if outputs.container == "tensor":
        return leaves[0]
    if outputs.container in ("list", "tuple"):
        return Positional(leaves, "list" if outputs.container == "list" else "tuple")
    return Named(tuple(zip(outputs.keys, leaves, strict=True)), outputs.container == "odict")
