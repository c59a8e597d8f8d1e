"""Tells which texts LibCST may parse: those that may be in newer syntax and can't crash it."""

from __future__ import annotations

import re

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
