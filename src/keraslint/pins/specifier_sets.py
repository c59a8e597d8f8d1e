"""Unions and intersections of specifier sets, and the measured releases that they allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.behaviour.releases import MEASURED
from keraslint.limits import OutOfTime, poll
from keraslint.pins.deciding_versions import chosen_from, deciding_versions, takes

KERAS_2 = SpecifierSet("<3.0.0.dev0")
# Nothing newer than the newest release is measured: later releases are assumed to behave as it does.
_LATER = SpecifierSet(f">{MEASURED[-1]},<1!0.dev0")
# More than that are not compared, which takes the square of their number.
_MOST_PARTS = 200
# The order in which a person writes the parts of a range.
_ORDER = {"===": 0, "==": 1, "~=": 2, ">=": 3, ">": 4, "<": 5, "<=": 6, "!=": 7}


def intersect(left: Sequence[SpecifierSet], right: Sequence[SpecifierSet]) -> tuple[SpecifierSet, ...]:
    """The sets of versions that satisfy both sides, simplified; empty if the sides contradict each other."""
    both = (_simplified(one & other) for one in left for other in right)
    return unite(item for item in both if _satisfiable(item))


def unite(alternatives: Iterable[SpecifierSet]) -> tuple[SpecifierSet, ...]:
    """The sets in their order, without those that another one covers."""
    kept: list[SpecifierSet] = []
    for item in alternatives:
        poll()
        if any(_covers(other, item) for other in kept):
            continue
        kept = [other for other in kept if not _covers(item, other)] + [item]
    return tuple(kept)


def disjoint(left: Iterable[SpecifierSet], right: Iterable[SpecifierSet]) -> bool:
    """Return True if no version satisfies both sides."""
    lefts, rights = tuple(left), tuple(right)
    return not any(
        takes(one, version) and takes(other, version)
        for one in lefts
        for other in rights
        for version in deciding_versions((*one, *other))
    )


def is_exact(specifiers: SpecifierSet) -> bool:
    """Return True if the set names a single release: ``==3.5.0`` or ``===3.5.0``, not ``==3.5.*``."""
    return any(
        item.operator == "===" or (item.operator == "==" and not item.version.endswith(".*")) for item in specifiers
    )


def as_text(alternatives: Sequence[SpecifierSet]) -> str:
    """The sets as a person would write them, joined with " or "."""
    written = (sorted(item, key=lambda part: (_ORDER[part.operator], str(part))) for item in alternatives)
    return " or ".join(",".join(map(str, parts)) for parts in written)


def measured_in(alternatives: Sequence[SpecifierSet]) -> tuple[Version, ...]:
    """The measured releases that are allowed, ascending.

    If only newer releases are allowed, the newest measured one represents them. A pin to a rebuilt release
    (``==3.5.0+computecanada``, ``==3.5.0.post1``) allows the release that it is built from.
    """
    admitted = {version for item in alternatives for version in chosen_from(MEASURED, item)}
    admitted.update(version for item in alternatives for version in _rebuilt(item))
    if not admitted and admits_later(alternatives):
        return MEASURED[-1:]
    return tuple(sorted(admitted))


def _rebuilt(specifiers: SpecifierSet) -> Iterator[Version]:
    """The measured releases whose local or post-release the set pins: by PEP 440 they have the same code."""
    for item in specifiers:
        try:
            pinned = Version(item.version) if item.operator in ("==", "===") else None
        except InvalidVersion:  # a wildcard, or a version that is valid only after "==="
            continue
        if pinned is None or pinned.is_prerelease or not (pinned.local or pinned.is_postrelease):
            continue
        if takes(specifiers, str(pinned)):
            yield from (version for version in MEASURED if version == Version(pinned.base_version))


def admits_keras_2(alternatives: Iterable[SpecifierSet]) -> bool:
    """Return True if a Keras 2 or older is allowed."""
    return not disjoint(alternatives, (KERAS_2,))


def admits_later(alternatives: Iterable[SpecifierSet]) -> bool:
    """Return True if a release newer than every measured one is allowed."""
    return not disjoint(alternatives, (_LATER,))


def _simplified(specifiers: SpecifierSet) -> SpecifierSet:
    parts = list(specifiers)
    if len(parts) > _MOST_PARTS:
        raise OutOfTime
    for part in tuple(parts):
        poll()
        rest = [other for other in parts if other is not part]
        if rest and _covers(_with_previews(part), _joined(rest)):
            parts = rest
    return _joined(parts)


def _with_previews(part: Specifier) -> SpecifierSet:
    """The part, with the previews of its version for ``>=``: ``>=3.5`` is then implied by ``==3.5.*``."""
    preview = part.operator == ">=" and not Version(part.version).is_prerelease
    return SpecifierSet(f"{part}.dev0" if preview else str(part))


def _joined(parts: Iterable[Specifier]) -> SpecifierSet:
    return SpecifierSet(",".join(str(part) for part in parts))


def _covers(outer: SpecifierSet, inner: SpecifierSet) -> bool:
    return all(takes(outer, version) for version in deciding_versions((*outer, *inner)) if takes(inner, version))


def _satisfiable(specifiers: SpecifierSet) -> bool:
    return any(takes(specifiers, version) for version in deciding_versions(specifiers))
