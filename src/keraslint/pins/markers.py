"""The platforms and Python versions on which a marker is true: a small grid represents them all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import InvalidSpecifier, SpecifierSet

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


@dataclass(frozen=True, slots=True)
class Platform:
    """One environment to install in: the values of the variables that markers may name."""

    variables: tuple[tuple[str, str], ...]

    @property
    def python(self) -> str:
        """Its full Python version, such as "3.11.0"."""
        return dict(self.variables)["python_full_version"]

    def satisfies(self, marker: str) -> bool:
        """Return True if the marker is true on this platform, or can't be evaluated."""
        try:
            return Marker(marker).evaluate({**dict(self.variables), "extra": ""})
        except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
            return True


def platforms(python: str) -> tuple[Platform, ...]:
    """The platforms that a ``requires-python`` text allows; all of them if it is not valid or allows none."""
    every = tuple(
        _platform(version, micro, system, implementation)
        for version, micro, system, implementation in itertools.product(_PYTHONS, _MICROS, _SYSTEMS, _IMPLEMENTATIONS)
    )
    try:
        declared = SpecifierSet(python)
    except InvalidSpecifier:
        return every
    return tuple(item for item in every if item.python in declared) or every


def true_together(markers: Iterable[str], python: str) -> tuple[frozenset[str], ...]:
    """The distinct sets of these markers that are true at the same time on some platform.

    A marker that is true on no platform of the grid, such as one on a kernel release, is a set by itself: its value
    is not known, so it counts as possible. One that the declared Python versions rule out is in no set.
    """
    distinct = {marker for marker in markers if marker}
    if not distinct:
        return (frozenset(),)
    everywhere = platforms("")
    unknown = {m for m in distinct if not any(platform.satisfies(m) for platform in everywhere)}
    together = {
        frozenset(marker for marker in distinct if platform.satisfies(marker)) for platform in platforms(python)
    }
    together.update(frozenset({marker}) for marker in unknown)
    return tuple(sorted(together, key=sorted))


def _platform(version: str, micro: str, system: tuple[str, str, str, str], implementation: tuple[str, str]) -> Platform:
    full = f"{version}.{micro}"
    names = ("sys_platform", "platform_system", "os_name", "platform_machine")
    variables = dict(zip(names, system, strict=True)) | {
        "implementation_name": implementation[0],
        "implementation_version": full,
        "platform_python_implementation": implementation[1],
        "platform_release": "",
        "platform_version": "",
        "python_full_version": full,
        "python_version": version,
    }
    return Platform(tuple(variables.items()))
