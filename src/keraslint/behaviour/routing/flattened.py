"""Keras 3.5.0 and 3.6.0: every argument is flattened and paired by position."""

from __future__ import annotations

from collections.abc import Set

from keraslint.behaviour.routing.call import Call, Link, RefusedError, per_target, refuse_foreign, refuse_integer
from keraslint.behaviour.structure import ABSENT, Absent, Named, Structure, is_nested


def flatten_and_pair(call: Call, *, filters_in_place: bool) -> list[Link]:
    """Return the links that ``CompileLoss`` makes. Raises RefusedError.

    filters_in_place: the outputs without a loss in a dict are removed from the dicts of targets and predictions
    themselves (3.5.0); 3.6.0 copies the others into plain dicts and so loses the order of an OrderedDict. On JAX,
    3.5.0 removes them twice and raises; this follows torch, where it trains.
    """
    refuse_integer(call.loss_weights)
    loss = call.loss
    if not is_nested(loss):
        loss = call.tree.pack(call.predictions, [loss] * len(call.tree.flatten(call.predictions)))
    targets, shown = call.targets, call.predictions
    if isinstance(loss, Named):
        unused_outputs, unused_targets = _unused(call, set(loss.keys))
        if unused_outputs and not isinstance(shown, Named):
            raise RefusedError("the dict loss leaves out an output")
        shown = _without(shown, unused_outputs, filters_in_place)
        targets = _without(targets, unused_targets, filters_in_place)
    losses = call.tree.flatten(loss)
    weights = _weights(call, len(losses))
    flat_targets, flat_shown = call.tree.flatten(targets), call.tree.flatten(shown)
    if len(flat_shown) != len(losses):
        raise RefusedError("there are not as many losses as outputs")
    losses = losses[: len(flat_targets)]
    sample_weights = per_target(call.tree, call.sample_weight, flat_targets)
    # Keras zips the losses with the metrics that record them, and a None has no such metric: for each None, one of
    # the last losses never runs.
    running = sum(not isinstance(leaf, Absent) for leaf in losses) if len(losses) > 1 else 1
    rows = zip(flat_shown, losses[:running], weights, flat_targets, sample_weights)  # noqa: B905
    return [Link(*row) for row in rows if not isinstance(row[1], Absent)]


def _unused(call: Call, loss_keys: Set[str]) -> tuple[Set[str], Set[str]]:
    names = set(call.predictions.keys if isinstance(call.predictions, Named) else call.output_names or ())
    if not loss_keys <= names:
        raise RefusedError("a key of the dict loss names no output")
    target_keys = set(call.targets.keys) if isinstance(call.targets, Named) else loss_keys
    if not loss_keys <= target_keys:
        raise RefusedError("a key of the dict loss is not in y")
    return names - loss_keys, target_keys - loss_keys


def _without(structure: Structure, unused: Set[str], in_place: bool) -> Structure:
    if not unused or not isinstance(structure, Named):
        return structure
    kept = tuple((key, value) for key, value in structure.entries if key not in unused)
    return Named(kept, structure.ordered and in_place)


def _weights(call: Call, losses: int) -> tuple[Structure, ...]:
    if isinstance(call.loss_weights, Absent):
        return (ABSENT,) * losses
    weights = call.tree.flatten(call.loss_weights)
    refuse_foreign(weights)
    if len(weights) != losses:
        raise RefusedError("there are not as many loss_weights as losses")
    return weights
