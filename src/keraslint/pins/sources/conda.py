"""Conda's notation: match specifications, environment.yml, and the lock files that list conda packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keraslint.pins.interface import ReadResult, Role, Source, joined, skip
from keraslint.pins.notation.yaml_text import Node, items, read_yaml, row_of, value_of
from keraslint.pins.requirement_line import Line, distribution_of, stated
from keraslint.pins.sources.locks import LockEntry, locked
from keraslint.pins.sources.requirements_txt import requirement_line

# conda-forge still releases tensorflow-gpu, which PyPI no longer does; the others are parts of one build.
_ALIASES = {
    "tensorflow-gpu": "tensorflow",
    "tensorflow-base": "tensorflow",
    "tensorflow-mkl": "tensorflow",
    "tensorflow-eigen": "tensorflow",
}
_SPEC = re.compile(r"(?:[^\s=<>!~\[]*::?)?(?P<name>[A-Za-z0-9_.-]+)\s*(?P<rest>.*)", re.DOTALL)
# The build follows the version after a "=" that belongs to no operator.
_BUILD = re.compile(r"(?<=[^=<>!~,|])=(?!=)")
_VERSION_KEY = re.compile(r"\bversion\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\]\s]+))")
_PACKAGE = re.compile(r".*/(?P<name>[^/]+)-(?P<version>[^-/]+)-[^-/]+\.(?:conda|tar\.bz2)(?:#.*)?", re.IGNORECASE)


def _read_explicit(filename: str, text: str) -> ReadResult:
    """Read the packages; nothing unless the file contains ``@EXPLICIT``."""
    if "@EXPLICIT" not in text:
        return ReadResult()
    lines = ((row, line, package_in(line)) for row, line in enumerate(text.split("\n"), 1))
    return locked(filename, (LockEntry(*package, row, line.strip()) for row, line, package in lines if package))


def conda_requirement(line: Line, spec: str) -> ReadResult:
    """Read a conda match specification: ``keras=3.5``, ``conda-forge::keras>=3.4,<3.7 py_0``."""
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        return ReadResult()
    name = pip_name(match.group("name"))
    if distribution_of(name) is None:
        return ReadResult()
    try:
        alternatives = conda_specifiers(_version_of(match.group("rest")))
    except InvalidSpecifier:
        return line.skip(f"not a conda specification: {spec}")
    return stated(line, name, alternatives)


def conda_specifiers(version: str) -> tuple[SpecifierSet, ...]:
    """A version in conda's notation as specifier sets of which a version must satisfy one. Raises InvalidSpecifier.

    ``=3.5`` and ``3.5.*`` are ``==3.5.*``; ``==3.5.0`` and ``3.5.0`` are exact, and so is ``=3.5.0``: Keras
    has no fourth part. ``|`` is "or", ``,`` is "and".
    """
    return tuple(
        SpecifierSet(
            ",".join(_specifier(part.strip()) for part in branch.split(",") if part.strip() not in ("", "*", "=*"))
        )
        for branch in version.split("|")
    )


def pip_name(name: str) -> str:
    """The name on PyPI of the distribution in a conda package."""
    return _ALIASES.get(name.lower(), name)


def package_in(address: str) -> tuple[str, str] | None:
    """The name and version in the address of a conda package; None for any other text."""
    match = _PACKAGE.fullmatch(address.strip())
    return (pip_name(match.group("name")), unquote(match.group("version"))) if match else None


def _version_of(rest: str) -> str:
    """The version in the text after the name, without the build and the bracket."""
    rest, bracket, inside = rest.partition("[")
    keyed = _VERSION_KEY.search(inside) if bracket else None
    if keyed:
        return next(group for group in keyed.groups() if group is not None)
    rest = re.sub(r"([<>=!~,|]) ", r"\1", " ".join(rest.split()))
    rest = re.sub(r" ([<>!~,|])", r"\1", rest)
    version = rest.split()[0] if rest else ""
    return _BUILD.split(version, maxsplit=1)[0]


def _specifier(part: str) -> str:
    if part[:1] in "<>!~":
        return part
    version = re.sub(r"^==?", "", part)
    if version.endswith("*"):
        return f"=={version.rstrip('*').rstrip('.')}.*"
    fuzzy = part.startswith("=") and not part.startswith("==") and version.count(".") < 2
    return f"=={version}.*" if fuzzy else f"=={version}"


_NO_TEXT = "not a requirement: it is not a text"
_PYTHON = re.compile(r"python\s*={1,2}\s*(\d+\.\d+)")


def _read_environment(filename: str, text: str) -> ReadResult:
    """Read the conda packages, and the lines for pip; paths after ``-r`` are relative to the file."""
    lines = text.split("\n")
    return read_yaml(
        filename, text, lambda root: joined(_dependencies(filename, lines, value_of(root, "dependencies")))
    )


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
    build=re.compile(r"=[^=\s]|[ \t]+[\w*]"),
)
# conda-lock also writes NAME.conda-lock.yml.
CONDA_LOCKS = tuple(
    Source(partial(_read_listed_lock, name), re.compile(rf"(?:[^/]*[.-])?{re.escape(name)}"), Role.LOCKS)
    for name in ("conda-lock.yml", "pixi.lock")
)
