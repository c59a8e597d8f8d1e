"""The releases on which something is surely wrong, in a program whose course depends on the installed version."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from packaging.version import Version

from keraslint.analysis.facts import Run
from keraslint.pins.keras_releases import KerasReleases


def within(keras: KerasReleases, run: Run) -> KerasReleases:
    """Those of the allowed releases on which a run is what the program may do; none if it is doubtful."""
    if run.releases is None and not run.doubtful:
        return keras
    return replace(keras, versions=tuple(one for one in keras.versions if run.is_on(one) and not run.doubtful))


def surely_wrong(runs: Iterable[Run], found: Iterable[tuple[Run, Collection[Version]]]) -> frozenset[Version]:
    """The releases on which something was found in every run that the program may take there."""
    releases = dict[int, set[Version]]()
    for run, wrong in found:
        releases.setdefault(run.number, set()).update(wrong)
    every = frozenset[Version]().union(*releases.values())
    return frozenset(one for one in every if all(one in releases.get(run.number, ()) for run in runs if run.is_on(one)))
