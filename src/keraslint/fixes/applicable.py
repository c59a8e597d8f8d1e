"""Which fix of a diagnostic counts."""

from __future__ import annotations

from keraslint.diagnostic import Applicability, Diagnostic, Fix


def applicable_fix(diagnostic: Diagnostic, *, unsafe: bool, style: str) -> Fix | None:
    """The fix that ``--fix`` applies: the first of that style, an unsafe one only where those are allowed."""
    for fix in diagnostic.fixes:
        if fix.style == style and (unsafe or fix.applicability is Applicability.SAFE):
            return fix
    return None
