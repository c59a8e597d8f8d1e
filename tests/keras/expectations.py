"""Reads what the training programs in ``tests/programs/`` say of themselves, in comments beside the lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .releases import RELEASES

PROGRAMS = tuple(sorted(Path(__file__).parents[1].joinpath("programs").glob("*.py")))

_COMMENT = re.compile(r"# expect(?:\[(?P<releases>[^]]*)\])?: (?P<code>KER\d{3})(?P<unmended> without fix)?$")


@dataclass(frozen=True)
class Expectation:
    """A diagnostic that starts on ``row``, on some releases.

    ``fixable``: there is a fix for it.
    """

    row: int
    code: str
    releases: tuple[str, ...]
    fixable: bool


def read_expectations(text: str) -> tuple[Expectation, ...]:
    """The expectations in a program. Raises ValueError for a comment that looks like one and is none."""
    found = []
    for row, line in enumerate(text.splitlines(), start=1):
        if "# expect" not in line:
            continue
        match = _COMMENT.search(line)
        if match is None:
            raise ValueError(f"row {row}: not an expectation: {line.strip()}")
        releases = _releases(match["releases"]) if match["releases"] is not None else RELEASES
        found.append(Expectation(row, match["code"], releases, match["unmended"] is None))
    return tuple(found)


def is_unseen(text: str, rows: range) -> bool:
    """True if one of the rows says with ``# unseen`` that the analysis does not follow what decides there."""
    lines = text.splitlines()
    return any(lines[row - 1].endswith("# unseen") for row in rows)


def _releases(text: str) -> tuple[str, ...]:
    """The releases under test that "3.5.0, 3.6.0" or "3.7.0+" (that one and all later ones) stands for."""
    chosen: list[str] = []
    for part in text.split(","):
        release = part.strip().removesuffix("+")
        if release not in RELEASES:
            raise ValueError(f"{release!r} is no release under test: {', '.join(RELEASES)}")
        first = RELEASES.index(release)
        chosen += RELEASES[first:] if part.strip().endswith("+") else (release,)
    return tuple(chosen)
