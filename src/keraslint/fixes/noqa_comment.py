"""The edits that put a ``# noqa`` comment for a diagnostic into a file, and that take codes out of one."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from keraslint import noqa
from keraslint.diagnostic import Diagnostic, Edit, Position, Span
from keraslint.document import Document
from keraslint.files.dependency_names import is_python
from keraslint.notebook.places import MARK

_WITH_CODES = re.compile(r"#\s*noqa\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*", re.IGNORECASE)


def noqa_edit(document: Document, diagnostic: Diagnostic) -> Edit | None:
    """The edit that suppresses a diagnostic on the first line that can take a comment; None where none can.

    Its own lines come before others of the call. A line may end inside a string or with a backslash, so each edit is
    tried before it is returned. None in a dependency file of a kind in which it can't be tried.
    """
    if not is_python(document.path):
        return _edit_of_dependencies(document, diagnostic)
    program = ast.dump(document.tree) if document.parses else None
    flagged = range(diagnostic.span.start.row, diagnostic.span.end.row + 1)
    for row in dict.fromkeys((*flagged, *diagnostic.noqa_rows)):
        edit = _edit(document, row, diagnostic.code)
        after = _after(document, edit)
        # In code that does not parse the comment can't be checked further.
        suppressed = noqa.read(after).suppresses(diagnostic)
        if suppressed and (program is None or (after.parses and ast.dump(after.tree) == program)):
            return edit
    return None


def _edit_of_dependencies(document: Document, diagnostic: Diagnostic) -> Edit | None:
    from keraslint.fixes.noqa_in_dependencies import means_the_same

    for row in dict.fromkeys((*diagnostic.noqa_rows, diagnostic.span.start.row)):
        edit = _edit(document, row, diagnostic.code)
        after = _after(document, edit)
        if not noqa.not_suppressed(after, [diagnostic], python=False):
            return edit if means_the_same(document.path, document.text, after.text) else None
    return None


def _after(document: Document, edit: Edit) -> Document:
    start = document.offset(edit.span.start)
    return replace(document, text=document.text[:start] + edit.content + document.text[start:])


def _edit(document: Document, row: int, code: str) -> Edit:
    line = document.lines[row - 1].rstrip("\r\n") if row <= len(document.lines) else ""
    listed = _WITH_CODES.search(line)
    place = Position(row, (listed.end() if listed else len(line.rstrip())) + 1)
    return Edit(Span(place, place), f", {code}" if listed else f"  # noqa: {code}")


@dataclass(frozen=True, slots=True)
class NoqaComment:
    """A comment, at a row and a 0-based column, that suppresses codes; ``match``: the match of NOQA in it."""

    row: int
    column: int
    comment: str
    match: re.Match[str]

    @property
    def codes(self) -> list[str]:
        """The codes, in upper case."""
        return [code.group().upper() for code in self._codes()]

    @property
    def span(self) -> Span:
        """The place of the directive: ``# noqa`` and its codes, without other words of the comment."""
        return _span(self.row, self.column + self.match.start(), self.column + self.match.end())

    def without(self, document: Document, idle: Collection[int]) -> Edit:
        """The edit that removes these codes, by their indices; with the last code the directive is removed, too."""
        content = self._rest(idle)
        return self._removal(document) if content is None else Edit(self.span, content)

    def _codes(self) -> list[re.Match[str]]:
        return list(re.finditer(r"[A-Z]+[0-9]+", self.match["list"], re.IGNORECASE))

    def _rest(self, idle: Collection[int]) -> str | None:
        """The directive without these codes, otherwise unchanged; None if no code is left."""
        codes = self._codes()
        kept = [index for index in range(len(codes)) if index not in idle]
        if not kept:
            return None
        text, start = self.match["list"], self.match.start("list") - self.match.start()
        out = ""
        for index in kept:
            end = codes[index + 1].start() if index + 1 < len(codes) and index != kept[-1] else codes[index].end()
            out += text[codes[index].start() : end]
        return self.match.group()[:start] + out

    def _removal(self, document: Document) -> Edit:
        """The edit that removes the directive, with its line if nothing else is on it; other words stay."""
        row, column, comment = self.row, self.column, self.comment
        line = document.lines[row - 1]
        before, after = comment[: self.match.start()].rstrip(), comment[self.match.end() :]
        words = after.strip()
        if words and not words.startswith("#"):
            words = "# " + words.lstrip("-\N{EN DASH}\N{EM DASH}:;,. ")
        left = " ".join(part for part in (before, words if words != "# " else "") if part)
        end = column + len(comment)
        if left:
            return Edit(_span(row, column, end), left)
        code = line[:column].rstrip()
        last = row == len(document.lines) or document.lines[row].rstrip("\r\n") == MARK  # of the file, or of its cell
        if code or last:
            return Edit(_span(row, len(code), end), "")
        return Edit(Span(Position(row, 1), Position(row + 1, 1)), "")


def _span(row: int, start: int, end: int) -> Span:
    """A span within a row, by 0-based columns."""
    return Span(Position(row, start + 1), Position(row, end + 1))
