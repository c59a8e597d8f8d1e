"""The running checks: they wait for more edits, newer versions replace older ones, results are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from keraslint.server.documents import OpenDocument, OpenDocuments, key_of
from keraslint.server.folder import Checked
from keraslint.server.worker import URGENT, Interrupt, Job, Worker


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
        self.forget(source.uri)
        loop = asyncio.get_running_loop()
        pending = self._pending[key_of(source.uri)] = _Pending(source, loop.create_future())
        if delay > 0:
            pending.timer = loop.call_later(delay, self._begin, pending, priority)
        else:
            self._begin(pending, priority)

    async def latest(self, uri: str) -> Checked | None:
        """Wait for the result for the current version of a document; None if it is not open."""
        while (source := self.opened.get(uri)) is not None:
            result = self.result(uri)
            if result is not None:
                return result
            pending = self._pending.get(key_of(uri))
            if pending is None:
                self.start(source)
                continue
            if pending.timer is not None:
                self._begin(pending, URGENT)
            await asyncio.shield(pending.future)
            if self.result(uri) is None and key_of(uri) not in self._pending:
                return None  # it failed: that was reported
        return None

    def result(self, uri: str) -> Checked | None:
        """The result for the current version of a document, if it is ready."""
        result = self._results.get(key_of(uri))
        return result if result is not None and result.source is self.opened.get(uri) else None

    def followers(self, path: object) -> list[OpenDocument]:
        """The open documents whose last result came from the code of this file, too."""
        return [checked.source for checked in self._results.values() if path in checked.followed]

    def forget(self, uri: str) -> None:
        """Cancel the check of a document, and forget its result."""
        self._results.pop(key_of(uri), None)
        pending = self._pending.pop(key_of(uri), None)
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
        key = key_of(pending.source.uri)
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
