"""A text in newer syntax as one that the running Python parses, with everything in the same row and column."""

from __future__ import annotations

import re
import sys
import threading
from typing import TYPE_CHECKING

from keraslint.newer_syntax.bounds import is_within_bounds

if TYPE_CHECKING:
    from libcst import Module

# A thread of its own has this stack wherever it runs; only what is used of it is taken.
_STACK = 64 * 1024 * 1024
_ONE_AT_A_TIME = threading.Lock()

# Errors that Python reports where something begins, or knows more about than that it is not valid.
_TELLING = re.compile(r"never closed|unterminated|EOF|indent|does not match|character")


def readable(text: str, error: SyntaxError, python: tuple[int, int] = sys.version_info[:2]) -> str:
    """The ``text`` that Python refuses with ``error``, its newer syntax replaced by what ``python`` parses.

    The result has a line for each line and a byte (of UTF-8) for each byte of ``text``. Expressions within newer
    syntax stay where they are; what has no equal in older syntax becomes an expression whose value nobody can know.
    Raises SyntaxError: ``error`` itself, or one with the place at which LibCST stops where that says more.
    """
    if not is_within_bounds(text):
        raise error
    found: list[str | Exception] = []
    with _ONE_AT_A_TIME:
        before = threading.stack_size(_STACK)
        try:
            thread = threading.Thread(target=lambda: found.append(_outcome(text, python)), daemon=True)
            thread.start()
        finally:
            threading.stack_size(before)
    thread.join()
    outcome = found[0] if found else error
    if isinstance(outcome, str):
        return outcome
    raise _more_useful(error, outcome)


def _outcome(text: str, python: tuple[int, int]) -> str | Exception:
    try:
        return _rewritten(text, python)
    except Exception as error:  # LibCST raises several kinds, some of them by mistake
        return error


def _rewritten(text: str, python: tuple[int, int]) -> str:
    import libcst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    from keraslint.newer_syntax.rewrite import CannotRewrite, rewritten

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


def _more_useful(error: SyntaxError, other: Exception) -> SyntaxError:
    """Python's error; one with the place at which LibCST stops where that is further on, past newer syntax."""
    from libcst import ParserSyntaxError

    place = re.search(r"error at (\d+):(\d+)", str(other)) if isinstance(other, ParserSyntaxError) else None
    if place is None or int(place[1]) <= (error.lineno or 0) or _TELLING.search(error.msg):
        return error
    return SyntaxError("invalid syntax", (error.filename, int(place[1]), max(int(place[2]), 1), None))
