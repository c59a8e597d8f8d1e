"""One thread beside the event loop that works off jobs, most urgent first; a job can be cancelled as it runs."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import queue
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Interrupt = Callable[[], None]

URGENT, LATER = 0, 1


class Cancelled(BaseException):
    """A job is no longer wanted. Not an Exception, so that a handler of errors in the job does not catch it."""


class Job(Generic[T]):
    """A submitted job. Only the event loop's thread touches ``future``, which is cancelled with the job."""

    def __init__(self, call: Callable[[Interrupt], T], future: asyncio.Future[T]) -> None:
        self.future = future
        self._call = call
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Mark it as no longer wanted, and cancel its future."""
        self._cancelled.set()
        self.future.cancel()

    def run(self) -> Callable[[], None]:
        """Do the work, in the worker's thread. What it returns resolves the future, in the event loop's thread."""
        try:
            self._interrupt()
            result = self._call(self._interrupt)
        except Cancelled:
            return lambda: None
        except Exception as error:  # passed on to the one who waits
            failure = error
            return lambda: self._resolve(lambda: self.future.set_exception(failure))
        return lambda: self._resolve(lambda: self.future.set_result(result))

    def _interrupt(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled

    def _resolve(self, resolve: Callable[[], None]) -> None:
        if not self.future.done():
            resolve()


class Worker:
    """Runs jobs one at a time: with Python's global lock more threads would only slow each other down."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._order = itertools.count()
        self._waiting: queue.PriorityQueue[tuple[int, int, Job[Any]]] = queue.PriorityQueue()
        threading.Thread(target=self._run, name="keraslint-worker", daemon=True).start()

    def submit(self, call: Callable[[Interrupt], T], priority: int = URGENT) -> Job[T]:
        """Submit work. It is passed a function to call regularly, which ends it if it was cancelled."""
        job = Job(call, self._loop.create_future())
        self._waiting.put((priority, next(self._order), job))
        return job

    async def result(self, call: Callable[[Interrupt], T]) -> T:
        """The result of work; a cancelled wait cancels it."""
        job = self.submit(call)
        try:
            return await job.future
        finally:
            job.cancel()

    def _run(self) -> None:
        while True:
            _, _, job = self._waiting.get()
            resolve = job.run()
            del job
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(resolve)
