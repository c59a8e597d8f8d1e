"""The ``upgrade`` fix: the smallest edit of a dependency file that leaves bad releases out, proven by re-reading."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from packaging.version import Version

from keraslint.diagnostic import Edit, Position, Span
from keraslint.pins.admitting_lines import Admitting, admitting
from keraslint.pins.interface import ReadResult, Source, VersionCondition
from keraslint.pins.specifier_sets import admits_keras_2, measured_in

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
    globs: True if ``*`` may be added. The caller checks what each result allows.
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


_NAMED = re.compile(
    r"(?<![\w.-])(?P<name>keras)(?:\[[^\]\n]{0,80}\])?[ \t(]{0,20}(?:\\\n[ \t]{0,80})?" + rf"(?P<text>{SPECIFIERS})",
    re.IGNORECASE,
)
_QUOTED = rf"[\"']?\s{{0,20}}[=:]\s{{0,20}}[\"']\s{{0,20}}(?P<text>{SPECIFIERS})\s{{0,20}}[\"']"
_KEYED = re.compile(rf"(?<![\w.-])(?P<name>keras){_QUOTED}", re.IGNORECASE)
_VERSION = re.compile(rf"(?<![\w-])(?P<name>version){_QUOTED}")
_VARIABLE = re.compile(
    r"(?P<name>\b[A-Za-z_]\w{0,80})(?:[ \t]{0,20}[=:][ \t]{0,20}|[ \t]{1,20})[\"']?"
    r"(?P<text>v?\d{1,9}\.\d{1,9}(?:\.\d{1,9}){0,9})[\"']?",
    re.IGNORECASE,
)
# Each try reads the whole file once.
_MOST_TRIES = 24


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a version condition: with its name, and the condition alone; in a variable, or not."""

    span: Span
    edited: Span
    start: int
    end: int
    text: str
    variable: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An edit that leaves bad releases out, what it replaces by what, and the newest release that is then allowed.

    newest: None where only a Keras 2 is left.
    """

    edit: Edit
    before: str
    after: str
    newest: Version | None


def find_upgrade(
    text: str, source: Source, line: Admitting, bad: Sequence[Version], good: Sequence[Version]
) -> Upgrade | None:
    """The edit of a dependency file's ``text`` after which ``line`` allows none of ``bad``; None where none is found.

    text: with line feeds, as ``source`` takes it. good: the releases to go to where nothing else would be left, the
    first is the nearest. The edit changes nothing that the file says but that line (and other lines about a bad
    release that take their version from the same place), and leaves of the allowed releases all but ``bad``. Where an
    installer takes one of ``bad`` by the line, the edit also lifts the bound up to ``good``, for else it would take an
    older release than before; only where that can't be done it does take an older one.
    """
    before = source.read("", text)
    for lift in (True, False) if line.chooses_it else (False,):
        for place in islice(_places(text, line.condition, source), _MOST_TRIES):
            if place.variable and not _only_for_keras(text, place.variable):
                continue
            for written in without(place.text, line.versions, bad, good[0], globs=_globs(text, place, source)):
                after = source.read("", text[: place.start] + written + text[place.end :])
                if _is_right(before, after, line, bad) and _admits(after, line, good, lift=lift):
                    admitted = measured_in(after.conditions[line.index].alternatives)
                    newest = admitted[-1] if admitted else None
                    return Upgrade(Edit(place.edited, written), place.text, written, newest)
    return None


def place_of(text: str, source: Source, condition: VersionCondition) -> Span:
    """The span of a diagnostic about a condition: the name with its versions, else the row."""
    row = max(condition.row, 1)
    lines = text.split("\n")
    here = replace(condition, row=1)
    for place in _places("\n".join(lines[row - 1 : row + 2]), here, source):
        if place.span.start.row == 1 and _says(place.text, condition):
            start, end = place.span.start, place.span.end
            return Span(Position(row, start.column), Position(end.row + row - 1, end.column))
    line = lines[row - 1] if row <= len(lines) else ""
    stripped = line.strip()
    start_column = line.find(stripped) + 1
    return Span(Position(row, start_column), Position(row, start_column + len(stripped)))


def _places(text: str, condition: VersionCondition, source: Source) -> Iterator[Place]:
    """The places where the condition may be written, the likeliest first; reading the file back decides."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for pattern in (_NAMED, _KEYED, _VERSION, _VARIABLE):
        found = []
        for match in pattern.finditer(text):
            if text.startswith("+", match.end("text")) or (
                source.build and source.build.match(text, match.end("text"))
            ):
                continue  # a build belongs to one version
            start = _position(starts, match.start("name"))
            away = start.row - condition.row
            if 0 <= away <= 30 or pattern is _VERSION or (pattern is _VARIABLE and _says(match["text"], condition)):
                variable = match["name"] if pattern is _VARIABLE else ""
                end = _position(starts, match.end("text"))
                span, edited = Span(start, end), Span(_position(starts, match.start("text")), end)
                found.append(
                    (
                        away < 0,
                        abs(away),
                        Place(span, edited, match.start("text"), match.end("text"), match["text"], variable),
                    )
                )
        yield from (place for _, _, place in sorted(found, key=lambda item: item[:2]))


def _only_for_keras(text: str, name: str) -> bool:
    """Return True if a variable is set once, and nothing but a version of Keras is taken from it."""
    used = rf"(?<![\w.-])keras(?:\[[^\]\n]*\])?[ \t]*[<>=!~]+[ \t]*\$?\{{?{name}\b"
    good = {match.end() for match in re.finditer(used, text, re.IGNORECASE)}
    good |= {match.end() for match in re.finditer(rf"^[ \t]*ARG[ \t]+{name}(?=[ \t]*$)", text, re.MULTILINE)}
    every = {match.end() for match in re.finditer(rf"(?<!\w){name}\b", text)}
    return len(every - good) == 1


def _says(text: str, condition: VersionCondition) -> bool:
    """Return True if the condition contains a version in ``text``, too."""
    asked = " ".join(map(str, condition.alternatives))
    return any(re.search(rf"(?<![\d.]){re.escape(number)}", asked) for number in re.findall(r"\d+(?:\.\d+)*", text))


def _is_right(before: ReadResult, after: ReadResult, line: Admitting, bad: Sequence[Version]) -> bool:
    if len(before.conditions) != len(after.conditions) or _rest(before) != _rest(after):
        return False
    concerned = {item.index for item in admitting(before, bad)}
    still = {item.index for item in admitting(after, bad)}
    for index, (old, new) in enumerate(zip(before.conditions, after.conditions, strict=True)):
        if _frame(old) != _frame(new):
            return False
        if old.alternatives != new.alternatives and (index not in concerned or index in still):
            return False
    return line.index not in still and not after.conditions[line.index].bare


def _admits(after: ReadResult, line: Admitting, good: Sequence[Version], *, lift: bool) -> bool:
    """Return True if the line allows what it did except the bad releases, and one of ``good`` where that is needed."""
    alternatives = after.conditions[line.index].alternatives
    admitted = measured_in(alternatives)
    if line.only:
        return bool(admitted) and admitted[0] in good
    if admits_keras_2(alternatives) is not line.older or admitted[: len(line.others)] != line.others:
        return False
    return admitted[-1:] != line.others[-1:] and admitted[-1] in good if lift else admitted == line.others


def _rest(found: ReadResult) -> tuple[object, ...]:
    return found.skipped, found.includes, found.python, found.members


def _frame(condition: VersionCondition) -> tuple[object, ...]:
    """The properties of a condition other than its versions."""
    return condition.distribution, condition.row, condition.marker, condition.group, condition.overrides


def _globs(text: str, place: Place, source: Source) -> bool:
    """Return True if a ``*`` is safe there: an unquoted one in a shell command may become the name of a file."""
    if not source.in_shell:
        return True
    start = text.rfind("\n", 0, place.start) + 1
    end = text.find("\n", place.end)
    before, after = text[start : place.start], text[place.end : end if end >= 0 else len(text)]
    return any(before.count(quote) % 2 == 1 and after.count(quote) % 2 == 1 for quote in "\"'")


def _position(starts: Sequence[int], index: int) -> Position:
    """The position of an index in a text whose lines begin at ``starts``."""
    row = bisect_right(starts, index)
    return Position(row, index - starts[row - 1] + 1)
