"""Pipfile and Pipfile.lock."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from packaging.specifiers import SpecifierSet

from keraslint.pins.interface import ReadResult, Role, Source, joined, skip
from keraslint.pins.notation.toml_text import TomlText, read_toml, text_at
from keraslint.pins.requirement_line import Line, addressed, distribution_of, in_notation
from keraslint.pins.sources.locks import LockEntry, locked

# The tables of a Pipfile that are not categories of packages.
_NO_CATEGORY = frozenset({"source", "requires", "scripts", "pipenv", "pipfile", "build-system"})
_MARKER_KEYS = ("sys_platform", "python_version", "platform_machine", "os_name", "platform_system")


def _of_pipfile(document: TomlText) -> ReadResult:
    """Read the packages of each category; the category ``packages`` is the base."""
    return joined((ReadResult(python=_python(document.data)), *_categories(document)))


def _read_lock(filename: str, text: str) -> ReadResult:
    """Read the locked Keras and TensorFlow of every category."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        return skip(filename, row, f"not valid JSON: {error}")
    if not isinstance(data, dict):
        return skip(filename, 1, "not a JSON object")
    return locked(filename, _entries(data, text), _python(data.get("_meta")))


def _categories(document: TomlText) -> Iterator[ReadResult]:
    for category, table in document.data.items():
        if category in _NO_CATEGORY or not isinstance(table, dict):
            continue
        group = "" if category == "packages" else category
        for name, value in table.items():
            if distribution_of(name) is not None:
                yield _package(document.place(category, name, group=group), name, value)


def _package(line: Line, name: str, value: Any) -> ReadResult:
    table = value if isinstance(value, dict) else {"version": value}
    marker = _marker(table)
    version = table.get("version", "*")
    address = next((table[key] for key in ("ref", "file", "path", "git") if key in table), None)
    if address is not None and isinstance(version, str):
        return addressed(line, name, str(address), marker)
    return in_notation(line, name, version, _specifiers, marker)


def _specifiers(version: str) -> tuple[SpecifierSet, ...]:
    """``*`` is any version; a bare version is an exact pin, as in Pipenv."""
    version = version.strip()
    return (SpecifierSet("" if version == "*" else f"=={version}" if version[:1].isdigit() else version),)


def _marker(table: Mapping[str, Any]) -> str:
    """One marker of that under ``markers`` and of the markers whose variable is a key of the table."""
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


PIPFILE = Source(partial(read_toml, _of_pipfile), "Pipfile")
PIPFILE_LOCK = Source(_read_lock, "Pipfile.lock", Role.LOCKS)
