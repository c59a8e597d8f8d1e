"""Conda's notation of a requirement, a match specification: ``conda-forge::keras>=3.4,<3.7 py_0``."""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from keraslint.pins.interface import ReadResult
from keraslint.pins.requirement_line import Line, distribution_of, stated

# conda-forge still releases tensorflow-gpu, which PyPI no longer does; the others are parts of one build.
_ALIASES = {
    "tensorflow-gpu": "tensorflow",
    "tensorflow-base": "tensorflow",
    "tensorflow-mkl": "tensorflow",
    "tensorflow-eigen": "tensorflow",
}
_SPEC = re.compile(r"(?:[^\s=<>!~\[]*::?)?(?P<name>[A-Za-z0-9_.-]+)\s*(?P<rest>.*)", re.DOTALL)
# In a file of conda's: a build after a version, behind a "=" or blanks.
BUILD_IN_LIST = re.compile(r"=[^=\s]|[ \t]+[\w*]")
# The build follows the version after a "=" that belongs to no operator.
_BUILD = re.compile(r"(?<=[^=<>!~,|])=(?!=)")
_VERSION_KEY = re.compile(r"\bversion\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|([^,\]\s]+))")


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
