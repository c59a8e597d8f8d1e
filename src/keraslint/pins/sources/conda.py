"""Conda's files: environment.yml, a recipe of conda-build, and the lock files that list conda packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from keraslint.pins.interface import ReadResult, Role, Source, joined, skip
from keraslint.pins.notation.conda_spec import BUILD_IN_LIST, conda_requirement, pip_name
from keraslint.pins.notation.yaml_text import Node, items, read_yaml, row_of, value_of
from keraslint.pins.requirement_line import Line
from keraslint.pins.sources.locks import LockEntry, locked
from keraslint.pins.sources.requirements_txt import requirement_line

_PACKAGE = re.compile(r".*/(?P<name>[^/]+)-(?P<version>[^-/]+)-[^-/]+\.(?:conda|tar\.bz2)(?:#.*)?", re.IGNORECASE)


def _read_explicit(filename: str, text: str) -> ReadResult:
    """Read the packages; nothing unless the file contains ``@EXPLICIT``."""
    if "@EXPLICIT" not in text:
        return ReadResult()
    lines = ((row, line, package_in(line)) for row, line in enumerate(text.split("\n"), 1))
    return locked(filename, (LockEntry(*package, row, line.strip()) for row, line, package in lines if package))


def package_in(address: str) -> tuple[str, str] | None:
    """The name and version in the address of a conda package; None for any other text."""
    match = _PACKAGE.fullmatch(address.strip())
    return (pip_name(match.group("name")), unquote(match.group("version"))) if match else None


_NO_TEXT = "not a requirement: it is not a text"
_PYTHON = re.compile(r"python\s*={1,2}\s*(\d+\.\d+)")


def _read_environment(filename: str, text: str) -> ReadResult:
    """Read the conda packages, and the lines for pip; paths after ``-r`` are relative to the file."""
    lines = text.split("\n")
    return read_yaml(
        filename, text, lambda root: joined(_dependencies(filename, lines, value_of(root, "dependencies")))
    )


# The selector of a recipe's line, such as ``# [linux]``, and the statements and expressions of its templates.
_SELECTOR = re.compile(r"#\s*\[(?P<selector>[^\]]*)\]\s*$")
_SET = re.compile(r"""\{%-?\s*set\s+(?P<name>\w+)\s*=\s*["'](?P<value>[^"'\n]*)["']\s*-?%\}""")
_EXPRESSION = re.compile(r"\{\{\s*(?P<name>\w*)[^}\n]*\}\}")
# Sections of a recipe that list packages are read, wherever they stand: an output has requirements of its own.
_SECTION = re.compile(r"(?P<indent>[ \t]*)(?:-[ \t]+)?(?P<name>[\w-]+):[ \t]*(?:#.*)?")
_ENTRY = re.compile(r"(?P<indent>[ \t]*)-[ \t]+(?P<spec>[^#\n]+?)[ \t]*(?:#.*)?")


def _read_recipe(filename: str, text: str) -> ReadResult:
    """Read the packages that a recipe's package needs to run, line by line: before its templates it is no YAML.

    The lines with one selector are a group.
    """
    known = {match["name"]: match["value"] for match in _SET.finditer(text)}
    found = []
    section, deep = "", -1
    for row, written in enumerate(text.split("\n"), 1):
        if (begins := _SECTION.fullmatch(written.rstrip())) is not None:
            section, deep = begins["name"], len(begins["indent"])
        elif (entry := _ENTRY.fullmatch(written.rstrip())) is None or len(entry["indent"]) < deep:
            continue
        elif section == "run":
            selector = _SELECTOR.search(written)
            group = f"selector {selector['selector']}" if selector else ""
            spec = _EXPRESSION.sub(lambda match: known.get(match["name"], "?"), entry["spec"]).strip("\"'")
            found.append(conda_requirement(Line(filename, row, written.strip(), group), spec))
    return joined(found)


def _dependencies(filename: str, lines: list[str], node: Node | None) -> Iterator[ReadResult]:
    if node is None:
        return
    packages = items(node)
    if packages is None:
        yield skip(filename, row_of(node), "dependencies is not a list")
    for item in packages or ():
        line = Line(filename, row_of(item), lines[row_of(item) - 1].strip())
        if isinstance(item.value, str):
            python = _PYTHON.match(item.value)
            yield ReadResult(python=f"=={python.group(1)}.*") if python else conda_requirement(line, item.value)
        elif (for_pip := items(value_of(item, "pip"))) is not None:
            for entry in for_pip:
                line = Line(filename, row_of(entry), lines[row_of(entry) - 1].strip())
                is_text = isinstance(entry.value, str)
                yield requirement_line(line, entry.value.strip()) if is_text else line.skip(_NO_TEXT)
        else:
            yield line.skip("neither a package nor the list for pip")


_HEADER = re.compile(r"^version:\s*\d+", re.MULTILINE)
# An item of a list: its first line, and the lines that are indented deeper than its dash.
_ITEM = re.compile(r"^(?P<indent> *)- (?P<body>.*(?:\n(?P=indent)  .*)*)", re.MULTILINE)
_PAIR = re.compile(r"(?P<key>name|version|conda|url): +(?P<value>\S.*)")


def _read_listed_lock(name: str, filename: str, text: str) -> ReadResult:
    """Read the locked Keras and TensorFlow, line by line: a YAML parser would take seconds for the lines that matter.

    Both tools write each package as an item with ``name`` and ``version`` on lines of their own, or with the
    address of the package, which holds both.
    """
    if not _HEADER.search(text):
        return skip(filename, 0, f"not a {name}: it gives no version of its format")
    if "keras" not in text and "tensorflow" not in text:
        return ReadResult()
    return locked(filename, _items_with_keras(text))


def _items_with_keras(text: str) -> Iterator[LockEntry]:
    for item in _ITEM.finditer(text):
        body = item.group("body")
        if "keras" in body or "tensorflow" in body:
            yield from _entry_of_item(body, len(item.group("indent")) + 2, text.count("\n", 0, item.start()) + 1)


def _entry_of_item(body: str, indent: int, first: int) -> Iterator[LockEntry]:
    """The entry in one item whose pairs begin at column ``indent``; ``first`` is the row of the item."""
    pairs: dict[str, tuple[str, int, str]] = {}
    for row, line in enumerate(f"{' ' * (indent - 2)}- {body}".split("\n"), first):
        match = _PAIR.fullmatch(line[indent:].rstrip())
        if match is not None:
            pairs[match.group("key")] = (match.group("value").strip("'\""), row, line.strip())
    if "name" in pairs:
        version, row, text = pairs.get("version", (None, first, f"- {body}".partition("\n")[0]))
        yield LockEntry(pip_name(pairs["name"][0]), version, row, text)
        return
    for key in ("conda", "url"):
        address, row, text = pairs.get(key, ("", 0, ""))
        if (package := package_in(address)) is not None:
            yield LockEntry(*package, row, text)
            return


CONDA_EXPLICIT = Source(
    _read_explicit,
    re.compile(r"(?!.*/)(?:.*[-_.])?(?:conda|explicit|spec|package)(?:[-_.].*)?\.(?:lock|txt)", re.IGNORECASE),
    Role.LOCKS,
)
CONDA_ENVIRONMENT = Source(
    _read_environment,
    re.compile(
        r"(?!.*/|(?:.*[-.])?conda-lock\.ya?ml$)(?:.*[-_.])?(?:environment|conda|env)(?:[-_.].*)?\.ya?ml", re.IGNORECASE
    ),
    build=BUILD_IN_LIST,
)
CONDA_RECIPE = Source(_read_recipe, re.compile(r"(?:[^/]+/)?meta\.ya?ml"), build=BUILD_IN_LIST)
# conda-lock also writes NAME.conda-lock.yml.
CONDA_LOCKS = tuple(
    Source(partial(_read_listed_lock, name), re.compile(rf"(?:[^/]*[.-])?{re.escape(name)}"), Role.LOCKS)
    for name in ("conda-lock.yml", "pixi.lock")
)
