"""Pipfile, and Pipfile.lock beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keraslint.pins.interface import ReadResult, Role, joined
from keraslint.pins.notation.toml_text import InvalidToml, TomlText, text_at
from keraslint.pins.releases import Skipped
from keraslint.pins.requirement_line import Line, addressed, distribution_of, stated
from keraslint.pins.sources.lock_entry import LockEntry, locked

# What a Pipfile holds beside its categories of packages.
_NO_CATEGORY = frozenset({"source", "requires", "scripts", "pipenv", "pipfile", "build-system"})
_MARKER_KEYS = ("sys_platform", "python_version", "platform_machine", "os_name", "platform_system")


@dataclass(frozen=True)
class Pipfile:
    """Reads Pipfile: TOML with a table for each category of packages."""

    role: Role = field(default=Role.ASKS, init=False)

    def claims(self, name: str) -> bool:
        """Only the file of that very name."""
        return name == "Pipfile"

    def read(self, filename: str, text: str) -> ReadResult:
        """The packages of each category; ``packages`` is the base."""
        try:
            document = TomlText.parse(text)
        except InvalidToml as error:
            return ReadResult(skipped=(Skipped(filename, error.row, f"no TOML: {error}"),))
        return joined((ReadResult(python=_python(document.data)), *_categories(filename, document)))


@dataclass(frozen=True)
class PipfileLock:
    """Reads Pipfile.lock: JSON with an object for each category of packages."""

    role: Role = field(default=Role.LOCKS, init=False)

    def claims(self, name: str) -> bool:
        """Only the file of that very name."""
        return name == "Pipfile.lock"

    def read(self, filename: str, text: str) -> ReadResult:
        """The locked Keras and TensorFlow of every category."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            row = error.lineno if isinstance(error, json.JSONDecodeError) else 0
            return ReadResult(skipped=(Skipped(filename, row, f"no JSON: {error}"),))
        if not isinstance(data, dict):
            return ReadResult(skipped=(Skipped(filename, 1, "no JSON object"),))
        return locked(filename, _entries(data, text), _python(data.get("_meta")))


def _categories(filename: str, document: TomlText) -> Iterator[ReadResult]:
    for category, table in document.data.items():
        if category in _NO_CATEGORY or not isinstance(table, dict):
            continue
        group = "" if category == "packages" else category
        for name, value in table.items():
            if distribution_of(name) is not None:
                row = document.row(category, name)
                yield _package(Line(filename, row, document.line(row), group), name, value)


def _package(line: Line, name: str, value: Any) -> ReadResult:
    table = value if isinstance(value, dict) else {"version": value}
    marker = _marker(table)
    version = table.get("version", "*")
    if not isinstance(version, str):
        return line.skip(f"no version: {version!r}")
    address = next((table[key] for key in ("ref", "file", "path", "git") if key in table), None)
    if address is not None:
        return addressed(line, name, str(address), marker)
    try:
        return stated(line, name, (_specifiers(version),), marker)
    except InvalidSpecifier:
        return line.skip(f"no version: {version!r}")


def _specifiers(version: str) -> SpecifierSet:
    """``*`` for any; a bare version is taken as pinned, as Pipenv does."""
    version = version.strip()
    if version == "*":
        return SpecifierSet()
    return SpecifierSet(f"=={version}" if version[:1].isdigit() else version)


def _marker(table: Mapping[str, Any]) -> str:
    """The marker under ``markers``, and those whose variable is a key by itself."""
    parts = [table["markers"]] if isinstance(table.get("markers"), str) else []
    parts += [f"{key} {table[key]}" for key in _MARKER_KEYS if isinstance(table.get(key), str)]
    return " and ".join(f"({part})" for part in parts)


def _python(data: Any) -> str:
    full = text_at(data, "requires", "python_full_version")
    minor = text_at(data, "requires", "python_version")
    return f"=={full}" if full else f"=={minor}.*" if minor else ""


def _entries(data: Mapping[str, Any], text: str) -> Iterator[LockEntry]:
    for category, packages in data.items():
        if category == "_meta" or not isinstance(packages, dict):
            continue
        start = _after_key(text, category, 0)
        for name, package in packages.items():
            if distribution_of(name) is None or not isinstance(package, dict):
                continue
            at = _after_key(text, name, start)
            at = _after_key(text, "version", at) if "version" in package else at
            row = text.count("\n", 0, at) + 1
            version = package.get("version")
            chosen = version.removeprefix("==") if isinstance(version, str) else version
            line = text.split("\n")[row - 1].strip()
            yield LockEntry(name, chosen, row, line, text_at(package, "markers"))


def _after_key(text: str, key: str, start: int) -> int:
    """The index after the next key of this name in a JSON text."""
    found = re.compile(re.escape(json.dumps(key)) + r"\s*:").search(text, start)
    return found.end() if found else start
