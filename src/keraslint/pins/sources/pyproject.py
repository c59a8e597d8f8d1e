"""pyproject.toml: PEP 621 dependencies and extras, PEP 735 groups, and the tools' own tables beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from packaging.utils import canonicalize_name

from keraslint.pins.interface import Include, ReadResult, Role, joined
from keraslint.pins.notation.toml_text import InvalidToml, Key, TomlText, table_at, text_at
from keraslint.pins.releases import Skipped
from keraslint.pins.sources.pdm_hatch_uv import read_tools, read_uv_sources, requirements_at
from keraslint.pins.sources.poetry import read_poetry


@dataclass(frozen=True)
class Pyproject:
    """Reads pyproject.toml."""

    role: Role = field(default=Role.ASKS, init=False)

    def claims(self, name: str) -> bool:
        """Only the file of that very name."""
        return name == "pyproject.toml"

    def read(self, filename: str, text: str) -> ReadResult:
        """The dependencies of the project, of its extras and of its groups."""
        try:
            document = TomlText.parse(text)
        except InvalidToml as error:
            return ReadResult(skipped=(Skipped(filename, error.row, f"no TOML: {error}"),))
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
    """Each extra with the extras that it includes by naming the project itself."""
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
    """Each PEP 735 group with the groups that it includes."""

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
    """What the group ``name`` of the table at ``key`` says as ``label``, with all that it includes."""
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
                    yield ReadResult(skipped=(Skipped(filename, row, f"there is no group {wanted!r} to include"),))
                elif group not in seen:
                    seen.add(group)
                    waiting.append(group)


def _dynamic(document: TomlText) -> Iterator[Include]:
    """The requirements files that setuptools takes dynamic dependencies from."""
    key: Key = ("tool", "setuptools", "dynamic")
    yield from _files(document, (*key, "dependencies"), "")
    for name in table_at(document.data, *key, "optional-dependencies"):
        yield from _files(document, (*key, "optional-dependencies", name), f"extra {name}")


def _files(document: TomlText, key: Key, group: str) -> Iterator[Include]:
    named = table_at(document.data, *key).get("file")
    for path in named if isinstance(named, list) else [named]:
        if isinstance(path, str):
            yield Include(path, document.row(*key, "file"), group)
