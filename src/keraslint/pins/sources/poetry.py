"""Poetry's own tables in pyproject.toml: caret, tilde, wildcard, groups, several constraints at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from keraslint.pins.interface import ReadResult, joined
from keraslint.pins.notation.toml_text import Key, TomlText, table_at
from keraslint.pins.requirement_line import ANY, Line, addressed, distribution_of, stated

_OR = re.compile(r" ?\|\|? ?")
_AND = re.compile(r" ?, ?|(?<=[^ ,<>=!~^]) (?=[<>=!~^\d*])")
_PART = re.compile(r"(?P<operator>\^|~=|~|={1,3}|!=|<=|>=|<|>|)\s*v?(?P<version>\S+)")
_PLATFORMS = {"linux", "darwin", "win32"}


def read_poetry(document: TomlText) -> ReadResult:
    """Read ``[tool.poetry]``: its dependencies, its groups and the Python versions that it declares."""
    poetry: Key = ("tool", "poetry")
    groups: dict[Key, str] = {(*poetry, "dependencies"): "", (*poetry, "dev-dependencies"): "group dev"}
    for name in table_at(document.data, *poetry, "group"):
        groups[(*poetry, "group", name, "dependencies")] = f"group {name}"
    return joined(
        ReadResult(python=declared_python(value))
        if canonicalize_name(name) == "python"
        else _dependency(document, (*key, name), value, group)
        for key, group in groups.items()
        for name, value in table_at(document.data, *key).items()
    )


def poetry_specifiers(text: str) -> tuple[SpecifierSet, ...]:
    """A version constraint in Poetry's syntax as specifier sets of which a version must satisfy one.

    ``^3.4`` is ``>=3.4,<4``, ``~3.4`` is ``>=3.4,<3.5``, ``3.*`` is ``==3.*``, and a bare
    ``3.5.0`` is ``==3.5.0``. Raises InvalidSpecifier or InvalidVersion.
    """
    return tuple(
        SpecifierSet(",".join(_specifier(part) for part in _AND.split(branch) if part not in ("*", "")))
        for branch in _OR.split(" ".join(text.split()))
    )


def declared_python(value: object) -> str:
    """A Python constraint in Poetry's syntax as one PEP 440 text; "" if it needs several or is not valid."""
    try:
        alternatives = poetry_specifiers(value) if isinstance(value, str) else ()
    except (InvalidSpecifier, InvalidVersion):
        return ""
    return str(alternatives[0]) if len(alternatives) == 1 else ""


def _dependency(document: TomlText, path: Key, value: Any, group: str) -> ReadResult:
    """Read one entry: a version, a table, or an array of them."""
    if isinstance(value, list):
        return joined(_dependency(document, (*path, index), item, group) for index, item in enumerate(value))
    name = next(part for part in reversed(path) if isinstance(part, str))
    if distribution_of(name) is None:
        return ReadResult()
    table = value if isinstance(value, dict) else {"version": value}
    extra = f"extra of {name}" if table.get("optional") is True else ""
    line = document.place(*path, group=group or extra)
    try:
        return _of_table(line, name, table)
    except (InvalidSpecifier, InvalidVersion) as error:
        return line.skip(f"not a version constraint of Poetry: {error}")


def _of_table(line: Line, name: str, table: Mapping[str, Any]) -> ReadResult:
    marker = _marker(table)
    version = table.get("version")
    if isinstance(version, str):
        return stated(line, name, poetry_specifiers(version), marker)
    if version is not None:
        raise InvalidSpecifier(f"{version!r} is not a text")
    if not any(key in table for key in ("git", "url", "path", "file")):
        return stated(line, name, (ANY,), marker)
    address = next((table[key] for key in ("tag", "rev", "url", "path", "file") if key in table), "")
    return addressed(line, name, address if isinstance(address, str) else "", marker)


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
        release = Version(version).release  # the first part that is not 0, or the last if all are 0, is raised
        return (
            f">={version},<{_bumped(release, next((at for at, part in enumerate(release) if part), len(release) - 1))}"
        )
    if operator == "~":
        release = Version(version).release
        return f">={version},<{_bumped(release, min(1, len(release) - 1))}"
    wildcard = re.fullmatch(r"(\d+(?:\.\d+)*)(?:\.[*xX])+", version)
    if wildcard and operator in ("", "=", "==", "!="):
        return f"{'!=' if operator == '!=' else '=='}{wildcard.group(1)}.*"
    return f"{'==' if operator in ('', '=') else operator}{version}"


def _bumped(release: tuple[int, ...], index: int) -> str:
    return ".".join(str(part) for part in (*release[:index], release[index] + 1))
