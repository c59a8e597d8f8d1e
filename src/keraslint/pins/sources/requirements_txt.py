"""requirements.txt and the like: one PEP 508 requirement on each line, and options of pip."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from keraslint.pins.interface import Include, ReadResult, Role, Source, joined
from keraslint.pins.requirement_line import Line, bare_address, required

# The packages in requirements-dev.txt and the like need not be installed where the program runs.
_ASIDE = re.compile(r"dev|test|lint|check|doc|(?<![a-z])ci(?![a-z])", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_INCLUDE = re.compile(r"(?:-r|-c|--requirements?|--constraints?)(?:\s*=\s*|\s*)(?P<path>.*)", re.DOTALL)
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s*=\s*|\s+)(?P<target>.*)", re.DOTALL)
# What pip lets follow a requirement: --hash, --config-settings, --global-option.
_TRAILING_OPTION = re.compile(r"\s--?\w")
_CONDA = re.compile(r"[A-Za-z0-9._-]+=[^=<>~!]")


def _read(filename: str, text: str) -> ReadResult:
    """Read the requirements and the included files; lines that are neither are skipped."""
    found = joined(requirement_line(Line(filename, row, written), line) for row, written, line in _logical_lines(text))
    return replace(found, runtime=found.runtime and not _ASIDE.search(filename.rpartition("/")[2]))


def requirement_line(line: Line, text: str) -> ReadResult:
    """Read one requirement as pip reads it on a line of a requirements file; ``text`` has no comment."""
    if included := _INCLUDE.fullmatch(text):
        return ReadResult(includes=(Include(included.group("path").strip().strip("\"'"), line.row, line.group),))
    if editable := _EDITABLE.fullmatch(text):
        return bare_address(line, editable.group("target")) or ReadResult()
    if text.startswith("-"):
        return ReadResult()
    requirement = _TRAILING_OPTION.split(text, maxsplit=1)[0].strip()
    if (found := bare_address(line, requirement)) is not None:
        return found
    if _CONDA.match(requirement):
        return line.skip(f"pip can't read this conda line: {requirement}")
    return required(line, requirement)


def _logical_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """First row, first line as written, and the whole without comment, of each logical line that has content.

    As in pip, a backslash at the end joins the next line, and a comment ends the joining.
    """
    parts: list[str] = []
    first, start = "", 0
    for row, line in enumerate(text.split("\n"), 1):
        if not parts:
            first, start = line, row
        comment = line.lstrip().startswith("#")
        if line.endswith("\\") and not comment:
            parts.append(line[:-1])
            continue
        parts.append(f" {line}" if comment else line)
        yield from _content(start, first, parts)
        parts = []
    yield from _content(start, first, parts)


def _content(row: int, first: str, parts: list[str]) -> Iterator[tuple[int, str, str]]:
    line = _COMMENT.sub("", "".join(parts)).strip()
    if line:
        yield row, first.strip().rstrip("\\").rstrip(), line


# Rye writes requirements.lock, in the same notation.
_NAME = (
    r"(?:(?:.*/)?(?:[^/]*[-_. ])?(?:requirements?|reqs?|constraints?)(?:[-_. ][^/]*)?\.(?:txt|in|pip|lock)"
    r"|(?:requirements?|reqs?|constraints?)/[^/]+\.(?:txt|in|pip))"
)
_CONSTRAINTS = r"(?:.*[-_. /])?constraints?(?:[-_. /].*)?\.(?:txt|in|pip)$"
REQUIREMENTS = Source(_read, re.compile(rf"(?!{_CONSTRAINTS}){_NAME}", re.IGNORECASE))
CONSTRAINTS = Source(_read, re.compile(rf"(?={_CONSTRAINTS}){_NAME}", re.IGNORECASE), Role.CONSTRAINS)
