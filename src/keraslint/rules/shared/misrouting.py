"""Where what a release delivers differs from what the code names: the one predicate of the misrouting rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.departures import departures
from keraslint.behaviour.intent import intended
from keraslint.behaviour.measured.table import load
from keraslint.behaviour.metrics_and_logs import called_values, metric_targets
from keraslint.behaviour.releases import GROUP_STARTS, group_start, measured
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

_Data: TypeAlias = tuple[Structure, Structure]
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
    """A call that goes wrong: the admitted releases on which it does, and what goes wrong on the last of them.

    ``cure`` is the first release from which on it is right on every measured release, None where there is none.
    """

    releases: tuple[Version, ...]
    mismatches: tuple[Mismatch, ...]
    outputs: Outputs
    cure: Version | None


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule asks of a call.

    wrong: whether the rule is about these mismatches; the flag tells that losses reached outputs that they were
    not named for. targets, sample_weights: whether an output that only gets another target, or sample weight, counts
    as a mismatch. idle: whether a call counts that is left without any loss; without it that is a refused one.
    """

    wrong: Callable[[tuple[Mismatch, ...], bool], bool]
    targets: bool = False
    sample_weights: bool = False
    idle: bool = False


ANYTHING = Question(lambda mismatches, moved: True, targets=True)  # noqa: ARG005 - the question's own signature
"""Does anything reach another output than the one it is named for?"""

_EVERYTHING = Question(lambda mismatches, moved: True, targets=True, sample_weights=True)  # noqa: ARG005

LOSSES_MOVED = Question(lambda _, moved: moved)
"""Does a loss of a dict reach another output than the one it is named for?"""


def find_misrouting(
    call: CompileCall, keras: KerasReleases, question: Question, meant: CompileCall | None = None
) -> Misrouting | None:
    """What an admitted release does wrong with a compile call on a model whose outputs are known; else None.

    A class that overrides a part of Keras' training may route by itself: nothing is said of it. ``meant`` is the same
    call with arguments that name what this one only lists, where the source says more than Keras reads.
    """
    meant = meant or call
    outputs = call.model.outputs
    if outputs is None or call.model.overrides or call.model.legacy or not call.model.keras:
        return None
    if not outputs.keys and None in outputs.names:
        return None  # no key can name an output that has no name
    group_of = {release: start for release in keras.versions if (start := group_start(release)) is not None}
    verdicts = {start: _verdict(_Routes(start, outputs, call, meant), question) for start in set(group_of.values())}
    bad = [release for release in keras.versions if isinstance(verdicts[group_of[release]], tuple)]
    if not bad:
        return None
    found = verdicts[group_of[bad[-1]]]
    assert isinstance(found, tuple)
    rest = (start for start in GROUP_STARTS if start not in verdicts)
    verdicts |= {start: _verdict(_Routes(start, outputs, call, meant), question) for start in rest}
    last = max(start for start in GROUP_STARTS if isinstance(verdicts[start], tuple))
    later = [start for start in GROUP_STARTS if start > last]
    cure = later[0] if later and all(verdicts[start] == "right" for start in later) else None
    return Misrouting(tuple(bad), found, outputs, cure)


def is_surely_right(call: CompileCall, keras: KerasReleases) -> bool:
    """Whether every admitted release gives each output what the code names for it, wherever the targets come from."""
    outputs = call.model.outputs
    if outputs is None or call.model.overrides or call.model.legacy or not call.model.keras or not keras.versions:
        return False
    if None in outputs.names or keras.admits_others or isinstance(call.loss_weights.structure, Unseen):
        return False
    if any(isinstance(weights, Unseen) for _, weights in data_of(call)):
        return False
    if _trains_some(call, outputs) and set(map(measured, keras.versions)) & set(
        load().releases_that_refuse_losses_for_some()
    ):
        return False
    call = replace(call, loss_weights=replace(call.loss_weights, structure=_doubted(call.loss_weights.structure)))
    by_name = Named(tuple((label, Leaf(("target", label))) for label in outputs.labels))
    others = (by_name,) if call.escapes else ()
    targets = [by_name if isinstance(y, Unseen) else y for y, _ in data_of(call)]
    if call.metrics.given or call.weighted_metrics.given:
        if outputs.keys and outputs.labels != outputs.names:
            return False
        if any(_exchanges(release, outputs) for release in keras.versions):
            return False
        if not all(_leads_to_metrics(release, outputs, y) for release in keras.versions for y in (*targets, *others)):
            return False
    starts = {start for release in keras.versions if (start := group_start(release)) is not None}
    return all(
        _Routes(start, outputs, call, call).mismatches((targets, weights), (targets, weights), _EVERYTHING) == "right"
        for start in starts
        for y, weights in data_of(call)
        for targets in ((y, by_name) if isinstance(y, Unseen) else (y,))
    )


def goes_right(release: Version, call: CompileCall) -> bool:
    """Whether a release takes a call, and leads nothing that is seen to another output than the one it names.

    Without known outputs nothing is seen to go wrong.
    """
    outputs, start = call.model.outputs, group_start(release)
    if outputs is None or start is None or (not outputs.keys and None in outputs.names):
        return True
    routes, data = _Routes(start, outputs, call, call), data_of(call)
    if not all(routes.mismatches(each, each, _EVERYTHING) in ("right", "unknown") for each in data):
        return False
    if not (call.metrics.given or call.weighted_metrics.given):
        return True
    exchanged = outputs.functional and _exchanges(release, outputs)
    return not exchanged and all(isinstance(y, Unseen) or _leads_to_metrics(release, outputs, y) for y, _ in data)


def _trains_some(call: CompileCall, outputs: Outputs) -> bool:
    """Whether a dict leaves out an output that has a loss or a target elsewhere."""
    dicts = (call.loss.structure, *(y for y, _ in data_of(call)))
    return any(isinstance(part, Named) and set(part.keys) != set(outputs.labels) for part in dicts)


def _doubted(weights: Structure) -> Structure:
    """The loss weights, those that may be no numbers of Python's own as if they were none."""
    if isinstance(weights, Positional):
        return replace(weights, items=tuple(map(_doubted, weights.items)))
    if isinstance(weights, Named):
        return replace(weights, entries=tuple((key, _doubted(value)) for key, value in weights.entries))
    return replace(weights, foreign=True) if isinstance(weights, Leaf) and not _is_number(weights.token) else weights


def _is_number(token: Hashable) -> bool:
    return isinstance(token, (int, float))


def _leads_to_metrics(release: Version, outputs: Outputs, y: Structure) -> bool:
    """Whether the metrics of each output surely get its own target, where the losses do."""
    if isinstance(y, Positional) or measured(release) not in load().releases_that_exchange_metric_targets():
        return True
    if not isinstance(y, Named) or set(y.keys) != set(outputs.labels):
        return False
    reached = metric_targets(release, outputs, y)
    return all(value == Leaf(reached[label]) for label, value in y.entries)


def _exchanges(release: Version, outputs: Outputs) -> bool:
    return any(key != other for key, other in called_values(release, outputs).items())


def has_none(loss: Structure) -> bool:
    """Whether a dict, list or tuple of losses has a None for some output."""
    if isinstance(loss, Named):
        return any(value == ABSENT for _, value in loss.entries)
    return isinstance(loss, Positional) and ABSENT in loss.items


def data_of(call: CompileCall) -> tuple[tuple[Structure, Structure], ...]:
    """The targets and sample weights that reach a compile call's losses, each pair once; unseen where none do."""
    pairs: dict[tuple[Structure, Structure], None] = {}
    for training in call.trainings:
        pairs[training.y.structure, training.sample_weight.structure] = None
        if training.validation_y.given:
            pairs[training.validation_y.structure, training.validation_sample_weight.structure] = None
    return tuple(pairs) or _NO_DATA


def _verdict(routes: _Routes, question: Question) -> tuple[Mismatch, ...] | str:
    """The mismatches that the question is about, else "right", "raises" or "unknown"."""
    pairs = zip(data_of(routes.call), data_of(routes.meant), strict=True)
    results = [routes.mismatches(data, meant, question) for data, meant in pairs]
    found = next((result for result in results if isinstance(result, tuple)), None)
    if found is not None:
        return found
    return next((text for text in ("raises", "unknown") if text in results), "right")


@dataclass(frozen=True, slots=True)
class _Routes:
    """What one release does with one call on one model, and the call as it is meant."""

    release: Version
    outputs: Outputs
    call: CompileCall
    meant: CompileCall

    def mismatches(self, data: _Data, meant_data: _Data, question: Question) -> tuple[Mismatch, ...] | str:
        got = _routed(_Same(self.call), self.release, *map(_Same, data))
        meant = _named(_Same(self.meant), *map(_Same, meant_data))
        if got == NO_LOSS_LEFT and question.idle:
            got = Routed(tuple(Delivery(label, (), 1.0) for label in self.outputs.labels))
        if isinstance(got, Raises):
            return "raises"
        if not isinstance(meant, Routed) or not isinstance(got, Routed):
            return "unknown"
        counted = {"losses", "weight"}
        counted |= {"target"} if question.targets else set()
        counted |= {"sample_weight"} if question.sample_weights else set()
        wrong = {one.output for one in departures(got, meant) if one.part in counted}
        if not wrong:
            return "right"
        sources = self._sources(*data)
        pairs = zip(meant.deliveries, got.deliveries, strict=True)
        found = tuple(
            Mismatch(want.output, want, have, sources.get(have.output)) for want, have in pairs if want.output in wrong
        )
        moved = any(source != output for output, source in sources.items() if source is not None)
        return found if question.wrong(found, moved) else "right"

    def _sources(self, y: Structure, weights: Structure) -> dict[str, str | None]:
        """For each output, the key of the loss that reaches it: found by routing losses that are their own keys."""
        loss = self.call.loss.structure
        if not isinstance(loss, Named):
            return {}
        keys = Named(tuple((key, _marked(value, key)) for key, value in loss.entries), loss.ordered)
        got = route(self.release, self.outputs, keys, self.call.loss_weights.structure, y, weights)
        return {have.output: _key(have.losses) for have in got.deliveries} if isinstance(got, Routed) else {}


class _Same:
    """A value that is equal to itself only: tokens that are equal may have other labels."""

    __slots__ = ("value",)

    def __init__(self, value: CompileCall | Structure) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=256)
def _routed(call: _Same, release: Version, y: _Same, weights: _Same) -> Routing:
    """What a release delivers: several rules ask that of the same call, one after the other."""
    return route(release, *_arguments(call, y, weights))


@lru_cache(maxsize=256)
def _named(call: _Same, y: _Same, weights: _Same) -> Routed | NotKnown:
    """What a call names, likewise."""
    return intended(*_arguments(call, y, weights))


def _arguments(call: _Same, y: _Same, weights: _Same) -> tuple[Outputs, Structure, Structure, Structure, Structure]:
    assert isinstance(call.value, CompileCall)
    assert call.value.model.outputs is not None
    assert not isinstance(y.value, CompileCall)
    assert not isinstance(weights.value, CompileCall)
    loss, loss_weights = call.value.loss.structure, call.value.loss_weights.structure
    return call.value.model.outputs, loss, loss_weights, y.value, weights.value


def _marked(value: Structure, key: str) -> Structure:
    if isinstance(value, Positional):
        return Positional(tuple(_marked(item, key) for item in value.items), value.kind)
    return Leaf(("key", key)) if value != ABSENT else value


def _key(losses: tuple[Hashable, ...]) -> str | None:
    first = losses[0] if losses else None
    return first[1] if isinstance(first, tuple) else None
