"""TOML with the row of every key and item: the data that tomllib reads, and its rows in the text."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from keraslint.limits import poll, too_much_toml
from keraslint.pins.interface import ReadResult, skip
from keraslint.pins.requirement_line import Line

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Key: TypeAlias = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' r"|'''(?:[^']|'(?!''))*'{3,5}" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[^\s.=\[\]{}#,\"']+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_ROW_IN_ERROR = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


class InvalidToml(ValueError):
    """The text is not valid TOML; ``row`` is the row of the error, 0 if that is not known."""

    def __init__(self, reason: str, row: int, *, too_large: bool = False) -> None:
        super().__init__(reason)
        self.row = row
        self.too_large = too_large


@dataclass(frozen=True)
class TomlText:
    """A document, and the row of each of its keys, array items and tables by their path. ``filename``: for places."""

    data: dict[str, Any]
    rows: dict[Key, int]
    lines: tuple[str, ...]
    filename: str = ""

    @classmethod
    def parse(cls, text: str, filename: str = "") -> TomlText:
        """Parse a document. Raises InvalidToml."""
        if reason := too_much_toml(text):
            raise InvalidToml(reason, 0, too_large=True)
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidToml(*reason_and_row(error, text)) from error
        except (RecursionError, ValueError) as error:  # ValueError: an integer of more than 4,300 digits
            raise InvalidToml("nested too deeply, or a number is too long", 0) from error
        return cls(data, _Scanner(text).rows(), tuple(text.split("\n")), filename)

    def row(self, *key: str | int) -> int:
        """The row of a path, or of its longest beginning that has one; 0 if none has."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.rows:
                return self.rows[key[:length]]
        return 0

    def line(self, row: int) -> str:
        """The line in a row as written, stripped; "" if there is no such row."""
        return self.lines[row - 1].strip() if 0 < row <= len(self.lines) else ""

    def place(self, *key: str | int, group: str = "") -> Line:
        """The place of a path, as that of a requirement."""
        row = self.row(*key)
        return Line(self.filename, row, self.line(row), group)


def reason_and_row(error: ValueError, text: str) -> tuple[str, int]:
    """The message of TOML's parser without the place that it ends with, and the row of that place; 0: unknown."""
    at = _ROW_IN_ERROR.search(str(error))
    row = int(at.group(1)) if at and at.group(1) else text.rstrip().count("\n") + 1 if at else 0
    return _ROW_IN_ERROR.sub("", str(error)), row


def read_toml(read: Callable[[TomlText], ReadResult], filename: str, text: str) -> ReadResult:
    """Return ``read`` of the parsed text; a text that is not valid TOML is skipped."""
    try:
        document = TomlText.parse(text, filename)
    except InvalidToml as error:
        reason = str(error) if error.too_large else f"not valid TOML: {error}"
        return skip(filename, error.row, reason, too_large=error.too_large)
    return read(document)


def table_at(value: Any, *key: str | int) -> Mapping[str, Any]:
    """The table under nested keys, an empty one if there is none."""
    for part in key:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def list_at(value: Any, *key: str | int) -> list[Any]:
    """The array under nested keys, an empty one if there is none."""
    found = table_at(value, *key[:-1]).get(str(key[-1]))
    return found if isinstance(found, list) else []


def text_at(value: Any, *key: str | int) -> str:
    """The text under nested keys, "" if there is none."""
    found = table_at(value, *key[:-1]).get(str(key[-1]))
    return found if isinstance(found, str) else ""


class _Scanner:
    """Finds the rows in a text that is known to be valid TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0] + [match.end() for match in re.finditer("\n", text)]
        self._found: dict[Key, int] = {}
        self._counts: dict[Key, int] = {}

    def rows(self) -> dict[Key, int]:
        table: Key = ()
        self._skip_space()
        while self._at < len(self._text):
            poll()
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._skip_space()
        return self._found

    def _header(self) -> Key:
        array = self._text.startswith("[[", self._at)
        start = self._at
        self._at += 2 if array else 1
        parts = self._key()
        self._at += 2 if array else 1
        table = self._resolved(parts[:-1])
        last = (*table, parts[-1])
        if array:
            self._counts[last] = self._counts.get(last, -1) + 1
            last = (*last, self._counts[last])
        elif last in self._counts:
            last = (*last, self._counts[last])
        self._note(last, start)
        return last

    def _resolved(self, parts: tuple[str, ...]) -> Key:
        """The path with the index of the current item after each array of tables."""
        path: Key = ()
        for part in parts:
            path = (*path, part)
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _pair(self, table: Key) -> None:
        start = self._at
        key = self._key()
        for length in range(1, len(key) + 1):
            self._note((*table, *key[:length]), start)
        self._at += 1
        self._value((*table, *key))

    def _key(self) -> tuple[str, ...]:
        parts: list[str] = []
        while True:
            self._skip_space()
            quoted = _STRING.match(self._text, self._at)
            found = quoted or _BARE_KEY.match(self._text, self._at)
            if found is None:
                raise AssertionError("valid TOML has a key here")
            self._at = found.end()
            parts.append(_unquoted(found.group()) if quoted else found.group())
            self._skip_space()
            if not self._text.startswith(".", self._at):
                return tuple(parts)
            self._at += 1

    def _value(self, path: Key) -> None:
        self._skip_space()
        self._note(path, self._at)
        if string := _STRING.match(self._text, self._at):
            self._at = string.end()
        elif self._text.startswith("[", self._at):
            self._items(path, "]")
        elif self._text.startswith("{", self._at):
            self._items(path, "}")
        elif scalar := _SCALAR.match(self._text, self._at):
            self._at = scalar.end()

    def _items(self, path: Key, end: str) -> None:
        self._at += 1
        index = 0
        while True:
            poll()
            self._skip_space()
            if self._text.startswith(end, self._at):
                self._at += 1
                return
            if self._text.startswith(",", self._at):
                self._at += 1
            elif end == "]":
                self._value((*path, index))
                index += 1
            else:
                self._pair(path)

    def _skip_space(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _note(self, path: Key, offset: int) -> None:
        self._found.setdefault(path, bisect_right(self._starts, offset))


def _unquoted(text: str) -> str:
    """The key that a quoted key stands for."""
    return next(iter(tomllib.loads(f"{text} = 0")))
