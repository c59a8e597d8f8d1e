"""The measured table: the outcome of every case on every Keras 3 release, read from ``measured.json``.

``tools/measure_keras`` writes that file. Only ``load()`` reads it, since that takes milliseconds, and a file without a
finding does not need it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from packaging.version import Version

from keraslint.behaviour.measured.cases import EXTRA_KEY, MODELS, Case
from keraslint.behaviour.structure import Delivery, Outputs


@dataclass(frozen=True, slots=True)
class Measurement:
    """One call of one metric: the output it was meant for, its arguments, and its log, with a * for its own name."""

    meant_for: Hashable
    output: str
    target: str | None
    sample_weight: float | None
    log: str | None = None


@dataclass(frozen=True, slots=True)
class TrainedOutcome:
    """The call trains: one delivery for each output, as in Routed.

    logs: for each ``<key>_loss`` in the history, the output whose loss it shows; None if it shows the loss of none.
    """

    deliveries: tuple[Delivery, ...]
    logs: Mapping[str, str | None]
    metrics: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class RaisedOutcome:
    """The call raises ``error`` in compile or fit, as ``at`` says."""

    error: str
    at: str


Outcome: TypeAlias = TrainedOutcome | RaisedOutcome


@dataclass(frozen=True, slots=True)
class ReleaseSpan:
    """Consecutive measured releases on which a case has the same outcome."""

    first: Version
    last: Version
    outcome: Outcome


@dataclass(frozen=True)
class Table:
    """Every case on every release.

    measured: the day, as an ISO date. jax: the JAX that trained. releases: ascending.
    """

    measured: str
    jax: str
    releases: tuple[Version, ...]
    _data: Mapping[str, Any]

    @property
    def cases(self) -> tuple[Case, ...]:
        """The measured cases."""
        return tuple(map(Case.parse, self._data["cells"]))

    def spans(self, case: Case) -> tuple[ReleaseSpan, ...]:
        """The outcomes of a case by range of releases. Raises KeyError if it was not measured."""
        runs = self._data["cells"][str(case)]
        ends = [*(start for start, _ in runs[1:]), len(self.releases)]
        return tuple(
            ReleaseSpan(self.releases[start], self.releases[end - 1], _outcome(case, self._data["outcomes"][number]))
            for (start, number), end in zip(runs, ends, strict=True)
        )

    def outcome(self, case: Case, release: Version) -> Outcome:
        """The outcome of a case on a release, or on the last measured one before it. Raises KeyError."""
        spans = [span for span in self.spans(case) if span.first <= release]
        if not spans:
            raise KeyError(release)
        return spans[-1].outcome

    def releases_where(self, case: Case, test: Callable[[Outcome], bool]) -> tuple[Version, ...]:
        """The releases on which the outcome of a case passes the test. Raises KeyError if it was not measured."""
        spans = [span for span in self.spans(case) if test(span.outcome)]
        return tuple(release for release in self.releases if any(span.first <= release <= span.last for span in spans))

    def releases_without_loss_logs(self) -> tuple[Version, ...]:
        """The releases whose history has no ``<name>_loss`` for the outputs of a model with several of them."""
        return self.releases_where(
            Case("list", "dict", "list"), lambda outcome: isinstance(outcome, TrainedOutcome) and not outcome.logs
        )

    def releases_that_refuse_losses_for_some(self) -> tuple[Version, ...]:
        """The releases that raise, on JAX, for a dict of losses for some outputs of a dict; all others train it."""
        return self.releases_where(Case("dict", "first", "dict"), lambda outcome: isinstance(outcome, RaisedOutcome))

    def releases_that_take_metrics(self, form: str) -> tuple[Version, ...]:
        """The releases that take metrics in this form for outputs in a dict whose layers have other names."""
        case = Case("dict-renamed", "dict", "dict", metrics=form)
        return self.releases_where(case, lambda outcome: isinstance(outcome, TrainedOutcome))

    def releases_that_exchange_metric_targets(self) -> tuple[Version, ...]:
        """The releases on which the metrics of a model with unsorted list outputs get a dict y in sorted order."""
        return self.releases_where(
            Case("list", "tuple", "dict", metrics="dict"),
            lambda outcome: (
                isinstance(outcome, TrainedOutcome) and any(one.target != one.output for one in outcome.metrics)
            ),
        )

    def at(self, part: str, key: str, release: Version | None) -> Any:
        """What was measured of a metric ("names") or a callback ("unlogged") on a release; None if nothing was."""
        runs = self._data[part].get(key, ())
        found = [seen for start, seen in runs if release is not None and self.releases[start] <= release]
        return found[-1] if found else None

    def releases_that_exchange_values(self, model: str) -> tuple[Version, ...]:
        """The releases on which calling a model gives values under other keys. Raises KeyError if not measured."""
        right = [[key, place] for place, key in enumerate(MODELS[model].outputs.keys)]
        called = zip(self.releases, self._data["called"][model], strict=True)
        return tuple(release for release, seen in called if seen["call"] != right)


@cache
def load() -> Table:
    """The table that the package ships, read once."""
    data = json.loads(resources.files(__package__).joinpath("measured.json").read_text(encoding="utf-8"))
    return Table(data["measured"], data["jax"], tuple(map(Version, data["releases"])), data)


def _outcome(case: Case, row: dict[str, Any]) -> Outcome:
    if "raises" in row:
        return RaisedOutcome(row["raises"], row["at"])
    outputs, keys = case.outputs, case.keys
    deliveries = tuple(_delivery(place, outputs, keys, row["arrivals"]) for place in range(len(outputs.names)))
    logs = {name: None if place is None else outputs.labels[place] for name, place in row.get("logs", {}).items()}
    metrics = tuple(
        Measurement(_token(token, keys), outputs.labels[place], _key(target, keys), sample, log)
        for token, place, target, sample, log in row.get("metrics", ())
    )
    return TrainedOutcome(deliveries, logs, metrics)


def _delivery(place: int, outputs: Outputs, keys: tuple[str, ...], arrivals: list[list[Any]]) -> Delivery:
    mine = [arrival for arrival in arrivals if arrival[1] == place]
    if not mine:
        return Delivery(outputs.labels[place], (), 1.0)
    weights = tuple(float(arrival[4]) for arrival in mine)
    return Delivery(
        outputs.labels[place],
        tuple(_token(arrival[0], keys) for arrival in mine),
        weights[0] if len(set(weights)) == 1 else weights,
        _key(mine[0][2], keys),
        mine[0][3],
    )


def _token(token: int | str, keys: tuple[str, ...]) -> Hashable:
    return keys[token] if isinstance(token, int) else token


def _key(place: int | None, keys: tuple[str, ...]) -> str | None:
    if place is None:
        return None
    return EXTRA_KEY if place < 0 else keys[place]
