"""Entries of lock files: a name, the one version chosen, and where that stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.pins.releases import Skipped
from keraslint.pins.source import ANY, Condition, Found, distribution_of, is_nightly
from keraslint.pins.toml_text import TomlText


@dataclass(frozen=True, slots=True)
class Entry:
    """One locked distribution; ``version`` is whatever the file holds there, None where it holds nothing."""

    name: str
    version: object
    row: int
    text: str
    marker: str = ""


def locked(filename: str, entries: Iterable[Entry], python: str = "") -> Found:
    """The conditions in the entries of one lock file.

    A lock may hold several versions of one distribution, for different machines or for groups that exclude
    each other: any of them may be installed, so each is a group of its own.
    """
    named = [entry for entry in entries if distribution_of(entry.name) is not None]
    times = Counter(distribution_of(entry.name) for entry in named)
    conditions: list[Condition] = []
    skipped: list[Skipped] = []
    for entry in named:
        distribution = distribution_of(entry.name)
        assert distribution is not None
        specifiers = _exactly(entry)
        if isinstance(specifiers, str):
            skipped.append(Skipped(filename, entry.row, specifiers))
            specifiers = ANY
        group = f"{distribution} {entry.version}" if times[distribution] > 1 else ""
        conditions.append(Condition(distribution, (specifiers,), entry.row, entry.text, entry.marker, group))
    return Found(tuple(conditions), tuple(skipped), python=python)


def packages(document: TomlText, key: str, markers: str) -> Iterator[Entry]:
    """The entries of ``[[package]]`` tables; ``markers`` is the key under which each holds its marker."""
    tables = document.data.get(key)
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, dict) and isinstance(name := table.get("name"), str):
            row = document.row(key, index, "version" if "version" in table else "name")
            marker = _any_of(table.get(markers))
            yield Entry(name, table.get("version"), row, document.line(row), marker)


def text_at(table: object, *keys: str) -> str:
    """The text under nested keys, "" where there is none."""
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) else None
    return table if isinstance(table, str) else ""


def _any_of(value: Any) -> str:
    """A marker text, or several of which any may hold, as one marker; "" where one of them is always met."""
    found = value.values() if isinstance(value, dict) else value if isinstance(value, Sequence) else ()
    texts = [value] if isinstance(value, str) else [item for item in found if isinstance(item, str)]
    return " or ".join(f"({text})" for text in texts) if all(texts) else ""


def _exactly(entry: Entry) -> SpecifierSet | str:
    """The set of the one version, or why it can't be told."""
    if is_nightly(entry.name):
        return f"{entry.name} is a nightly build: which releases it is like is not known"
    if not isinstance(entry.version, str):
        return "the entry has no version"
    try:
        return SpecifierSet(f"=={Version(entry.version)}")
    except InvalidVersion:
        return f"no version: {entry.version!r}"
