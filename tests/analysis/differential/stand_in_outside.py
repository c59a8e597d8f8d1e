"""A stand-in for a library that the linter does not see: it does with what it is given as ``MODE`` says.

0: nothing. 1: it calls or changes it now. 2: it keeps it, and calls or changes it at the next call of anything here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MODE = 0
_kept: list[object] = []


def _act(thing: Any) -> None:
    if callable(thing):
        thing()
    elif isinstance(thing, list):
        thing.reverse()
    elif isinstance(thing, dict) and thing:
        thing.pop(next(iter(thing)))
    elif hasattr(thing, "run"):
        thing.run()


def flush() -> None:
    """Do what was put off."""
    while _kept:
        _act(_kept.pop(0))


def use(*things: object, **more: object) -> None:
    """Do with these things as the mode says."""
    flush()
    for thing in (*things, *more.values()):
        if MODE == 1:
            _act(thing)
        elif MODE == 2:
            _kept.append(thing)


def given(thing: object) -> object:
    """What was given, and used."""
    use(thing)
    return thing


def flag() -> bool:
    """True in one mode."""
    flush()
    return MODE == 1


def number() -> int:
    """Another number in each mode."""
    flush()
    return MODE


def items() -> list[int]:
    """Another list in each mode."""
    flush()
    return [0] * MODE


def decorate(function: Callable[..., object]) -> Callable[..., object]:
    """A function that calls this one in one mode only, and twice in another."""

    def decorated(*args: object, **keywords: object) -> object:
        if MODE == 2:
            function(*args, **keywords)
        return function(*args, **keywords) if MODE else None

    return decorated


class Base:
    """Calls methods that a class of the program may define."""

    def __init__(self, *args: object) -> None:
        if MODE == 1:
            self.configure()

    def configure(self) -> None:
        """Nothing, unless a subclass does something."""

    def run(self) -> None:
        """Call them later."""
        if MODE == 2:
            self.configure()


class Context:
    """Keeps what it is given, calls it at its end, and swallows what is raised, as the mode says."""

    def __init__(self, *things: object) -> None:
        self.things = things

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *error: object) -> bool:
        use(*self.things)
        return MODE == 1
