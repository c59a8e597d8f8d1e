"""A program while it is being written: its choices, which can be replayed and made simpler, and its fresh names."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """Forms of one topic by name, the plainest first.

    plain: how often the first one is chosen; it then is no form of its own, and is not counted. None for a topic
    whose forms are all alike.
    """

    topic: str
    forms: Mapping[str, str]
    plain: float | None = None


_CHOICES: dict[tuple[int, Callable[[str], bool]], list[int]] = {}


def _allowed(table: Table, allowed: Callable[[str], bool]) -> list[int]:
    """The numbers of the forms of a table that are allowed, looked up once for each table."""
    found = _CHOICES.get((id(table), allowed))
    if found is None:
        numbered = list(enumerate(table.forms))[0 if table.plain is None else 1 :]
        found = [number for number, name in numbered if allowed(f"{table.topic}: {name}")]
        _CHOICES[id(table), allowed] = found
    return found


def every(_: str) -> bool:
    """True for each form."""
    return True


@dataclass
class Writer:
    """Chooses forms at random, or replays earlier choices: a choice that was not made before is the plainest one.

    allowed: which forms ("topic: form") may be chosen at random. wanted: those that are chosen most of the time.
    forms: what was chosen. choices: the number of what was chosen, by the place of the choice.
    """

    rng: random.Random
    replayed: Mapping[str, int] | None = None
    allowed: Callable[[str], bool] = every
    wanted: frozenset[str] = frozenset()
    forms: dict[str, None] = field(default_factory=dict)
    choices: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    _place: list[str] = field(default_factory=list)
    _taken: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Within it, choices are made for this part of the program."""
        self._place.append(name)
        yield
        self._place.pop()

    def number(self, topic: str, count: int, drawn: Callable[[], int] | None = None) -> int:
        """A number below ``count``."""
        place = "/".join([*self._place, topic])
        while place in self.choices:
            place += "'"
        if self.replayed is not None:
            chosen = min(self.replayed.get(place, 0), count - 1)
        else:
            chosen = drawn() if drawn is not None else self.rng.randrange(count)
        self.choices[place] = chosen
        return chosen

    def chance(self, topic: str, share: float) -> bool:
        """True so often."""
        return bool(self.number(topic, 2, lambda: int(self.rng.random() < share)))

    def choose(self, table: Table) -> str:
        """The template of one form of a table."""
        names = list(table.forms)
        name = names[self.number(table.topic, len(names), lambda: self._draw(table, names))]
        if table.plain is None or name != names[0]:
            self.forms[f"{table.topic}: {name}"] = None
        return table.forms[name]

    def has(self, table: Table) -> bool:
        """True if any form of a table may be chosen."""
        names = (f"{table.topic}: {name}" for name in table.forms)
        return self.replayed is not None or any(name in self.wanted or self.allowed(name) for name in names)

    def _draw(self, table: Table, names: list[str]) -> int:
        first = 0 if table.plain is None else 1
        wanted = self.wanted and [i for i in range(first, len(names)) if f"{table.topic}: {names[i]}" in self.wanted]
        if wanted and self.rng.random() < 0.8:
            return self.rng.choice(wanted)
        if table.plain is not None and self.rng.random() < table.plain:
            return 0
        allowed = _allowed(table, self.allowed)
        return self.rng.choice(allowed) if allowed else 0

    def fresh(self, stem: str) -> str:
        """A name that nothing in the program has yet."""
        self._taken[stem] = self._taken.get(stem, 0) + 1
        return f"{stem}{self._taken[stem]}"

    def fill(self, template: str, **values: str) -> str:
        """A template with these values in place of ``$name``; any other ``$name`` is a fresh name."""
        known = dict(values)
        lines: list[str] = []
        for line in template.split("\n"):
            alone = re.fullmatch(r"( *)\$(\w+)", line)
            if alone and alone.group(2) in values:
                lines += [alone.group(1) + each for each in values[alone.group(2)].split("\n")]
            else:
                lines.append(re.sub(r"\$(\w+)", lambda found: self._value(known, found.group(1)), line))
        return "\n".join(lines)

    def _value(self, known: dict[str, str], name: str) -> str:
        if name not in known:
            known[name] = self.fresh(name)
        return known[name]


def indent(text: str) -> str:
    """The lines as a block inside of another."""
    return "\n".join("    " + line if line else line for line in text.split("\n"))
