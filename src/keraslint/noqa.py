"""Comments that suppress diagnostics: ``# noqa``, ``# noqa: KER101`` and ``# keraslint: ignore-file``."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from keraslint.diagnostic import Diagnostic
from keraslint.document import Document, lines_of

# As Ruff reads it: codes separated by commas or blanks; after a colon without a code nothing is suppressed.
NOQA = re.compile(r"#\s*noqa(?P<codes>\s*:\s*(?P<list>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*)?)?", re.IGNORECASE)
_IGNORE_FILE = re.compile(r"#\s*keraslint\s*:\s*ignore-file\b", re.IGNORECASE)
_WORTH_READING = re.compile(r"noqa|keraslint\s*:", re.IGNORECASE)
_OWN = re.compile(r"#\s*keraslint\s*:\s*([\w-]+)", re.IGNORECASE)
_OWN_CODE = re.compile(r"KER\d+")
_MAY_BE_MISTAKEN = re.compile(r"noqa\s*:\s*(?:[a-z]+-|[^\r\n]*KER)|#\s*keraslint\s*:", re.IGNORECASE)
_OUR_CODES = re.compile(rb"noqa[^\r\n]*KER", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The codes that the comments of a file suppress: by row the codes, None for every code; or the whole file."""

    rows: dict[int, frozenset[str] | None]
    whole_file: bool = False

    def suppresses(self, diagnostic: Diagnostic) -> bool:
        """Return True if a comment on the flagged rows, or on one of ``noqa_rows``, suppresses ``diagnostic``."""
        if self.whole_file:
            return True
        flagged = range(diagnostic.span.start.row, diagnostic.span.end.row + 1)
        for row in (*diagnostic.noqa_rows, *flagged):
            codes = self.rows.get(row, frozenset())
            if codes is None or diagnostic.code in codes:
                return True
        return False


def may_name_our_codes(data: bytes) -> bool:
    """True if a file can hold a comment that names a code of keraslint."""
    return _OUR_CODES.search(data) is not None


def not_suppressed(document: Document, diagnostics: Iterable[Diagnostic], *, python: bool = True) -> list[Diagnostic]:
    """The diagnostics that no comment of ``document`` suppresses. Without diagnostics nothing is read.

    In a file that is not Python (``python=False``) everything from a ``#`` on counts as a comment, and a comment on
    a line of its own counts for the next line.
    """
    found = list(diagnostics)
    if not found or not _WORTH_READING.search(document.text):
        return found
    suppressions = read(document) if python else _suppressions(_hashes(document))
    return [diagnostic for diagnostic in found if not suppressions.suppresses(diagnostic)]


def read(document: Document) -> Suppressions:
    """The suppressions in the comments of ``document``; in a broken file those before the break."""
    return _suppressions((row, comment) for row, _, comment in comments(document))


def may_be_mistaken(text: str) -> bool:
    """True if a text can hold a comment that ``mistaken_comments`` returns."""
    return _MAY_BE_MISTAKEN.search(text) is not None


def mistaken_comments(document: Document, codes: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The rows of comments that are meant for keraslint and suppress nothing as they are written, and why.

    ``codes``: those of all rules, by name.
    """
    for row, _, comment in comments(document):
        own = _OWN.search(comment)
        if own is not None and own[1].lower() != "ignore-file":
            yield row, f"`# keraslint: {own[1]}` means nothing: write `# keraslint: ignore-file`, or `# noqa: CODE`"
        match = NOQA.search(comment)
        rest = comment[match.end() :].split() if match else []
        name = rest[0].strip(",.").lower() if rest and match and match["codes"] and not match["list"] else ""
        if name in codes:
            yield row, f"`# noqa: {name}` suppresses nothing: write `# noqa: {codes[name]}`"
        for code in re.split(r"[\s,]+", match["list"].upper()) if match and match["list"] else ():
            if _OWN_CODE.fullmatch(code) and code not in codes.values():
                yield row, f"`# noqa: {code}` suppresses nothing: there is no rule {code}"


def ignores_file(comment: str) -> bool:
    """Return True if a comment suppresses its file."""
    return _IGNORE_FILE.match(comment) is not None


def _suppressions(found: Iterable[tuple[int, str]]) -> Suppressions:
    rows: dict[int, frozenset[str] | None] = {}
    for row, comment in found:
        if ignores_file(comment):
            return Suppressions({}, whole_file=True)
        match = NOQA.search(comment)
        if match and match["list"]:
            rows[row] = frozenset(re.split(r"[\s,]+", match["list"].upper()))
        elif match and not match["codes"]:
            rows[row] = None
    return Suppressions(rows)


def comments(document: Document) -> Iterator[tuple[int, int, str]]:
    """The row, 0-based column and text of each comment; in a broken file of those before the break."""
    lines = iter([line.rstrip("\r\n") + "\n" for line in lines_of(document.tokens_text)])
    try:
        for token in tokenize.generate_tokens(lambda: next(lines, "")):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, SyntaxError):
        return  # past the break Python itself doesn't know what is a comment


def _hashes(document: Document) -> Iterator[tuple[int, str]]:
    for row, line in enumerate(document.lines, 1):
        before, mark, comment = line.partition("#")
        if mark:
            yield row, mark + comment
            if not before.strip():
                yield row + 1, mark + comment
