"""pyproject.toml: PEP 621 dependencies and extras, PEP 735 groups, and the tools' own tables beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.utils import canonicalize_name

from keraslint.pins.poetry import read_poetry
from keraslint.pins.releases import Skipped
from keraslint.pins.requirement import requirement_condition
from keraslint.pins.source import Condition, Found, Include
from keraslint.pins.toml_text import Key, NotToml, TomlText


@dataclass(frozen=True)
class Pyproject:
    """Reads pyproject.toml."""

    locks: bool = field(default=False, init=False)
    constrains: bool = field(default=False, init=False)

    def claims(self, name: str) -> bool:
        """Only the file of that very name."""
        return name == "pyproject.toml"

    def read(self, filename: str, text: str) -> Found:
        """The dependencies of the project, of its extras and of its groups."""
        try:
            document = TomlText.parse(text)
        except NotToml as error:
            return Found(skipped=(Skipped(filename, error.row, f"no TOML: {error}"),))
        parts = (_read_project(filename, document), read_poetry(filename, document))
        return Found(
            tuple(item for part in parts for item in part.conditions),
            tuple(item for part in parts for item in part.skipped),
            tuple(item for part in parts for item in part.includes),
            next((part.python for part in parts if part.python), ""),
        )


def _read_project(filename: str, document: TomlText) -> Found:
    """PEP 621 and PEP 735."""
    project = _table(document.data.get("project"))
    own, skipped = _listed(filename, document, ("project", "dependencies"), project.get("dependencies"), "")
    extras = _Groups(filename, document, ("project", "optional-dependencies"))
    groups = _Groups(filename, document, ("dependency-groups",))
    for name in _table(project.get("optional-dependencies")):
        extras.add(name, f"extra {name}", str(project.get("name", "")))
    for name in _table(document.data.get("dependency-groups")):
        groups.add(name, f"group {name}", None)
    python = project.get("requires-python")
    return Found(
        (*own, *extras.conditions, *groups.conditions),
        tuple(dict.fromkeys((*skipped, *extras.skipped, *groups.skipped))),
        tuple(_dynamic(document)),
        python if isinstance(python, str) else "",
    )


class _Groups:
    """The conditions of named groups, each with those of the groups that it includes."""

    def __init__(self, filename: str, document: TomlText, key: Key) -> None:
        self._filename = filename
        self._document = document
        self._key = key
        table: Any = document.data
        for part in key:
            table = _table(table).get(str(part))
        self._table = _table(table)
        self.conditions: list[Condition] = []
        self.skipped: list[Skipped] = []

    def add(self, name: str, label: str, project: str | None) -> None:
        """Take in the group ``name`` as ``label``; ``project`` is the name under which extras include."""
        waiting, seen = [name], {name}
        while waiting:
            current = waiting.pop()
            key = (*self._key, current)
            conditions, skipped = _listed(self._filename, self._document, key, self._table[current], label)
            self.conditions += conditions
            self.skipped += skipped
            for included, row in self._included(current, project):
                if included not in self._table:
                    reason = f"there is no group {included!r} to include"
                    self.skipped.append(Skipped(self._filename, row, reason))
                elif included not in seen:
                    seen.add(included)
                    waiting.append(included)

    def _included(self, name: str, project: str | None) -> Iterator[tuple[str, int]]:
        items = self._table[name]
        for index, item in enumerate(items if isinstance(items, list) else ()):
            row = self._document.row(*self._key, name, index)
            if isinstance(item, dict) and isinstance(included := item.get("include-group"), str):
                yield self._spelled(included), row
            elif project and isinstance(item, str) and "[" in item:
                before, _, extras = item.partition("[")
                if canonicalize_name(before.strip()) == canonicalize_name(project):
                    for extra in extras.partition("]")[0].split(","):
                        yield self._spelled(extra.strip()), row

    def _spelled(self, name: str) -> str:
        """The group of this name as the table spells it."""
        wanted = canonicalize_name(name)
        return next((key for key in self._table if canonicalize_name(key) == wanted), name)


def _listed(
    filename: str, document: TomlText, key: Key, items: Any, group: str
) -> tuple[list[Condition], list[Skipped]]:
    """The conditions in an array of PEP 508 texts."""
    conditions: list[Condition] = []
    skipped: list[Skipped] = []
    if items is not None and not isinstance(items, list):
        skipped.append(Skipped(filename, document.row(*key), f"{'.'.join(map(str, key))} is no array"))
        return conditions, skipped
    for index, item in enumerate(items or ()):
        row = document.row(*key, index)
        if isinstance(item, str):
            condition, skip = requirement_condition(filename, item, row, document.line(row), group=group)
            if condition is not None:
                conditions.append(condition)
            if skip is not None:
                skipped.append(skip)
        elif not (isinstance(item, dict) and "include-group" in item):
            skipped.append(Skipped(filename, row, "neither a requirement nor a group to include"))
    return conditions, skipped


def _dynamic(document: TomlText) -> Iterator[Include]:
    """The requirements files that setuptools takes dynamic dependencies from."""
    tool = _table(document.data.get("tool"))
    dynamic = _table(_table(tool.get("setuptools")).get("dynamic"))
    key: Key = ("tool", "setuptools", "dynamic")
    yield from _files(document, (*key, "dependencies"), dynamic.get("dependencies"), "")
    for name, value in _table(dynamic.get("optional-dependencies")).items():
        yield from _files(document, (*key, "optional-dependencies", name), value, f"extra {name}")


def _files(document: TomlText, key: Key, value: Any, group: str) -> Iterator[Include]:
    named = _table(value).get("file")
    for path in named if isinstance(named, list) else [named]:
        if isinstance(path, str):
            yield Include(path, document.row(*key, "file"), group)


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
