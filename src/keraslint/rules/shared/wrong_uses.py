"""Uses of Keras that go wrong: what is said of one, and programs that may choose by the version between two ways."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.diagnostic import Applicability, Edit, Fix, Span
from keraslint.document import Document
from keraslint.fixes.apply import ARGUMENT
from keraslint.syntax import called_name

_ASKING = frozenset({"hasattr", "signature", "getfullargspec"})
_SHOWING = frozenset({"print", "format", "info", "debug", "display"})


@dataclass(frozen=True, slots=True)
class WrongUse:
    """What is wrong with a use, in the parts of a message.

    entry: the name of what is known to be wrong. at: the expression that is reported. The verb is written as for
    several releases.
    """

    entry: str
    at: ast.expr
    verb: str
    what: str
    why: str
    instead: str
    fixes: tuple[Fix, ...] = ()


def uses_by_place(facts: ModuleFacts) -> Iterator[list[KerasUse]]:
    """The uses in the checked file, all at one place together, in the order of the source."""
    places: dict[tuple[int, int, int | None, int | None, str], list[KerasUse]] = {}
    for use in facts.uses:
        if use.module == facts.path:
            node = use.node
            key = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, use.how)
            places.setdefault(key, []).append(use)
    yield from (places[key] for key in sorted(places, key=lambda key: key[:2]))


def chooses_by_version(document: Document) -> bool:
    """Return True if a program may choose between two ways by the installed version, or by what an object has.

    Showing the version, as notebooks do, is no choice.
    """
    shown: set[int] = set()
    for node in ast.walk(document.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute):
            shown.add(id(node.value))
        elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and called_name(node) in _SHOWING):
            shown.update(id(child) for child in ast.walk(node))
        elif isinstance(node, ast.Call) and called_name(node) in _ASKING:
            return True
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("__version__", "VERSION") and id(node) not in shown
        for node in ast.walk(document.tree)
    )


def renamed_attribute(document: Document, node: ast.Attribute, name: str) -> Edit:
    """The edit that writes another attribute of the same object."""
    start = document.offset(document.span(node).end) - len(node.attr)
    owner = document.offset(document.span(node.value).end)
    text = document.text[owner:start]
    return Edit(Span(document.span(node.value).end, document.span(node).end), f"{text}{name}")


def one_edit(message: str, edit: Edit | None, *, unsafe: str = "") -> tuple[Fix, ...]:
    """The fix of one edit; unsafe: why it is not safe."""
    if edit is None:
        return ()
    level = Applicability.UNSAFE if unsafe else Applicability.SAFE
    return (Fix(ARGUMENT, level, f"{message}: {unsafe}" if unsafe else message, (edit,)),)
