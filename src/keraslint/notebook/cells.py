"""The code cells of a notebook's JSON, with the places of their sources, and changed sources back in these places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(strict=False)
_PYTHON = frozenset({"python", "python3", "ipython", "ipython3", ""})


class NotANotebook(ValueError):
    """The text is not the JSON of a notebook."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its source, where that stands in the JSON (from ``start`` to ``end``), and if it is Python."""

    source: str
    start: int
    end: int
    is_python: bool


def code_cells(text: str) -> tuple[Cell, ...]:
    """The code cells of a notebook of format 3 or 4, in order. Raises NotANotebook."""
    try:
        return tuple(_cells(text))
    except (ValueError, IndexError, RecursionError) as error:
        said = str(error) or type(error).__name__
        raise NotANotebook(f"not a notebook: {said}") from error


def _cells(text: str) -> Iterator[Cell]:
    top = _members(text, _skip(text, 0))
    if _skip(text, top.pop("", (0, 0))[1]) != len(text):
        raise ValueError("there is more after its end")
    metadata = _value(text, top.get("metadata"))
    is_python = _is_python(metadata)
    lists = [top["cells"][0]] if "cells" in top else []
    if "worksheets" in top:
        for place, _ in _items(text, top["worksheets"][0]):
            sheet = _members(text, place)
            lists += [sheet["cells"][0]] if "cells" in sheet else []
    if not lists and "worksheets" not in top:
        raise ValueError("it has no cells")
    for start in lists:
        for place, _ in _items(text, start):
            yield from _cell(text, _members(text, place), is_python)


def _cell(text: str, members: dict[str, tuple[int, int]], is_python: bool) -> Iterator[Cell]:
    if _value(text, members.get("cell_type")) != "code":
        return
    place = members.get("source") or members.get("input")
    source = _value(text, place)
    joined = "".join(map(_text, source)) if isinstance(source, list) else _text(source)
    start, end = place or (0, 0)
    vscode = _member(_value(text, members.get("metadata")), "vscode")
    language = _member(vscode, "languageId") or _value(text, members.get("language"))
    mine = language.lower() in _PYTHON if isinstance(language, str) else is_python
    yield Cell(joined, start, end, mine)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _member(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _is_python(metadata: object) -> bool:
    kernel = _member(_member(metadata, "kernelspec"), "language")
    said = _member(_member(metadata, "language_info"), "name") or kernel
    return not isinstance(said, str) or said.lower() in _PYTHON


def _value(text: str, place: tuple[int, int] | None) -> Any:
    return None if place is None else _DECODER.raw_decode(text, place[0])[0]


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _members(text: str, at: int) -> dict[str, tuple[int, int]]:
    """The places of the values of an object by their names, and under "" the place of the object itself."""
    if text[at] != "{":
        raise ValueError("it is not an object")
    found: dict[str, tuple[int, int]] = {}
    start, at = at, _skip(text, at + 1)
    while text[at] != "}":
        if text[at] != '"':
            raise ValueError(f"a name is missing at character {at}")
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] != ":":
            raise ValueError(f"a colon is missing at character {at}")
        begin = _skip(text, at + 1)
        end = _end(text, begin, name)
        found[name] = (begin, end)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        elif text[at] != "}":
            raise ValueError(f"a comma is missing at character {at}")
    found[""] = (start, at + 1)
    return found


def _end(text: str, begin: int, name: str) -> int:
    """The end of a value; cells and worksheets are walked through, all else is decoded at once."""
    if name in ("cells", "worksheets") and text[begin] == "[":
        places = [*_items(text, begin)]
        return _skip(text, places[-1][1] if places else begin + 1) + 1
    return _DECODER.raw_decode(text, begin)[1]


def _items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """The place of each item of an array."""
    if text[at] != "[":
        raise ValueError("its cells are not a list")
    at = _skip(text, at + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield at, end
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        elif text[at] != "]":
            raise ValueError(f"a comma is missing at character {at}")


def with_sources(text: str, cells: Sequence[Cell], sources: Sequence[str]) -> str:
    """The JSON with these sources in its cells; nothing but the changed parts of changed sources is written anew."""
    for cell, source in sorted(zip(cells, sources, strict=True), key=lambda pair: -pair[0].start):
        if source != cell.source:
            if not cell.end:
                raise ValueError("a cell without a source can't be changed")
            ascii_only = text.isascii() and "\\u" in text
            text = text[: cell.start] + _written(text, cell, source, ascii_only) + text[cell.end :]
    return text


def _written(text: str, cell: Cell, source: str, ascii_only: bool) -> str:
    if text[cell.start] == '"':
        return _dumped(source, ascii_only)
    places = list(_items(text, cell.start))
    items = [_text(_value(text, place)) for place in places]
    head, tail, left = 0, 0, source
    while head < len(items) and items[head] and left.startswith(items[head]) and len(left) > len(items[head]):
        left, head = left[len(items[head]) :], head + 1
    while tail < len(items) - head and items[-1 - tail] and left.endswith(items[-1 - tail]):
        left, tail = left[: len(left) - len(items[-1 - tail])], tail + 1
    fresh = [_dumped(line, ascii_only) for line in re.findall(r"[^\n]*\n|[^\n]+\Z", left)]
    kept = [text[begin:end] for begin, end in places]
    if not places:
        return f"[{', '.join(fresh)}]"
    comma = text[places[0][1] : places[1][0]] if len(places) > 1 else ","
    if len(places) == 1:
        comma += text[cell.start + 1 : places[0][0]] or " "
    parts = [*kept[:head], *fresh, *kept[len(kept) - tail :]]
    return text[cell.start : places[0][0]] + comma.join(parts) + text[places[-1][1] : cell.end]


def _dumped(text: str, ascii_only: bool) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        ascii_only = True
    return json.dumps(text, ensure_ascii=ascii_only)
