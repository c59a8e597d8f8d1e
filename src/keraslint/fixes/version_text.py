"""Version conditions as they are written, in any tool's notation, rewritten to leave releases out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from packaging.version import Version

# All repetition is bounded: on some files nested repetition would never end.
_BLANK = r"[ \t]{0,20}"
_SUFFIX = r"(?:[-_.]?(?:alpha|beta|preview|pre|post|rev|dev|rc|[abcr])\.?\d{0,9}){0,4}"
_PART = rf"(?:===|==|~=|!=|<=|>=|[=<>^~])?{_BLANK}v?\d{{1,9}}(?:!\d{{1,9}})?(?:\.\d{{1,9}}){{0,9}}{_SUFFIX}(?:\.?\*)?"
SPECIFIERS = rf"{_PART}(?:{_BLANK}(?:,|\|\|?){_BLANK}{_PART}|[ \t]{{1,20}}(?=[<>=!~^]){_PART}){{0,20}}"
"""An expression for one or several conditions: ``>=3.4,<4`` (PEP 440), ``^3.4 || ~3.6`` (Poetry), ``3.5.*`` (conda)."""

_ONE = re.compile(
    rf"(?P<operator>===|==|~=|!=|<=|>=|[=<>^~]|)(?P<blank>{_BLANK})(?P<v>v?)(?P<release>\d{{1,9}}(?:\.\d{{1,9}}){{0,9}})"
    rf"(?P<suffix>{_SUFFIX})(?P<wild>(?:\.?\*)?)"
)
_LOWER = ("", "=", "==", "===", "~=", "~", "^", ">=")


def without(
    text: str, admitted: Sequence[Version], bad: Sequence[Version], good: Version, *, globs: bool = True
) -> Iterator[str]:
    """The texts that replace ``text`` so that its conditions exclude ``bad``, the smallest change first.

    admitted: those of ``bad`` that the conditions take. good: the release to go to where nothing else is left.
    globs: True if ``*`` may be added. The caller checks what each result admits.
    """
    raised = _raised(text, bad, good)
    if raised != text:
        yield raised
    yield _excluding(text, admitted, globs=globs)
    higher = _higher(raised, good)
    if higher != raised:
        yield higher
        yield _excluding(higher, admitted, globs=globs)
        yield _excluding(higher, bad, globs=globs)


def _raised(text: str, bad: Sequence[Version], good: Version) -> str:
    """Lower bounds and pins among the bad releases moved to the good one: ``~=3.5.0`` → ``~=3.7.0``."""
    series = {version.release[:2] for version in bad}

    def one(match: re.Match[str]) -> str:
        release = _release(match)
        if match.group("operator") not in _LOWER or release[:2] not in series:
            return match.group()
        return _written(match, good.release)

    branches = re.split(r"(\s*\|\|?\s*)", _ONE.sub(one, text))
    return branches[0] if len(branches) > 1 and len(set(branches[::2])) == 1 else "".join(branches)


def _higher(text: str, good: Version) -> str:
    """Upper bounds that leave the good release out, moved just above it: ``<3.7`` → ``<3.8``."""

    def one(match: re.Match[str]) -> str:
        operator, release = match.group("operator"), Version(match.group("release"))
        if operator == "<" and release <= good:
            return _written(match, (good.release[0], good.release[1] + 1))
        if operator == "<=" and release < good:
            return _written(match, good.release)
        return match.group()

    return _ONE.sub(one, text)


def _excluding(text: str, bad: Sequence[Version], *, globs: bool) -> str:
    """The bad releases excluded in each branch: ``>=3.4`` → ``>=3.4,!=3.5.*,!=3.6.*``."""
    comma = ", " if ", " in text else ","
    excluded = [f"!={version.major}.{version.minor}.*" if globs else f"!={version}" for version in bad]
    branches = re.split(r"(\s*\|\|?\s*)", text)
    branches[::2] = [comma.join([branch.rstrip(), *excluded]) for branch in branches[::2]]
    return "".join(branches)


def _release(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(part) for part in match.group("release").split("."))


def _written(match: re.Match[str], release: Sequence[int]) -> str:
    """The match with another release, as many parts of it as were written."""
    count = len(_release(match))
    parts = (*release, 0, 0)[:count] if count > 1 else tuple(release[:2])
    number = ".".join(map(str, parts))
    return f"{match.group('operator')}{match.group('blank')}{match.group('v')}{number}{match.group('wild')}"
