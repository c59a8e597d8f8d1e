"""What a dependency file says about Keras, and the interface of the modules that read one kind of file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from keraslint.pins.releases import Skipped

# All of them bring the module tensorflow, in step with its version numbers.
TENSORFLOW = frozenset(
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
NIGHTLY = {"keras-nightly": "keras", "tf-nightly": "tensorflow", "tf-nightly-cpu": "tensorflow"}
ANY = SpecifierSet()
# .../keras-3.5.0-py3-none-any.whl, .../keras-3.5.0.tar.gz, .../v3.5.0.zip, ...keras.git@v3.5.0
_RELEASE_IN_URL = re.compile(
    r"(?:[-/@]|^)v?(?P<version>\d+(?:\.\d+)+)(?:-[^/]*\.whl|\.tar\.\w+|\.zip|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A line that asks for Keras or for a TensorFlow.

    distribution: "keras" or one of TENSORFLOW.
    alternatives: the versions it takes, any of these sets; (ANY,) where it names none.
    row, text: where it stands, and the line as written, stripped.
    marker: a PEP 508 marker, "" where it always holds.
    group: what it is installed with: "" for the base, else the name of an extra or a group.
    """

    distribution: str
    alternatives: tuple[SpecifierSet, ...]
    row: int
    text: str
    marker: str = ""
    group: str = ""

    @property
    def bare(self) -> bool:
        """Whether it names no version."""
        return any(not specifiers for specifiers in self.alternatives)


@dataclass(frozen=True, slots=True)
class Include:
    """Another file that this one takes in; ``path`` is relative to the folder of the including file."""

    path: str
    row: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one file says. ``python``: the Python versions it declares, as a specifier, "" for none."""

    conditions: tuple[Condition, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    includes: tuple[Include, ...] = ()
    python: str = ""


class Source(Protocol):
    """Reads one kind of dependency file."""

    @property
    def locks(self) -> bool:
        """Whether it resolves the environment: then it decides over what other files ask for."""
        ...

    @property
    def constrains(self) -> bool:
        """Whether it narrows what other files ask for, and installs nothing by itself."""
        ...

    def claims(self, name: str) -> bool:
        """Whether it reads the file called ``name``: a path below the project's folder, with slashes."""
        ...

    def read(self, filename: str, text: str) -> Found:
        """What the file says. ``filename`` is only for the Skipped. Never raises, whatever the text."""
        ...


def distribution_of(name: str) -> str | None:
    """The distribution that counts under a name as written: "keras", one of TENSORFLOW, or None.

    A nightly build counts as its project. tf-keras (Keras 2) and keras-core say nothing about ``keras``.
    """
    canonical = canonicalize_name(name)
    canonical = canonicalize_name(NIGHTLY.get(canonical, canonical))
    return canonical if canonical == "keras" or canonical in TENSORFLOW else None


def is_nightly(name: str) -> bool:
    """Whether the distribution is a nightly build, whose versions no table can hold."""
    return canonicalize_name(name) in NIGHTLY


def from_requirement(
    filename: str, requirement: Requirement, row: int, text: str, *, group: str = ""
) -> tuple[Condition | None, Skipped | None]:
    """The condition in a PEP 508 requirement, and what of it can't be told."""
    distribution = distribution_of(requirement.name)
    if distribution is None:
        return None, None
    marker = str(requirement.marker) if requirement.marker else ""
    if is_nightly(requirement.name):
        reason = f"{requirement.name} is a nightly build: which releases it is like is not known"
        return Condition(distribution, (ANY,), row, text, marker, group), Skipped(filename, row, reason)
    if requirement.url is not None:
        specifiers = specifier_of_url(requirement.url)
        skipped = None if specifiers else Skipped(filename, row, "the address names no release")
        return Condition(distribution, (specifiers,), row, text, marker, group), skipped
    return Condition(distribution, (requirement.specifier,), row, text, marker, group), None


def specifier_of_url(url: str) -> SpecifierSet:
    """The exact release that the address of a wheel, an archive or a tag ends in; ANY where there is none."""
    path = re.split(r"[#?]", url, maxsplit=1)[0]
    match = _RELEASE_IN_URL.search(path)
    return SpecifierSet(f"=={match.group('version')}") if match else ANY
