"""The tables of PDM, Hatch and uv in pyproject.toml, and arrays of PEP 508 texts in general."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Sequence

from packaging.specifiers import InvalidSpecifier
from packaging.version import InvalidVersion

from keraslint.pins.interface import Include, ReadResult, joined
from keraslint.pins.notation.toml_text import Key, TomlText, table_at, text_at
from keraslint.pins.requirement_line import Line, addressed, distribution_of, required, stated
from keraslint.pins.sources.pixi import read_pixi
from keraslint.pins.sources.poetry import poetry_specifiers
from keraslint.pins.sources.requirements_txt import requirement_line


def requirements_at(
    filename: str, document: TomlText, key: Key, group: str = "", *, overrides: bool = False
) -> ReadResult:
    """Read the requirements in the array at ``key``, but for the tables in it that include a group."""
    items = table_at(document.data, *key[:-1]).get(str(key[-1]), [])
    if not isinstance(items, list):
        return Line(filename, document.row(*key), "").skip(f"{'.'.join(map(str, key))} is not an array")
    found = []
    for index, item in enumerate(items):
        row = document.row(*key, index)
        line = Line(filename, row, document.line(row), group)
        if isinstance(item, str):
            found.append(required(line, item, overrides=overrides))
        elif not (isinstance(item, dict) and "include-group" in item):
            found.append(line.skip("neither a requirement nor a group to include"))
    return joined(found)


def read_tools(filename: str, document: TomlText) -> ReadResult:
    """Read the tables of PDM, Hatch, uv and Pixi."""
    return joined(
        (
            *_of_pdm(filename, document),
            *_of_hatch(filename, document),
            *_of_uv(filename, document),
            read_pixi(filename, document, ("tool", "pixi")),
        )
    )


def read_uv_sources(filename: str, document: TomlText, asked: ReadResult) -> ReadResult:
    """Read the tags and files that uv installs in place of a release, for the distributions in ``asked``.

    asked: the result of reading the rest of the file.
    """
    named = {condition.distribution for condition in asked.conditions}
    key: Key = ("tool", "uv", "sources")
    found = []
    for name, value in table_at(document.data, *key).items():
        for index, table in enumerate(value if isinstance(value, list) else [value]):
            if distribution_of(name) not in named or not isinstance(table, dict):
                continue
            row = document.row(*key, name, *([index] if isinstance(value, list) else []))
            part = next((f"{part} {table[part]}" for part in ("extra", "group") if part in table), "")
            line = Line(filename, row, document.line(row), part)
            if any(part in table for part in ("git", "url", "path")):
                address = next((table[part] for part in ("tag", "rev", "url", "path") if part in table), "")
                found.append(addressed(line, name, str(address), text_at(table, "marker")))
    return joined(found)


def is_member(folder: str, patterns: Sequence[str]) -> bool:
    """Return True if a folder, relative to the workspace's, is one of its members; see ReadResult.members."""
    if any(_matches(folder, pattern[1:]) for pattern in patterns if pattern.startswith("!")):
        return False
    return any(_matches(folder, pattern) for pattern in patterns if not pattern.startswith("!"))


def _matches(folder: str, pattern: str) -> bool:
    """``*`` matches within one part of the path, ``**`` any number of parts."""
    pattern = posixpath.normpath(pattern)
    if "**" in pattern:
        return fnmatch.fnmatchcase(folder, pattern.replace("**/", "*").replace("**", "*"))
    parts, wanted = folder.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def _of_pdm(filename: str, document: TomlText) -> Iterator[ReadResult]:
    """Development groups, whose items may be ``-e`` lines, and resolution overrides."""
    key: Key = ("tool", "pdm", "dev-dependencies")
    for name, items in table_at(document.data, *key).items():
        for index, item in enumerate(items if isinstance(items, list) else ()):
            row = document.row(*key, name, index)
            yield requirement_line(Line(filename, row, document.line(row), f"group {name}"), str(item))
    key = ("tool", "pdm", "resolution", "overrides")
    for name, version in table_at(document.data, *key).items():
        row = document.row(*key, name)
        line = Line(filename, row, document.line(row))
        try:
            yield stated(line, name, poetry_specifiers(str(version)), overrides=True)
        except (InvalidSpecifier, InvalidVersion) as error:
            yield line.skip(f"not a version: {error}")


def _of_hatch(filename: str, document: TomlText) -> Iterator[ReadResult]:
    """Environments, which add to the dependencies of the project, and the requirements files of a plugin."""
    key: Key = ("tool", "hatch", "envs")
    for name in table_at(document.data, *key):
        for part in ("dependencies", "extra-dependencies"):
            yield requirements_at(filename, document, (*key, name, part), f"environment {name}")
    key = ("tool", "hatch", "metadata", "hooks", "requirements_txt")
    files = table_at(document.data, *key).get("files")
    for index, path in enumerate(files if isinstance(files, list) else ()):
        yield ReadResult(includes=(Include(str(path), document.row(*key, "files", index)),))


def _of_uv(filename: str, document: TomlText) -> Iterator[ReadResult]:
    """Constraints, which narrow the whole project, overrides, which replace all other requirements, and members."""
    key: Key = ("tool", "uv")
    yield requirements_at(filename, document, (*key, "dev-dependencies"), "group dev")
    yield requirements_at(filename, document, (*key, "constraint-dependencies"))
    yield requirements_at(filename, document, (*key, "override-dependencies"), overrides=True)
    workspace = table_at(document.data, *key, "workspace")
    members = workspace.get("members"), workspace.get("exclude")
    for sign, patterns in zip(("", "!"), members, strict=True):
        named = patterns if isinstance(patterns, list) else ()
        yield ReadResult(members=tuple(f"{sign}{pattern}" for pattern in named if isinstance(pattern, str)))
