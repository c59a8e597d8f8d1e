"""The report on one file: its diagnostics, its text after fixes, or the one line that says what went wrong."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts, Unfinished
    from keraslint.config.effective import Unmeasured
    from keraslint.document import Document


@dataclass(frozen=True, slots=True)
class Fixing:
    """How to fix what is found. Without ``write`` the fixed text is only reported."""

    style: str
    unsafe: bool
    write: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    """The report on one file. Positions are those of ``text``, after fixes; ``before`` is as it was read.

    ``error`` is one line about what kept the file from being checked or written, ``detail`` its traceback
    where the cause is in keraslint. needs_callers: callers in other files may show more of its models. facts: those of
    ``text``, None if it was not analysed. shows: the other files whose calls the facts show, None where there are no
    facts; gives_dicts: those that train a model on a dict there. Both stay where the facts, which can't be sent between
    processes, are dropped. ends: the places from which on it was not looked at; ``said``: a rule about them is on.
    comments: the rows of comments that suppress nothing as they are written, and why.
    hinted: the diagnostics with the releases that the project's workflows install, where these do not count.
    unmeasured: what is to be said of the releases that the project asks for, None if they are measured.
    gone: how many diagnostics the fixed pins of the project made right. known: how many the baseline knows, by code.
    unread: the place and the reason where a notebook is cut off, and what is left of it names no model of Keras.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    fixed: tuple[Diagnostic, ...] = ()
    text: str = ""
    before: str = ""
    error: str | None = None
    detail: str = ""
    needs_callers: bool = False
    shows: frozenset[str] | None = None
    gives_dicts: frozenset[str] = frozenset()
    facts: ModuleFacts | None = field(default=None, compare=False, repr=False)
    ends: tuple[Unfinished, ...] = ()
    said: bool = True
    hinted: tuple[Diagnostic, ...] = ()
    comments: tuple[tuple[int, str], ...] = ()
    unmeasured: Unmeasured | None = None
    gone: int = 0
    known: Counter[str] = field(default_factory=Counter)
    unread: str | None = None

    @property
    def says_anything(self) -> bool:
        """True if there is anything to say of the file at the end of a run."""
        said = (self.diagnostics, self.fixed, self.error, self.ends, self.comments, self.unmeasured, self.known)
        return bool(self.unread) or any(map(bool, said))


def unreadable(path: str, error: OSError) -> FileReport:
    """The report for a file that can't be read."""
    return FileReport(path, error=f"can't be read: {_reason(error)}")


def broken(path: str, error: Exception) -> FileReport:
    """The report for a file on which keraslint failed; call it in the handler of ``error``."""
    if isinstance(error, MemoryError):
        return FileReport(path, error="its check takes more memory than --file-memory allows")
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return FileReport(path, error=f"internal error: {said}", detail=traceback.format_exc())


def with_fixes(
    report: FileReport,
    document: Document,
    data: bytes,
    fixing: Fixing | None,
    recheck: Callable[[str], list[Diagnostic]],
    *,
    linked: bool = False,
) -> FileReport:
    """The report after the fixes that ``fixing`` allows, which are written if it says so.

    ``data`` are the bytes of the file, which is only written if it still holds them. ``recheck`` returns the
    diagnostics of a changed document. ``linked``: a link that nobody named; nothing is written through it.
    """
    if fixing is None or not any(item.fixes for item in report.diagnostics):
        return report
    if linked:
        return replace(report, diagnostics=tuple(_left_alone(item, fixing) for item in report.diagnostics))
    from keraslint.files.write import write_whole
    from keraslint.fixes.apply import apply_fixes

    result = apply_fixes(document, report.diagnostics, unsafe=fixing.unsafe, style=fixing.style, recheck=recheck)
    if result.text != document.text:
        if fixing.write:
            try:
                write_whole(report.path, document.encode(result.text), data)
            except OSError as error:
                return replace(report, error=f"not fixed: {_reason(error)}")
        report = replace(report, facts=None, shows=None)
    return replace(report, diagnostics=result.remaining, fixed=result.applied, text=result.text)


def mistaken_in(document: Document) -> tuple[tuple[int, str], ...]:
    """The rows of comments that suppress nothing as they are written, and why."""
    from keraslint.noqa import may_be_mistaken, mistaken_comments

    if not may_be_mistaken(document.text):
        return ()
    from keraslint.rules.registry import ALL_RULES

    return tuple(mistaken_comments(document, {rule.name: rule.code for rule in ALL_RULES}))


def _left_alone(diagnostic: Diagnostic, fixing: Fixing) -> Diagnostic:
    """The diagnostic of a linked file: where there is a fix to apply it says why it was not, and has none any more."""
    from keraslint.fixes.apply import applicable_fix

    if applicable_fix(diagnostic, unsafe=fixing.unsafe, style=fixing.style) is None:
        return diagnostic
    reason = "the file is a link, and only one that is named on the command line is followed to be fixed"
    return replace(diagnostic, message=f"{diagnostic.message} (not fixed: {reason})", fixes=())


def in_order(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics of one file, sorted by place."""
    return sorted(diagnostics, key=lambda item: (item.span, item.code, item.message))


def _reason(error: OSError) -> str:
    """The message of an error, without the path."""
    return error.strerror or str(error) or type(error).__name__
