"""The choice between the fixes of a diagnostic."""

from __future__ import annotations

from keraslint.diagnostic import Applicability, Diagnostic, Fix

COMMENT = "comment"
"""The style of fixes to a comment, which the choice of a style for calls does not concern."""


def applicable_fix(diagnostic: Diagnostic, *, unsafe: bool, style: str) -> Fix | None:
    """The fix that ``--fix`` applies: the first of that style or to a comment.

    An unsafe one counts only where those are allowed.
    """
    for fix in diagnostic.fixes:
        if fix.style in (style, COMMENT) and (unsafe or fix.applicability is Applicability.SAFE):
            return fix
    return None


def best_fix(diagnostic: Diagnostic, style: str) -> Fix | None:
    """The fix to speak of, safe or not: one of that style or to a comment, else the first of another style."""
    return applicable_fix(diagnostic, unsafe=True, style=style) or next(iter(diagnostic.fixes), None)


def asking_for(fix: Fix, *, unsafe: bool = False) -> str:
    """The options, in back quotes, by which ``--fix`` applies a fix; ``unsafe``: unsafe ones are allowed already."""
    needed = "" if unsafe or fix.applicability is Applicability.SAFE else "--unsafe-fixes "
    return f"`{needed}--fix-style {fix.style}`"
