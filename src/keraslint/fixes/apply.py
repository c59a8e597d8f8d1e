"""The choice between the fixes of a diagnostic, and their application: each result is checked before it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from keraslint.diagnostic import Applicability, Diagnostic, Edit, Fix
from keraslint.document import Document
from keraslint.files.dependency_names import is_python
from keraslint.limits import OutOfTime, poll

COMMENT, ARGUMENT = "comment", "argument"
ALWAYS = (COMMENT, ARGUMENT)
"""The styles of fixes to a comment, and to one argument: the choice of a style for calls does not concern them."""


def applicable_fix(diagnostic: Diagnostic, *, unsafe: bool, style: str) -> Fix | None:
    """The fix that ``--fix`` applies: the first of that style, to a comment or to one argument.

    An unsafe one counts only where those are allowed.
    """
    for fix in diagnostic.fixes:
        if fix.style in (style, *ALWAYS) and (unsafe or fix.applicability is Applicability.SAFE):
            return fix
    return None


def best_fix(diagnostic: Diagnostic, style: str) -> Fix | None:
    """The fix to speak of, safe or not: one of that style or of ALWAYS, else the first of another style."""
    return applicable_fix(diagnostic, unsafe=True, style=style) or next(iter(diagnostic.fixes), None)


def asking_for(fix: Fix, *, unsafe: bool = False) -> str:
    """The options, in back quotes, by which ``--fix`` applies a fix; ``unsafe``: unsafe ones are allowed already."""
    needed = "" if unsafe or fix.applicability is Applicability.SAFE else "--unsafe-fixes "
    return f"`{needed}--fix-style {fix.style}`"


Recheck = Callable[[str], list[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A fix that was not applied, and why."""

    diagnostic: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True)
class FixedText:
    """A text after its fixes, the fixed diagnostics, the refused fixes, and what a check of ``text`` still finds.

    A remaining diagnostic whose fix was refused says so in its message and offers it no more.
    """

    text: str
    applied: tuple[Diagnostic, ...] = ()
    refused: tuple[Refused, ...] = ()
    remaining: tuple[Diagnostic, ...] = ()


def apply_fixes(
    document: Document,
    diagnostics: Collection[Diagnostic],
    *,
    unsafe: bool,
    style: str,
    recheck: Recheck,
) -> FixedText:
    """Apply the fixes of ``diagnostics``, which a check of ``document`` has found.

    ``recheck`` checks a text as ``document`` was checked. Fixed Python must parse. Where fixes overlap the first one
    wins, and the others are tried in the next pass.
    """
    current, remaining = document, list(diagnostics)
    applied: list[Diagnostic] = []
    refused: dict[_Key, Refused] = {}
    while wanted := [
        (diagnostic, fix)
        for diagnostic in remaining
        if _key(diagnostic) not in refused
        and (fix := applicable_fix(diagnostic, unsafe=unsafe, style=style)) is not None
    ]:  # ends: each round refuses a fix or leaves fewer diagnostics
        batch = _without_overlaps(wanted)
        outcome = _try(current, remaining, batch, recheck)
        if isinstance(outcome, str) and len(batch) > 1:
            batch = batch[:1]  # one of them is bad: find out which by going one at a time
            outcome = _try(current, remaining, batch, recheck)
        if isinstance(outcome, str):
            refused[_key(batch[0][0])] = Refused(batch[0][0], outcome)
            continue
        text, after = outcome
        applied += gone(remaining, after)
        current, remaining = replace(current, text=text), after
    noted = tuple(_noted(diagnostic, refused.get(_key(diagnostic)), style) for diagnostic in remaining)
    return FixedText(current.text, tuple(applied), tuple(refused.values()), noted)


def edited(document: Document, edits: Iterable[Edit]) -> str:
    """The text of ``document`` after ``edits``, which must not overlap; equal ones count once."""
    text = document.text
    for edit in sorted(set(edits), key=lambda edit: edit.span, reverse=True):
        start, end = document.offset(edit.span.start), document.offset(edit.span.end)
        text = text[:start] + edit.content + text[end:]
    return text


_Key = tuple[str, str]


def _key(diagnostic: Diagnostic) -> _Key:
    """The code and the message, by which a diagnostic is found again after edits have moved it."""
    return diagnostic.code, diagnostic.message


def _without_overlaps(wanted: Sequence[tuple[Diagnostic, Fix]]) -> list[tuple[Diagnostic, Fix]]:
    taken: set[Edit] = set()
    batch = []
    for diagnostic, fix in wanted:
        if not any(_collide(edit, other) for edit in fix.edits for other in taken):
            taken.update(fix.edits)
            batch.append((diagnostic, fix))
    return batch


def _collide(edit: Edit, other: Edit) -> bool:
    """Return True if both can't be made. Equal edits can: two fixes may need the same import."""
    if edit == other:
        return False
    first, second = sorted((edit.span, other.span))
    return second.start < first.end or first.start == second.start


def _try(
    document: Document,
    before: list[Diagnostic],
    batch: list[tuple[Diagnostic, Fix]],
    recheck: Recheck,
) -> tuple[str, list[Diagnostic]] | str:
    """The text with every fix of ``batch`` and the findings in it, or the reason why it is wrong."""
    text = edited(document, (edit for _, fix in batch for edit in fix.edits))
    if text == document.text:
        return "it changes nothing"
    try:
        poll()
        if is_python(document.path):
            _ = replace(document, text=text).tree
        document.encode(text)
        after = recheck(text)
    except OutOfTime:
        return "the result could not be checked to its end"
    except UnicodeEncodeError:
        return f"the result can't be written as {document.encoding}"
    except (SyntaxError, ValueError):
        return "the result would not parse"
    new = gone(after, before)
    if new:
        return f"the result would have a new {new[0].code}"
    cured = Counter(map(_key, gone(before, after)))
    if any(count > cured[key] for key, count in Counter(_key(diagnostic) for diagnostic, _ in batch).items()):
        return "the finding would still be there"
    return text, after


def gone(before: Iterable[Diagnostic], after: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics of ``before`` without a counterpart in ``after``."""
    left, missing = Counter(map(_key, after)), []
    for diagnostic in before:
        left[_key(diagnostic)] -= 1
        if left[_key(diagnostic)] < 0:
            missing.append(diagnostic)
    return missing


def _noted(diagnostic: Diagnostic, refused: Refused | None, style: str) -> Diagnostic:
    if refused is None:
        return diagnostic
    left = tuple(fix for fix in diagnostic.fixes if fix.style not in (style, *ALWAYS))
    return replace(diagnostic, message=f"{diagnostic.message} (not fixed: {refused.reason})", fixes=left)
