"""Places in a text as a client counts them: 0-based lines, columns in the units of the negotiated encoding."""

from __future__ import annotations

import re

from lsprotocol import types

# The line ends of the protocol; str.splitlines would split at form feeds and U+2028, too.
_LINE_END = re.compile(r"\r\n|\r|\n")


def changed(text: str, change: types.TextDocumentContentChangeEvent, encoding: str) -> str:
    """The text after one change, which replaces a range or the whole text."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    start, end = (offset(text, place, encoding) for place in (change.range.start, change.range.end))
    return text[:start] + change.text + text[max(start, end) :]


def offset(text: str, place: types.Position, encoding: str) -> int:
    """The index of a place in ``text``; a column or line past the end counts as the end.

    A place inside of a character is the place before it. ``encoding``: utf-8, utf-16 or utf-32.
    """
    start = 0
    for _ in range(place.line):
        match = _LINE_END.search(text, start)
        if match is None:
            return len(text)
        start = match.end()
    match = _LINE_END.search(text, start)
    line = text[start : match.start() if match else len(text)]
    return start + _characters(line, place.character, encoding)


def _characters(line: str, units: int, encoding: str) -> int:
    """The number of characters in the first ``units`` of a line."""
    if encoding == "utf-32" or line.isascii():
        return min(units, len(line))
    passed = 0
    for index, character in enumerate(line):
        passed += _size(character, encoding)
        if passed > units:
            return index
    return len(line)


def _size(character: str, encoding: str) -> int:
    if encoding == "utf-8":
        return len(character.encode("utf-8", "surrogatepass"))
    return 2 if ord(character) > 0xFFFF else 1
