"""Replaces parts of one source in place by others of the same length."""

from __future__ import annotations

import ast
import builtins
import re
import string
import warnings
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


# By field the kinds of nodes in which a name is bound by it; what else is in the field is taken for bound, too.
_BINDING = {
    "target": set("AnnAssign AssignTarget AugAssign CompFor Del For NamedExpr".split()),
    "name": set("AsName ClassDef FunctionDef ImportAlias MatchAs MatchStar NameItem Param TypeAlias".split()),
    "rest": {"MatchMapping"},
    "item": {"NameItem"},
}


class CannotRewrite(Exception):
    """A construct is too short for its replacement, or the replacement might mean something else."""


class Rewriter:
    """Rewrites the source of one module. An unknown value is written as a name that nothing binds."""

    def __init__(
        self, source: bytes, module: cst.Module, spans: Mapping[cst.CSTNode, tuple[int, int]], python: tuple[int, int]
    ) -> None:
        self.source = source
        self.python = python
        self._spans = spans
        self.out = bytearray(source)
        every = list(descendants(module))
        self._used = {getattr(node, "value", None) for _, node in every if kind_of(node) == "Name"}
        self._binds_anything = any(kind_of(node) == "ImportStar" for _, node in every)
        self._bound = {
            getattr(name, "value", None)
            for place, node in every
            if place[0] in _BINDING.get(place[1], ())
            for name in (node, *(below for _, below in descendants(node)))
        }
        self.done = set[int]()
        """The identities of texts that were rewritten as parts of others."""
        self._marks: dict[bytes, str] = {}

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The start and end of a node, with the parentheses around it."""
        start, end = self._spans[node]
        left, right = getattr(node, "lpar", ()), getattr(node, "rpar", ())
        return (self._spans[left[0]][0], self._spans[right[-1]][1]) if left and right else (start, end)

    def inner(self, node: cst.CSTNode) -> tuple[int, int]:
        """The start and end of a node, without the parentheses around it."""
        return self._spans[node]

    def write(self, start: int, end: int, *tokens: str) -> None:
        """Replace the source from ``start`` to ``end`` by ``tokens`` and blanks; its line ends keep their places."""
        left = [token.encode() for token in tokens]
        for match in re.finditer(rb"[^\r\n]+", self.source[start:end]):
            text, room = b"", len(match.group())
            while left and len(text) + len(left[0]) <= room:
                text += left.pop(0)
            self.put(start + match.start(), text.ljust(room))
        if left:
            raise CannotRewrite

    def may_be_bound(self, name: str) -> bool:
        """Return True if something in the module, or a star import, may bind ``name``."""
        return self._binds_anything or name in self._bound or hasattr(builtins, name)

    def unbound(self, place: int = 0) -> str:
        """A name of one letter that the module does not use, for that place in the source."""
        if self._binds_anything:
            raise CannotRewrite
        if re.match(rb"\w|[\x80-\xff]", self.source[max(place - 1, 0) : place]):
            raise CannotRewrite  # it would join the word before it
        for name in string.ascii_letters:
            if name not in self._used:
                return name
        raise CannotRewrite

    def mark(self, content: bytes, room: int) -> str:
        """An expression of at most ``room`` bytes that is the same for the same ``content`` alone."""
        if content not in self._marks:
            digits = min(room, 5)
            number = 10 ** (digits - 1) + sum(len(mark) == digits for mark in self._marks.values()) if digits else 0
            if len(str(number)) != digits:
                raise CannotRewrite
            self._marks[content] = str(number)
        return self._marks[content]

    def parses(self, start: int, end: int, text: bytes | None = None) -> bool:
        """Return True if the running Python parses an expression: that from ``start`` to ``end``, or ``text``."""
        expression = self.source[start:end] if text is None else text
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                ast.parse(f"({expression.decode('utf-8')})", mode="eval")
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return False
        return True

    def put(self, start: int, text: bytes) -> None:
        """Replace the source from ``start`` on by ``text``."""
        self.out[start : start + len(text)] = text


def descendants(node: cst.CSTNode) -> Iterator[tuple[tuple[str, str], cst.CSTNode]]:
    """Every node below one, each with the kind and the field of its parent."""
    waiting = [node]
    while waiting:
        parent = waiting.pop()
        for field, child in children(parent):
            waiting.append(child)
            yield (kind_of(parent), field), child


def children(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    """The children of a node, each with its field."""
    from libcst import CSTNode

    for field in type(node).__dataclass_fields__:
        value = getattr(node, field)
        for child in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(child, CSTNode):
                yield field, child


def kind_of(node: object) -> str:
    """The name of a node's class: older releases of LibCST don't have all classes."""
    return type(node).__name__
