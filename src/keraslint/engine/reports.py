"""What came of one file: its diagnostics, its text after fixes, or the one line that says what went wrong."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Fixing:
    """How to mend what is found. Without ``write`` the fixed text is only reported."""

    style: str
    unsafe: bool
    write: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file. Positions are those of ``text``, after fixes; ``before`` is as it was read.

    ``error`` is one line about what kept the file from being checked or written, ``detail`` its traceback
    where the cause is ours. ``awaits``: callers in other files may show what is compiled in it.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    fixed: tuple[Diagnostic, ...] = ()
    text: str = ""
    before: str = ""
    error: str | None = None
    detail: str = ""
    awaits: bool = False


def unreadable(path: str, error: OSError) -> FileReport:
    """The report for a file that can't be read."""
    return FileReport(path, error=f"can't be read: {reason(error)}")


def broken(path: str, error: Exception) -> FileReport:
    """The report for a file at which a flaw of ours showed; to be called where ``error`` is handled."""
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return FileReport(path, error=f"internal error: {said}", detail=traceback.format_exc())


def reason(error: OSError) -> str:
    """What went wrong, without the path."""
    return error.strerror or str(error) or type(error).__name__
