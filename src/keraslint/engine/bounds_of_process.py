"""The memory that a process may take for one input, and the processor time after which it is ended."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32" and sys.platform != "emscripten":
    import resource

_MB = 1024 * 1024
_STATM = Path("/proc/self/statm")


@contextlib.contextmanager
def bounded_memory(megabytes: int) -> Iterator[None]:
    """Run a block in which the process may take so much more memory: beyond it comes MemoryError.

    Where the system does not tell how much a process has, as outside of Linux, nothing is bounded.
    """
    if sys.platform == "win32" or sys.platform == "emscripten" or (has := _pages()) is None:
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = has * resource.getpagesize() + megabytes * _MB
    if before[0] != resource.RLIM_INFINITY and before[0] < most:
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@contextlib.contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """Run a block in a process that ends, by SIGPROF, when the block takes more processor time, whatever it does."""
    if sys.platform == "win32" or sys.platform == "emscripten":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _pages() -> int | None:
    try:
        return int(_STATM.read_text(encoding="ascii").split()[0])
    except OSError:
        return None
