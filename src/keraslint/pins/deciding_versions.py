"""The versions that decide how sets of specifiers relate: at or right beside each version that a specifier names.

Between two neighbouring ones no specifier changes its answer. So sets can be compared by asking packaging about these
versions alone, which every packaging from 22 on answers; only the newest ones compare sets themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.limits import poll

_FIRST = "0.dev0"
_LABEL = "keraslint.label.of.no.build"


def deciding_versions(specifiers: Iterable[Specifier]) -> list[str]:
    """The versions that decide about sets of these specifiers.

    Each version that is named counts with its builds, and with what comes right after it: its post-releases, and the
    versions above them that are below every other one that is named.
    """
    named = dict.fromkeys(text for part in specifiers for text in _named(part))
    parsed = {text: version for text in named if (version := _parsed(text)) is not None}
    length = max((len(version.release) for version in parsed.values()), default=0) + 1
    found = dict.fromkeys([_FIRST, *named])
    for version in parsed.values():
        found.update(dict.fromkeys(_beside(version, length)))
    return list(found)


def _named(part: Specifier) -> Iterator[str]:
    """The version in a specifier, and for one about a series of versions the version after the series."""
    text = part.version.removesuffix(".*")
    yield text
    version = _parsed(text)
    series = part.operator == "~=" or part.version.endswith(".*")
    if series and version is not None:
        release = version.release[:-1] if part.operator == "~=" else version.release
        yield f"{version.epoch}!{'.'.join(map(str, (*release[:-1], release[-1] + 1)))}"


def _beside(version: Version, length: int) -> Iterator[str]:
    base, public = version.base_version, version.public
    yield from (f"{base}.dev0", base, f"{base}.post0.dev0", public, f"{public}+{_LABEL}")
    zeros = ".0" * (length - len(version.release))
    yield f"{base}{zeros}.1.dev0"
    if version.dev is not None:
        yield f"{public.rpartition('.dev')[0]}.dev{version.dev + 1}"
    else:
        post = 0 if version.post is None else version.post + 1
        yield f"{public.partition('.post')[0]}.post{post}.dev0"


def takes(specifiers: Iterable[Specifier], version: str) -> bool:
    """Return True if a version, which may be a preview, satisfies all of the specifiers."""
    return all(_takes(str(part), version) for part in specifiers)


def chosen_from(versions: Iterable[Version], specifiers: SpecifierSet) -> list[Version]:
    """Those of the versions that an installer may choose by the specifiers: previews only where they ask for one."""
    try:
        return list(specifiers.filter(versions))
    except InvalidVersion:  # "===head", which no version satisfies: older packaging can't read it
        return []


@lru_cache(maxsize=50_000)
def _takes(part: str, text: str) -> bool:
    poll()
    specifier = Specifier(part)
    if specifier.operator == "===":  # compares texts, and older packaging refuses those that are no versions
        return specifier.version.lower() == text.lower()
    version = _parsed(text)
    return version is not None and specifier.contains(version, prereleases=True)


@lru_cache(maxsize=10_000)
def _parsed(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:  # "===" takes any text
        return None
