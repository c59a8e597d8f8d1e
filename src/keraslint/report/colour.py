"""Terminal colours: when to use them, and text in a colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TextIO

Colour = Literal["red", "yellow", "blue", "cyan", "bold"]

_CODES: dict[Colour, str] = {"red": "1;31", "yellow": "1;33", "blue": "1;34", "cyan": "36", "bold": "1"}


def wanted(choice: str, stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return True to colour ``stream``, by ``--color``, else FORCE_COLOR, else NO_COLOR, else if it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if environment.get("FORCE_COLOR", "0") != "0":
        return True
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


def paint(text: str, colour: Colour, on: bool) -> str:
    """``text`` in a colour if ``on``, else as it is."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if on and text else text
