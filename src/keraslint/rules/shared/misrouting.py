"""find_misrouting(): where a release delivers something else than the code names, and what of it counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeAlias

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.intent import Departure, departures, intended
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

_UNNAMED, _NAMED = Outputs("tensor", (None,)), Outputs("tensor", ("output",))


def releases_that_raise(outputs: Outputs, loss: Structure, keras: KerasReleases) -> tuple[Version, ...]:
    """The allowed releases that raise for such losses on a model with these outputs, whatever it is trained on."""
    runs = [run for run in groups(keras.versions) if isinstance(route(run[0], outputs, loss), Raises)]
    return tuple(release for run in runs for release in run)


def checkable_outputs(call: CompileCall) -> Outputs | None:
    """The outputs of a compile call, if they are known and Keras 3 itself, not a subclass, goes by them."""
    return None if call.model.overrides else routed_outputs(call)


def single_output(call: CompileCall) -> Outputs | None:
    """The output of a functional model with one, whose name is not known; it has the loss that is no container.

    Its name plays no part in losses, logs and metrics, so that any stands for it.
    """
    model = call.model
    if model.outputs not in (None, _UNNAMED) or model.overrides or model.legacy or not model.keras:
        return None
    if not isinstance(call.loss.structure, Leaf) or (model.outputs is None and len(model.heads) != 1):
        return None
    return _NAMED


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
    verdicts = _Verdicts(outputs, call, meant, predicate)
    bad = [release for release in keras.versions if isinstance(verdicts[group_of[release]], tuple)]
    if not bad:
        return None
    found = verdicts[group_of[bad[-1]]]
    assert isinstance(found, tuple)
    later = list(takewhile(lambda start: not isinstance(verdicts[start], tuple), reversed(GROUP_STARTS)))
    cure = later[-1] if later and all(verdicts[start] == "right" for start in later) else None
    return Misrouting(tuple(bad), found, outputs, cure)


class _Verdicts(dict[Version, "tuple[Mismatch, ...] | str"]):
    """The verdict on a call on each group of releases, by its first one; found when it is asked for."""

    def __init__(self, outputs: Outputs, call: CompileCall, meant: CompileCall, predicate: Predicate) -> None:
        super().__init__()
        self._asked = outputs, call, meant
        self._predicate = predicate
        data = data_of(call)
        self._data = tuple(zip(data, data if meant is call else data_of(meant), strict=True))

    def __missing__(self, start: Version) -> tuple[Mismatch, ...] | str:
        found = self[start] = _verdict(Routes(start, *self._asked), self._data, self._predicate)
        return found


def data_of(call: CompileCall) -> tuple[tuple[Structure, Structure], ...]:
    """The targets and sample weights that reach a compile call's losses, each pair once; unseen where none do."""
    pairs: dict[tuple[Structure, Structure], None] = {}
    for training in call.trainings:
        pairs[training.y.structure, training.sample_weight.structure] = None
        if training.validation_y.given:
            pairs[training.validation_y.structure, training.validation_sample_weight.structure] = None
    return tuple(pairs) or _NO_DATA


def _verdict(routes: Routes, pairs: tuple[tuple[Data, Data], ...], predicate: Predicate) -> tuple[Mismatch, ...] | str:
    """The mismatches that the predicate is about, else "right", "raises" or "unknown"; pairs: data, and as meant."""
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
        compared = _compared(self.release, self.outputs, self.call, self.meant, data, meant_data)
        got, meant = compared.got, compared.meant
        if predicate.count_untrained and got == NO_LOSS_LEFT:
            got = Routed(tuple(Delivery(label, (), 1.0) for label in self.outputs.labels))
            compared = _Compared(got, meant, self.call)
        if isinstance(got, Raises):
            return "raises"
        if not isinstance(meant, Routed) or not isinstance(got, Routed):
            return "unknown"
        counted = {"losses", "weight"}
        counted |= {"target"} if predicate.count_targets else set()
        counted |= {"sample_weight"} if predicate.count_sample_weights else set()
        wrong = {one.output for one in compared.departures if one.part in counted}
        if not wrong:
            return "right"
        if compared.sources is None:
            compared.sources = self._sources(*data)
        sources = compared.sources
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


class _Compared:
    """The values that a release delivers, those that the call names, how they depart, and where losses come from.

    objects: what it was made of, kept as long as it is.
    """

    __slots__ = ("departures", "got", "meant", "objects", "sources")

    def __init__(self, got: Routing, meant: Routed | NotKnown, *objects: object) -> None:
        self.got, self.meant, self.objects = got, meant, objects
        self.departures: tuple[Departure, ...] = ()
        if isinstance(got, Routed) and isinstance(meant, Routed):
            self.departures = departures(got, meant)
        self.sources: dict[str, str | None] | None = None


_MOST_COMPARED = 512
_named: dict[tuple[int, int, int, int], tuple[Routed | NotKnown, tuple[object, ...]]] = {}
_known: dict[tuple[Version, int, int, int, int, int, int, int], _Compared] = {}


def _compared(
    release: Version, outputs: Outputs, call: CompileCall, meant: CompileCall, data: Data, meant_data: Data
) -> _Compared:
    """The comparison on one release; kept, since several rules ask for the same call in turn.

    It is known by the identity of what it is made of: tokens that are equal may have other labels.
    """
    objects = outputs, call, meant, *data, *meant_data
    key = (release, id(outputs), id(call), id(meant), id(data[0]), id(data[1]), id(meant_data[0]), id(meant_data[1]))
    found = _known.get(key)
    if found is None:
        if len(_known) >= _MOST_COMPARED:
            _known.clear()
        got = route(release, outputs, call.loss.structure, call.loss_weights.structure, *data)
        found = _known[key] = _Compared(got, _intended(outputs, meant, meant_data), *objects)
    return found


def _intended(outputs: Outputs, call: CompileCall, data: Data) -> Routed | NotKnown:
    """The values that a call names for each output; kept as the comparisons are."""
    key = (id(outputs), id(call), id(data[0]), id(data[1]))
    known = _named.get(key)
    if known is None:
        if len(_named) >= _MOST_COMPARED:
            _named.clear()
        named = intended(outputs, call.loss.structure, call.loss_weights.structure, *data)
        known = _named[key] = named, (outputs, call, *data)
    return known[0]


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
