"""Work that is distributed to several processes."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def spread(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item], jobs: int
) -> Iterator[tuple[Sequence[Item], Result | None]]:
    """Each share of the items with the result of ``work``, in order; None if its process died.

    A caller that stops early, as after an interrupt, waits only for running shares: a process that writes a file
    finishes it.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    size = max(1, len(items) // (jobs * 8))  # small, as some files take a hundred times as long as others
    shares = [items[start : start + size] for start in range(0, len(items), size)]
    pool = ProcessPoolExecutor(jobs, initializer=_ignore_sigint)
    try:
        with _interrupts_held():
            futures = [pool.submit(work, share) for share in shares]
        for share, future in zip(shares, futures, strict=True):
            try:
                yield share, future.result()
            except BrokenProcessPool:
                yield share, None
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Delay interrupts until after the block, if the system can; processes started in it get none."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ignore_sigint() -> None:
    """Ignore Ctrl-C, which reaches every process of a terminal: only the first one handles it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
