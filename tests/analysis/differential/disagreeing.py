"""The forms of programs of which the interpreter still says something wrong, with the reason.

A form that is cured is taken out: the tests fail while one is listed that does not disagree any more.
"""

from __future__ import annotations

from collections.abc import Iterable

ALONE: dict[str, tuple[str, ...]] = {
    "what is replaced counts as what it was": ("replaced: Dense by sys.modules",),
    "a call that another one replaces before training is not told": ("compiled by: function called twice",),
}
"""By reason: forms."""

_ALONE = frozenset(form for forms in ALONE.values() for form in forms)

LISTED = tuple(frozenset([form]) for form in sorted(_ALONE))


def is_free(form: str) -> bool:
    """True if a form does not disagree on its own."""
    return form not in _ALONE


def is_listed(forms: Iterable[str]) -> bool:
    """True if a program with these forms may disagree."""
    return not _ALONE.isdisjoint(forms)
