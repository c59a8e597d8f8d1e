"""conda-lock.yml and pixi.lock: machine-written YAML lists of packages, megabytes long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keraslint.pins.interface import ReadResult, Role, Source, skip
from keraslint.pins.sources.conda import package_in, pip_name
from keraslint.pins.sources.lock_entry import LockEntry, locked

_HEADER = re.compile(r"^version:\s*\d+", re.MULTILINE)
# An item of a list: its first line, and the lines that are indented deeper than its dash.
_ITEM = re.compile(r"^(?P<indent> *)- (?P<body>.*(?:\n(?P=indent)  .*)*)", re.MULTILINE)
_PAIR = re.compile(r"(?P<key>name|version|conda|url): +(?P<value>\S.*)")


@dataclass(frozen=True)
class ListedLock(Source):
    """Reads one of these files line by line: a YAML parser would take seconds for the two lines that matter.

    Both tools write each package as an item with ``name`` and ``version`` on lines of their own, or with the
    address of the package, which holds both.
    """

    file: str
    role = Role.LOCKS

    def claims(self, name: str) -> bool:
        """Return True for the file of that name; conda-lock also writes ``NAME.conda-lock.yml``."""
        return name == self.file or ("/" not in name and name.endswith((f".{self.file}", f"-{self.file}")))

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the locked Keras and TensorFlow, each version once."""
        if not _HEADER.search(text):
            return skip(filename, 0, f"not a {self.file}: it gives no version of its format")
        if "keras" not in text and "tensorflow" not in text:
            return ReadResult()
        return locked(filename, _entries(text))


def _entries(text: str) -> Iterator[LockEntry]:
    for item in _ITEM.finditer(text):
        body = item.group("body")
        if "keras" in body or "tensorflow" in body:
            yield from _entry(body, len(item.group("indent")) + 2, text.count("\n", 0, item.start()) + 1)


def _entry(body: str, indent: int, first: int) -> Iterator[LockEntry]:
    """The entry in one item whose pairs begin at column ``indent``; ``first`` is the row of the item."""
    pairs: dict[str, tuple[str, int, str]] = {}
    for row, line in enumerate(f"{' ' * (indent - 2)}- {body}".split("\n"), first):
        match = _PAIR.fullmatch(line[indent:].rstrip())
        if match is not None:
            pairs[match.group("key")] = (match.group("value").strip("'\""), row, line.strip())
    if "name" in pairs:
        version, row, text = pairs.get("version", (None, first, f"- {body}".partition("\n")[0]))
        yield LockEntry(pip_name(pairs["name"][0]), version, row, text)
        return
    for key in ("conda", "url"):
        address, row, text = pairs.get(key, ("", 0, ""))
        if (package := package_in(address)) is not None:
            yield LockEntry(*package, row, text)
            return
