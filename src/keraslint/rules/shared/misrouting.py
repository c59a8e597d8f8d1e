"""find_misrouting(): where a release delivers something else than the code names, and what of it counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeAlias, TypeVar

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.intent import departures, intended
from keraslint.behaviour.releases import GROUP_STARTS, group_start, groups
from keraslint.behaviour.routing.route import NO_LOSS_LEFT, route
from keraslint.behaviour.structure import (
    ABSENT,
    Delivery,
    Leaf,
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
from keraslint.pins.keras_releases import KerasReleases


def releases_that_raise(outputs: Outputs, loss: Structure, keras: KerasReleases) -> tuple[Version, ...]:
    """The allowed releases that raise for such losses on a model with these outputs, whatever it is trained on."""
    runs = [run for run in groups(keras.versions) if isinstance(route(run[0], outputs, loss), Raises)]
    return tuple(release for run in runs for release in run)


def checkable_outputs(call: CompileCall) -> Outputs | None:
    """The outputs of a compile call, if they are known and Keras 3 itself, not a subclass, goes by them."""
    return None if call.model.overrides else routed_outputs(call)


def routed_outputs(call: CompileCall) -> Outputs | None:
    """As ``checkable_outputs``; also where methods of a subclass leave the losses to Keras, whatever else they do."""
    if call.model.overrides - call.model.delegates or call.model.legacy or not call.model.keras:
        return None
    return call.model.outputs


def known_names(outputs: Outputs) -> frozenset[str]:
    """Everything by which a key can name an output: its dict key, or the name of its layer."""
    return frozenset(outputs.addresses) | {name for name in outputs.names if name is not None}


Data: TypeAlias = tuple[Structure, Structure]
"""Targets and sample weights."""

_NO_DATA = ((Unseen("no training call is in view"), ABSENT),)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One output that does not get what the code names for it.

    ``source`` is the output that the delivered loss was named for, None where the code gives no names.
    """

    output: str
    named: Delivery
    delivered: Delivery
    source: str | None


@dataclass(frozen=True, slots=True)
class Misrouting:
    """A misrouted call: the allowed releases that misroute it, and the mismatches on the last of them.

    ``cure`` is the first release from which on it is right on every measured release, None where there is none.
    """

    releases: tuple[Version, ...]
    mismatches: tuple[Mismatch, ...]
    outputs: Outputs
    cure: Version | None


@dataclass(frozen=True, slots=True)
class Predicate:
    """The mismatches that a rule is about.

    is_wrong: True if the rule is about these mismatches of one call; the flag tells that losses reached outputs that
    they were not named for. count_targets, count_sample_weights: an output that only gets another target, or sample
    weight, is a mismatch, too. count_untrained: a call that is left without any loss trains no output; without this
    the release refuses it.
    """

    is_wrong: Callable[[tuple[Mismatch, ...], bool], bool]
    count_targets: bool = False
    count_sample_weights: bool = False
    count_untrained: bool = False


def find_misrouting(
    call: CompileCall, keras: KerasReleases, predicate: Predicate, meant: CompileCall | None = None
) -> Misrouting | None:
    """The misrouting of a compile call by an allowed release; None if there is none, or the outputs are not known.

    A class that overrides a part of Keras' training may route by itself: nothing is said of it. ``meant`` is the same
    call with arguments that name what this one only lists, where the source says more than Keras reads.
    """
    meant = meant or call
    outputs = routed_outputs(call)
    if outputs is None:
        return None
    if not outputs.keys and None in outputs.names:
        return None  # no key can name an output that has no name
    group_of = {release: start for release in keras.versions if (start := group_start(release)) is not None}
    verdicts = {start: _verdict(Routes(start, outputs, call, meant), predicate) for start in set(group_of.values())}
    bad = [release for release in keras.versions if isinstance(verdicts[group_of[release]], tuple)]
    if not bad:
        return None
    found = verdicts[group_of[bad[-1]]]
    assert isinstance(found, tuple)
    rest = (start for start in GROUP_STARTS if start not in verdicts)
    verdicts |= {start: _verdict(Routes(start, outputs, call, meant), predicate) for start in rest}
    last = max(start for start in GROUP_STARTS if isinstance(verdicts[start], tuple))
    later = [start for start in GROUP_STARTS if start > last]
    cure = later[0] if later and all(verdicts[start] == "right" for start in later) else None
    return Misrouting(tuple(bad), found, outputs, cure)


def data_of(call: CompileCall) -> tuple[tuple[Structure, Structure], ...]:
    """The targets and sample weights that reach a compile call's losses, each pair once; unseen where none do."""
    pairs: dict[tuple[Structure, Structure], None] = {}
    for training in call.trainings:
        pairs[training.y.structure, training.sample_weight.structure] = None
        if training.validation_y.given:
            pairs[training.validation_y.structure, training.validation_sample_weight.structure] = None
    return tuple(pairs) or _NO_DATA


def _verdict(routes: Routes, predicate: Predicate) -> tuple[Mismatch, ...] | str:
    """The mismatches that the predicate is about, else "right", "raises" or "unknown"."""
    pairs = zip(data_of(routes.call), data_of(routes.meant), strict=True)
    results = [routes.mismatches(data, meant, predicate) for data, meant in pairs]
    found = next((result for result in results if isinstance(result, tuple)), None)
    if found is not None:
        return found
    return next((text for text in ("raises", "unknown") if text in results), "right")


@dataclass(frozen=True, slots=True)
class Routes:
    """One call of one model on one release, and the call as it is meant."""

    release: Version
    outputs: Outputs
    call: CompileCall
    meant: CompileCall

    def mismatches(self, data: Data, meant_data: Data, predicate: Predicate) -> tuple[Mismatch, ...] | str:
        """The mismatches on these data that the predicate is about, else "right", "raises" or "unknown"."""
        got = _routed(self.release, self.outputs, _Same(self.call), *map(_Same, data))
        meant = _named(self.outputs, _Same(self.meant), *map(_Same, meant_data))
        if got == NO_LOSS_LEFT and predicate.count_untrained:
            got = Routed(tuple(Delivery(label, (), 1.0) for label in self.outputs.labels))
        if isinstance(got, Raises):
            return "raises"
        if not isinstance(meant, Routed) or not isinstance(got, Routed):
            return "unknown"
        counted = {"losses", "weight"}
        counted |= {"target"} if predicate.count_targets else set()
        counted |= {"sample_weight"} if predicate.count_sample_weights else set()
        wrong = {one.output for one in departures(got, meant) if one.part in counted}
        if not wrong:
            return "right"
        sources = self._sources(*data)
        pairs = zip(meant.deliveries, got.deliveries, strict=True)
        found = tuple(
            Mismatch(want.output, want, have, sources.get(have.output)) for want, have in pairs if want.output in wrong
        )
        moved = any(source != output for output, source in sources.items() if source is not None)
        return found if predicate.is_wrong(found, moved) else "right"

    def _sources(self, y: Structure, weights: Structure) -> dict[str, str | None]:
        """For each output, the key of the loss that reaches it: found by routing losses that are their own keys."""
        loss = self.call.loss.structure
        if not isinstance(loss, Named):
            return {}
        keys = Named(tuple((key, _marked(value, key)) for key, value in loss.entries), loss.ordered)
        got = route(self.release, self.outputs, keys, self.call.loss_weights.structure, y, weights)
        return {have.output: _key(have.losses) for have in got.deliveries} if isinstance(got, Routed) else {}


_T = TypeVar("_T")


class _Same(Generic[_T]):
    """A value that is equal to itself only: tokens that are equal may have other labels."""

    __slots__ = ("value",)

    def __init__(self, value: _T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=256)
def _routed(
    release: Version, outputs: Outputs, call: _Same[CompileCall], y: _Same[Structure], weights: _Same[Structure]
) -> Routing:
    """The values that a release delivers; cached, since several rules ask for the same call in turn."""
    loss, loss_weights = call.value.loss.structure, call.value.loss_weights.structure
    return route(release, outputs, loss, loss_weights, y.value, weights.value)


@lru_cache(maxsize=256)
def _named(
    outputs: Outputs, call: _Same[CompileCall], y: _Same[Structure], weights: _Same[Structure]
) -> Routed | NotKnown:
    """The values that a call names for each output; cached as those of ``_routed``."""
    return intended(outputs, call.value.loss.structure, call.value.loss_weights.structure, y.value, weights.value)


def _marked(value: Structure, key: str) -> Structure:
    if isinstance(value, Positional):
        return Positional(tuple(_marked(item, key) for item in value.items), value.kind)
    return Leaf(("key", key)) if value != ABSENT else value


def _key(losses: tuple[Hashable, ...]) -> str | None:
    first = losses[0] if losses else None
    return first[1] if isinstance(first, tuple) else None


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
