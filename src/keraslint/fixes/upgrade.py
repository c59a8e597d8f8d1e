"""The ``upgrade`` fix: the smallest edit of a dependency file that leaves bad releases out, proven by re-reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from packaging.version import Version

from keraslint.diagnostic import Edit, Position, Span
from keraslint.fixes.version_text import SPECIFIERS, without
from keraslint.pins.admission import admits_keras_2, measured_in
from keraslint.pins.conda import CondaEnvironment
from keraslint.pins.dockerfile import Dockerfile
from keraslint.pins.pinned import Admitting, admitting
from keraslint.pins.source import Condition, Found, Source
from keraslint.pins.workflow import Workflow

_NAMED = re.compile(
    rf"(?<![\w.-])(?P<name>keras)(?:\[[^\]\n]*\])?[ \t]*\(?[ \t]*\\?\n?[ \t]*(?P<text>{SPECIFIERS})", re.IGNORECASE
)
_KEYED = re.compile(rf"(?<![\w.-])(?P<name>keras)[\"']?\s*[=:]\s*[\"'](?P<text>{SPECIFIERS})\s*[\"']", re.IGNORECASE)
_VERSION = re.compile(rf"(?<![\w-])(?P<name>version)[\"']?\s*[=:]\s*[\"'](?P<text>{SPECIFIERS})\s*[\"']")
_VARIABLE = re.compile(
    r"(?P<name>\b[A-Za-z_]\w*)(?:[ \t]*[=:][ \t]*|[ \t]+)[\"']?(?P<text>v?\d+\.\d+(?:\.\d+)*)[\"']?", re.IGNORECASE
)
_BUILD = re.compile(r"=[^=\s]|[ \t]+[\w*]+_[\w*]+")
# Each try reads the whole file once.
_MOST_TRIES = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version condition is written: the whole with its name, and the condition alone."""

    span: Span
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An edit that leaves bad releases out, and what it replaces by what."""

    edit: Edit
    before: str
    after: str


def find_upgrade(
    text: str, source: Source, line: Admitting, bad: Sequence[Version], good: Sequence[Version]
) -> Upgrade | None:
    """The edit of a dependency file's ``text`` after which ``line`` admits none of ``bad``; None where none is found.

    text: with line feeds, as ``source`` takes it. good: the releases to go to where nothing else would be left, the
    first is the nearest. The edit changes nothing that the file says but that line (and other lines about a bad
    release that take their version from the same place), and leaves of the admitted releases all but ``bad``.
    """
    before = source.read("", text)
    for place in islice(_places(text, line.condition, source), _MOST_TRIES):
        for written in without(place.text, line.versions, bad, good[0], globs=_globs(text, place, source)):
            after = source.read("", text[: place.start] + written + text[place.end :])
            if _is_right(before, after, line, bad, good):
                span = Span(_position(text, place.start), _position(text, place.end))
                return Upgrade(Edit(span, written), place.text, written)
    return None


def place_of(text: str, source: Source, condition: Condition) -> Span:
    """Where a diagnostic about a condition belongs: the name with its versions, else the row."""
    for place in _places(text, condition, source):
        if place.span.start.row == condition.row and _says(place.text, condition):
            return place.span
    lines = text.split("\n")
    line = lines[condition.row - 1] if 0 < condition.row <= len(lines) else ""
    stripped = line.strip()
    start = line.find(stripped) + 1
    row = max(condition.row, 1)
    return Span(Position(row, start), Position(row, start + len(stripped)))


def _places(text: str, condition: Condition, source: Source) -> Iterator[Place]:
    """Where the condition may be written, the likeliest first; whether it is, shows when the file is read back."""
    conda = isinstance(source, CondaEnvironment | Dockerfile | Workflow)
    for pattern in (_NAMED, _KEYED, _VERSION, _VARIABLE):
        found = []
        for match in pattern.finditer(text):
            if conda and _BUILD.match(text, match.end("text")):
                continue  # a build belongs to one version
            start = _position(text, match.start("name"))
            away = start.row - condition.row
            if (
                0 <= away <= 30
                or pattern is _VERSION
                or (
                    pattern is _VARIABLE
                    and _says(match["text"], condition)
                    and _only_for_keras(text, match["name"], match.start("name"))
                )
            ):
                span = Span(start, _position(text, match.end("text")))
                found.append((away < 0, abs(away), Place(span, match.start("text"), match.end("text"), match["text"])))
        yield from (place for _, _, place in sorted(found, key=lambda item: item[:2]))


def _only_for_keras(text: str, name: str, assigned: int) -> bool:
    """Whether nothing but a version of Keras is taken from the variable that is set at ``assigned``."""
    used = rf"(?<![\w.-])keras(?:\[[^\]\n]*\])?[ \t]*[<>=!~]+[ \t]*\$?\{{?{name}\b"
    good = {match.end() for match in re.finditer(used, text, re.IGNORECASE)}
    good |= {match.end() for match in re.finditer(rf"^[ \t]*ARG[ \t]+{name}(?=[ \t]*$)", text, re.MULTILINE)}
    every = {match.end() for match in re.finditer(rf"(?<!\w){name}\b", text)}
    return every <= good | {assigned + len(name)}


def _says(text: str, condition: Condition) -> bool:
    """Whether a version in ``text`` stands in the condition, too."""
    asked = " ".join(map(str, condition.alternatives))
    return any(re.search(rf"(?<![\d.]){re.escape(number)}", asked) for number in re.findall(r"\d+(?:\.\d+)*", text))


def _is_right(before: Found, after: Found, line: Admitting, bad: Sequence[Version], good: Sequence[Version]) -> bool:
    if len(before.conditions) != len(after.conditions) or _rest(before) != _rest(after):
        return False
    concerned = {item.index for item in admitting(before, bad)}
    still = {item.index for item in admitting(after, bad)}
    for index, (old, new) in enumerate(zip(before.conditions, after.conditions, strict=True)):
        if _frame(old) != _frame(new):
            return False
        if old.alternatives != new.alternatives and (index not in concerned or index in still):
            return False
    new = after.conditions[line.index]
    if line.index in still or new.bare:
        return False
    admitted = measured_in(new.alternatives)
    if line.only:
        return bool(admitted) and admitted[0] in good
    return admitted == line.others and admits_keras_2(new.alternatives) is line.older


def _rest(found: Found) -> tuple[object, ...]:
    return found.skipped, found.includes, found.python, found.members


def _frame(condition: Condition) -> tuple[object, ...]:
    """All but the versions."""
    return condition.distribution, condition.row, condition.marker, condition.group, condition.overrides


def _globs(text: str, place: Place, source: Source) -> bool:
    """Whether a ``*`` is safe there: an unquoted one in a shell command may become the name of a file."""
    if not isinstance(source, Dockerfile | Workflow):
        return True
    start = text.rfind("\n", 0, place.start) + 1
    end = text.find("\n", place.end)
    before, after = text[start : place.start], text[place.end : end if end >= 0 else len(text)]
    return any(before.count(quote) % 2 == 1 and after.count(quote) % 2 == 1 for quote in "\"'")


def _position(text: str, index: int) -> Position:
    start = text.rfind("\n", 0, index) + 1
    return Position(text.count("\n", 0, start) + 1, index - start + 1)
