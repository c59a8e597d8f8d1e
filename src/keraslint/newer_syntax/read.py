"""A text in newer syntax as one that the running Python parses, with everything in the same row and column."""

from __future__ import annotations

import ast
import re
import sys
import threading
from collections.abc import Callable
from typing import Any

from keraslint.newer_syntax import constructs
from keraslint.newer_syntax.rewriter import CannotRewrite, Rewriter, children, kind_of
from keraslint.newer_syntax.texts import rewrite_text

MAX_CHARACTERS = 500_000
MAX_BRACKETS = 100
MAX_CHAIN = 400
MAX_ELIFS = 4_000
MAX_TOKENS = 40_000
"""Operators, brackets, commas and line ends: LibCST takes some 5,000 bytes and 100 microseconds for each."""

_TOKEN = re.compile(
    r"""(?P<string>(?P<quote>\"{3}|'{3}|"|')(?:\\.|(?!(?P=quote)).)*?(?:(?P=quote)|\Z))
    | (?P<comment>\#[^\r\n]*)
    | (?P<open>[(\[{]) | (?P<close>[)\]}]) | (?P<end>[,;:]) | (?P<newline>[\r\n])
    | (?P<elif>\belif\b) | (?P<operator>[-+*/%@&|^~.<>=]|\b(?:not|if|else|and|or|in|is|lambda|await|yield)\b)""",
    re.VERBOSE | re.DOTALL,
)

_NEWER = re.compile(
    r"""\b(?:def|class)\b[^\n(:]{0,500}\[ | \btype\b[\s\\]+\w | \blazy\b | \b(?:[ft]r?|r[ft])["']
    | \bexcept\b[^:]{0,500}[,*] | [\[({,:](?:\s|\\|\#[^\n]*\n){0,50}\*""",
    re.VERBOSE | re.IGNORECASE,
)


def may_be_newer(text: str) -> bool:
    """Return False for a text that holds nothing like the syntax of Python 3.11 and later."""
    return len(text) <= MAX_CHARACTERS and _NEWER.search(text) is not None


def is_within_bounds(text: str) -> bool:
    """Return True if a text is short enough for LibCST, and its brackets and expressions are not nested too deeply."""
    if len(text) > MAX_CHARACTERS:
        return False
    depth = chain = elifs = 0
    for count, token in enumerate(_TOKEN.finditer(text)):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "elif":
            elifs += 1
        if kind == "end" or (kind == "newline" and not depth):
            chain = 0
        elif kind not in ("comment", "newline"):
            chain += 1
        if depth > MAX_BRACKETS or chain > MAX_CHAIN or elifs > MAX_ELIFS or count > MAX_TOKENS:
            return False
    return True


# By the name of the node's class. True comes out where what is within the node is to be rewritten, too.
_REWRITES: dict[str, Callable[[Rewriter, Any], bool]] = {
    **dict.fromkeys(("FunctionDef", "ClassDef"), constructs.rewrite_type_parameters),
    "TypeAlias": constructs.rewrite_type_alias,
    **dict.fromkeys(("ExceptHandler", "ExceptStarHandler"), constructs.rewrite_except),
    **dict.fromkeys(("LazyImport", "LazyImportFrom"), constructs.rewrite_lazy_import),
    **dict.fromkeys(("ListComp", "SetComp", "GeneratorExp", "StarredDictComp"), constructs.rewrite_unpacking),
    **dict.fromkeys(("Index", "Annotation"), constructs.rewrite_star),
    **dict.fromkeys(("FormattedString", "TemplatedString", "ConcatenatedString"), rewrite_text),
}

# The thread has this stack size on every system; memory is only taken as it is used.
_STACK = 64 * 1024 * 1024
_ONE_AT_A_TIME = threading.Lock()

# How many lines may end before LibCST notices.
_MOST_TRIES = 5


def readable(text: str, error: SyntaxError, python: tuple[int, int] = sys.version_info[:2]) -> str:
    """The ``text`` that Python refuses with ``error``, its newer syntax replaced by what ``python`` parses.

    The result has a line for each line and a byte (of UTF-8) for each byte of ``text``. Expressions within newer
    syntax stay where they are; what has no equal in older syntax becomes an expression whose value nobody can know.
    Raises SyntaxError: ``error`` itself, or that which Python has further on, where ``error`` is about newer syntax.
    """
    if not may_be_newer(text) or not is_within_bounds(text):
        raise error
    found: list[str | SyntaxError] = []
    with _ONE_AT_A_TIME:
        before = threading.stack_size(_STACK)
        try:
            thread = threading.Thread(target=lambda: found.append(_outcome(text, error, python)), daemon=True)
            thread.start()
        except RuntimeError:  # there are no threads, as in a browser
            raise error from None
        finally:
            threading.stack_size(before)
    thread.join()
    outcome = found[0] if found else error
    if isinstance(outcome, str):
        return outcome
    raise outcome


def _outcome(text: str, error: SyntaxError, python: tuple[int, int]) -> str | SyntaxError:
    try:
        return _rewritten(text, python)
    except Exception as other:  # LibCST raises several kinds, some of them by mistake
        return _more_useful(text, error, str(other), python)


def _rewritten(text: str, python: tuple[int, int]) -> str:
    import libcst as cst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    source = text.encode("utf-8")
    plain = re.sub(rb"\r(?!\n)", b"\n", source.replace(b"\f", b""))  # LibCST loses some form feeds and line ends
    module = cst.parse_module(plain.decode("utf-8"))
    if module.code.encode("utf-8") != plain:
        raise CannotRewrite
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    places = {node: (it.start, it.start + it.length) for node, it in spans.items()}
    rewriter, waiting = Rewriter(plain, module, places, python), list[cst.CSTNode]([module])
    while waiting:
        node = waiting.pop()
        rewrite = _REWRITES.get(kind_of(node))
        if rewrite is None or rewrite(rewriter, node):
            waiting += (child for _, child in children(node))
    return _with_controls(rewriter.out, source).decode("utf-8")


def _with_controls(result: bytearray, source: bytes) -> bytearray:
    """``result`` with the form feeds and the line ends of ``source``."""
    for match in re.finditer(rb"\f|\r(?!\n)", source):
        if match.group() == b"\f":
            result[match.start() : match.start()] = b"\f"
        else:
            result[match.start()] = ord("\r")
    return result


def _more_useful(text: str, error: SyntaxError, other: str, python: tuple[int, int]) -> SyntaxError:
    """``error``, or Python's error further on: LibCST, which stops with the message ``other``, can read what is before.

    LibCST stops some tokens after the fault. So the lines before are rewritten without the last ones, and Python asked.
    """
    place = re.search(r"error at (\d+):", other)
    ends = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]
    last = min(int(place[1]) if place else 0, len(ends))
    for row in range(last, max(error.lineno or 0, last - _MOST_TRIES), -1):
        before = text[: ends[row - 1]]
        try:
            older = _rewritten(before, python)
        except Exception:  # noqa: S112 - LibCST stops even before, or a statement isn't at its end
            continue
        try:
            ast.parse(older + text[len(before) :])
        except SyntaxError as further:
            return further
    return error
