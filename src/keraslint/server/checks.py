"""The running checks, in a thread of their own: they wait for more edits, newer ones replace them, results are kept."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from keraslint.server.documents import OpenDocument
from keraslint.server.folder import Checked, Interrupt
from keraslint.server.opened import OpenDocuments

T = TypeVar("T")

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
            return lambda: None if self.future.done() else self.future.set_exception(failure)
        return lambda: None if self.future.done() else self.future.set_result(result)

    def _interrupt(self) -> None:
        if self._cancelled.is_set():
            raise Cancelled


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


@dataclass
class _Pending:
    """A requested check that is not done. ``timer``: set while it has not begun."""

    source: OpenDocument
    future: asyncio.Future[Checked | None]
    timer: asyncio.TimerHandle | None = None
    job: Job[Checked] | None = None

    def drop(self) -> None:
        """Cancel it; those who wait for it get None."""
        if self.timer is not None:
            self.timer.cancel()
        if self.job is not None:
            self.job.cancel()
        if not self.future.done():
            self.future.set_result(None)


@dataclass
class Checks:
    """Checks open documents in the worker. ``done`` is called with each result for the current version."""

    worker: Worker
    opened: OpenDocuments
    check: Callable[[OpenDocument, Interrupt], Checked]
    done: Callable[[Checked], None]
    failed: Callable[[OpenDocument, BaseException], None]
    _pending: dict[str, _Pending] = field(default_factory=dict)
    _results: dict[str, Checked] = field(default_factory=dict)

    def start(self, source: OpenDocument, *, delay: float = 0.0, priority: int = URGENT) -> None:
        """Check a document again after ``delay`` seconds; a running check of it is cancelled."""
        self.forget(source)
        loop = asyncio.get_running_loop()
        pending = self._pending[source.key] = _Pending(source, loop.create_future())
        if delay > 0:
            pending.timer = loop.call_later(delay, self._begin, pending, priority)
        else:
            self._begin(pending, priority)

    async def latest(self, key: str) -> Checked | None:
        """Wait for the result for the current version of a document; None if it is not open."""
        while (source := self.opened.current(key)) is not None:
            result = self.result(key)
            if result is not None:
                return result
            pending = self._pending.get(key)
            if pending is None:
                self.start(source)
                continue
            if pending.timer is not None:
                self._begin(pending, URGENT)
            await asyncio.shield(pending.future)
            if self.result(key) is None and key not in self._pending:
                return None  # it failed: that was reported
        return None

    def result(self, key: str) -> Checked | None:
        """The result for the current version of a document, if it is ready."""
        result = self._results.get(key)
        return result if result is not None and result.source is self.opened.current(key) else None

    def followers(self, path: object) -> list[OpenDocument]:
        """The open documents whose last result came from the code of this file, too."""
        return [checked.source for checked in self._results.values() if path in checked.followed]

    def forget(self, source: OpenDocument) -> None:
        """Cancel the check of a document, and forget its result."""
        self._results.pop(source.key, None)
        pending = self._pending.pop(source.key, None)
        if pending is not None:
            pending.drop()

    def _begin(self, pending: _Pending, priority: int) -> None:
        if pending.timer is not None:
            pending.timer.cancel()
            pending.timer = None
        source = pending.source
        pending.job = self.worker.submit(lambda interrupt: self.check(source, interrupt), priority)
        pending.job.future.add_done_callback(lambda future: self._finish(pending, future))

    def _finish(self, pending: _Pending, future: asyncio.Future[Checked]) -> None:
        key = pending.source.key
        if future.cancelled() or self._pending.get(key) is not pending:
            return
        del self._pending[key]
        error = future.exception()
        if error is not None:
            pending.future.set_result(None)
            self.failed(pending.source, error)
            return
        checked = self._results[key] = future.result()
        pending.future.set_result(checked)
        self.done(checked)
