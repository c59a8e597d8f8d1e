"""The time and the sizes that one input may cost; ``analysis/core/bounds.py`` has the bounds of the interpreter."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

MAX_SECONDS = 10.0
"""Seconds of processor time for the check of one file, with its fixes."""

MAX_MEGABYTES = 300
"""Memory for the check of one file, beyond what the process has."""

MAX_ANALYSIS_SECONDS = 5.0
"""Seconds of these in which the file is interpreted."""

MAX_PINS_SECONDS = 2.0
"""Seconds of processor time for reading one dependency file, and for combining those of one project."""

MAX_BYTES = 16 * 1024 * 1024
"""Size of a file that is read. A large lock file has some 2 MB."""

MAX_NOTEBOOK_BYTES = 64 * 1024 * 1024
"""Size of a notebook that is read, of which the outputs may be the greatest part."""

MAX_SOURCE_WORDS = 150_000
"""Words and opening brackets in Python that is parsed: each can take 1,500 bytes of its syntax tree."""


MAX_TOML_BYTES = 2_500_000
"""Size of TOML that is parsed: tomllib reads some 500,000 bytes a second."""


def too_many(pattern: re.Pattern[str], text: str, most: int) -> bool:
    """Return True if a pattern, which has to match at least one character, matches a text more than ``most`` times."""
    return len(text) > most and next(islice(pattern.finditer(text), most, None), None) is not None


# The beginning of a key with dots: of a line, a header, or an entry of an inline table.
_DOTTED = re.compile(r"(?:^|[{,\[])[ \t]*(?:[\w\"'-]+[ \t]*\.[ \t]*)+", re.MULTILINE)
_MOST_DOTS = 20_000


def too_much_toml(text: str) -> str | None:
    """The reason why TOML is not parsed, None if it is: tomllib makes 4,000 bytes of each dot in a key."""
    if len(text) > MAX_TOML_BYTES:
        return f"longer than {MAX_TOML_BYTES:,} characters"
    dots = sum(match.group().count(".") for match in _DOTTED.finditer(text))
    return None if dots <= _MOST_DOTS else f"more than {_MOST_DOTS:,} dots in keys"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The seconds of processor time and the MB of memory that the check of one file may take."""

    seconds: float = MAX_SECONDS
    megabytes: int = MAX_MEGABYTES


USUAL = Bounds()


class OutOfTime(Exception):
    """The time for an input is spent."""


class _Clock(threading.local):
    """The time of the current thread at which its input has to be done.

    ``end`` is a processor time; before ``look_again``, by the wall clock, it can't have come. Only the wall clock is
    read without a call of the operating system.
    """

    end: float | None = None
    look_again: float = 0.0


_clock = _Clock()
_now: Callable[[], float] = getattr(time, "thread_time", time.perf_counter)
"""The processor time of the current thread; in a browser, which has no such clock, the time."""


def poll() -> None:
    """Return if there is time left for the current input. Raises OutOfTime. Every loop that can be long calls it."""
    if _clock.end is None or (clock := time.perf_counter()) < _clock.look_again:
        return
    left = _clock.end - _now()
    if left < 0:
        raise OutOfTime
    _clock.look_again = clock + left


def _end_at(end: float | None) -> None:
    _clock.end, _clock.look_again = end, 0.0


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Run a block that has to end within so many seconds, and within those of the block around it."""
    before, end = _clock.end, _now() + seconds
    _end_at(end if before is None else min(before, end))
    try:
        yield
    finally:
        _end_at(before)


@contextmanager
def within_own(seconds: float) -> Iterator[None]:
    """Run a block that has to end within so many seconds, which count for no block around it."""
    before, start = _clock.end, _now()
    _end_at(start + seconds)
    try:
        yield
    finally:
        _end_at(None if before is None else before + _now() - start)
