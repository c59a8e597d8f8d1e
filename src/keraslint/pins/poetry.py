"""Poetry's own tables in pyproject.toml: caret, tilde, wildcard, groups, several constraints at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from keraslint.pins.releases import Skipped
from keraslint.pins.source import ANY, Condition, Found, distribution_of, is_nightly, specifier_of_url
from keraslint.pins.toml_text import Key, TomlText

_OR = re.compile(r"\s*\|\|?\s*")
_AND = re.compile(r"\s*,\s*|(?<=[^\s,<>=!~^])\s+(?=[<>=!~^\d*])")
_PART = re.compile(r"(?P<operator>\^|~=|~|===?|!=|<=|>=|<|>|)\s*v?(?P<version>\S+)")
_PLATFORMS = {"linux", "darwin", "win32"}


def read_poetry(filename: str, document: TomlText) -> Found:
    """What ``[tool.poetry]`` says: its dependencies, its groups and the Python that it declares."""
    conditions: list[Condition] = []
    skipped: list[Skipped] = []
    python = ""
    for key, table, group in _tables(document.data):
        for name, value in table.items():
            path = (*key, name)
            if canonicalize_name(name) == "python" and not group:
                python = declared_python(value)
            elif distribution_of(name) is not None:
                for condition in _conditions(document, path, name, value, group):
                    if isinstance(condition, Condition):
                        conditions.append(condition)
                    else:
                        row, reason = condition
                        skipped.append(Skipped(filename, row, reason))
    return Found(tuple(conditions), tuple(skipped), python=python)


def poetry_specifiers(text: str) -> tuple[SpecifierSet, ...]:
    """A version constraint in Poetry's syntax as specifier sets of which any may hold.

    ``^3.4`` is ``>=3.4,<4``, ``~3.4`` is ``>=3.4,<3.5``, ``3.*`` is ``==3.*``, and a bare
    ``3.5.0`` is ``==3.5.0``. Raises InvalidSpecifier or InvalidVersion.
    """
    return tuple(
        SpecifierSet(
            ",".join(_specifier(part) for part in _AND.split(branch.strip()) if part not in ("*", ""))
        )
        for branch in _OR.split(text.strip())
    )


def declared_python(value: object) -> str:
    """A Python constraint in Poetry's syntax as one PEP 440 text, "" where it needs several or is none."""
    try:
        alternatives = poetry_specifiers(value) if isinstance(value, str) else ()
    except (InvalidSpecifier, InvalidVersion):
        return ""
    return str(alternatives[0]) if len(alternatives) == 1 else ""


def _tables(data: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any], str]]:
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if not isinstance(poetry, dict):
        return
    for name, group in (("dependencies", ""), ("dev-dependencies", "dev")):
        if isinstance(table := poetry.get(name), dict):
            yield ("tool", "poetry", name), table, group
    groups = poetry.get("group")
    for name, content in groups.items() if isinstance(groups, dict) else ():
        table = content.get("dependencies") if isinstance(content, dict) else None
        if isinstance(table, dict):
            yield ("tool", "poetry", "group", name, "dependencies"), table, name


def _conditions(
    document: TomlText, path: Key, name: str, value: Any, group: str
) -> Iterator[Condition | tuple[int, str]]:
    """The conditions on one package; a row and a reason for what can't be told."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _conditions(document, (*path, index), name, item, group)
        return
    table = value if isinstance(value, dict) else {"version": value}
    row = document.row(*path)
    distribution = distribution_of(name)
    assert distribution is not None
    try:
        alternatives = _alternatives(table)
        marker = _marker(table)
    except (InvalidSpecifier, InvalidVersion) as error:
        yield row, f"no version constraint of Poetry: {error}"
        return
    if is_nightly(name):
        alternatives = (ANY,)
        yield row, f"{name} is a nightly build: which releases it is like is not known"
    elif alternatives == (ANY,) and "version" not in table:
        yield row, "the address names no release"
    extra = f"extra of {name}" if table.get("optional") is True else ""
    yield Condition(distribution, alternatives, row, document.line(row), marker, group or extra)


def _alternatives(table: Mapping[str, Any]) -> tuple[SpecifierSet, ...]:
    version = table.get("version")
    if isinstance(version, str):
        return poetry_specifiers(version)
    if version is not None:
        raise InvalidSpecifier(f"{version!r} is no text")
    tag = table.get("tag") or table.get("url") or table.get("path") or table.get("file")
    return (specifier_of_url(tag),) if isinstance(tag, str) else (ANY,)


def _marker(table: Mapping[str, Any]) -> str:
    """The PEP 508 marker for the keys ``markers``, ``python`` and ``platform``."""
    parts = []
    if isinstance(markers := table.get("markers"), str):
        parts.append(f"({markers})")
    if isinstance(python := table.get("python"), str):
        parts.append(f"({_python_marker(python)})")
    if (platform := table.get("platform")) in _PLATFORMS:
        parts.append(f'sys_platform == "{platform}"')
    return " and ".join(part for part in parts if part != "()")


def _python_marker(constraint: str) -> str:
    branches = (
        " and ".join(f'python_full_version {part.operator} "{part.version}"' for part in specifiers)
        for specifiers in poetry_specifiers(constraint)
    )
    return " or ".join(branch for branch in branches if branch)


def _specifier(part: str) -> str:
    match = _PART.fullmatch(part.strip())
    if match is None:
        raise InvalidSpecifier(f"{part!r}")
    operator, version = match.group("operator"), match.group("version")
    if operator == "^":
        return f">={version},<{_next_after_caret(Version(version))}"
    if operator == "~":
        release = Version(version).release
        return f">={version},<{_bumped(release, min(1, len(release) - 1))}"
    wildcard = re.fullmatch(r"(\d+(?:\.\d+)*)(?:\.[*xX])+", version)
    if wildcard and operator in ("", "==", "!="):
        return f"{operator or '=='}{wildcard.group(1)}.*"
    return f"{operator or '=='}{version}"


def _next_after_caret(version: Version) -> str:
    """Up to the next change of the first part that is not 0; of the last part written where all are 0."""
    release = version.release
    first = next((index for index, part in enumerate(release) if part), len(release) - 1)
    return _bumped(release, first)


def _bumped(release: tuple[int, ...], index: int) -> str:
    return ".".join(str(part) for part in (*release[:index], release[index] + 1))
