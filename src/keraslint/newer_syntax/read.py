"""A text in newer syntax as one that the running Python parses, with everything in the same row and column."""

from __future__ import annotations

import ast
import re
import sys
import threading
from typing import TYPE_CHECKING

from keraslint.newer_syntax.bounds import is_within_bounds, may_be_newer

if TYPE_CHECKING:
    from libcst import Module

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
    import libcst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    from keraslint.newer_syntax.rewrite import rewritten
    from keraslint.newer_syntax.rewriter import CannotRewrite

    source = text.encode("utf-8")
    plain = re.sub(rb"\r(?!\n)", b"\n", source.replace(b"\f", b""))  # LibCST loses some form feeds and line ends
    module: Module = libcst.parse_module(plain.decode("utf-8"))
    if module.code.encode("utf-8") != plain:
        raise CannotRewrite
    spans = MetadataWrapper(module, unsafe_skip_copy=True).resolve(ByteSpanPositionProvider)
    result = rewritten(plain, module, {node: (it.start, it.start + it.length) for node, it in spans.items()}, python)
    return _with_controls(result, source).decode("utf-8")


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
