"""Repositories checked in a process of their own, which is ended where one takes too long."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from keraslint.fleet.child import Work
from keraslint.fleet.corpora import Repository
from keraslint.fleet.rows import Row, not_checked


@dataclass(frozen=True, slots=True)
class Ended:
    """Stands for the rows of a repository whose process died: how it ended."""

    how: str


Checked = tuple[Repository, "list[Row] | Ended"]


class Child:
    """A process that checks one repository after another; a new one takes its place when it ends."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._process: subprocess.Popen[bytes] | None = None

    def check(self, place: Repository) -> list[Row] | Ended:
        """The rows of a repository."""
        process = self._process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()
        timer = threading.Timer(self._work.seconds, _end_late, (process, late))
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(place, process.stdin)
            process.stdin.flush()
            rows: list[Row] | None = pickle.load(process.stdout)  # noqa: S301 - of our own process
        except (EOFError, OSError, pickle.UnpicklingError):
            how = _ending(process.wait())
            self.close()
            if late.is_set():
                return self._failed(place, f"it takes more than {self._work.seconds:g} seconds")
            return Ended(how)
        finally:
            timer.cancel()
        if rows is None:
            self.close()
            return self._failed(place, f"it takes more than {self._work.megabytes} MB of memory")
        return rows

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError):
                process.communicate()

    def _failed(self, place: Repository, reason: str) -> list[Row]:
        return [replace(row, run=self._work.run) for row in not_checked(place.name, reason)]

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P" if sys.version_info >= (3, 11) else "-I", "-m", "keraslint.fleet.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},  # another one reserves what is bounded
        )
        assert process.stdin is not None
        with contextlib.suppress(OSError):  # the first repository shows that it is dead
            pickle.dump(self._work, process.stdin)
        return process


_own = threading.local()
_all: set[Child] = set()
_lock = threading.Lock()


def check_batch(work: Work, places: Sequence[Repository]) -> list[Checked]:
    """The rows of repositories, by the process that belongs to the current thread: what an engine runs."""
    child: Child | None = getattr(_own, "child", None)
    if child is None or _own.work != work:
        child, _own.work = Child(work), work
        _own.child = child
        with _lock:
            _all.add(child)
    return [(place, child.check(place)) for place in places]


def close_all() -> None:
    """End the processes of all threads, which must not work any more."""
    with _lock:
        while _all:
            _all.pop().close()


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _ending(code: int) -> str:
    """How a process ended, in words."""
    return f"was ended by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"ended with code {code}"
