"""requirements.txt and its kin: PEP 508 requirements, one a line, with pip's options around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement

from keraslint.pins.releases import Skipped
from keraslint.pins.source import ANY, Condition, Found, Include, from_requirement, specifier_of_url

_NAME = re.compile(
    r"(?:.*[-_. ])?(?:requirements?|reqs?|constraints?)(?:[-_. ].*)?\.(?:txt|in|pip)", re.IGNORECASE
)
_IN_FOLDER = re.compile(r"(?:requirements?|reqs?|constraints?)/[^/]+\.(?:txt|in|pip)", re.IGNORECASE)
_CONSTRAINTS = re.compile(r"(?:.*[-_. /])?constraints?(?:[-_. /].*)?\.(?:txt|in|pip)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
_INCLUDE = re.compile(r"(?:-r|-c|--requirements?|--constraints?)(?:\s*=\s*|\s*)(?P<path>.*)", re.DOTALL)
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s*=\s*|\s+)(?P<target>.*)", re.DOTALL)
# What pip lets follow a requirement: --hash, --config-settings, --global-option.
_TRAILING_OPTION = re.compile(r"\s--?\w")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.]*:|\.{0,2}/|\.$|\.\[|[a-z]:\\)|[^\s=<>~!;@\[]*[/\\]", re.IGNORECASE)
_PROJECT_IN_ADDRESS = re.compile(
    r"(?:egg=|/)(?P<name>keras|tensorflow(?:[-_](?:cpu|gpu|intel|macos))?)(?=[-@#&.\[]\S*$|/?$|\.git|/archive/)"
)
_CONDA = re.compile(r"[A-Za-z0-9._-]+=[^=<>~!]")


@dataclass(frozen=True)
class RequirementsFile:
    """Reads pip's requirements and constraints files."""

    locks: bool = field(default=False, init=False)
    constrains: bool = False

    def claims(self, name: str) -> bool:
        """Whether a file of this name is one by custom; a constraints file only for the reader of those."""
        if not (_NAME.fullmatch(name.rpartition("/")[2]) or _IN_FOLDER.fullmatch(name)):
            return False
        return bool(_CONSTRAINTS.fullmatch(name)) is self.constrains

    def read(self, filename: str, text: str) -> Found:
        """The requirements, the files included, and the lines that are neither."""
        conditions: list[Condition] = []
        skipped: list[Skipped] = []
        includes: list[Include] = []
        for row, written, line in _logical_lines(text):
            if included := _INCLUDE.fullmatch(line):
                includes.append(Include(included.group("path").strip().strip("\"'"), row))
            elif editable := _EDITABLE.fullmatch(line):
                _add(conditions, skipped, _of_address(filename, editable.group("target"), row, written))
            elif not line.startswith("-"):
                _add(conditions, skipped, _of_line(filename, line, row, written))
        return Found(tuple(conditions), tuple(skipped), tuple(includes))


def requirement_condition(
    filename: str, line: str, row: int, written: str, *, group: str = ""
) -> tuple[Condition | None, Skipped | None]:
    """What one PEP 508 requirement says; a Skipped where it is none."""
    try:
        requirement = Requirement(line)
    except InvalidRequirement as error:
        return None, Skipped(filename, row, f"no requirement: {_first_line(error)}")
    return from_requirement(filename, requirement, row, written, group=group)


def _of_line(filename: str, line: str, row: int, written: str) -> tuple[Condition | None, Skipped | None]:
    requirement = _TRAILING_OPTION.split(line, maxsplit=1)[0].strip()
    if _ADDRESS.match(requirement):
        return _of_address(filename, requirement, row, written)
    if _CONDA.match(requirement):
        return None, Skipped(filename, row, f"pip can't read this conda line: {requirement}")
    return requirement_condition(filename, requirement, row, written)


def _of_address(
    filename: str, address: str, row: int, written: str
) -> tuple[Condition | None, Skipped | None]:
    """A path, a URL or a version-control address without "name @" before it."""
    named = _PROJECT_IN_ADDRESS.search(address.partition(";")[0].strip())
    if named is None:
        return None, None
    specifiers = specifier_of_url(address.partition(";")[0].strip())
    condition = Condition(named.group("name").replace("_", "-"), (specifiers,), row, written)
    return condition, Skipped(filename, row, "the address names no release") if specifiers == ANY else None


def _add(
    conditions: list[Condition], skipped: list[Skipped], item: tuple[Condition | None, Skipped | None]
) -> None:
    condition, skip = item
    if condition is not None:
        conditions.append(condition)
    if skip is not None:
        skipped.append(skip)


def _logical_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """First row, first line as written, and the whole without comment, for each line that has content.

    As pip does: a backslash at the end joins the next line on, and a comment ends the joining.
    """
    parts: list[str] = []
    first, start = "", 0
    for row, line in enumerate(text.split("\n"), 1):
        if not parts:
            first, start = line, row
        comment = _COMMENT.match(line) is not None
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


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
