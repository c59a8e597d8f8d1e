"""A program while it is being written: its imports, its top, and how it spells the names of Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

_T = TypeVar("_T")

_STYLES = ("whole", "alias", "parts", "names", "tried")


@dataclass(frozen=True)
class Code:
    """Statements, and an expression that can be used after them."""

    lines: tuple[str, ...]
    expr: str


def plain(expr: str) -> Code:
    """An expression that needs no statements before it."""
    return Code((), expr)


def indent(lines: Sequence[str], by: int = 1) -> list[str]:
    """The lines as a block inside of another."""
    return ["    " * by + line if line else line for line in lines]


@dataclass
class Draft:
    """The decisions about a program so far.

    top: lines at module scope that stand before all others. forms: what was chosen for each topic, for counting.
    written: True if a careful reader can tell the order of the outputs from the text alone.
    """

    draw: Callable[[st.SearchStrategy[Any]], Any]
    style: str = "whole"
    imports: dict[str, None] = field(default_factory=dict)
    members: dict[str, dict[str, None]] = field(default_factory=dict)
    top: list[str] = field(default_factory=list)
    forms: dict[str, None] = field(default_factory=dict)
    written: bool = True
    _taken: dict[str, int] = field(default_factory=dict)
    _kept: dict[tuple[str, int], str] = field(default_factory=dict)

    # -- choices ------------------------------------------------------------------------------------------------

    def choose(self, topic: str, choices: Sequence[str]) -> str:
        """One of several forms; it is counted under its topic."""
        chosen: str = self.draw(st.sampled_from(list(choices)))
        self.forms[f"{topic}: {chosen}"] = None
        return chosen

    def pick(self, items: Sequence[_T]) -> _T:
        """One of several things that make no difference to what is tested."""
        picked: _T = self.draw(st.sampled_from(list(items)))
        return picked

    def way(self, topic: str, ways: Mapping[str, Callable[..., _T]], often: Sequence[str] = ()) -> Callable[..., _T]:
        """One of several functions that write something, some more often; it is counted under its topic."""
        return ways[self.choose(topic, (*ways, *often))]

    def shuffled(self, items: Sequence[_T]) -> list[_T]:
        """The items in a random order."""
        order: list[_T] = self.draw(st.permutations(list(items)))
        return order

    def chance(self, percent: int) -> bool:
        """True so often."""
        return bool(self.draw(st.integers(0, 99)) < percent)

    def fresh(self, stem: str) -> str:
        """A name that nothing in the program has yet."""
        number = self._taken.get(stem, 0)
        self._taken[stem] = number + 1
        return stem if number == 0 else f"{stem}_{number + 1}"

    def keep(self, kind: str, number: int, name: str) -> None:
        """Remember something that is at the top of the program."""
        self._kept[kind, number] = name

    def kept(self, kind: str, number: int) -> str | None:
        """The value that was remembered; None where none was."""
        return self._kept.get((kind, number))

    # -- Keras' names -------------------------------------------------------------------------------------------

    def use_style(self) -> None:
        """Decide how the program imports Keras."""
        self.style = self.choose("import", _STYLES)

    def need(self, line: str) -> None:
        """Have an import statement at the top."""
        self.imports[line] = None

    def layer(self, name: str) -> str:
        """How the program writes a layer class."""
        return self._member("layers", name)

    def loss(self, name: str) -> str:
        """How the program writes a loss class or function."""
        return self._member("losses", name)

    def op(self, name: str) -> str:
        """How the program writes a function of keras.ops."""
        return self._member("ops", name)

    def keras(self, name: str) -> str:
        """How the program writes a name directly below keras."""
        if self.style == "names":
            self.members.setdefault("keras", {})[name] = None
            return name
        return f"{self._keras()}.{name}"

    def _member(self, part: str, name: str) -> str:
        if self.style == "names":
            self.members.setdefault(f"keras.{part}", {})[name] = None
            return name
        if self.style == "parts":
            self.need(f"from keras import {part}")
            return f"{part}.{name}"
        return f"{self._keras()}.{part}.{name}"

    def _keras(self) -> str:
        if self.style == "alias":
            self.need("import keras as K")
            return "K"
        tried = "try:\n    from tensorflow import keras\nexcept ImportError:\n    import keras"
        self.need(tried if self.style == "tried" else "import keras")
        return "keras"

    def import_lines(self) -> list[str]:
        """The import statements that the program needs."""
        names = [f"from {module} import {', '.join(names)}" for module, names in self.members.items()]
        return [line for text in (*self.imports, *names) for line in text.split("\n")]
