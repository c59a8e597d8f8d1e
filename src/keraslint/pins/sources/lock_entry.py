"""Entries of lock files: a name, the version chosen for it, and the row that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.pins.interface import ReadResult, joined
from keraslint.pins.notation.toml_text import TomlText
from keraslint.pins.requirement_line import Line, distribution_of, stated


@dataclass(frozen=True, slots=True)
class LockEntry:
    """One locked distribution; ``version`` is the value in the file, of any type, None if there is none."""

    name: str
    version: object
    row: int
    text: str
    marker: str = ""


def locked(filename: str, entries: Iterable[LockEntry], python: str = "") -> ReadResult:
    """The conditions in the entries of one lock file.

    A lock may hold several versions of one distribution, for different platforms or for groups that exclude each
    other: any of them may be installed, so each is a group of its own. A version repeated for every platform counts
    once.
    """
    distinct: dict[tuple[str, object, str], LockEntry] = {}
    for entry in entries:
        if distribution_of(entry.name) is not None:
            distinct.setdefault((entry.name, str(entry.version), entry.marker), entry)
    named = list(distinct.values())
    times = Counter(distribution_of(entry.name) for entry in named)
    several = {name for name, count in times.items() if count > 1}
    return joined(
        (
            *(_of_entry(filename, entry, distribution_of(entry.name) in several) for entry in named),
            ReadResult(python=python),
        )
    )


def packages(document: TomlText, key: str, markers: str) -> Iterator[LockEntry]:
    """The entries of ``[[package]]`` tables; ``markers`` is the key under which each holds its marker."""
    tables = document.data.get(key)
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, dict) and isinstance(name := table.get("name"), str):
            row = document.row(key, index, "version" if "version" in table else "name")
            marker = _any_of(table.get(markers))
            yield LockEntry(name, table.get("version"), row, document.line(row), marker)


def _any_of(value: Any) -> str:
    """A marker text, or a list of them joined by "or", as one marker; "" if one of them is empty."""
    found = value.values() if isinstance(value, dict) else value if isinstance(value, Sequence) else ()
    texts = [value] if isinstance(value, str) else [item for item in found if isinstance(item, str)]
    return " or ".join(f"({text})" for text in texts) if all(texts) else ""


def _of_entry(filename: str, entry: LockEntry, several: bool) -> ReadResult:
    line = Line(filename, entry.row, entry.text, f"{entry.name} {entry.version}" if several else "")
    if not isinstance(entry.version, str):
        return line.skip("the entry has no version")
    try:
        specifiers = SpecifierSet(f"=={Version(entry.version)}")
    except InvalidVersion:
        return line.skip(f"not a version: {entry.version!r}")
    return stated(line, entry.name, (specifiers,), entry.marker)
