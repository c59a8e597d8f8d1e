"""The predicates that several rules share, and the mismatches that each is about."""

from __future__ import annotations

from collections.abc import Callable

from keraslint.behaviour.structure import Unseen
from keraslint.rules.shared.misrouting import Mismatch, Predicate


def losses_differ(pair: Mismatch) -> bool:
    """Return True if an output is trained with other losses than those that are named for it."""
    return pair.named.losses != pair.delivered.losses


def weight_differs(pair: Mismatch) -> bool:
    """Return True if an output gets another loss weight than the one that is named for it."""
    return pair.named.weight != pair.delivered.weight


def target_differs(pair: Mismatch) -> bool:
    """Return True if an output is trained on another target than the one that is named for it, and both are seen."""
    return _is_trained(pair) and _differ(pair.named.target, pair.delivered.target)


def sample_weight_differs(pair: Mismatch) -> bool:
    """Return True if an output is trained with another sample weight than its own, and both are seen."""
    return _is_trained(pair) and _differ(pair.named.sample_weight, pair.delivered.sample_weight)


def is_dropped(pair: Mismatch) -> bool:
    """Return True if an output is not trained, for which there are a loss and a target."""
    return bool(pair.named.losses) and not pair.delivered.losses and pair.named.target is not None


def any_pair(test: Callable[[Mismatch], bool]) -> Callable[[tuple[Mismatch, ...], bool], bool]:
    """The test of a predicate that is about calls with at least one mismatch that passes ``test``."""
    return lambda mismatches, _: any(map(test, mismatches))


def _is_trained(pair: Mismatch) -> bool:
    return bool(pair.named.losses and pair.delivered.losses)  # else it is the loss that is wrong


def _differ(want: object, have: object) -> bool:
    return want != have and not isinstance(want, Unseen) and not isinstance(have, Unseen)


ANYTHING = Predicate(lambda *_: True, count_targets=True)
"""Losses, weights or targets reach other outputs than those they are named for."""

LOSSES_MOVED = Predicate(lambda _, moved: moved)
"""A loss of a dict reaches another output than the one it is named for."""

ONLY_WEIGHTS = Predicate(lambda pairs, moved: not moved and not any(map(losses_differ, pairs)))
"""Loss weights reach other outputs than those they are named for, while every loss stays where it belongs."""

TARGETS_MOVED = Predicate(any_pair(target_differs), count_targets=True)
"""A target reaches another output than the one it is named for."""

SAMPLE_WEIGHTS_MOVED = Predicate(any_pair(sample_weight_differs), count_sample_weights=True)
"""A sample weight reaches another output than the one it is named for."""
