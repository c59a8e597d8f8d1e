"""The forms of programs of which the interpreter still says something wrong, alone or together, with the reason.

A form that is cured is taken out: the tests fail while one is listed that does not disagree any more.
"""

from __future__ import annotations

from collections.abc import Iterable

ALONE: dict[str, tuple[str, ...]] = {
    "what is held in such a way is told wrongly": ("held in: typed named tuple",),
    "what is read first, and what an in-place operator does, is told wrongly": (
        "changed by: multiplied in place",
        "changed by: __setitem__",
        "changed by: augmented",
    ),
    "the result may be the very object that went in, and counts as another one; or the other way round": (
        "alias: multiplied",
        "alias: exception",
        "alias: groupby",
    ),
    "what such a function changes is not seen, or is seen though it may not happen": ("function: decorated outside",),
    "whether such a form runs the function, and how often, is told wrongly": (
        "run by: generator expression drained by in",
        "run by: generator expression drained by join",
        "run by: own generator, next twice",
        "run by: own generator, dropped",
        "run by: own generator, in",
        "run by: exec in scope",
        "run by: globals",
        "run by: getattr with default",
        "run by: except expression",
        "run by: before a call that raises",
        "run by: contextmanager as a decorator",
        "run by: suppress",
        "run by: given to outside in a class",
        "run by: template method",
        "run by: dispatch by what is not known",
        "run by: property deleter",
        "run by: hasattr of a property",
        "run by: setattr",
        "run by: attribute with __setattr__",
        "run by: __getattr__, found",
        "run by: __getattribute__",
        "run by: match class",
        "run by: match guard",
        "run by: __del__",
        "run by: __del__ of a temporary",
        "run by: __del__ by rebinding",
        "run by: __del__ at return",
        "run by: __class_getitem__",
        "run by: metaclass",
        "run by: metaclass prepare",
        "run by: enum __init__",
        "run by: enum _missing_",
        "run by: user dict",
        "run by: __missing__",
    ),
    "such a method is not run where Python calls it by itself": (
        "operator: __eq__ at [v].index(1)",
        "operator: __eq__ at [1].count(v)",
        "operator: __eq__ at [1].remove(v)",
        "operator: __eq__ at match v: case 1: pass",
        "operator: __hash__ at {v}",
        "operator: __hash__ at {v: 1}",
        "operator: __hash__ at {}.get(v)",
        "operator: __hash__ at dict.fromkeys([v])",
        "operator: __lt__ at sorted([v, v])",
        "operator: __str__ at print(v)",
        "operator: __repr__ at print(v)",
        "operator: __iter__ at map(str, v)",
        "operator: __iter__ at (n for n in v)",
        "operator: __delitem__ at del v[0]",
        "operator: __index__ at [0, 1][v]",
        "operator: __index__ at [0, 1][:v]",
        "operator: __copy__ at copy.copy(v)",
        "operator: __deepcopy__ at copy.deepcopy(v)",
        "operator: __reduce__ at copy.copy(v)",
        "operator: __reduce__ at copy.deepcopy([v])",
    ),
    "whether such a block runs is told wrongly": ("within: comparison of a float",),
    "a compile call that is written so is told wrongly": ("compiled by: with",),
}
"""By reason: forms."""

TOGETHER: tuple[tuple[str, ...], ...] = ()
"""Forms that disagree together, though none of them does on its own."""

_ALONE = frozenset(form for forms in ALONE.values() for form in forms)
_TOGETHER = tuple(map(frozenset[str], TOGETHER))

LISTED = (*(frozenset([form]) for form in sorted(_ALONE)), *_TOGETHER)


def is_free(form: str) -> bool:
    """True if a form does not disagree on its own."""
    return form not in _ALONE


def is_listed(forms: Iterable[str]) -> bool:
    """True if a program with these forms may disagree."""
    present = frozenset(forms)
    return not present.isdisjoint(_ALONE) or any(together <= present for together in _TOGETHER)
