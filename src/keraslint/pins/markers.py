"""Under which machines and Python versions a marker holds: a small grid of them stands for all."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.specifiers import InvalidSpecifier, SpecifierSet

_PYTHONS = ("2.7", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
# A condition on the micro version splits a series: its first and its last release stand for both parts.
_MICROS = ("0", "99")
_MACHINES = (
    ("linux", "Linux", "posix", "x86_64"),
    ("linux", "Linux", "posix", "aarch64"),
    ("darwin", "Darwin", "posix", "x86_64"),
    ("darwin", "Darwin", "posix", "arm64"),
    ("win32", "Windows", "nt", "AMD64"),
)
_IMPLEMENTATIONS = (("cpython", "CPython"), ("pypy", "PyPy"))


@dataclass(frozen=True, slots=True)
class Machine:
    """One environment to install in, by the names that markers use."""

    variables: tuple[tuple[str, str], ...]

    @property
    def python(self) -> str:
        """Its Python version in full."""
        return dict(self.variables)["python_full_version"]

    def satisfies(self, marker: str) -> bool:
        """Whether the marker holds here; one that can't be evaluated holds everywhere."""
        try:
            return Marker(marker).evaluate({**dict(self.variables), "extra": ""})
        except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
            return True


def machines(python: str) -> tuple[Machine, ...]:
    """The environments that a ``requires-python`` text allows; all of them where it decides nothing."""
    every = tuple(
        _machine(version, micro, machine, implementation)
        for version, micro, machine, implementation in itertools.product(_PYTHONS, _MICROS, _MACHINES, _IMPLEMENTATIONS)
    )
    try:
        declared = SpecifierSet(python)
    except InvalidSpecifier:
        return every
    return tuple(item for item in every if item.python in declared) or every


def held_together(markers: Iterable[str], python: str) -> tuple[frozenset[str], ...]:
    """The distinct sets of these markers that hold at the same time in some environment.

    A marker that never holds on any machine of the grid, such as one on a kernel release, is a set by itself:
    it is not known, so it counts. One that the declared Python versions rule out is in none.
    """
    distinct = {marker for marker in markers if marker}
    if not distinct:
        return (frozenset(),)
    everywhere = machines("")
    unknown = {m for m in distinct if not any(machine.satisfies(m) for machine in everywhere)}
    together = {frozenset(marker for marker in distinct if machine.satisfies(marker)) for machine in machines(python)}
    together.update(frozenset({marker}) for marker in unknown)
    return tuple(sorted(together, key=sorted))


def _machine(version: str, micro: str, machine: tuple[str, str, str, str], implementation: tuple[str, str]) -> Machine:
    full = f"{version}.{micro}"
    names = ("sys_platform", "platform_system", "os_name", "platform_machine")
    variables = dict(zip(names, machine, strict=True)) | {
        "implementation_name": implementation[0],
        "implementation_version": full,
        "platform_python_implementation": implementation[1],
        "platform_release": "",
        "platform_version": "",
        "python_full_version": full,
        "python_version": version,
    }
    return Machine(tuple(variables.items()))
