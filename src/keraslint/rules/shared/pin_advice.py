"""advise(): what to write instead of a line of a dependency file that admits known bad releases, and the fix."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from packaging.version import Version

from keraslint.behaviour.known_bad import known_bad, newer_than
from keraslint.diagnostic import Applicability, Fix, Span
from keraslint.fixes.upgrade import find_upgrade, place_of
from keraslint.pins.admitting_lines import Admitting
from keraslint.pins.combine import Statement
from keraslint.pins.gather import Gathered
from keraslint.pins.interface import ReadResult, Role, Source
from keraslint.pins.relock import is_made_from, relocking
from keraslint.pins.specifier_sets import as_text, measured_in
from keraslint.pins.tensorflow import keras_of
from keraslint.words import listed


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The context of a dependency file: what the verdict on it depends on besides the file itself.

    callers: by row of the file the codes of the findings in the source that name the row as their evidence.
    files: gives the files of its project; asked only where a line is to be reported.
    newest: gives the Keras that a fresh install of the project takes, None where that is unknown; asked only where a
        line takes a known bad one by itself.
    """

    callers: Mapping[int, Sequence[str]]
    files: Callable[[], Sequence[Gathered]]
    newest: Callable[[], Version | None]


@dataclass(frozen=True, slots=True)
class Advised:
    """The place of a line in a dependency file, what to do instead, and the edit that does it, where there is one."""

    span: Span
    instead: str
    fix: Fix | None


def advise(
    path: str, text: str, source: Source, read: ReadResult, line: Admitting, surroundings: Surroundings
) -> Advised:
    """Say what to do about a line that admits known bad releases, in a file with this text, read from this source."""
    name = posixpath.basename(path.replace("\\", "/"))
    command = relocking(name, text)
    instead, fix = _relock_advice(command or "", name, text, surroundings), None
    if command is None:
        statements = [Statement(path, item) for item in read.conditions if item.distribution != "keras"]
        others = [item for file in surroundings.files() for item in file.statements]
        statements += [item for item in others if item.condition.distribution != "keras"]
        good, forbids = _allowed(line, statements)
        if not good:
            instead = f"upgrade TensorFlow first, {forbids} admits no keras>={_minor(newer_than(known_bad()))}"
        elif source.role is Role.LOCKS or _hashed(text, line):
            instead = f"lock keras>={_minor(good)}"
        else:
            instead, fix = _upgrade(text, source, line, good)
    return Advised(place_of(text, source, line.condition), instead, fix)


def _relock_advice(command: str, name: str, text: str, surroundings: Surroundings) -> str:
    """Say how to make a lock file anew: by ``command``, once no line of the project keeps good releases out of it."""
    good = newer_than(known_bad())
    lines = [
        statement
        for file in surroundings.files()
        if is_made_from(name, text, file.path.name)
        for statement in file.statements
        if statement.condition.distribution == "keras" and not statement.condition.bare
    ]
    if overriding := [statement for statement in lines if statement.condition.overrides]:
        lines = overriding
    keeping = [
        f"keras{as_text(statement.condition.alternatives)} ({statement.filename}:{statement.condition.row})"
        for statement in lines
        if not set(measured_in(statement.condition.alternatives)) & set(good)
    ]
    if not keeping:
        return f"run {command}"
    return f"first let {listed(dict.fromkeys(keeping))} admit {_minor(good)}, then run {command}"


def _upgrade(text: str, source: Source, line: Admitting, good: Sequence[Version]) -> tuple[str, Fix | None]:
    upgrade = find_upgrade(text, source, line, known_bad(), good)
    if upgrade is None:
        return f"use keras>={_minor(good)}", None
    newest = "Keras 2" if upgrade.newest is None else f"Keras {upgrade.newest}"
    why = "" if upgrade.newest == line.newest else f" (unsafe: {newest} is taken instead of {line.newest})"
    said = f"Replace `{upgrade.before}` by `{upgrade.after}`{why}"
    older = upgrade.newest is None or upgrade.newest < line.newest
    loses = f", with which a fresh install takes the older {newest}" if older else ""
    fix = Fix("upgrade", Applicability.UNSAFE, said, (upgrade.edit,))
    return f"write `{upgrade.after}` instead of `{upgrade.before}`{loses}", fix


def _allowed(line: Admitting, statements: Sequence[Statement]) -> tuple[tuple[Version, ...], str]:
    """The good releases that every TensorFlow in ``statements`` admits, or none and the statement that forbids them."""
    good = newer_than(known_bad())
    for statement in statements:
        condition = statement.condition
        if condition.group not in ("", line.condition.group) or condition.bare:
            continue
        brought = keras_of(condition.distribution, condition.alternatives)
        admitted = set(measured_in(brought)) if brought else set(good)
        left = tuple(version for version in good if version in admitted)
        if not left:
            evidence = statement.evidence
            return (), f"{evidence.text} ({evidence.filename}:{evidence.row})"
        good = left
    return good, ""


def _hashed(text: str, line: Admitting) -> bool:
    """Return True if the line goes on with the hashes of one release's files."""
    rows = text.split("\n")[line.condition.row - 1 :]
    for row in rows:
        if "--hash" in row:
            return True
        if not row.rstrip().endswith("\\"):
            return False
    return False


def _minor(versions: Sequence[Version]) -> str:
    return f"{versions[0].major}.{versions[0].minor}"
