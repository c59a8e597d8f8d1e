"""Pixi's manifest: pixi.toml, and the same tables below ``[tool.pixi]`` in pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from keraslint.pins.interface import ReadResult, Source, in_group, joined
from keraslint.pins.notation.conda_spec import conda_specifiers, pip_name
from keraslint.pins.notation.toml_text import Key, TomlText, read_toml, table_at
from keraslint.pins.requirement_line import Line, addressed, distribution_of, in_notation

_TABLES = ("dependencies", "pypi-dependencies", "host-dependencies", "build-dependencies", "run-dependencies")


def read_pixi(document: TomlText, root: Key = ()) -> ReadResult:
    """Read the tables below ``root``; a feature is a group, and so are the dependencies of one platform."""
    features = table_at(document.data, *root, "feature")
    groups = {root: "", **{(*root, "feature", name): f"feature {name}" for name in features}}
    return joined(found for key, group in groups.items() for found in _targets(document, key, group))


def _targets(document: TomlText, key: Key, group: str) -> Iterator[ReadResult]:
    """Read the entries for all targets, and for each target its own, which replace those of the same table.

    https://pixi.sh/latest/workspace/multi_platform_configuration/
    """
    common = dict(_entries(document, key, group))
    yield from common.values()
    for name in table_at(document.data, *key, "target"):
        label = f"{group} target {name}".strip()
        own = dict(_entries(document, (*key, "target", name), label))
        for entry, found in own.items():
            yield in_group(found, label, overrides=entry in common and not group)
        if group:
            # The target of a feature adds to the base of the project, and overrides none of it.
            yield from (in_group(found, label) for entry, found in common.items() if entry not in own)


def _entries(document: TomlText, key: Key, group: str) -> Iterator[tuple[tuple[str, str], ReadResult]]:
    """Each entry: the table and package that it is for, and its result."""
    for table in _TABLES:
        for name, value in table_at(document.data, *key, table).items():
            line = document.place(*key, table, name, group=group)
            package = name if table.startswith("pypi") else pip_name(name)
            yield (table, canonicalize_name(package)), _dependency(line, package, value, table)


def _dependency(line: Line, name: str, value: Any, table: str) -> ReadResult:
    if distribution_of(name) is None:
        return ReadResult()
    version = value.get("version") if isinstance(value, dict) else value
    if version is None and isinstance(value, dict):
        address = next((value[key] for key in ("tag", "rev", "url", "path") if key in value), "")
        return addressed(line, name, str(address))
    return in_notation(line, name, version, _pypi_specifiers if table.startswith("pypi") else conda_specifiers)


def _pypi_specifiers(version: str) -> tuple[SpecifierSet, ...]:
    """A version in PEP 440, but that ``*`` is any version, as in conda's notation."""
    return (SpecifierSet("" if version.strip() == "*" else version),)


PIXI = Source(partial(read_toml, read_pixi), "pixi.toml")
