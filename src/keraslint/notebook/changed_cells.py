"""Changed sources of cells, back in the JSON of their notebook: only what has changed is written anew."""

from __future__ import annotations

import difflib
import itertools
import json
import re
from collections.abc import Iterator, Sequence

from keraslint.notebook.cells import DECODER, Cell, items

# A character of a string in JSON as it is written: two escapes may stand for one character.
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


def with_sources(text: str, cells: Sequence[Cell], sources: Sequence[str]) -> str:
    """The JSON with these sources in its cells. Raises ValueError where a changed cell has no source."""
    parts, at = [], 0
    for start, end, written in changes(text, cells, sources):
        parts += [text[at:start], written]
        at = end
    return "".join([*parts, text[at:]])


def changes(text: str, cells: Sequence[Cell], sources: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """What is written anew for these sources: the two ends of its place in the JSON, and what comes there.

    Raises ValueError where a changed cell has no source.
    """
    ascii_only = text.isascii() and "\\u" in text
    for cell, source in sorted(zip(cells, sources, strict=True), key=lambda pair: pair[0].start):
        if source != cell.source:
            if not cell.end:
                raise ValueError("a cell without a source can't be changed")
            yield cell.start, cell.end, _written(text, cell, source, ascii_only)


def _written(text: str, cell: Cell, source: str, ascii_only: bool) -> str:
    """The source as it is written in the JSON: as a string or as an array, whichever was there."""
    if text[cell.start] == '"':
        old = _lines(cell.source)
        raw = written_characters(text[cell.start + 1 : cell.end - 1])
        if len(raw) != len(cell.source):
            return _dumped(source, ascii_only)
        ends = [0, *itertools.accumulate(map(len, old))]
        pieces = ["".join(raw[start:end]) for start, end in itertools.pairwise(ends)]
        return f'"{"".join(_changed(old, pieces, _lines(source), ascii_only))}"'
    places = list(items(text, cell.start))
    old = [DECODER.raw_decode(text, start)[0] for start, _ in places]
    if not all(isinstance(item, str) for item in old):
        old, pieces = [""], [""]
    else:
        pieces = [text[start + 1 : end - 1] for start, end in places]
    strings = [f'"{piece}"' for piece in _changed(old, pieces, _lines(source), ascii_only)]
    if not places:
        return f"[{', '.join(strings)}]"
    comma = text[places[0][1] : places[1][0]] if len(places) > 1 else ","
    if len(places) == 1:
        comma += text[cell.start + 1 : places[0][0]] or " "
    return text[cell.start : places[0][0]] + comma.join(strings) + text[places[-1][1] : cell.end]


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)


def _changed(old: Sequence[str], raw: Sequence[str], new: Sequence[str], ascii_only: bool) -> list[str]:
    """The new lines as they are written: those that were there as they were, and of changed ones the changed part."""
    out: list[str] = []
    for kind, begin, end, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            out += raw[begin:end]
            continue
        for offset, line in enumerate(new[first:last]):
            known = begin + offset < end
            out.append(
                _patched(old[begin + offset], raw[begin + offset], line, ascii_only)
                if known
                else _dumped(line, ascii_only)[1:-1]
            )
    return out


def _patched(old: str, raw: str, new: str, ascii_only: bool) -> str:
    """A changed line as it is written: its beginning and its end are kept."""
    characters = written_characters(raw)
    if len(characters) != len(old):
        return _dumped(new, ascii_only)[1:-1]
    head, tail = common_ends(old, new)
    middle = _dumped(new[head : len(new) - tail], ascii_only)[1:-1]
    return "".join([*characters[:head], middle, *characters[len(old) - tail :]])


def common_ends(old: str, new: str) -> tuple[int, int]:
    """The numbers of characters at the beginning and at the end that two texts share."""
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    tail = next((index for index in range(shorter - head) if old[-1 - index] != new[-1 - index]), shorter - head)
    return head, tail


def written_characters(raw: str) -> list[str]:
    """The characters of a string in JSON, without its quotes, each as it is written."""
    return _CHARACTER.findall(raw)


def _dumped(text: str, ascii_only: bool) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        ascii_only = True
    return json.dumps(text, ensure_ascii=ascii_only)
