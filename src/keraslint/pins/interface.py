"""What a dependency file says about Keras, and the interface of the modules that read one kind of file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from packaging.specifiers import SpecifierSet

from keraslint.pins.releases import Skipped


@dataclass(frozen=True, slots=True)
class VersionCondition:
    """A line that asks for Keras or for a TensorFlow.

    distribution: "keras", or TensorFlow or one of its sister packages by its canonical name.
    alternatives: the versions it takes, any of these sets; an empty set where it names none.
    row, text: where it stands, and the line as written, stripped.
    marker: a PEP 508 marker, "" where it always holds.
    group: what it is installed with: "" for the base, else the name of an extra or a group.
    overrides: it counts instead of every other condition on the same distribution.
    """

    distribution: str
    alternatives: tuple[SpecifierSet, ...]
    row: int
    text: str
    marker: str = ""
    group: str = ""
    overrides: bool = False

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
class ReadResult:
    """What one file says.

    python: the Python versions it declares, as a specifier, "" for none.
    legacy: whether it sets the variable of the environment that makes ``tf.keras`` Keras 2; None: it does not say.
    runtime: whether it asks for keraslint itself in its base, so that the program can import ``keraslint.runtime``.
    members: patterns of the folders below that share the lock of this one, those with "!" before them don't.
    """

    conditions: tuple[VersionCondition, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    includes: tuple[Include, ...] = ()
    python: str = ""
    members: tuple[str, ...] = ()
    legacy: bool | None = None
    runtime: bool = False


def joined(parts: Iterable[ReadResult]) -> ReadResult:
    """All that the parts say; of the declared Python versions the first."""
    parts = tuple(parts)
    return ReadResult(
        tuple(item for part in parts for item in part.conditions),
        tuple(dict.fromkeys(item for part in parts for item in part.skipped)),
        tuple(item for part in parts for item in part.includes),
        next((part.python for part in parts if part.python), ""),
        tuple(item for part in parts for item in part.members),
        next((part.legacy for part in parts if part.legacy is not None), None),
        any(part.runtime for part in parts),
    )


class Role(Enum):
    """What a kind of dependency file is in a project.

    ASKS: it says what the project asks for. LOCKS: it resolves that, and so decides over it. CONSTRAINS: it
    narrows what others ask for, and installs nothing by itself. HINTS: it counts where no other file of the
    project gives a version.
    """

    ASKS = "asks"
    LOCKS = "locks"
    CONSTRAINS = "constrains"
    HINTS = "hints"


class Source(Protocol):
    """Reads one kind of dependency file."""

    @property
    def role(self) -> Role:
        """What its files are in a project."""
        ...

    def claims(self, name: str) -> bool:
        """Whether it reads the file called ``name``: a path below the project's folder, with slashes."""
        ...

    def read(self, filename: str, text: str) -> ReadResult:
        """What the file says. ``filename`` is only for the Skipped. Never raises, whatever the text."""
        ...
