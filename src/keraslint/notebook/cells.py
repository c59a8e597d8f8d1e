"""The cells of a notebook's JSON, with the places of their sources in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

DECODER = json.JSONDecoder(strict=False)
Place = tuple[int, int]

_SPACE = re.compile(r"[ \t\n\r]*")
_PYTHON = frozenset({"python", "python3", "ipython", "ipython3", ""})


class NotANotebook(ValueError):
    """The text is not the JSON of a notebook."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its source, where that stands in the JSON (from ``start`` to ``end``), and if it is Python.

    A cell without code has an empty source.
    """

    source: str = ""
    start: int = 0
    end: int = 0
    is_python: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A cell as it was found; ``language``: the one that it names itself."""

    cell: Cell
    language: object


def cells_of(text: str) -> tuple[Cell, ...]:
    """The cells of a notebook of format 3 or 4, in order. Raises NotANotebook."""
    try:
        found, is_python = _read(text)
    except RecursionError as error:
        raise NotANotebook("not a notebook: it is nested too deeply") from error
    except (ValueError, IndexError) as error:
        said = "it ends too early" if isinstance(error, IndexError) else str(error)
        raise NotANotebook(f"not a notebook: {said}") from error
    return tuple(
        Cell(one.cell.source, one.cell.start, one.cell.end, is_python_name(one.language, default=is_python))
        if one.cell.end
        else one.cell
        for one in found
    )


def _read(text: str) -> tuple[list[_Found], bool]:
    """The cells, and True if a cell that names no language is Python."""
    found: list[_Found] = []
    lists = []
    metadata: object = None

    def cell(at: int) -> int:
        members = dict[str, Place]()

        def member(name: str, start: int) -> int:
            members[name] = (start, _end(text, start))
            return members[name][1]

        at = _object(text, at, member)
        found.append(_cell(text, members))
        return at

    def sheet(at: int) -> int:
        return _object(text, at, top)

    def top(name: str, at: int) -> int:
        nonlocal metadata
        if name in ("cells", "worksheets"):
            lists.append(name)
            return _array(text, at, cell if name == "cells" else sheet)
        value, end = DECODER.raw_decode(text, at)
        metadata = value if name == "metadata" and metadata is None else metadata
        return end

    if not text.startswith("{", skip(text, 0)):
        raise ValueError("its JSON is no object")
    if skip(text, _object(text, skip(text, 0), top)) != len(text):
        raise ValueError("there is more after its end")
    if not lists:
        raise ValueError("it has no cells")
    kernel = _member(_member(metadata, "kernelspec"), "language")
    return found, is_python_name(_member(_member(metadata, "language_info"), "name") or kernel, default=True)


def _cell(text: str, members: dict[str, Place]) -> _Found:
    if _value(text, members.get("cell_type")) != "code":
        return _Found(Cell(), None)
    place = members.get("source") or members.get("input")
    source = _value(text, place)
    joined = "".join(map(_text, source)) if isinstance(source, list) else _text(source)
    start, end = place or (0, 0)
    vscode = _member(_value(text, members.get("metadata")), "vscode")
    language = _member(vscode, "languageId") or _value(text, members.get("language"))
    return _Found(Cell(joined, start, end), language)


def is_python_name(language: object, *, default: bool = False) -> bool:
    """Return True for a name of Python, as kernels and editors give it; ``default`` counts where none is given."""
    return language.lower() in _PYTHON if isinstance(language, str) else default


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _member(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _value(text: str, place: Place | None) -> Any:
    return None if place is None else DECODER.raw_decode(text, place[0])[0]


def _end(text: str, start: int) -> int:
    return DECODER.raw_decode(text, start)[1]


def skip(text: str, at: int) -> int:
    """The index of what follows the white space at ``at``."""
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _object(text: str, at: int, member: Callable[[str, int], int]) -> int:
    """The end of an object; ``member`` takes the name and the place of each value, and returns its end."""

    def one(at: int) -> int:
        if text[at] != '"':
            raise ValueError(f"a name is missing at character {at}")
        name, at = DECODER.raw_decode(text, at)
        at = skip(text, at)
        if text[at] != ":":
            raise ValueError(f"a colon is missing at character {at}")
        return member(name, skip(text, at + 1))

    return _sequence(text, at, "{}", one)


def _array(text: str, at: int, item: Callable[[int], int]) -> int:
    """The end of an array; ``item`` takes the place of each item, and returns its end."""
    return _sequence(text, at, "[]", item)


def _sequence(text: str, at: int, brackets: str, part: Callable[[int], int]) -> int:
    if text[at] != brackets[0]:
        kind = "a list" if brackets == "[]" else "an object"
        raise ValueError(f"{kind} is missing at character {at}")
    at = skip(text, at + 1)
    while text[at] != brackets[1]:
        at = skip(text, part(at))
        if text[at] == ",":
            at = skip(text, at + 1)
        elif text[at] != brackets[1]:
            raise ValueError(f"a comma is missing at character {at}")
    return at + 1


def items(text: str, at: int) -> Iterator[Place]:
    """The place of each item of an array."""
    found: list[Place] = []

    def one(start: int) -> int:
        found.append((start, _end(text, start)))
        return found[-1][1]

    _array(text, at, one)
    return iter(found)
