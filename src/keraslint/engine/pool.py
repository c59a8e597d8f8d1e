"""Work that is distributed to several processes, each of which may be killed at any time."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from keraslint.files.write import WRITING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Died:
    """Stands for the result of an item whose process died: its id, and how it ended."""

    process: int
    how: str


def spread(
    work: Callable[[Sequence[Item]], Iterable[Result]], items: Sequence[Item], jobs: int
) -> Iterator[tuple[Item, Result | Died]]:
    """Each item with its result, in order. ``work`` yields a result for each item of a share.

    A process that dies costs the item that it worked on; another one takes its place. A caller that stops early, as
    after an interrupt, waits only for running shares: a process that writes a file finishes it.
    """
    from multiprocessing.connection import wait

    size = max(1, len(items) // (jobs * 8))  # small, as some files take a hundred times as long as others
    waiting = deque(range(start, min(start + size, len(items))) for start in range(0, len(items), size))
    results: dict[int, Result | Died] = {}
    workers: list[_Worker[Item, Result]] = []
    try:
        while waiting and len(workers) < jobs:
            workers.append(_Worker(work))
            workers[-1].begin(items, waiting.popleft())
        for index, item in enumerate(items):
            while index not in results:
                ready = wait([worker.connection for worker in workers])
                for worker in [one for one in workers if one.connection in ready]:
                    received = _received(worker, items, waiting, workers, work)
                    results[received[0]] = received[1]
            yield item, results.pop(index)
    finally:
        for worker in workers:
            worker.end()


class _Worker(Generic[Item, Result]):
    """A process that works on one share after another. ``left``: the items of its share that have no result yet."""

    def __init__(self, work: Callable[[Sequence[Item]], Iterable[Result]]) -> None:
        import multiprocessing

        self.connection, theirs = multiprocessing.Pipe()
        self.left = range(0)
        with _interrupts_held(), _outside_the_project(multiprocessing.get_start_method()) as folder:
            self.process: BaseProcess = multiprocessing.Process(target=_serve, args=(work, theirs, folder), daemon=True)
            self.process.start()
        theirs.close()

    def begin(self, items: Sequence[Item], share: range) -> None:
        """Send a share. If the process is dead the next look at the connection shows it."""
        self.left = share
        with contextlib.suppress(OSError):
            self.connection.send([items[index] for index in share])

    def end(self) -> None:
        """Let the process finish what it works on, and wait for its end."""
        with contextlib.suppress(OSError):
            self.connection.send(None)
        with contextlib.suppress(OSError, EOFError):
            while True:
                self.connection.recv()
        self.process.join()
        self.connection.close()


def _received(
    worker: _Worker[Item, Result],
    items: Sequence[Item],
    waiting: deque[range],
    workers: list[_Worker[Item, Result]],
    work: Callable[[Sequence[Item]], Iterable[Result]],
) -> tuple[int, Result | Died]:
    """The index of an item, and the result that a process has sent of it, or its end; then the next share begins."""
    place = worker.left[0]
    found: Result | Died
    try:
        found = worker.connection.recv()
        worker.left = worker.left[1:]
    except (EOFError, OSError):
        worker.process.join()
        found = Died(worker.process.pid or 0, _ending(worker.process.exitcode))
        if len(worker.left) > 1:
            waiting.appendleft(worker.left[1:])
        worker.connection.close()
        workers.remove(worker)
        if not waiting:
            return place, found
        worker = _Worker(work)
        workers.append(worker)
    if not worker.left:
        if waiting:
            worker.begin(items, waiting.popleft())
        else:
            workers.remove(worker)
            worker.end()
    return place, found


def _ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"was ended by signal {-code} ({signal.strsignal(-code)})"
    return f"ended with code {code}"


def _serve(work: Callable[[Sequence[Any]], Iterable[Any]], connection: Connection[Any, Any], folder: str) -> None:
    """Work on the shares that come in, until None comes or the first process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal: the first one handles it
    if folder:
        os.chdir(folder)
    threading.Thread(target=_end_with_the_first, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while (share := connection.recv()) is not None:
            for result in work(share):
                connection.send(result)


def _end_with_the_first() -> None:
    """End this process when the one that started it is gone, but not while it writes a file."""
    import multiprocessing
    from multiprocessing.connection import wait

    first = multiprocessing.parent_process()
    if first is not None:
        wait([first.sentinel])
        with WRITING:
            os._exit(1)


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


@contextlib.contextmanager
def _outside_the_project(method: str) -> Iterator[str]:
    """Start processes that import everything anew in the folder of Python's library, which they search first.

    Yields the folder that they have to enter, "" where they are copies of this process.
    """
    if method == "fork":
        yield ""
        return
    folder = os.getcwd()  # noqa: PTH109
    os.chdir(os.path.dirname(os.__file__))  # noqa: PTH120
    try:
        yield folder
    finally:
        os.chdir(folder)
