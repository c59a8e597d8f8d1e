"""Newer syntax rewritten in place, one construct at a time."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import string
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import libcst as cst

    Text: TypeAlias = cst.FormattedString | cst.TemplatedString | cst.SimpleString | cst.ConcatenatedString

Spans = Mapping["cst.CSTNode", tuple[int, int]]

# Packages that are no part of a project: importing one later than it is written makes no difference.
_PACKAGES = sys.stdlib_module_names | {"keras", "tensorflow", "tf_keras", "numpy", "jax", "torch"}

# The names in these fields are no variables.
_NOT_VARIABLES = frozenset(
    {
        ("Attribute", "attr"),
        ("Arg", "keyword"),
        ("Param", "name"),
        ("FunctionDef", "name"),
        ("ClassDef", "name"),
        ("ImportAlias", "name"),
    }
)


class CannotRewrite(Exception):
    """A construct has no room for what is to stand in its place."""


def rewritten(source: bytes, module: cst.Module, spans: Spans, python: tuple[int, int]) -> bytearray:
    """``source``, which LibCST parsed as ``module``, without syntax that is newer than ``python``.

    spans: from where up to where each node reaches in ``source``. Raises CannotRewrite.
    """
    return Rewriter(source, module, spans, python).run()


class Rewriter:
    """Rewrites the newer constructs of one module. What stands for an unknown value is a name that nothing binds."""

    def __init__(self, source: bytes, module: cst.Module, spans: Spans, python: tuple[int, int]) -> None:
        self.source = source
        self.python = python
        self._module = module
        self._spans = spans
        self._out = bytearray(source)
        self._used = {getattr(node, "value", None) for _, node in descendants(module) if _kind(node) == "Name"}
        self._marks: dict[bytes, str] = {}

    def run(self) -> bytearray:
        """The rewritten source."""
        waiting: list[cst.CSTNode] = [self._module]
        while waiting:
            node = waiting.pop()
            rewrite = _REWRITES.get(_kind(node))
            if rewrite is None or rewrite(self, node):
                waiting += (child for _, child in _children(node))
        return self._out

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """From where up to where a node reaches, with the parentheses around it."""
        start, end = self._spans[node]
        left, right = getattr(node, "lpar", ()), getattr(node, "rpar", ())
        return (self._spans[left[0]][0], self._spans[right[-1]][1]) if left and right else (start, end)

    def inner(self, node: cst.CSTNode) -> tuple[int, int]:
        """From where up to where a node reaches, without the parentheses around it."""
        return self._spans[node]

    def write(self, start: int, end: int, *tokens: str) -> None:
        """Replace the source from ``start`` to ``end`` by ``tokens`` and blanks; its line ends stay where they are."""
        left = [token.encode() for token in tokens]
        for match in re.finditer(rb"[^\r\n]+", self.source[start:end]):
            text, room = b"", len(match.group())
            while left and len(text) + len(left[0]) <= room:
                text += left.pop(0)
            self.put(start + match.start(), text.ljust(room))
        if left:
            raise CannotRewrite

    def unbound(self, place: int = 0, length: int = 1) -> str:
        """A name of that length that the module does not use, for that place in the source."""
        if re.match(rb"\w|[\x80-\xff]", self.source[max(place - 1, 0) : place]):
            raise CannotRewrite  # it would be one word with what stands before it
        for letter in string.ascii_letters:
            name = letter * length
            if name not in self._used and not keyword.iskeyword(name) and not hasattr(builtins, name):
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
        """True if the running Python parses an expression: that from ``start`` to ``end``, or ``text``."""
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
        self._out[start : start + len(text)] = text


def descendants(node: cst.CSTNode) -> Iterator[tuple[tuple[str, str], cst.CSTNode]]:
    """Every node below one, each with the kind of its parent and the field in which it stands there."""
    waiting = [node]
    while waiting:
        parent = waiting.pop()
        for field, child in _children(parent):
            waiting.append(child)
            yield (_kind(parent), field), child


def _children(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    from libcst import CSTNode

    for field in type(node).__dataclass_fields__:
        value = getattr(node, field)
        for child in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(child, CSTNode):
                yield field, child


def _kind(node: object) -> str:
    return type(node).__name__


def _type_parameters(it: Rewriter, node: cst.FunctionDef | cst.ClassDef) -> bool:
    """``def f[T](x)`` → ``def f(   x)``, ``class C[T]:`` → ``class C( ):``, with other names for the parameters."""
    parameters = node.type_parameters
    if parameters is None:
        return True
    if it.python >= (3, 13) or (it.python >= (3, 12) and not any(one.default for one in parameters.params)):
        return True
    names = {one.param.name.value for one in parameters.params}
    for place, child in descendants(node):
        name = getattr(child, "value", None)
        if _kind(child) == "Name" and name in names and place not in _NOT_VARIABLES and isinstance(name, str):
            it.write(*it.inner(child), it.unbound(length=len(name.encode())))
    start, end = it.inner(parameters)
    following = re.compile(rb"(?:\s|\\\r?\n)*\(").match(it.source, end)
    if following:
        it.write(start, following.end(), "(")
    else:
        it.write(start, end - 1, "(")
        it.write(end - 1, end, ")")
    return True


def _type_alias(it: Rewriter, node: cst.TypeAlias) -> bool:
    """``type X = int`` → ``(X)=(q)``: an alias is not the type that it stands for."""
    if it.python >= (3, 13) or (it.python >= (3, 12) and node.type_parameters is None):
        return True
    start, end = it.inner(node)[0], it.span(node.value)[1]
    it.write(start, end - 1, "(", node.name.value, ")=(", it.unbound())
    it.write(end - 1, end, ")")
    return False


def _except(it: Rewriter, node: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    """``except A, B:`` → ``except A| B:``, and ``except* A:`` → ``except  A:`` for a Python without it."""
    if node.type is None:
        return True
    start = it.span(node.type)[0]
    if _kind(node) == "ExceptStarHandler" and it.python < (3, 11):
        star = it.source.index(b"*", it.inner(node)[0], start)
        it.write(star, star + 1)
    if _kind(node.type) == "Tuple" and not getattr(node.type, "lpar", ()) and it.python < (3, 14):
        *others, last = (element.comma for element in getattr(node.type, "elements", ()))
        for comma in others:
            it.write(*it.inner(comma), "|")
        if last in it._spans:
            it.write(*it.inner(last))
    return True


def _lazy_import(it: Rewriter, node: cst.LazyImport | cst.LazyImportFrom) -> bool:
    """``lazy import a`` → ``if q:import a`` for a module that may be the project's: it is run later, or never."""
    word = b"import" if _kind(node) == "LazyImport" else b"from"
    start = it.inner(node)[0]
    place = it.source.index(word, start + len(b"lazy"))
    if all(root in _PACKAGES for root in _roots(it, node)):
        it.write(start, place + len(word), word.decode())
    else:
        it.write(start, place, f"if {it.unbound()}:")
    return True


def _roots(it: Rewriter, node: cst.LazyImport | cst.LazyImportFrom) -> Iterator[str]:
    """The packages from which a lazy import imports; "" for a relative one."""
    module, relative = getattr(node, "module", None), getattr(node, "relative", ())
    named = [alias.name for alias in getattr(node, "names", ())] if _kind(node) == "LazyImport" else [module]
    for one in named:
        start, end = it.inner(one) if one is not None else (0, 0)
        yield "" if relative else it.source[start:end].decode().partition(".")[0].strip()


def _unpacking(it: Rewriter, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.StarredDictComp) -> bool:
    """``[*x for x in y]`` → ``q(x for x in y)``: what comes out is not known, what runs is."""
    start, end = it.inner(node)
    element: cst.CSTNode | None = getattr(node, "elt", None)
    if _kind(node) == "StarredDictComp":
        inside = it.source.index(b"**", start) + 2
    elif element is not None and _kind(element) == "StarredElement":
        inside = it.inner(element)[0] + 1
    else:
        return True
    if it.python >= (3, 15):
        return True
    if _kind(node) == "GeneratorExp":
        if not node.lpar:
            raise CannotRewrite  # the parentheses are those of a call
        start, end = it.inner(node.lpar[-1])[0], it.inner(node.rpar[0])[1]
    if re.search(rb"[\r\n]", it.source[start:inside]):  # what is called may not stand alone on its line
        if any(_kind(child) in _EFFECTS for _, child in descendants(node)):
            raise CannotRewrite
        it.write(start, end - 1, "(", f"{it.unbound()}[", it.mark(it.source[start:end], 5), "]")
        it.write(end - 1, end, ")")
        return False
    it.write(start, inside, f"{it.unbound(start)}(")
    it.write(end - 1, end, ")")
    return True


def _star(it: Rewriter, node: cst.Index | cst.Annotation) -> bool:
    """``a[*b]`` → ``a[~b]``, whose value is not known either, and ``*args: *Ts`` → ``*args:  Ts``."""
    if it.python < (3, 11):
        if _kind(node) == "Index" and getattr(node, "star", None):
            start = it.inner(node)[0]
            it.write(start, start + 1, "~")
        elif _kind(getattr(node, "annotation", None)) == "StarredElement":
            start = it.source.index(b"*", it.inner(node)[0])
            it.write(start, start + 1)
    return True


def _text(it: Rewriter, node: Text) -> bool:
    """A text that the running Python refuses: with other quotes where that is the same, else of unknown value."""
    start, end = it.inner(node)
    parts = list(_parts(node))
    if all(_kind(part) == "SimpleString" for part in parts):
        return False
    newest = any(_kind(part) == "TemplatedString" for part in parts) and it.python < (3, 14)
    if not newest and it.parses(start, end):
        return False
    quoted = None if newest else _requoted(it, parts, start, end)
    if quoted is not None and it.parses(start, end, quoted):
        it.put(start, quoted)
        return False
    _as_index(it, start, end, [it.span(one) for part in parts for one in _expressions(part)])
    return True


def _parts(node: Text) -> Iterator[Text]:
    if _kind(node) == "ConcatenatedString":
        yield from _parts(node.left)  # type: ignore
        yield from _parts(node.right)  # type: ignore
    else:
        yield node


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
            inner = it.source[slice(*it.inner(child))] if _kind(child) in _TEXTS else b""
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
        words = re.sub(_LAYOUT, b"", it.source[first : edges[place + 1]])
        plain = re.fullmatch(_EDGE, words)
        tokens = [f"{name}["] if opens else [","]
        tokens += [] if plain else [it.mark(words, last - first - len("q[,") + (not opens) + closes)]
        tokens += ["," for _ in range(1) if not plain and not closes]
        it.write(first, last, *tokens)
    it.write(end - 1, end, "]")


# What stands between a brace and the expression in it, and texts without a word of their own before or after it.
_LAYOUT = re.compile(rb"\A(?:\s|#[^\r\n]*)+(?=[}!:=])|(?<=\{)(?:\s|#[^\r\n]*)+\Z")
_EDGE = re.compile(rb"[A-Za-z]{0,2}(?:\"{3}|'{3}|[\"'])\{|\}\{|\}(?:\"{3}|'{3}|[\"'])")

_EFFECTS = frozenset({"Call", "Await", "Yield", "NamedExpr"})
_TEXTS = frozenset({"SimpleString", "FormattedString", "TemplatedString"})

_REWRITES: dict[str, Callable[[Rewriter, Any], bool]] = {
    "FunctionDef": _type_parameters,
    "ClassDef": _type_parameters,
    "TypeAlias": _type_alias,
    "ExceptHandler": _except,
    "ExceptStarHandler": _except,
    "LazyImport": _lazy_import,
    "LazyImportFrom": _lazy_import,
    "ListComp": _unpacking,
    "SetComp": _unpacking,
    "GeneratorExp": _unpacking,
    "StarredDictComp": _unpacking,
    "Index": _star,
    "Annotation": _star,
    "FormattedString": _text,
    "TemplatedString": _text,
    "ConcatenatedString": _text,
}
"""By the name of the node's class, for older releases of LibCST don't have all. True: what is within is to be rewritten."""
