"""The platforms and Python versions on which a marker is true: a small grid represents them all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion

_PYTHONS = ("2.7", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
# A condition on the micro version splits a series: its first and its last release represent both parts.
_MICROS = ("0", "99")
_SYSTEMS = (
    ("linux", "Linux", "posix", "x86_64"),
    ("linux", "Linux", "posix", "aarch64"),
    ("darwin", "Darwin", "posix", "x86_64"),
    ("darwin", "Darwin", "posix", "arm64"),
    ("win32", "Windows", "nt", "AMD64"),
)
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"))


def true_together(markers: Iterable[str], python: str) -> tuple[frozenset[str], ...]:
    """The distinct sets of these markers that are true at the same time on some platform.

    A marker that is true on no platform of the grid, such as one on a kernel release, is a set by itself: its value
    is not known, so it counts as possible. One that the declared Python versions rule out is in no set.
    """
    distinct = {marker for marker in markers if marker}
    if not distinct:
        return (frozenset(),)
    every = [_platform(*parts) for parts in itertools.product(_PYTHONS, _MICROS, _SYSTEMS, _IMPLEMENTATIONS)]
    unknown = {marker for marker in distinct if not any(_is_true(marker, platform) for platform in every)}
    together = {
        frozenset(marker for marker in distinct if _is_true(marker, platform)) for platform in _allowed(every, python)
    }
    together.update(frozenset({marker}) for marker in unknown)
    return tuple(sorted(together, key=sorted))


def _allowed(platforms: list[dict[str, str]], python: str) -> list[dict[str, str]]:
    """The platforms that a ``requires-python`` text allows; all of them if it is not valid or allows none."""
    try:
        declared = SpecifierSet(python)
    except InvalidSpecifier:
        return platforms
    try:
        return [item for item in platforms if item["python_full_version"] in declared] or platforms
    except InvalidVersion:  # "===3.x", which older packaging can't read
        return platforms


def _is_true(marker: str, platform: dict[str, str]) -> bool:
    """Return True if the marker is true on this platform, or can't be evaluated."""
    try:
        return Marker(marker).evaluate({**platform})
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
        return True
    except InvalidVersion:  # older packaging reads the release of a kernel as a version, which is "" here
        return False


def _platform(
    version: str, micro: str, system: tuple[str, str, str, str], implementation: tuple[str, str]
) -> dict[str, str]:
    """One environment to install in: the values of the variables that markers may name."""
    full = f"{version}.{micro}"
    names = ("sys_platform", "platform_system", "os_name", "platform_machine")
    return dict(zip(names, system, strict=True)) | {
        "implementation_name": implementation[0],
        "implementation_version": full,
        "platform_python_implementation": implementation[1],
        "platform_release": "",
        "platform_version": "",
        "python_full_version": full,
        "python_version": version,
        "extra": "",
    }
