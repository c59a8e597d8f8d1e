"""How far a long run is: one line on the terminal, which is written anew, and gone at the end."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

_AFTER = 1.0
_BETWEEN = 0.1
_ERASED = "\r\x1b[K"


class Progress:
    """Shows numbers on stderr where that is a terminal; not in CI, and not with ``-q``. It begins after a second.

    unit: what is counted.
    """

    def __init__(self, unit: str, *, quiet: bool = False) -> None:
        self._on = not quiet and not os.environ.get("CI") and os.environ.get("TERM") != "dumb" and sys.stderr.isatty()
        self._unit = unit
        self._next = time.monotonic() + _AFTER
        self._shown = False

    def seen(self, done: int, of: int | None, found: int) -> None:
        """Show how many are done, of how many where that is known, and how many findings there are in them."""
        if not self._on or (now := time.monotonic()) < self._next:
            return
        self._next, self._shown = now + _BETWEEN, True
        total = "" if of is None else f"/{of}"
        print(f"{_ERASED}{done}{total} {self._unit}, {found} findings", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        if self._shown:
            print(_ERASED, end="", file=sys.stderr, flush=True)
            self._shown = False
