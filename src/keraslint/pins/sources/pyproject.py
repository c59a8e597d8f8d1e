"""pyproject.toml: PEP 621 dependencies and extras, PEP 735 groups, and the tables of tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from packaging.utils import canonicalize_name

from keraslint.pins.interface import Include, ReadResult, Source, joined, skip
from keraslint.pins.notation.toml_text import Key, TomlText, read_toml, table_at, text_at
from keraslint.pins.sources.pdm_hatch_uv import read_tools, read_uv_sources, requirements_at
from keraslint.pins.sources.poetry import read_poetry


class Pyproject(Source):
    """Reads pyproject.toml."""

    file_name = "pyproject.toml"

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the dependencies of the project, of its extras and of its groups."""
        return read_toml(filename, text, lambda document: _of_document(filename, document))


def _of_document(filename: str, document: TomlText) -> ReadResult:
    found = joined(
        (
            ReadResult(python=text_at(document.data, "project", "requires-python")),
            requirements_at(filename, document, ("project", "dependencies")),
            *_extras(filename, document),
            *_groups(filename, document),
            ReadResult(includes=tuple(_dynamic(document))),
            read_poetry(filename, document),
            read_tools(filename, document),
        )
    )
    return joined((found, read_uv_sources(filename, document, found)))


def _extras(filename: str, document: TomlText) -> Iterator[ReadResult]:
    """Read each extra, with the extras that it includes as ``project[extra]``."""
    key: Key = ("project", "optional-dependencies")
    project = canonicalize_name(text_at(document.data, "project", "name"))

    def included(item: Any) -> list[str]:
        before, bracket, extras = str(item).partition("[")
        if not project or not bracket or canonicalize_name(before.strip()) != project:
            return []
        return [extra.strip() for extra in extras.partition("]")[0].split(",")]

    for name in table_at(document.data, *key):
        yield from _closure(filename, document, key, name, label=f"extra {name}", included=included)


def _groups(filename: str, document: TomlText) -> Iterator[ReadResult]:
    """Read each PEP 735 group, with the groups that it includes."""

    def included(item: Any) -> list[str]:
        name = item.get("include-group") if isinstance(item, dict) else None
        return [name] if isinstance(name, str) else []

    for name in table_at(document.data, "dependency-groups"):
        yield from _closure(filename, document, ("dependency-groups",), name, label=f"group {name}", included=included)


def _closure(
    filename: str,
    document: TomlText,
    key: Key,
    name: str,
    *,
    label: str,
    included: Callable[[Any], list[str]],
) -> Iterator[ReadResult]:
    """Read the group ``name`` of the table at ``key``, and all groups that it includes, as the group ``label``."""
    table = table_at(document.data, *key)
    spelled = {canonicalize_name(group): group for group in table}
    waiting, seen = [name], {name}
    while waiting:
        current = waiting.pop()
        yield requirements_at(filename, document, (*key, current), label)
        items = table[current]
        for index, item in enumerate(items if isinstance(items, list) else ()):
            for wanted in included(item):
                group = spelled.get(canonicalize_name(wanted))
                if group is None:
                    row = document.row(*key, current, index)
                    yield skip(filename, row, f"there is no group {wanted!r} to include")
                elif group not in seen:
                    seen.add(group)
                    waiting.append(group)


def _dynamic(document: TomlText) -> Iterator[Include]:
    """The requirements files from which setuptools reads dynamic dependencies."""
    key: Key = ("tool", "setuptools", "dynamic")
    yield from _files(document, (*key, "dependencies"), "")
    for name in table_at(document.data, *key, "optional-dependencies"):
        yield from _files(document, (*key, "optional-dependencies", name), f"extra {name}")


def _files(document: TomlText, key: Key, group: str) -> Iterator[Include]:
    named = table_at(document.data, *key).get("file")
    for path in named if isinstance(named, list) else [named]:
        if isinstance(path, str):
            yield Include(path, document.row(*key, "file"), group)
