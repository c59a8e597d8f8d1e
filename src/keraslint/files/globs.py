"""Glob patterns as Ruff's options take them (globset): ``*`` also crosses slashes, ``{a,b}`` alternatives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from keraslint.files.automaton import Automaton, in_class

_LONGEST = 4_096


# A name that stands for itself, with the slashes that may follow the name of a folder.
_PLAIN = re.compile(r"[\w.+@ -]+/*")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """One pattern and the folder that it is relative to (absolute, with forward slashes)."""

    text: str
    root: str

    def matches(self, path: str) -> bool:
        """Return True if it names ``path`` (absolute, forward slashes): by its last part, or from ``root`` on."""
        if self.last_part is not None and translate(self.last_part)(path.rpartition("/")[2]):
            return True
        return bool(translate(self.absolute)(path))

    @property
    def absolute(self) -> str:
        """The glob for whole paths."""
        text = self._bare
        return text if text.startswith("/") or text[1:2] == ":" else _join(self.root, text)

    @property
    def _bare(self) -> str:
        return self.text.rstrip("/")

    @property
    def last_part(self) -> str | None:
        """The glob for the last part of a path, None where the pattern names folders."""
        return None if "/" in self._bare else self._bare


class PathPatterns:
    """Several patterns as one test of a path: plain names are looked up, the others are one automaton."""

    def __init__(self, patterns: Iterable[PathPattern]) -> None:
        globs = []
        names = set()
        self._patterns = tuple(patterns)
        for pattern in self._patterns:
            if _PLAIN.fullmatch(pattern.text):
                names.add(pattern.text.rstrip("/"))
            else:
                globs.append(pattern)
        self._names = frozenset(names)
        self._last = _any_of([pattern.last_part for pattern in globs if pattern.last_part is not None])
        self._whole = _any_of([pattern.absolute for pattern in globs])

    def __reduce__(self) -> tuple[type[PathPatterns], tuple[tuple[PathPattern, ...]]]:
        """Other processes make the automaton anew: it can't be sent to them."""
        return PathPatterns, (self._patterns,)

    def match(self, path: str) -> bool:
        """Return True if one of the patterns names ``path`` (absolute, forward slashes)."""
        name = path.rpartition("/")[2]
        return name in self._names or bool(self._last(name)) or bool(self._whole(path))

    def cover(self, path: str) -> bool:
        """Return True if one of the patterns names ``path`` or a folder that holds it."""
        while path:
            if self.match(path):
                return True
            path = path.rpartition("/")[0]
        return False


def _any_of(patterns: Iterable[str]) -> Callable[[str], object]:
    """The test of a text for any of several globs."""
    texts, globs = set[str](), list[list[Callable[[Automaton], None]]]()
    for pattern in patterns:
        try:
            globs.append([*_parts(pattern)])
        except (re.error, ValueError):
            texts.add(pattern)
    if not globs:
        return texts.__contains__
    made = Automaton()
    made.begin()
    for number, parts in enumerate(globs):
        if number:
            made.otherwise()
        for part in parts:
            part(made)
    made.end()
    return lambda text: text in texts or made.fullmatch(text)


@lru_cache(maxsize=1024)
def translate(pattern: str) -> Callable[[str], object]:
    """The test of a text for a glob. Never raises: an unclosed bracket or brace stands for itself.

    An automaton takes its time once for each character; a regular expression may try each combination of stars.
    """
    try:
        made = Automaton()
        for part in _parts(pattern):
            part(made)
    except (re.error, ValueError):
        return pattern.__eq__
    return made.fullmatch


def _parts(pattern: str) -> Iterator[Callable[[Automaton], None]]:
    """The parts of a glob, as they are added to an automaton. Raises re.error, and ValueError for a glob too long."""
    if len(pattern) > _LONGEST:
        raise ValueError
    index = depth = 0
    last_brace = pattern.rfind("}")
    while index < len(pattern):
        char = pattern[index]
        end = pattern.find("]", index + 2)
        if pattern.startswith("**/", index):
            yield Automaton.folders
            index += 2
        elif char == "*":
            yield Automaton.many
        elif char == "[" and end > 0:
            body = pattern[index + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
            yield partial(Automaton.one, test=in_class(f"^{body[1:]}" if body[0] in "!^" else body))
            index = end
        elif char == "{" and index < last_brace:
            depth += 1
            yield Automaton.begin
        elif char == "}" and depth:
            depth -= 1
            yield Automaton.end
        elif char == "," and depth:
            yield Automaton.otherwise
        else:
            yield partial(Automaton.one, test=bool if char == "?" else char.__eq__)
        index += 1
    yield from [Automaton.end] * depth


def _join(root: str, pattern: str) -> str:
    """``pattern`` below ``root``, whose own characters are escaped."""
    while pattern.startswith("./"):
        pattern = pattern[2:]
    return re.sub(r"([*?[{}])", r"[\1]", root.rstrip("/")) + "/" + pattern
