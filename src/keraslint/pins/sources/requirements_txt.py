"""requirements.txt and the like: one PEP 508 requirement on each line, and options of pip.

Also what pip and conda print of the packages that are installed, under any name that says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from keraslint.pins.interface import Include, ReadResult, Role, Source, joined
from keraslint.pins.notation.conda_spec import BUILD_IN_LIST, conda_requirement
from keraslint.pins.requirement_line import Line, bare_address, not_a_requirement, required

# The packages in requirements-dev.txt and the like need not be installed where the program runs.
_ASIDE = re.compile(r"dev|test|lint|check|doc|(?<![a-z])ci(?![a-z])", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_INCLUDE = re.compile(r"(?:-r|-c|--requirements?|--constraints?)(?:\s*=\s*|\s*)(?P<path>.*)", re.DOTALL)
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s*=\s*|\s+)(?P<target>.*)", re.DOTALL)
# What pip lets follow a requirement: --hash, --config-settings, --global-option.
_TRAILING_OPTION = re.compile(r"\s--?\w")
_CONDA = re.compile(r"[A-Za-z0-9._-]+=[^=<>~!]")
# The heads of conda's list --export, of conda's list and of pip's list. Their rows are in conda's notation.
_LISTED = {
    "conda list --export": re.compile(r"^# \$ conda create --name", re.MULTILINE),
    "conda list": re.compile(r"^# Name[ \t]+Version\b", re.MULTILINE),
    "pip list": re.compile(r"^Package[ \t]+Version\b", re.MULTILINE),
}
_EXPORTED = re.compile(r"[\w.-]+=[\w.+!-]+=[\w.-]+")
_VERSIONED = re.compile(r"[A-Za-z][\w.-]*(?:\[[^\]]*\])?[ \t]*(?:[=~<>!]=|[<>])")
_BARE = re.compile(r"[A-Za-z][\w.-]*(?:$|[ \t]*@ )|-")


def _read(filename: str, text: str) -> ReadResult:
    """Read the requirements and the included files; lines that are neither are skipped."""
    if listing_command(text) is not None:
        lines = (Line(filename, row, line.strip()) for row, line in enumerate(text.split("\n"), 1))
        return joined(conda_requirement(line, line.text) for line in lines if not line.text.startswith("#"))
    found = joined(requirement_line(Line(filename, row, written), line) for row, written, line in _logical_lines(text))
    return replace(found, runtime=found.runtime and not _ASIDE.search(filename.rpartition("/")[2]))


def listing_command(text: str) -> str | None:
    """The command of conda or pip that printed the text as the list of what is installed; None for another text."""
    if "@EXPLICIT" in text:
        return None
    lines = contents(text)
    if len(lines) > 1 and all(map(_EXPORTED.fullmatch, lines)):
        return "conda list --export"
    return next((command for command, head in _LISTED.items() if head.search(text)), None)


def _read_frozen(filename: str, text: str) -> ReadResult:
    """Read the requirements; nothing unless every line is one, some with a version, or it lists what is installed."""
    lines = contents(text)
    versioned = [line for line in lines if _VERSIONED.match(line)]
    others = (line for line in lines if not _VERSIONED.match(line))
    if (versioned and all(map(_BARE.match, others))) or listing_command(text) is not None:
        return _read(filename, text)
    return ReadResult()


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
        return not_a_requirement(line, requirement) or line.skip(f"pip can't read this conda line: {requirement}")
    return required(line, requirement)


def contents(text: str) -> list[str]:
    """What pip reads of each logical line: all but comments."""
    return [line for _, _, line in _logical_lines(text)]


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
REQUIREMENTS = Source(_read, re.compile(rf"(?!{_CONSTRAINTS}){_NAME}", re.IGNORECASE), build=BUILD_IN_LIST)
CONSTRAINTS = Source(_read, re.compile(rf"(?={_CONSTRAINTS}){_NAME}", re.IGNORECASE), Role.CONSTRAINS)
_LISTS = (
    "pip3?|freezed?|frozen|installed|packages?|pkgs|dep(?:s|endenc(?:y|ies))|environment|env|venv|versions?|libs"
    "|libraries|modules|conda"
)
FROZEN = Source(
    _read_frozen,
    re.compile(rf"(?!{_NAME}$)(?:[^/]*[-_. ])?(?:{_LISTS}|pip3?-?(?:freeze|list))(?:[-_. ][^/]*)?\.txt", re.IGNORECASE),
    build=BUILD_IN_LIST,
)
