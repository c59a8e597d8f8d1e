"""One line of a dependency file: a name with versions, a PEP 508 requirement, or an address."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from keraslint.behaviour.known_bad import known_bad
from keraslint.behaviour.releases import MEASURED
from keraslint.limits import poll
from keraslint.pins.interface import ReadResult, VersionCondition, skip
from keraslint.pins.meant import meant_specifiers

ANY = SpecifierSet()

_MOST_SPECIFIERS = 100
_LONGEST_VERSION = 100
_TOO_LONG = f"a version has more than {_LONGEST_VERSION} characters"

# Each of them installs the module tensorflow of the same version.
_TENSORFLOW = frozenset(
    {
        "tensorflow",
        "tensorflow-aarch64",
        "tensorflow-cpu",
        "tensorflow-cpu-aws",
        "tensorflow-gpu",
        "tensorflow-intel",
        "tensorflow-macos",
        "tensorflow-rocm",
    }
)
_NIGHTLY = {
    "keras-nightly": "keras",
    "tf-nightly": "tensorflow",
    "tf-nightly-cpu": "tensorflow",
    "tf-nightly-gpu": "tensorflow",
}
# .../keras-3.5.0-py3-none-any.whl, .../keras-3.5.0.tar.gz, .../v3.5.0.zip, ...keras.git@v3.5.0
_RELEASE_IN_URL = re.compile(
    r"(?:[-/@]|^)v?(?P<version>\d+(?:\.\d+)+)(?:(?:-[^/]*)?\.(?:whl|conda|zip|tar\.\w+)|$)", re.IGNORECASE
)
_PROJECT_IN_URL = re.compile(
    r"(?:egg=|[/\\]|^(?=\S+\.(?:whl|zip|tar\.\w+)$))(?P<name>keras|tensorflow(?:[-_](?:cpu|gpu|intel|macos))?)(?=[-@#&.\[]\S*$|/?$|\.git|/archive/)"
)
# A path or an address; a requirement begins with a name.
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.]*:|\.{0,2}/|\.$|\.\[|[a-z]:\\|[^\s=<>~!;@\[]*[/\\]"
    r"|[^\s=<>~!;@\[]+\.(?:whl|zip|tar\.(?:gz|bz2|xz))(?:\s|;|$)",
    re.IGNORECASE,
)

_NAME_AND_VERSIONS = re.compile(r"(?P<name>[A-Za-z][\w.-]*?)(?P<versions>[\s=<>!~].*)")


@dataclass(frozen=True, slots=True)
class Line:
    """The place of a requirement: the file, the row, the line as written, stripped, and its group."""

    filename: str
    row: int
    text: str
    group: str = ""

    def skip(self, reason: str, *, too_large: bool = False, meant: str = "") -> ReadResult:
        """A result in which the line is skipped, with the first line of ``reason``."""
        return skip(self.filename, self.row, reason, too_large=too_large, text=self.text, meant=meant)


def stated(
    line: Line,
    name: str,
    alternatives: tuple[SpecifierSet, ...],
    marker: str = "",
    *,
    overrides: bool = False,
) -> ReadResult:
    """The result of a line that asks for these versions of the distribution ``name``: empty for most names."""
    distribution = distribution_of(name)
    if distribution is not None and (problem := _too_large(alternatives)):
        return line.skip(problem, too_large=True)
    if distribution is None:
        return ReadResult(runtime=not line.group and not marker and canonicalize_name(name) == "keraslint")
    asked = _like_nightly(name, alternatives) if canonicalize_name(name) in _NIGHTLY else alternatives
    condition = VersionCondition(distribution, asked or (ANY,), line.row, line.text, marker, line.group, overrides)
    skipped = line.skip(f"{name} is a nightly build: which release it is like is not known").skipped
    return ReadResult((condition,), () if asked else skipped)


def _like_nightly(name: str, alternatives: tuple[SpecifierSet, ...]) -> tuple[SpecifierSet, ...]:
    """The release that a pinned nightly build of Keras came before; empty where that is not known.

    A build may behave like that release or like the one before it, so neither may be a known bad one.
    """
    texts = [item.version for specifiers in alternatives for item in specifiers if item.operator in ("==", "===")]
    try:
        [release] = [Version(Version(text).base_version) for text in texts]
    except ValueError:  # none or several, or not a version
        return ()
    before = [version for version in MEASURED if version < release][-1:]
    if canonicalize_name(name) != "keras-nightly" or not before or {release, *before} & set(known_bad()):
        return ()
    return (SpecifierSet(f"=={release}"),)


def in_notation(
    line: Line, name: str, version: object, parse: Callable[[str], tuple[SpecifierSet, ...]], marker: str = ""
) -> ReadResult:
    """The result of a line that asks for a version of the distribution ``name`` in the notation that ``parse`` reads.

    The line is skipped if ``version`` is not a text, or ``parse`` raises InvalidSpecifier.
    """
    try:
        alternatives = parse(version) if isinstance(version, str) else None
    except InvalidSpecifier:
        alternatives = None
    except ValueError:  # older packaging reads a number of any length, and Python none of more than 4,300 digits
        return line.skip(_TOO_LONG, too_large=True)
    if alternatives is None:
        return line.skip(f"not a version: {version!r}")
    return stated(line, name, alternatives, marker)


def _too_large(alternatives: tuple[SpecifierSet, ...]) -> str | None:
    """The reason why specifiers are not read, None if they are: comparing them takes the square of their number."""
    if sum(map(len, alternatives)) > _MOST_SPECIFIERS or len(alternatives) > _MOST_SPECIFIERS:
        return f"it names more than {_MOST_SPECIFIERS} versions"
    if any(len(item.version) > _LONGEST_VERSION for specifiers in alternatives for item in specifiers):
        return _TOO_LONG
    return None


def required(line: Line, text: str, *, overrides: bool = False) -> ReadResult:
    """Read a PEP 508 requirement; the line is skipped if ``text`` is not one."""
    poll()
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        return not_a_requirement(line, text) or line.skip(f"not a requirement: {error}")
    except ValueError:  # as above
        return line.skip(_TOO_LONG, too_large=True)
    marker = str(requirement.marker) if requirement.marker else ""
    if requirement.url is not None:
        return addressed(line, requirement.name, requirement.url, marker)
    return stated(line, requirement.name, (requirement.specifier,), marker, overrides=overrides)


def not_a_requirement(line: Line, text: str) -> ReadResult | None:
    """The result of a line with a slip in the version of Keras or a TensorFlow; None where its meaning is not known."""
    written = _NAME_AND_VERSIONS.fullmatch(text.partition(";")[0])
    if written is None or distribution_of(written["name"]) is None:
        return None
    specifiers = meant_specifiers(written["versions"])
    if specifiers is None:
        return None
    meant = written["name"] + specifiers
    return line.skip(f"not a requirement: did you mean `{meant}`?", meant=meant)


def addressed(line: Line, name: str, address: str, marker: str = "") -> ReadResult:
    """The result of a line that installs the distribution ``name`` from an address: a release if that names one."""
    # The release at the end of the address of a wheel, a package, an archive or a tag.
    release = _RELEASE_IN_URL.search(re.split(r"[#?]", address, maxsplit=1)[0])
    specifiers = SpecifierSet(f"=={release['version']}") if release else ANY
    found = stated(line, name, (specifiers,), marker)
    if not found.conditions or specifiers:
        return found
    return ReadResult(found.conditions, line.skip("the address names no release").skipped)


def bare_address(line: Line, text: str) -> ReadResult | None:
    """Read a path or an address without a name before it; None for any other text."""
    if not _ADDRESS.match(text):
        return None
    address = text.partition(";")[0].strip()
    named = _PROJECT_IN_URL.search(address)
    return addressed(line, named.group("name"), address) if named else ReadResult()


def distribution_of(name: str) -> str | None:
    """The distribution that a name as written counts as: "keras", a TensorFlow, or None.

    A nightly build counts as its project. tf-keras (Keras 2) and keras-core say nothing about ``keras``.
    """
    canonical = canonicalize_name(name)
    distribution = _NIGHTLY.get(canonical, canonical)
    return distribution if distribution == "keras" or distribution in _TENSORFLOW else None
