"""Keras 3.7.0 and later: dicts for outputs in a list become lists by output name, then all are walked together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from keraslint.behaviour.routing.call import Call, Link, RefusedError, refuse_integer
from keraslint.behaviour.routing.tree import MismatchError
from keraslint.behaviour.structure import ABSENT, Absent, Leaf, Named, Positional, Structure, is_nested

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class _Weighted:
    """A loss and its weight, together the token of one leaf."""

    loss: Structure
    weight: Structure


def rebuild_and_walk(call: Call) -> list[Link]:
    """Return the links that ``CompileLoss`` makes. Raises RefusedError."""
    refuse_integer(call.loss_weights)
    targets = _targets_like_predictions(call)
    loss = _weighted_loss(call)
    if not is_nested(loss):
        loss = call.tree.pack(call.predictions, [loss] * len(call.tree.flatten(call.predictions)))
    links = list(_walk(call, loss, call.predictions, targets, ()))
    one_output = not is_nested(call.targets) and not is_nested(call.predictions)
    return links[:1] if one_output else links


def _targets_like_predictions(call: Call) -> Structure:
    """Return the targets in the structure of the predictions. Raises RefusedError."""
    targets, shown, tree = call.targets, call.predictions, call.tree
    outputs = len(tree.flatten(shown))
    if tree.same(shown, targets):
        return targets
    if not is_nested(targets) and outputs == 1:
        targets = Positional((targets,))
    elif isinstance(shown, Positional) and isinstance(targets, Named):
        targets = _listed(targets, call.output_names)
    if isinstance(targets, Positional) and len(targets.items) == outputs:
        return tree.pack(shown, targets.items)
    if isinstance(targets, Named) and isinstance(shown, Named) and set(targets.keys) == set(shown.keys):
        return tree.pack(shown, tree.flatten(targets))
    if isinstance(targets, Named) and len(targets.entries) == outputs and tree.mixes_dicts:
        raise RefusedError("the keys of y are taken for the targets")
    return _targets_like_losses(call, targets)


def _listed(targets: Named, names: tuple[str, ...] | None) -> Structure:
    if names is None:
        raise RefusedError("a dict y meets outputs without names")
    entries = dict(targets.entries)
    return Positional(tuple(entries[name] for name in names)) if set(names) == set(entries) else targets


def _targets_like_losses(call: Call, targets: Structure) -> Structure:
    """Return the targets in the structure of the losses, paired with them in flattened order. Raises RefusedError."""
    losses = call.tree.flatten(call.loss)
    given = list(call.tree.flatten(targets))
    if len(given) != sum(not isinstance(leaf, Absent) for leaf in losses):
        raise RefusedError("y has not the structure of the outputs")
    spread = [leaf if isinstance(leaf, Absent) else given.pop(0) for leaf in losses]
    return call.tree.pack(call.loss, spread)


def _weighted_loss(call: Call) -> Structure:
    """Return the losses with their weights; for outputs in a list a dict becomes a list. Raises RefusedError."""
    loss, weights, names = call.loss, call.loss_weights, call.output_names
    if isinstance(loss, Named) and not isinstance(call.predictions, Named):
        by_name = dict(loss.entries)
        if names is None or set(names) != set(by_name):
            raise RefusedError("the keys of the dict loss are not the names of the outputs")
        loss = Positional(tuple(by_name[name] for name in names))
        if isinstance(weights, Named):
            weight_by_name = dict(weights.entries)
            if not set(names) <= set(weight_by_name):
                raise RefusedError("the dict loss_weights leaves out an output")
            weights = Positional(tuple(weight_by_name[name] for name in names))
    if not isinstance(weights, Absent) and not call.tree.same(loss, weights):
        try:
            weights = call.tree.pack(loss, call.tree.flatten(weights))
        except MismatchError:
            raise RefusedError("there are not as many loss_weights as losses") from None
    return _paired(loss, weights)


def _paired(loss: Structure, weights: Structure) -> Structure:
    if isinstance(loss, Positional):
        items = weights.items if isinstance(weights, Positional) else (ABSENT,) * len(loss.items)
        return Positional(tuple(map(_paired, loss.items, items)), loss.kind)
    if isinstance(loss, Named):
        by_key = dict(weights.entries) if isinstance(weights, Named) else {}
        pairs = ((key, _paired(value, by_key.get(key, ABSENT))) for key, value in loss.entries)
        return Named(tuple(pairs), loss.ordered)
    return loss if isinstance(loss, Absent) else Leaf(_Weighted(loss, weights))


def _walk(call: Call, loss: Structure, shown: Structure, targets: Structure, path: _Path) -> Iterator[Link]:
    """Yield one link for each loss, found by walking losses, predictions and targets together."""
    if isinstance(loss, Positional):
        outputs = len(call.tree.flatten(shown))
        if len(loss.items) == outputs and not any(map(is_nested, loss.items)):
            loss = call.tree.pack(shown, loss.items)
        elif not (isinstance(shown, Positional) and shown.kind == loss.kind):
            for item in loss.items:
                yield from _walk(call, item, shown, targets, path)
            return
    if isinstance(loss, Absent):  # of an output with several losses, or the only loss: other None are left out
        raise RefusedError("there is no loss where one must be")
    if isinstance(loss, Leaf) and isinstance(loss.token, _Weighted):
        sample_weight = _at(call, path)
        yield Link(shown, loss.token.loss, loss.token.weight, targets, sample_weight)
        return
    for key, item in _children(loss, shown):
        if not isinstance(item, Absent):
            yield from _walk(call, item, _child(shown, key), _child(targets, key), (*path, key))


def _children(loss: Structure, shown: Structure) -> tuple[tuple[str | int, Structure], ...]:
    if isinstance(loss, Named) and isinstance(shown, Named) and (loss.ordered or not shown.ordered):
        return loss.entries
    if isinstance(loss, Positional) and isinstance(shown, Positional) and loss.kind == shown.kind:
        return tuple(enumerate(loss.items))
    raise RefusedError("the loss is another kind of container than the outputs")


def _child(structure: Structure, key: str | int) -> Structure:
    if isinstance(structure, Named) and key in structure.keys:
        return dict(structure.entries)[str(key)]
    if isinstance(structure, Positional) and isinstance(key, int) and key < len(structure.items):
        return structure.items[key]
    raise RefusedError(f"{key!r} of the loss is not found in the outputs, in y or in sample_weight")


def _at(call: Call, path: _Path) -> Structure:
    sample_weight = call.sample_weight
    if not is_nested(sample_weight):
        return sample_weight
    for key in path:
        sample_weight = _child(sample_weight, key)
    if isinstance(sample_weight, Positional) and len(sample_weight.items) == 1:
        return sample_weight.items[0]
    return sample_weight
