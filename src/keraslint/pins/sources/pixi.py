"""Pixi's manifest: pixi.toml, and the same tables below ``[tool.pixi]`` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from keraslint.pins.interface import ReadResult, Role, joined
from keraslint.pins.notation.toml_text import InvalidToml, Key, TomlText, table_at
from keraslint.pins.releases import Skipped
from keraslint.pins.requirement_line import Line, addressed, distribution_of, stated
from keraslint.pins.sources.conda import conda_specifiers, pip_name

_TABLES = ("dependencies", "pypi-dependencies", "host-dependencies", "build-dependencies", "run-dependencies")


@dataclass(frozen=True)
class Pixi:
    """Reads pixi.toml."""

    role: Role = field(default=Role.ASKS, init=False)

    def claims(self, name: str) -> bool:
        """Only the file of that very name."""
        return name == "pixi.toml"

    def read(self, filename: str, text: str) -> ReadResult:
        """The dependencies of the workspace, its features and targets."""
        try:
            document = TomlText.parse(text)
        except InvalidToml as error:
            return ReadResult(skipped=(Skipped(filename, error.row, f"no TOML: {error}"),))
        return read_pixi(filename, document, ())


def read_pixi(filename: str, document: TomlText, root: Key) -> ReadResult:
    """What the tables below ``root`` say; a feature is a group, and so is what one platform adds."""
    return joined(_features(filename, document, root))


def _features(filename: str, document: TomlText, root: Key) -> Iterator[ReadResult]:
    yield from _targets(filename, document, root, "")
    for name in table_at(document.data, *root, "feature"):
        yield from _targets(filename, document, (*root, "feature", name), f"feature {name}")


def _targets(filename: str, document: TomlText, key: Key, group: str) -> Iterator[ReadResult]:
    """What holds everywhere, and for each target: there a package's own entry stands in for the one of the same table.

    https://pixi.sh/latest/workspace/multi_platform_configuration/
    """
    common = dict(_entries(filename, document, key, group))
    yield from common.values()
    for name in table_at(document.data, *key, "target"):
        label = f"{group} target {name}".strip()
        own = dict(_entries(filename, document, (*key, "target", name), label))
        for entry, found in own.items():
            yield _regrouped(found, label, overrides=entry in common and not group)
        if group:
            # Beside the base of the project, which the target of a feature leaves in force.
            yield from (_regrouped(found, label) for entry, found in common.items() if entry not in own)


def _entries(filename: str, document: TomlText, key: Key, group: str) -> Iterator[tuple[tuple[str, str], ReadResult]]:
    """By table and package what each entry says."""
    for table in _TABLES:
        for name, value in table_at(document.data, *key, table).items():
            row = document.row(*key, table, name)
            line = Line(filename, row, document.line(row), group)
            package = name if table.startswith("pypi") else pip_name(name)
            yield (table, canonicalize_name(package)), _dependency(line, package, value, table)


def _regrouped(found: ReadResult, group: str, *, overrides: bool = False) -> ReadResult:
    conditions = (replace(item, group=group, overrides=overrides) for item in found.conditions)
    return replace(found, conditions=tuple(conditions))


def _dependency(line: Line, name: str, value: Any, table: str) -> ReadResult:
    if distribution_of(name) is None:
        return ReadResult()
    version = value.get("version") if isinstance(value, dict) else value
    if version is None and isinstance(value, dict):
        address = next((value[key] for key in ("tag", "rev", "url", "path") if key in value), "")
        return addressed(line, name, str(address))
    if not isinstance(version, str):
        return line.skip(f"no version: {version!r}")
    try:
        return stated(line, name, _specifiers(version, table))
    except InvalidSpecifier:
        return line.skip(f"no version: {version!r}")


def _specifiers(version: str, table: str) -> tuple[SpecifierSet, ...]:
    """PEP 440 among the packages from PyPI, conda's notation among the others; ``*`` is any in both."""
    if version.strip() == "*":
        return (SpecifierSet(),)
    return (SpecifierSet(version),) if table.startswith("pypi") else conda_specifiers(version)
