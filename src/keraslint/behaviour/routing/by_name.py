"""Keras up to 3.4.1: every dict is looked up by output name."""

from __future__ import annotations

from collections.abc import Sequence

from keraslint.behaviour.routing.call import Call, Link, RefusedError, per_target, refuse_foreign
from keraslint.behaviour.structure import ABSENT, Absent, Leaf, Named, Positional, Structure, is_nested, parts

_ONE = Leaf(1.0)


def look_up(call: Call, *, unwraps_single: bool, float_weight: bool) -> list[Link]:
    """Return the links that ``CompileLoss`` makes. Raises RefusedError.

    unwraps_single: a model with one output takes one loss without a container (from 3.0.2). float_weight: a plain
    float is accepted as loss_weights (from 3.3.0).
    """
    if isinstance(call.loss_weights, Leaf) and call.loss_weights.token and not float_weight:
        raise RefusedError("loss_weights is a number")
    names = call.output_names
    if names is None and isinstance(call.predictions, Named):
        names = tuple(sorted(call.predictions.keys))
    shown = _in_output_order(call, call.predictions)
    losses, weights = _losses_and_weights(call, names, shown, unwraps_single)
    targets = _in_output_order(call, call.targets)
    sample_weights: tuple[Structure, ...] = (ABSENT,) * len(targets)
    if not isinstance(call.sample_weight, Absent):
        flat = Positional(_in_output_order(call, call.sample_weight))
        sample_weights = per_target(call.tree, flat, targets)
    # zip stops at the shortest: with too few targets the later losses never run, and the targets that are
    # there meet the first outputs.
    rows = zip(shown, losses, weights, targets, sample_weights)  # noqa: B905
    return [Link(*row) for row in rows if not isinstance(row[1], Absent)]


def _in_output_order(call: Call, structure: Structure) -> tuple[Structure, ...]:
    """The values of a dict in the order of the output names, without those it lacks; else the flattened leaves."""
    if isinstance(structure, Named) and call.output_names:
        entries = dict(structure.entries)
        return tuple(entries[name] for name in call.output_names if name in entries)
    return call.tree.flatten(structure)


def _losses_and_weights(
    call: Call, names: tuple[str, ...] | None, shown: tuple[Structure, ...], unwraps_single: bool
) -> tuple[Sequence[Structure], Sequence[Structure]]:
    loss = call.loss
    if isinstance(loss, Named) and not (names and set(loss.keys) <= set(names)):
        raise RefusedError("a key of the dict loss names no output")
    count = len(names) if names else len(shown)
    if count == 1:
        loss = _only_loss(call, loss)
        if unwraps_single and len(shown) == 1:
            return [loss], [_only_weight(call.loss_weights)]
    if not is_nested(loss):
        loss = Positional((loss,) * len(shown))
    if isinstance(loss, Named):
        return _by_name(call, loss, names or ())
    return _by_position(call, loss, len(shown))


def _only_loss(call: Call, loss: Structure) -> Structure:
    if isinstance(loss, Named):
        loss = Positional(call.tree.flatten(loss))
    loss = _unwrap(loss)
    if is_nested(loss):
        raise RefusedError("one output takes one loss")
    return loss


def _only_weight(weights: Structure) -> Structure:
    if _is_empty(weights):
        return _ONE
    if is_nested(weights) or _is_integer(weights):
        raise RefusedError("loss_weights of one output must be a float")
    return weights


def _by_position(call: Call, loss: Structure, outputs: int) -> tuple[Sequence[Structure], Sequence[Structure]]:
    losses = call.tree.flatten(loss)
    if len(losses) != outputs:
        raise RefusedError("the list of losses has not one loss for each output")
    # A None is dropped, so every loss after it moves to an earlier output; the weights keep their places.
    running = [leaf for leaf in losses if not isinstance(leaf, Absent)]
    if _is_empty(call.loss_weights):
        return running, [_ONE] * outputs
    if not isinstance(call.loss_weights, Positional):
        raise RefusedError("a list of losses takes a list of loss_weights")
    weights = call.loss_weights.items
    refuse_foreign(weights)
    if len(weights) != outputs or any(isinstance(weight, Absent) for weight in weights):
        raise RefusedError("loss_weights is not a list of one number for each output")
    return running, weights


def _by_name(call: Call, loss: Named, names: tuple[str, ...]) -> tuple[Sequence[Structure], Sequence[Structure]]:
    by_name = {key: _unwrap(value) for key, value in loss.entries}
    if any(is_nested(value) for value in by_name.values()):
        raise RefusedError("a value of the dict loss is not a single loss")
    # The losses are paired with the targets as they were passed, so too few targets cut the losses short; one
    # array counts by its rows.
    given = len(parts(call.targets)) if is_nested(call.targets) else len(names)
    losses = [by_name.get(name, ABSENT) for name in names[:given]]
    if _is_empty(call.loss_weights):
        return losses, [_ONE] * len(names)
    if not isinstance(call.loss_weights, Named):
        raise RefusedError("a dict loss takes a dict of loss_weights")
    weights = dict(call.loss_weights.entries)
    refuse_foreign(weights.values())
    if not set(weights) <= set(names):
        raise RefusedError("a key of loss_weights names no output")
    if any(isinstance(weight, Absent) or _is_integer(weight) for weight in weights.values()):
        raise RefusedError("a value of the dict loss_weights is not a float")
    return losses, [weights.get(name, _ONE) for name in names]


def _unwrap(loss: Structure) -> Structure:
    if isinstance(loss, Positional) and loss.kind == "list" and len(loss.items) == 1:
        return loss.items[0]
    return loss


def _is_empty(weights: Structure) -> bool:
    if is_nested(weights):
        return not parts(weights)
    return isinstance(weights, Absent) or (isinstance(weights, Leaf) and not weights.token)


def _is_integer(weight: Structure) -> bool:
    return isinstance(weight, Leaf) and isinstance(weight.token, int)
