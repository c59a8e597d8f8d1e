"""route(): the result of a call on a release, by a small model of the release's own routing code."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
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
from keraslint.behaviour.routing.tree import Tree
from keraslint.behaviour.structure import (
    ABSENT,
    Absent,
    Delivery,
    NotKnown,
    Outputs,
    Raises,
    Routed,
    Routing,
    Structure,
    Unseen,
    has_none,
    is_nested,
    parts,
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
    nested deeper than a list of losses for an output, and before Keras 3.
    """
    start = group_start(release)
    if start is None:
        return NotKnown(f"Keras {release} is older than Keras 3")
    unknown = _unmodelled(outputs, loss, loss_weights, y, sample_weight)
    if unknown:
        return NotKnown(unknown)
    group = _GROUPS[start]
    if not group.takes_none and (has_none(y) or has_none(sample_weight)):
        return Raises("fit accepts no None in y or sample_weight")
    arguments = (loss_weights, Unseen() if isinstance(y, Absent) else y, sample_weight)
    seen = [ABSENT if isinstance(argument, Unseen) else argument for argument in arguments]
    # Each of the others appears in every delivery.
    hidden = [argument if isinstance(argument, Unseen) else None for argument in arguments]
    try:
        links = group.links(_call(group.tree, outputs, loss, *seen))
        return Routed(_deliveries(outputs, links, hidden))
    except RefusedError as refusal:
        return Raises(str(refusal))


def tree_of(release: Version) -> Tree | None:
    """The rules by which a release flattens and packs containers; None before Keras 3."""
    start = group_start(release)
    return None if start is None else _GROUPS[start].tree


def _unmodelled(outputs: Outputs, loss: Structure, *others: Structure) -> str:
    """The reason why the result is not known; "" if it is."""
    if isinstance(loss, Absent | Unseen):
        return "the loss is not seen" if isinstance(loss, Unseen) else "there is no loss"
    if not outputs.names:
        return "the model has no outputs"
    names = [name for name in outputs.names if name is not None]
    if outputs.functional and len(names) < len(outputs.names):
        return "an output's name is not known"
    if _depth(loss) > 2 or any(_depth(other) > 1 for other in others):
        return "an argument is nested"
    return ""


def _depth(structure: Structure) -> int:
    return 1 + max(map(_depth, parts(structure)), default=0) if is_nested(structure) else 0


def _call(
    tree: Tree, outputs: Outputs, loss: Structure, loss_weights: Structure, targets: Structure, sample_weight: Structure
) -> Call:
    shown = predictions(outputs, tree)
    if isinstance(targets, Absent):
        model = sample_weight if is_nested(sample_weight) else shown
        targets = tree.pack(model, [Unseen()] * len(tree.flatten(model)))
    return Call(
        tree=tree,
        predictions=shown,
        output_names=output_names(outputs, tree),
        loss=loss,
        loss_weights=loss_weights,
        targets=targets,
        sample_weight=spread_sample_weight(tree, targets, sample_weight),
    )


def _deliveries(outputs: Outputs, links: list[Link], hidden: Sequence[Unseen | None]) -> tuple[Delivery, ...]:
    if not links:
        raise RefusedError(NO_LOSS_LEFT.reason)
    by_output: dict[Hashable, list[Link]] = {}
    for link in links:
        if isinstance(link.target, Absent):
            raise RefusedError("a loss has no target")
        by_output.setdefault(token(link.prediction), []).append(link)
    return tuple(_delivery(label, by_output.get(index, []), hidden) for index, label in enumerate(outputs.labels))


def _delivery(label: str, links: list[Link], hidden: Sequence[Unseen | None]) -> Delivery:
    if not links:
        return Delivery(label, (), 1.0)
    weights = tuple(1.0 if isinstance(link.weight, Absent) else token(link.weight) for link in links)
    first = links[0]
    hidden_weight, hidden_target, hidden_sample_weight = hidden
    return Delivery(
        label,
        tuple(token(link.loss) for link in links),
        hidden_weight or (weights[0] if len(set(weights)) == 1 else weights),
        hidden_target or token(first.target),
        hidden_sample_weight or token(first.sample_weight),
    )
