"""The data that a check returns: Diagnostic, Fix, Edit and the positions in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from keraslint.site import rule_page

if TYPE_CHECKING:
    from keraslint.behaviour.drawn import Drawn


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A place in a text: 1-based row, 1-based column counted in characters (as Ruff's)."""

    row: int
    column: int


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """The text from ``start`` up to, not including, ``end``."""

    start: Position
    end: Position

    def is_in(self, others: Iterable[Span]) -> bool:
        """Return True if all of it is within one of the others."""
        return any(one.start <= self.start and self.end <= one.end for one in others)


class Severity(str, Enum):
    """The certainty that the program goes wrong on the Keras that the project installs.

    A note says nothing about the program, and does not count for the exit code.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Applicability(str, Enum):
    """The certainty that a fix keeps the behaviour of correct code."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of ``span`` by ``content``; an empty span inserts. ``cell``: as in Diagnostic."""

    span: Span
    content: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that fix what a diagnostic reports, in the file that it is about."""

    style: str
    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line of a project file that says which Keras the project gets."""

    filename: str
    row: int
    text: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class KerasClaim:
    """The releases that a diagnostic is about: specifier text, pinned or locked, and the evidence."""

    admitted: str
    pinned: bool
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a rule's code and one line of text about a place in a file.

    ``outputs`` are the model's output names in order where they are known, ``outputs_place`` is the file and the row
    that list them, ``outputs_cell`` the cell of that row. ``cell`` is the 1-based notebook cell, None in a plain file.
    ``noqa_rows`` are the rows on which a ``# noqa`` comment suppresses it. ``drawn`` is what a picture of it shows.
    """

    code: str
    name: str
    severity: Severity
    message: str
    filename: str
    span: Span
    noqa_rows: tuple[int, ...] = ()
    outputs: tuple[str, ...] | None = None
    keras: KerasClaim | None = None
    fixes: tuple[Fix, ...] = field(default=())
    cell: int | None = None
    outputs_place: tuple[str, int] | None = None
    outputs_cell: int | None = None
    drawn: Drawn | None = field(default=None, compare=False, repr=False)

    @property
    def url(self) -> str:
        """The address of the rule's documentation."""
        return rule_page(self.name)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that are on.

    codes: their codes. strict: rules selected by their own code; these also report what is only likely.
    """

    codes: frozenset[str] = frozenset()
    strict: frozenset[str] = frozenset()

    def __contains__(self, code: str) -> bool:
        """True if the rule with this code is on."""
        return code in self.codes

    def without(self, codes: Collection[str]) -> Selection:
        """The selection with these rules off."""
        return Selection(self.codes.difference(codes), self.strict.difference(codes))
