"""route(): the result of a call on a release, by a small model of the release's own routing code."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

from packaging.version import Version

from keraslint.behaviour.releases import group_start
from keraslint.behaviour.routing.by_name import look_up
from keraslint.behaviour.routing.call import (
    Call,
    Link,
    RefusedError,
    output_names,
    predictions,
    spread_sample_weight,
    token,
)
from keraslint.behaviour.routing.flattened import flatten_and_pair
from keraslint.behaviour.routing.rebuilt import rebuild_and_walk
from keraslint.behaviour.routing.tree import Tree, is_nested
from keraslint.behaviour.structure import (
    ABSENT,
    Absent,
    Delivery,
    Named,
    NotKnown,
    Outputs,
    Positional,
    Raises,
    Routed,
    Routing,
    Structure,
    Unseen,
)


@dataclass(frozen=True, slots=True)
class _Group:
    """The rules of one group of releases for containers, and its function that makes the links of a call.

    takes_none: fit accepts None among targets and sample weights (from 3.12.0).
    """

    tree: Tree
    links: Callable[[Call], list[Link]]
    takes_none: bool = False


NO_LOSS_LEFT = Raises("no loss reaches any output")
"""The result of route() for a call in which no loss runs; JAX trains nothing then, and does not raise."""

_DM_TREE = Tree(keeps_order=False, packs_sorted=True, mixes_dicts=True, mixes_lists=True)
_OPTREE = Tree(keeps_order=True, packs_sorted=True, mixes_dicts=False)
_OPTREE_3_8 = Tree(keeps_order=True, packs_sorted=False, mixes_dicts=True)

_GROUPS = {
    Version("3.0.0"): _Group(_DM_TREE, partial(look_up, unwraps_single=False, float_weight=False)),
    Version("3.0.2"): _Group(_DM_TREE, partial(look_up, unwraps_single=True, float_weight=False)),
    Version("3.1.0"): _Group(_OPTREE, partial(look_up, unwraps_single=True, float_weight=False)),
    Version("3.3.0"): _Group(_OPTREE, partial(look_up, unwraps_single=True, float_weight=True)),
    Version("3.5.0"): _Group(_OPTREE, partial(flatten_and_pair, filters_in_place=True)),
    Version("3.6.0"): _Group(_OPTREE, partial(flatten_and_pair, filters_in_place=False)),
    Version("3.7.0"): _Group(_OPTREE, rebuild_and_walk),
    Version("3.8.0"): _Group(_OPTREE_3_8, rebuild_and_walk),
    Version("3.12.0"): _Group(_OPTREE_3_8, rebuild_and_walk, takes_none=True),
}
"""By the first release of the group (releases.GROUP_STARTS)."""


def route(
    release: Version,
    outputs: Outputs,
    loss: Structure,
    loss_weights: Structure = ABSENT,
    y: Structure = Unseen(),  # noqa: B008
    sample_weight: Structure = ABSENT,
) -> Routing:
    """Return what ``release`` delivers to each output of a model compiled and fitted with these arguments.

    Routed holds a delivery for each output, in declared order; an output that no loss reaches has no weight, target
    or sample weight either. A ``y`` that is unseen or not given is assumed to have the structure of the outputs, or of
    ``sample_weight``: the losses and weights are those of any accepted y with a target for each output, and each
    target is the Unseen. Unseen ``loss_weights`` and ``sample_weight`` appear in each delivery likewise; unseen
    entries of a container are routed like any other.

    Raises (the value) if Keras raises for the call. NotKnown if the loss is not seen or missing, if an argument is
    nested deeper than a list of losses for an output, if two outputs have one name, and before Keras 3.
    """
    start = group_start(release)
    if start is None:
        return NotKnown(f"Keras {release} is older than Keras 3")
    unknown = _unmodelled(outputs, loss, loss_weights, y, sample_weight)
    if unknown:
        return NotKnown(unknown)
    group = _GROUPS[start]
    if not group.takes_none and any(_holds_none(data) for data in (y, sample_weight)):
        return Raises("fit accepts no None in y or sample_weight")
    hidden = _Hidden.of(loss_weights, y, sample_weight)
    try:
        links = group.links(_call(group.tree, outputs, loss, _Seen.of(loss_weights, y, sample_weight)))
        return Routed(_deliveries(outputs, links, hidden))
    except RefusedError as refusal:
        return Raises(str(refusal))


def tree_of(release: Version) -> Tree | None:
    """The rules by which a release flattens and packs containers; None before Keras 3."""
    start = group_start(release)
    return None if start is None else _GROUPS[start].tree


@dataclass(frozen=True, slots=True)
class _Hidden:
    """The arguments that are not seen, each of which appears in every delivery."""

    weight: Unseen | None
    target: Unseen | None
    sample_weight: Unseen | None

    @classmethod
    def of(cls, loss_weights: Structure, y: Structure, sample_weight: Structure) -> _Hidden:
        return cls(
            loss_weights if isinstance(loss_weights, Unseen) else None,
            Unseen() if isinstance(y, Absent) else y if isinstance(y, Unseen) else None,
            sample_weight if isinstance(sample_weight, Unseen) else None,
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """The arguments that are seen, ABSENT in place of those that are not."""

    loss_weights: Structure
    y: Structure
    sample_weight: Structure

    @classmethod
    def of(cls, *arguments: Structure) -> _Seen:
        return cls(*(ABSENT if isinstance(argument, Unseen) else argument for argument in arguments))


def _unmodelled(outputs: Outputs, loss: Structure, *others: Structure) -> str:
    """The reason why the result is not known; "" if it is."""
    if isinstance(loss, Absent | Unseen):
        return "the loss is not seen" if isinstance(loss, Unseen) else "there is no loss"
    if not outputs.names:
        return "the model has no outputs"
    names = [name for name in outputs.names if name is not None]
    if outputs.functional and len(names) < len(outputs.names):
        return "an output's name is not known"
    if len(set(names)) < len(names) or len(set(outputs.keys)) < len(outputs.keys):
        return "two outputs have the same name"
    if _depth(loss) > 2 or any(_depth(other) > 1 for other in others):
        return "an argument is nested"
    return ""


def _depth(structure: Structure) -> int:
    if isinstance(structure, Positional):
        return 1 + max(map(_depth, structure.items), default=0)
    if isinstance(structure, Named):
        return 1 + max((_depth(value) for _, value in structure.entries), default=0)
    return 0


def _holds_none(data: Structure) -> bool:
    if isinstance(data, Positional):
        return ABSENT in data.items
    return isinstance(data, Named) and any(value == ABSENT for _, value in data.entries)


def _call(tree: Tree, outputs: Outputs, loss: Structure, seen: _Seen) -> Call:
    shown, targets = predictions(outputs, tree), seen.y
    if isinstance(targets, Absent):
        model = seen.sample_weight if is_nested(seen.sample_weight) else shown
        targets = tree.pack(model, [Unseen()] * len(tree.flatten(model)))
    return Call(
        tree=tree,
        predictions=shown,
        output_names=output_names(outputs, tree),
        loss=loss,
        loss_weights=seen.loss_weights,
        targets=targets,
        sample_weight=spread_sample_weight(tree, targets, seen.sample_weight),
    )


def _deliveries(outputs: Outputs, links: list[Link], hidden: _Hidden) -> tuple[Delivery, ...]:
    if not links:
        raise RefusedError(NO_LOSS_LEFT.reason)
    by_output: dict[Hashable, list[Link]] = {}
    for link in links:
        if isinstance(link.target, Absent):
            raise RefusedError("a loss has no target")
        by_output.setdefault(token(link.prediction), []).append(link)
    return tuple(_delivery(label, by_output.get(index, []), hidden) for index, label in enumerate(outputs.labels))


def _delivery(label: str, links: list[Link], hidden: _Hidden) -> Delivery:
    if not links:
        return Delivery(label, (), 1.0)
    weights = tuple(1.0 if isinstance(link.weight, Absent) else token(link.weight) for link in links)
    first = links[0]
    return Delivery(
        label,
        tuple(token(link.loss) for link in links),
        hidden.weight or (weights[0] if len(set(weights)) == 1 else weights),
        hidden.target or token(first.target),
        hidden.sample_weight or token(first.sample_weight),
    )
