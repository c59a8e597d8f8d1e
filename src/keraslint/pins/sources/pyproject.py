"""pyproject.toml, also the tables of PDM, Hatch and uv, and scripts with dependencies in a comment (PEP 723)."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from packaging.specifiers import InvalidSpecifier
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from keraslint.pins.interface import Include, ReadResult, Source, joined, skip
from keraslint.pins.notation.toml_text import Key, TomlText, list_at, read_toml, table_at, text_at
from keraslint.pins.requirement_line import addressed, distribution_of, required, stated
from keraslint.pins.sources.pixi import read_pixi
from keraslint.pins.sources.poetry import poetry_specifiers, read_poetry
from keraslint.pins.sources.requirements_txt import requirement_line


def _of_document(document: TomlText) -> ReadResult:
    dynamic = ReadResult(includes=tuple(_dynamic(document)))
    return _of_project(document, ("project",), *_extras(document), *_groups(document), dynamic, read_poetry(document))


def _of_project(document: TomlText, table: Key, *others: ReadResult) -> ReadResult:
    """Read the dependencies in a table, and the tables of tools."""
    found = joined(
        (
            ReadResult(python=text_at(document.data, *table, "requires-python")),
            _requirements(document, (*table, "dependencies")),
            *others,
            *_of_pdm(document),
            *_of_hatch(document),
            *_of_uv(document),
            read_pixi(document, ("tool", "pixi")),
        )
    )
    return joined((found, _uv_sources(document, found)))


def _requirements(document: TomlText, key: Key, group: str = "", *, overrides: bool = False) -> ReadResult:
    """Read the requirements in the array at ``key``, but for the tables in it that include a group."""
    items = table_at(document.data, *key[:-1]).get(str(key[-1]), [])
    if not isinstance(items, list):
        return document.place(*key).skip(f"{'.'.join(map(str, key))} is not an array")
    found = []
    for index, item in enumerate(items):
        line = document.place(*key, index, group=group)
        if isinstance(item, str):
            found.append(required(line, item, overrides=overrides))
        elif not (isinstance(item, dict) and "include-group" in item):
            found.append(line.skip("neither a requirement nor a group to include"))
    return joined(found)


def _uv_sources(document: TomlText, asked: ReadResult) -> ReadResult:
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
            part = next((f"{part} {table[part]}" for part in ("extra", "group") if part in table), "")
            line = document.place(*key, name, *([index] if isinstance(value, list) else []), group=part)
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


def _of_pdm(document: TomlText) -> Iterator[ReadResult]:
    """Development groups, whose items may be ``-e`` lines, and resolution overrides."""
    key: Key = ("tool", "pdm", "dev-dependencies")
    for name in table_at(document.data, *key):
        for index, item in enumerate(list_at(document.data, *key, name)):
            yield requirement_line(document.place(*key, name, index, group=f"group {name}"), str(item))
    key = ("tool", "pdm", "resolution", "overrides")
    for name, version in table_at(document.data, *key).items():
        line = document.place(*key, name)
        try:
            yield stated(line, name, poetry_specifiers(str(version)), overrides=True)
        except (InvalidSpecifier, InvalidVersion) as error:
            yield line.skip(f"not a version: {error}")


def _of_hatch(document: TomlText) -> Iterator[ReadResult]:
    """Environments, which add to the dependencies of the project, and the requirements files of a plugin."""
    key: Key = ("tool", "hatch", "envs")
    for name in table_at(document.data, *key):
        for part in ("dependencies", "extra-dependencies"):
            yield _requirements(document, (*key, name, part), f"environment {name}")
    key = ("tool", "hatch", "metadata", "hooks", "requirements_txt")
    for index, path in enumerate(list_at(document.data, *key, "files")):
        yield ReadResult(includes=(Include(str(path), document.row(*key, "files", index)),))


def _of_uv(document: TomlText) -> Iterator[ReadResult]:
    """Constraints, which narrow the whole project, overrides, which replace all other requirements, and members."""
    key: Key = ("tool", "uv")
    yield _requirements(document, (*key, "dev-dependencies"), "group dev")
    yield _requirements(document, (*key, "constraint-dependencies"))
    yield _requirements(document, (*key, "override-dependencies"), overrides=True)
    for sign, name in (("", "members"), ("!", "exclude")):
        patterns = list_at(document.data, *key, "workspace", name)
        yield ReadResult(members=tuple(f"{sign}{pattern}" for pattern in patterns if isinstance(pattern, str)))


def _extras(document: TomlText) -> Iterator[ReadResult]:
    """Read each extra, with the extras that it includes as ``project[extra]``."""
    key: Key = ("project", "optional-dependencies")
    project = canonicalize_name(text_at(document.data, "project", "name"))

    def included(item: Any) -> list[str]:
        before, bracket, extras = str(item).partition("[")
        if not project or not bracket or canonicalize_name(before.strip()) != project:
            return []
        return [extra.strip() for extra in extras.partition("]")[0].split(",")]

    for name in table_at(document.data, *key):
        yield from _closure(document, key, name, label=f"extra {name}", included=included)


def _groups(document: TomlText) -> Iterator[ReadResult]:
    """Read each PEP 735 group, with the groups that it includes."""

    def included(item: Any) -> list[str]:
        name = item.get("include-group") if isinstance(item, dict) else None
        return [name] if isinstance(name, str) else []

    for name in table_at(document.data, "dependency-groups"):
        yield from _closure(document, ("dependency-groups",), name, label=f"group {name}", included=included)


def _closure(
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
        yield _requirements(document, (*key, current), label)
        for index, item in enumerate(list_at(document.data, *key, current)):
            for wanted in included(item):
                group = spelled.get(canonicalize_name(wanted))
                if group is None:
                    yield document.place(*key, current, index).skip(f"there is no group {wanted!r} to include")
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


_MOST_ROWS = 2_000
_BEGIN = re.compile(r"# /// script[ \t]*")
_END = re.compile(r"# ///[ \t]*")


def _read_script(filename: str, text: str) -> ReadResult:
    """Read the dependencies in the block; nothing if there is no block."""
    lines = text.split("\n") if "# /// script" in text else []
    block = _block(lines)
    if not block:
        return ReadResult()
    if len(block) > _MOST_ROWS:
        return skip(filename, block.start, f"the block has more than {_MOST_ROWS:,} rows", too_large=True)
    # With as many empty lines before the block, the rows in it are those of the script.
    content = (lines[row][2:] for row in block)
    found = read_toml(partial(_of_project, table=()), filename, "\n" * block.start + "\n".join(content))
    written = (replace(item, text=lines[item.row - 1].strip()) for item in found.conditions)
    return replace(found, conditions=tuple(written))


def _block(lines: Sequence[str]) -> range:
    """The rows (from 0) of the block named "script", without its first and last line; empty if there is none.

    As the expression of the specification has it, the last possible end of the first block that has one counts.
    """
    begin = end = 0
    for row, line in enumerate([*lines, ""]):
        if begin and _END.fullmatch(line) and row > begin:
            end = row
        if line != "#" and not line.startswith("# "):
            if end:
                break
            begin = 0
        elif not begin and _BEGIN.fullmatch(line):
            begin = row + 1
    return range(begin, end)


PYPROJECT = Source(partial(read_toml, _of_document), "pyproject.toml")
# Claims no file: a script declares dependencies for itself alone.
SCRIPT = Source(_read_script, "", of_whole_file=False)
