"""A ``# noqa`` comment for a diagnostic: where it can stand, and what is there already."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from keraslint import noqa
from keraslint.diagnostic import Diagnostic, Edit, Position, Span
from keraslint.document import Document
from keraslint.files.dependency_names import is_python

_WITH_CODES = re.compile(r"#\s*noqa\s*:\s*[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*", re.IGNORECASE)


def silencing_edit(document: Document, diagnostic: Diagnostic) -> Edit | None:
    """The edit that silences a diagnostic on one of its lines; None where none of them can take a comment.

    A line may end inside of a text or with a backslash: each edit is tried out before it is given. None in a
    dependency file, whose notation this can't try out.
    """
    if not is_python(document.path):
        return None
    flagged = range(diagnostic.span.start.row, diagnostic.span.end.row + 1)
    for row in dict.fromkeys((*diagnostic.noqa_rows, *flagged)):
        edit = _edit(document, row, diagnostic.code)
        start = document.offset(edit.span.start)
        after = replace(document, text=document.text[:start] + edit.content + document.text[start:])
        if noqa.read(after).silence(diagnostic) and _same_program(document, after):
            return edit
    return None


def _edit(document: Document, row: int, code: str) -> Edit:
    line = document.lines[row - 1].rstrip("\r\n") if row <= len(document.lines) else ""
    listed = _WITH_CODES.search(line)
    place = Position(row, (listed.end() if listed else len(line.rstrip())) + 1)
    return Edit(Span(place, place), f", {code}" if listed else f"  # noqa: {code}")


def _same_program(before: Document, after: Document) -> bool:
    try:
        tree = ast.dump(before.tree)
    except (SyntaxError, ValueError):
        return True  # what does not parse has no other guard than the comment being read as one
    try:
        return ast.dump(after.tree) == tree
    except (SyntaxError, ValueError):
        return False
