"""Which codes in ``# noqa`` comments silence nothing, and the edits that take them out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from keraslint.diagnostic import Applicability, Diagnostic, Edit, Fix, Position, Severity, Span
from keraslint.document import Document
from keraslint.fixes.applicable import COMMENT
from keraslint.noqa import NOQA, comments, ignores_file
from keraslint.rules.registry import ALL_RULES
from keraslint.rules.unused_noqa import UnusedNoqa
from keraslint.words import listed

_OURS = re.compile(r"KER\d+")
_WORTH_READING = re.compile(rb"noqa[^\r\n]*KER", re.IGNORECASE)


def may_be_unused(data: bytes) -> bool:
    """Whether a file can hold a comment that names a code of ours."""
    return _WORTH_READING.search(data) is not None


def unused(document: Document, found: Collection[Diagnostic], enabled: frozenset[str]) -> Iterator[Diagnostic]:
    """A diagnostic for each comment with codes that silence none of ``found``: all that the rules ``enabled`` find.

    The codes of other rules of ours are left alone, for what those would find is not known. None for a document that
    can't be parsed.
    """
    if not may_be_unused(document.text.encode("utf-8", "surrogatepass")) or not _parses(document):
        return
    every = list(comments(document))
    if any(ignores_file(comment) for _, _, comment in every):
        return
    for row, column, comment in every:
        match = NOQA.search(comment)
        if match is None or not match["list"]:
            continue
        codes = list(re.finditer(r"[A-Z]+[0-9]+", match["list"], re.IGNORECASE))
        names = [code.group().upper() for code in codes]
        if UnusedNoqa.code in names:
            continue
        of_use = {item.code for item in found if row in (*item.noqa_rows, *_flagged(item))}
        idle = [index for index, name in enumerate(names) if _is_idle(name, names[:index], of_use, enabled)]
        if idle:
            content = _without(match, codes, idle)
            yield _diagnostic(document, row, column, comment, match, [names[index] for index in idle], of_use, content)


def _parses(document: Document) -> bool:
    try:
        _ = document.tree
    except (SyntaxError, ValueError):
        return False
    return True


def _flagged(item: Diagnostic) -> range:
    return range(item.span.start.row, item.span.end.row + 1)


def _is_idle(name: str, before: list[str], of_use: set[str], enabled: frozenset[str]) -> bool:
    if not _OURS.fullmatch(name):
        return False
    if name not in {rule.code for rule in ALL_RULES}:
        return True
    about_python = name in enabled and not name.startswith("KER2")
    return about_python and (name not in of_use or name in before)


def _without(match: re.Match[str], codes: list[re.Match[str]], idle: list[int]) -> str | None:
    """The directive without the codes that are idle, what stands between the others as it was; None without any."""
    kept = [index for index in range(len(codes)) if index not in idle]
    if not kept:
        return None
    text, start = match["list"], match.start("list") - match.start()
    out = ""
    for index in kept:
        end = codes[index + 1].start() if index + 1 < len(codes) and index != kept[-1] else codes[index].end()
        out += text[codes[index].start() : end]
    return match.group()[:start] + out


def _diagnostic(
    document: Document,
    row: int,
    column: int,
    comment: str,
    match: re.Match[str],
    idle: list[str],
    of_use: set[str],
    content: str | None,
) -> Diagnostic:
    said = [_said(name, name in of_use) for name in dict.fromkeys(idle)]
    edit = (
        _removal(document, row, column, comment, match)
        if content is None
        else Edit(_span(row, column + match.start(), column + match.end()), content)
    )
    what = "the comment" if content is None else listed(list(dict.fromkeys(idle)))
    return Diagnostic(
        UnusedNoqa.code,
        UnusedNoqa.name,
        Severity.WARNING,
        f"unused noqa: {listed(said)}",
        document.path,
        _span(row, column + match.start(), column + match.end()),
        noqa_rows=(row,),
        fixes=(Fix(COMMENT, Applicability.SAFE, f"Take out {what}", (edit,)),),
    )


def _said(name: str, of_use: bool) -> str:
    if of_use:
        return f"{name} is there twice"
    return f"{name} finds nothing here" if name in {rule.code for rule in ALL_RULES} else f"{name} is no rule"


def _removal(document: Document, row: int, column: int, comment: str, match: re.Match[str]) -> Edit:
    """The edit that takes a directive out: with its line, where nothing else is on it; other words stay."""
    line = document.lines[row - 1]
    before, after = comment[: match.start()].rstrip(), comment[match.end() :]
    words = after.strip()
    if words and not words.startswith("#"):
        words = "# " + words.lstrip("-\N{EN DASH}\N{EM DASH}:;,. ")
    left = " ".join(part for part in (before, words if words != "# " else "") if part)
    end = column + len(comment)
    if left:
        return Edit(_span(row, column, end), left)
    code = line[:column].rstrip()
    if code or row == len(document.lines):
        return Edit(_span(row, len(code), end), "")
    return Edit(Span(Position(row, 1), Position(row + 1, 1)), "")


def _span(row: int, start: int, end: int) -> Span:
    """A span within a row, by 0-based columns."""
    return Span(Position(row, start + 1), Position(row, end + 1))
