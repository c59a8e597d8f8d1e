"""Versions as objects: those of packaging, distutils and NumPy, and sets of them, on known texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import NONE, Api, Const, Sequence, Value

_LONGEST = 200
_LONGEST_DIGITS = re.compile(r"\d{19}")


@total_ordering
@dataclass(frozen=True, eq=False)
class LooseVersion:
    """A version as distutils compares it, also with texts: digits as numbers, the rest as texts."""

    vstring: str
    version: list[int | str] = field(init=False)

    def __post_init__(self) -> None:
        parts = [part for part in re.split(r"(\d+|[a-z]+|\.)", self.vstring) if part and part != "."]
        object.__setattr__(self, "version", [int(part) if part.isdecimal() else part for part in parts])

    def __hash__(self) -> int:
        return hash(self.vstring)

    def __eq__(self, other: object) -> bool:
        return self.version == _loose(other).version if isinstance(other, (str, LooseVersion)) else False

    def __lt__(self, other: object) -> bool:
        return self.version < _loose(other).version if isinstance(other, (str, LooseVersion)) else NotImplemented


def _loose(value: str | LooseVersion) -> LooseVersion:
    return LooseVersion(value) if isinstance(value, str) else value


@total_ordering
@dataclass(frozen=True, eq=False)
class NumpyVersion:
    """A version as ``numpy.lib.NumpyVersion`` compares it, also with texts."""

    vstring: str

    @property
    def parsed(self) -> Version | None:
        """The version that the text says; None where it is none."""
        try:
            return Version(self.vstring)
        except InvalidVersion:
            return None

    def __hash__(self) -> int:
        return hash(self.vstring)

    def __eq__(self, other: object) -> bool:
        other = NumpyVersion(other) if isinstance(other, str) else other
        return isinstance(other, NumpyVersion) and self.parsed == other.parsed

    def __lt__(self, other: object) -> bool:
        other = NumpyVersion(other) if isinstance(other, str) else other
        if not isinstance(other, NumpyVersion) or self.parsed is None or other.parsed is None:
            return NotImplemented
        return self.parsed < other.parsed


_MAKERS: dict[str, Callable[[str], Hashable]] = {
    "packaging.version.parse": Version,
    "packaging.version.Version": Version,
    "pkg_resources.parse_version": Version,
    "packaging.requirements.Requirement": Requirement,
    "packaging.specifiers.SpecifierSet": SpecifierSet,
    "packaging.specifiers.Specifier": Specifier,
    "distutils.version.LooseVersion": LooseVersion,
    "distutils.version.StrictVersion": LooseVersion,
    "_distutils.version.LooseVersion": LooseVersion,
    "looseversion.LooseVersion": LooseVersion,
    "numpy.lib.NumpyVersion": NumpyVersion,
}
_ATTRIBUTES = frozenset(
    "major minor micro release base_version public local pre post dev epoch is_prerelease is_postrelease is_devrelease"
    " vstring version".split()
)
_MATCHES: dict[str, Callable[[str, str], re.Match[str] | None]] = {
    "re.match": re.match,
    "re.search": re.search,
    "re.fullmatch": re.fullmatch,
}


def maker_of(path: str) -> Callable[[str], Hashable] | None:
    """The function behind a dotted name that makes a version, or a set of versions, of a text; None for all others."""
    return next((made for name, made in _MAKERS.items() if path == name or path.endswith(f".{name}")), None)


def is_of_versions(value: Value) -> bool:
    """True if a value is a version object, or a function that makes one or matches a text."""
    if isinstance(value, Api):
        return maker_of(value.path) is not None or value.path in _MATCHES
    return isinstance(value, Const) and isinstance(
        value.value, (Version, LooseVersion, NumpyVersion, SpecifierSet, Specifier)
    )


def call_maker(api: Api, args: Arguments) -> Value | None:
    """The result of a function that makes a version of a text, or matches one; None where it is not known."""
    texts = [value.value for value in args.positional if isinstance(value, Const) and isinstance(value.value, str)]
    if args.open or args.keywords or len(texts) != len(args.positional):
        return None
    if any(len(text) > _LONGEST or _LONGEST_DIGITS.search(text) for text in texts):
        return None
    if (match := _MATCHES.get(api.path)) is not None and len(texts) == 2:
        return _matched(match, *texts)
    maker = maker_of(api.path)
    if maker is None or len(texts) != 1:
        return Const(SpecifierSet()) if maker is SpecifierSet and not args.positional else None
    try:
        return Const(maker(texts[0]))
    except (InvalidVersion, InvalidSpecifier, InvalidRequirement, ValueError):
        return None


def _matched(match: Callable[[str, str], re.Match[str] | None], pattern: str, text: str) -> Value | None:
    """The groups of a match as a tuple, the whole first; None of Python without a match."""
    if len(text) > 20 or "{" in pattern or "(?" in pattern or re.search(r"[*+]\)?[*+]", pattern):
        return None  # such a pattern may take long
    try:
        found = match(pattern, text)
    except (re.error, OverflowError, RecursionError):
        return None
    return NONE if found is None else Const(_Groups((found[0], *found.groups())))


@dataclass(frozen=True)
class _Groups:
    """The groups of a match."""

    texts: tuple[str | None, ...]


def version_attribute(m: InterpreterCore, value: Const, name: str) -> Value | None:
    """An attribute of a version object; None for its methods and for all else."""
    if isinstance(value.value, Requirement) and name == "specifier":
        return Const(value.value.specifier)
    if not isinstance(value.value, (Version, LooseVersion)) or name not in _ATTRIBUTES:
        return None
    return _as_value(m, getattr(value.value, name, None))


def _as_value(m: InterpreterCore, found: object) -> Value:
    if isinstance(found, (tuple, list)):
        items = [m.constant(part) for part in found]
        return Sequence(tuple(items)) if isinstance(found, tuple) else m.new_list(items)
    return m.constant(found)


def version_method(m: InterpreterCore, receiver: Const, name: str, args: Arguments) -> Value | None:
    """The result of a method of a set of versions, or of a match; None where it is not known."""
    given: Any = args.get(0, "item" if name == "contains" else "")
    if isinstance(receiver.value, (SpecifierSet, Specifier)) and name == "contains" and isinstance(given, Const):
        found = admits(receiver, given)
        return None if found is None else Const(found)
    if isinstance(receiver.value, _Groups) and name in ("group", "groups"):
        texts = receiver.value.texts
        if name == "groups":
            return _as_value(m, texts[1:])
        place = 0 if given is None else given.value if isinstance(given, Const) else None
        return m.constant(texts[place]) if isinstance(place, int) and 0 <= place < len(texts) else None
    return None


def admits(container: Const, item: Const) -> bool | None:
    """True if a set of versions contains a version or text; None where that is not known, and for other values."""
    if not isinstance(container.value, (SpecifierSet, Specifier)) or not isinstance(item.value, (str, Version)):
        return None
    try:
        return container.value.contains(item.value)
    except InvalidVersion:
        return None
