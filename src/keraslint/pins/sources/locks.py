"""Lock files: their entries, and those in TOML: uv.lock, poetry.lock, pdm.lock and pylock.toml (PEP 751)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.pins.interface import ReadResult, Role, Source, joined
from keraslint.pins.notation.toml_text import TomlText, list_at, read_toml, text_at
from keraslint.pins.requirement_line import Line, distribution_of, stated
from keraslint.pins.sources.poetry import declared_python


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
    for index, table in enumerate(list_at(document.data, key)):
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


def _read_toml_lock(
    tables: str, marker: str, python: Callable[[TomlText], str], filename: str, text: str
) -> ReadResult:
    """Read the locked Keras and TensorFlow from an array of tables, each with a name, a version and perhaps a marker.

    tables, marker: the keys of the array and of the marker in a table. python: returns the Python versions that a
    document declares. Of several versions of one distribution, any may be installed.
    """
    if "keras" not in text and "tensorflow" not in text:
        return ReadResult()
    return read_toml(
        lambda document: locked(filename, packages(document, tables, marker), python(document)), filename, text
    )


def _python_of_uv(document: TomlText) -> str:
    return text_at(document.data, "requires-python")


def _python_of_poetry(document: TomlText) -> str:
    return declared_python(text_at(document.data, "metadata", "python-versions"))


def _python_of_pdm(document: TomlText) -> str:
    declared = {text_at(item, "requires_python") for item in list_at(document.data, "metadata", "targets")}
    return declared.pop() if len(declared) == 1 else ""


def _toml_lock(name: str | re.Pattern[str], tables: str, marker: str, python: Callable[[TomlText], str]) -> Source:
    return Source(partial(_read_toml_lock, tables, marker, python), name, Role.LOCKS)


UV_LOCK = _toml_lock("uv.lock", "package", "resolution-markers", _python_of_uv)
TOML_LOCKS = (
    UV_LOCK,
    _toml_lock("poetry.lock", "package", "markers", _python_of_poetry),
    _toml_lock("pdm.lock", "package", "marker", _python_of_pdm),
    _toml_lock(re.compile(r"pylock\.(?:[^./]+\.)?toml"), "packages", "marker", _python_of_uv),
)
