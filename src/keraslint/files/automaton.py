"""Matches a text against a glob in a time that grows with its length alone, however many stars the glob has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Test = Callable[[str], object]

_MOST_STEPS = 10_000


class Automaton:
    """Where in a glob a text may be, after each of its characters: a nondeterministic finite automaton.

    Its parts are added from left to right. Steps that were taken are kept.
    """

    def __init__(self) -> None:
        self._tests: list[list[tuple[Test, int]]] = [[]]
        self._free: list[list[int]] = [[]]  # steps that take no character
        self._at = 0
        self._open: list[tuple[int, list[int]]] = []  # for each open brace, its begin and the ends of alternatives
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def one(self, test: Test) -> None:
        """Add a character that passes a test."""
        self._tests[self._at].append((test, self._new()))
        self._at = len(self._tests) - 1

    def many(self) -> None:
        """Add any number of characters."""
        self._free[self._at].append(self._new())
        self._at = len(self._tests) - 1
        self._tests[self._at].append((bool, self._at))

    def folders(self) -> None:
        """Add any number of whole parts of a path, each with its slash."""
        begin = self._at
        self.many()
        self.one("/".__eq__)
        self._free[begin].append(self._at)

    def begin(self) -> None:
        """Begin alternatives."""
        self._open.append((self._at, []))
        self._branch()

    def otherwise(self) -> None:
        """Begin the next alternative."""
        self._open[-1][1].append(self._at)
        self._branch()

    def end(self) -> None:
        """End the alternatives."""
        _, ends = self._open.pop()
        target = self._new()
        for state in (*ends, self._at):
            self._free[state].append(target)
        self._at = target

    def fullmatch(self, text: str) -> bool:
        """Return True if the whole text matches all that was added."""
        states = self._closed([0])
        for character in text:
            key = (states, character)
            found = self._known.get(key)
            if found is None:
                if len(self._known) > _MOST_STEPS:
                    self._known.clear()
                found = self._closed(
                    target for state in states for test, target in self._tests[state] if test(character)
                )
                self._known[key] = found
            states = found
            if not states:
                return False
        return self._at in states

    def _new(self) -> int:
        self._tests.append([])
        self._free.append([])
        return len(self._tests) - 1

    def _branch(self) -> None:
        state = self._new()
        self._free[self._open[-1][0]].append(state)
        self._at = state

    def _closed(self, states: Iterable[int]) -> frozenset[int]:
        found: set[int] = set()
        left = [*states]
        while left:
            state = left.pop()
            if state not in found:
                found.add(state)
                left += self._free[state]
        return frozenset(found)


def in_class(body: str) -> Test:
    """The test of a bracket of a regular expression. Raises re.error."""
    return re.compile(f"[{body}]", re.DOTALL).fullmatch
