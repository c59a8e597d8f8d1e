"""Folders that a program names by its own ``__file__``: what an expression of ``os.path`` or ``pathlib`` stands for."""

from __future__ import annotations

import os.path
from collections.abc import Hashable
from pathlib import Path

from keraslint.analysis.core.origins import ApiCall, AttributeOf, CallOf, Derived, ItemOf
from keraslint.analysis.core.values import Const, Unknown, Value

FILE = "__file__"
_SAME = frozenset(
    {"os.path.abspath", "os.path.normpath", "os.path.realpath", "os.fspath", "builtins.str", "pathlib.Path"}
)
_SAME_METHODS = frozenset({"absolute", "as_posix", "resolve"})
_JOIN = frozenset({"os.path.join", "pathlib.Path"})


def own_folder(value: Hashable) -> Path | None:
    """The path that a value of the program is; None for one that does not begin with its ``__file__``.

    Links are not resolved.
    """
    origin = value.origin if isinstance(value, Unknown) else None
    if isinstance(origin, Derived):
        return _derived(origin)
    if isinstance(origin, AttributeOf):
        owner = own_folder(origin.owner)
        return owner.parent if owner is not None and origin.name == "parent" else None
    if isinstance(origin, ItemOf):
        return _one_of_parents(origin)
    return _called(origin) if isinstance(origin, (CallOf, ApiCall)) else None


def _derived(origin: Derived) -> Path | None:
    if origin.how == "name" and origin.sources[0] == FILE:
        return Path(str(origin.sources[1]))
    if origin.how not in ("Add", "Div"):
        return None
    begin, end = origin.sources
    return _joined(own_folder(begin), [end], "" if origin.how == "Add" else os.path.sep)


def _one_of_parents(origin: ItemOf) -> Path | None:
    """The path ``path.parents[n]``."""
    inner = origin.container.origin if isinstance(origin.container, Unknown) else None
    number = origin.index.value if isinstance(origin.index, Const) else None
    owner = own_folder(inner.owner) if isinstance(inner, AttributeOf) and inner.name == "parents" else None
    if owner is None or not isinstance(number, int) or not 0 <= number < len(owner.parents):
        return None
    return owner.parents[number]


def _called(origin: CallOf | ApiCall) -> Path | None:
    if origin.keywords:
        return None
    method = origin.function.origin if isinstance(origin, CallOf) and isinstance(origin.function, Unknown) else None
    if isinstance(method, AttributeOf):
        same = method.name in _SAME_METHODS and not origin.arguments
        joined = method.name == "joinpath"
        owner = own_folder(method.owner) if same or joined else None
        return _joined(owner, list(origin.arguments), os.path.sep)
    first, *others = origin.arguments or (None,)
    if not others and origin.path in _SAME:
        return own_folder(first)
    if not others and origin.path == "os.path.dirname":
        return None if (path := own_folder(first)) is None else path.parent
    return _joined(own_folder(first), others, os.path.sep) if origin.path in _JOIN else None


def _joined(path: Path | None, parts: list[Hashable] | list[Value], between: str) -> Path | None:
    for part in parts:
        if path is None or not isinstance(part, Const) or not isinstance(part.value, str):
            return None
        text = f"{path}{between}{part.value}" if not (between and Path(part.value).is_absolute()) else part.value
        path = Path(os.path.normpath(text))
    return path
