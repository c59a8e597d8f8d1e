"""Formatted texts with the quotes, backslashes, line ends and comments of newer ones, and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypeAlias

from keraslint.newer_syntax.rewriter import Rewriter, descendants, kind_of

if TYPE_CHECKING:
    import libcst as cst

    Text: TypeAlias = cst.FormattedString | cst.TemplatedString | cst.SimpleString | cst.ConcatenatedString


def rewrite_text(it: Rewriter, node: Text) -> bool:
    """A text that the running Python refuses: with other quotes where that is the same, else of unknown value."""
    if id(node) in it.done:
        return True
    start, end = it.inner(node)
    texts = list(_texts(node))
    parts = [text for text in texts if kind_of(text) != "ConcatenatedString"]
    if all(kind_of(part) == "SimpleString" for part in parts):
        return False
    newest = any(kind_of(part) == "TemplatedString" for part in parts) and it.python < (3, 14)
    if not newest and it.parses(start, end):
        return False
    quoted = None if newest else _requoted(it, parts, start, end)
    if quoted is not None and it.parses(start, end, quoted):
        it.put(start, quoted)
        return False
    it.done.update(map(id, texts))
    _as_index(it, start, end, [it.span(one) for part in parts for one in _expressions(part)])
    return True


def _texts(node: Text) -> Iterator[Text]:
    """A text, and for one of several parts the texts in it, in their order."""
    import libcst as cst

    yield node
    if isinstance(node, cst.ConcatenatedString):
        yield from _texts(node.left)
        yield from _texts(node.right)


def _expressions(text: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The expressions in the fields of a formatted text, in the order in which they are written."""
    for part in (*(getattr(text, "parts", None) or ()), *(getattr(text, "format_spec", None) or ())):
        if hasattr(part, "expression"):
            yield part.expression
            yield from _expressions(part)


def _requoted(it: Rewriter, parts: Sequence[Text], start: int, end: int) -> bytes | None:
    """The texts within formatted texts in the other kind of quotes; None where that is not surely the same."""
    result = bytearray(it.source[start:end])
    for part in parts:
        outer = getattr(part, "end", "")[:1]
        for _, child in descendants(part):
            if getattr(child, "equal", None) is not None and hasattr(child, "conversion"):
                return None  # the source of the expression is a part of the text
            inner = it.source[slice(*it.inner(child))] if kind_of(child) in _TEXTS else b""
            match = re.fullmatch(rb"([A-Za-z]*)([\"'])([^\\\r\n]*)\2", inner, re.DOTALL)
            if match and match[2] == outer.encode():
                other = b"'" if match[2] == b'"' else b'"'
                if b"'" in match[3] or b'"' in match[3]:
                    return None
                place = it.inner(child)[0] - start
                result[place + match.start(2) : place + match.end(2)] = other
                result[place + match.end(3) : place + match.end()] = other
    return bytes(result)


def _as_index(it: Rewriter, start: int, end: int, fields: list[tuple[int, int]]) -> None:
    """Write a text as an index of something unknown: ``f"a{b}c"`` → ``q[1,b,2]``, where numbers stand for its words."""
    name = it.unbound(start)
    if not fields:
        number = it.mark(it.source[start:end], end - start - 3) if end - start > 3 else ""
        it.write(start, end - 1, *((f"{name}[", number) if number else ("(", name)))
        it.write(end - 1, end, "]" if number else ")")
        return
    edges = [start, *(edge for field in fields for edge in field), end]
    for place in range(0, len(edges), 2):
        opens, closes = place == 0, place + 2 == len(edges)
        first, last = edges[place], edges[place + 1] - closes
        words = it.source[first : edges[place + 1]]
        words = words if b"{{" in words else re.sub(_LAYOUT, b"", words)
        plain = re.fullmatch(_EDGE, words)
        tokens = [f"{name}["] if opens else [","]
        room = last - first - len("q[,") + (not opens) + closes
        room = min(room, 1) if re.search(rb"[\r\n]", it.source[first:last]) else room
        tokens += [] if plain else [it.mark(words, room)]
        tokens += ["," for _ in range(1) if not plain and not closes]
        it.write(first, last, *tokens)
    it.write(end - 1, end, "]")


# What stands between a brace and the expression in it, and texts without a word of their own before or after it.
_LAYOUT = re.compile(rb"\A(?:\s|#[^\r\n]*(?=[\r\n]|\Z))+(?=[}!:=])|(?<=\{)(?:\s|#[^\r\n]*(?=[\r\n]|\Z))+\Z")
_EDGE = re.compile(rb"[A-Za-z]{0,2}(?:\"{3}|'{3}|[\"'])\{|\}\{|\}(?:\"{3}|'{3}|[\"'])")

_TEXTS = frozenset({"SimpleString", "FormattedString", "TemplatedString"})
