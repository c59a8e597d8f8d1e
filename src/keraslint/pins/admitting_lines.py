"""The lines of one dependency file that allow given releases of Keras."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from packaging.version import Version

from keraslint.pins.interface import ReadResult, VersionCondition
from keraslint.pins.markers import true_together
from keraslint.pins.specifier_sets import admits_keras_2, measured_in


@dataclass(frozen=True, slots=True)
class Admitting:
    """A line that allows some of the releases asked for.

    index: the index of its condition in the file. versions: those of the releases that it allows. others: the other
    measured releases that it allows. older: it allows a Keras 2.
    """

    index: int
    condition: VersionCondition
    versions: tuple[Version, ...]
    others: tuple[Version, ...]
    older: bool

    @property
    def only(self) -> bool:
        """True if it allows no other release."""
        return not self.others and not self.older

    @property
    def newest(self) -> Version:
        """The release that an installer chooses by it: the newest measured release that it allows."""
        return max(self.versions[-1:] + self.others[-1:])

    @property
    def chooses_it(self) -> bool:
        """True if an installer chooses one of the releases asked for, though the line allows others, too."""
        return not self.only and self.newest in self.versions


def admitting(found: ReadResult, releases: Collection[Version]) -> tuple[Admitting, ...]:
    """The lines that ask for Keras itself with a version and allow any of ``releases``.

    A line that another one overrides, or whose marker is false on every declared Python, is left out.
    """
    named = [(index, item) for index, item in enumerate(found.conditions) if item.distribution == "keras"]
    overridden = any(item.overrides for _, item in named)
    lines = []
    for index, condition in named:
        if condition.bare or condition.overrides is not overridden:
            continue
        marker = condition.marker
        if marker and not any(marker in together for together in true_together((marker,), found.python)):
            continue
        admitted = measured_in(condition.alternatives)
        versions = tuple(version for version in admitted if version in releases)
        if versions:
            others = tuple(version for version in admitted if version not in releases)
            lines.append(Admitting(index, condition, versions, others, admits_keras_2(condition.alternatives)))
    return tuple(lines)
