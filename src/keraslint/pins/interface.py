"""The conditions on Keras in a dependency file, and the interface of the modules that read one kind of file each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum

from packaging.specifiers import SpecifierSet

from keraslint.limits import MAX_TOML_BYTES, too_many
from keraslint.pins.keras_releases import Skipped

# Files of dependencies that a person writes are far shorter, and name them far less often.
_LONGEST = 1_000_000
_MOST_NAMED = 500
_MOST_NAMED_IN_LOCK = 2_000
_NAMED = re.compile("keras|tensorflow", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VersionCondition:
    """A line that asks for Keras or for a TensorFlow.

    distribution: "keras", or the canonical name of TensorFlow or of one of its sister packages.
    alternatives: the specifier sets of which a version must satisfy one; an empty set if the line names no version.
    row, text: the row of the line, and the line as written, stripped.
    marker: a PEP 508 marker, "" if the line has none.
    group: the extra or group that the line belongs to, "" for the base.
    overrides: the line counts instead of every other condition on the same distribution.
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
        """True if the line names no version."""
        return any(not specifiers for specifiers in self.alternatives)


@dataclass(frozen=True, slots=True)
class Include:
    """Another file that a file includes; ``path`` is relative to the folder of the including file."""

    path: str
    row: int
    group: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of reading one file, or a part of one.

    python: the Python versions that it declares, as a specifier, "" if it declares none.
    members: patterns of the folders below that share the lock of this one; one with "!" before it excludes folders.
    legacy: True or False if it sets the environment variable that makes ``tf.keras`` Keras 2, None if it does not.
    runtime: it asks for keraslint itself in its base, so the program can import ``keraslint.runtime``.
    """

    conditions: tuple[VersionCondition, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    includes: tuple[Include, ...] = ()
    python: str = ""
    members: tuple[str, ...] = ()
    legacy: bool | None = None
    runtime: bool = False


def joined(parts: Iterable[ReadResult]) -> ReadResult:
    """One result with all that the parts hold; of the declared Python versions the first."""
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


def in_group(found: ReadResult, group: str, *, overrides: bool = False) -> ReadResult:
    """The result with all that it holds in one group; ``overrides``: its conditions count instead of all others."""
    return replace(
        found,
        conditions=tuple(replace(item, group=group, overrides=overrides) for item in found.conditions),
        includes=tuple(replace(item, group=group) for item in found.includes),
    )


def skip(
    filename: str, row: int, reason: str, *, too_large: bool = False, text: str = "", meant: str = ""
) -> ReadResult:
    """A result with one Skipped: ``reason``, its first line, at ``row`` of the file (0: the whole file).

    ``text``: the line, if nothing else of the file is skipped; ``meant``: the line as it may be meant.
    """
    pin = not text or _NAMED.search(text + reason) is not None
    return ReadResult(skipped=(Skipped(filename, row, reason.partition("\n")[0], too_large, text, pin, meant),))


class Role(Enum):
    """The part that a kind of dependency file has in a project.

    ASKS: it lists the requirements of the project. LOCKS: it lists the versions chosen for them, and so decides over
    them. CONSTRAINS: it narrows the requirements of other files, and installs nothing by itself. HINTS: it counts if
    no other file of the project gives a version.
    """

    ASKS = "asks"
    LOCKS = "locks"
    CONSTRAINS = "constrains"
    HINTS = "hints"


def read_bounded(source: Source, filename: str, text: str) -> ReadResult:
    """The result of a source for a text; one that is too long, or names Keras too often, is not read."""
    most = MAX_TOML_BYTES if source.role is Role.LOCKS else _LONGEST
    if source.of_whole_file and len(text) > most:
        return skip(filename, 0, f"longer than {most:,} characters", too_large=True)
    named = _MOST_NAMED_IN_LOCK if source.role is Role.LOCKS else _MOST_NAMED
    if source.of_whole_file and too_many(_NAMED, text, named):
        return skip(filename, 0, f"it names Keras or TensorFlow more than {named:,} times", too_large=True)
    found = source.read(filename, text)
    if not found.skipped or _NAMED.search(text):
        return found
    return replace(found, skipped=tuple(replace(item, pin=False) for item in found.skipped))


@dataclass(frozen=True)
class Source:
    """One kind of dependency file: which files are of it, how they are read, and how the ``upgrade`` fix may edit them.

    read: reads a file with a name, which is only for the Skipped, and a text. It never raises, whatever the text.
    name: that of the file, a path below the project's folder with slashes, or an expression for it; "" for no file.
    role: the part of such files in a project. build: matches a build after a version; a version with a build is not
    rewritten. in_shell: the versions stand in shell commands, where an unquoted ``*`` may be expanded to file names.
    of_whole_file: the whole text is read, not only a block of it.
    """

    read: Callable[[str, str], ReadResult]
    name: str | re.Pattern[str]
    role: Role = Role.ASKS
    build: re.Pattern[str] | None = None
    in_shell: bool = False
    of_whole_file: bool = True

    def claims(self, name: str) -> bool:
        """Return True if the file called ``name`` is of this kind."""
        return name == self.name if isinstance(self.name, str) else self.name.fullmatch(name) is not None
