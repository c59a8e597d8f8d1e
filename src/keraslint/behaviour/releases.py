"""The measured Keras releases, the one that a version behaves like, and the groups that route alike."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import groupby

from packaging.version import Version

_PATCHES = {
    "3.0": 6, "3.1": 2, "3.2": 2, "3.3": 4, "3.4": 2, "3.5": 1, "3.6": 1, "3.7": 1, "3.8": 1, "3.9": 3,
    "3.10": 1, "3.11": 4, "3.12": 5, "3.13": 3, "3.14": 2, "3.15": 2,
}  # fmt: skip

MEASURED: tuple[Version, ...] = tuple(
    Version(f"{minor}.{patch}") for minor, patches in _PATCHES.items() for patch in range(patches)
)
"""Every Keras 3 release up to 3.15.1, ascending: each trained the models behind the measured verdicts."""

GROUP_STARTS: tuple[Version, ...] = tuple(
    Version(text) for text in ("3.0.0", "3.0.2", "3.1.0", "3.3.0", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.12.0")
)
"""The first release of each group of measured releases that route alike."""


@cache
def measured(version: Version) -> Version | None:
    """Return the measured release that ``version`` behaves like; None before Keras 3, which never misroutes.

    A pre-, post-, development or local version counts as its release; a release that was never measured counts as
    the last measured one before it.
    """
    release = Version(".".join(map(str, version.release)))
    return max((known for known in MEASURED if known <= release), default=None)


def first_after(versions: Iterable[Version]) -> Version | None:
    """Return the first measured release newer than all of these; None if there is none."""
    last = max(versions)
    return next((known for known in MEASURED if known > last), None)


@cache
def group_start(version: Version) -> Version | None:
    """Return the first release of the group that ``version`` belongs to; None before Keras 3."""
    known = measured(version)
    return None if known is None else max(start for start in GROUP_STARTS if start <= known)


def groups(versions: Iterable[Version]) -> tuple[tuple[Version, ...], ...]:
    """Split the versions, ascending, into runs for which route() returns the same; Keras 2 is left out.

    One route() for the first version of a run holds for all of the run.
    """
    keras_3 = sorted({version for version in versions if measured(version) is not None})
    return tuple(tuple(run) for _, run in groupby(keras_3, key=group_start))
