"""From places to rows in the output: batches go to an engine, and what a dead process worked on is tried once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from keraslint.fleet.bounded import Checked, Ended, check_batch
from keraslint.fleet.child import Work
from keraslint.fleet.corpora import Repository
from keraslint.fleet.engines import Engine
from keraslint.fleet.outputs import Output
from keraslint.fleet.rows import FINDING, Row, not_checked, text

_BATCH = 8
"""Repositories of a data set, which may share a row group, that go to a worker together; others go one by one."""

_AHEAD = 3
"""Batches for each worker that wait for it, so that it never waits for one."""

_OF_ONE_NAME = "another repository has this name, or its rows stand in several places of the data set: sort it by name"


@dataclass
class Survey:
    """One run over many repositories; memory holds the names' hashes, and the batches that are under way.

    done: the hashes of the names of those that are in the output already. seen: called after each repository, with the
    number of those that are done, None, and the number of the findings.
    """

    engine: Engine
    work: Work
    output: Output
    done: set[int]
    seen: Callable[[int, int | None, int], None] = lambda _done, _of, _found: None
    skipped: int = 0
    _counts: list[int] = field(default_factory=lambda: [0, 0])
    _under_way: dict[Future[list[Checked]], list[Repository]] = field(default_factory=dict)

    def over(self, places: Iterator[Repository]) -> None:
        """Check the repositories, and write the rows of each as soon as it is done."""
        dead: list[tuple[Repository, str]] = []
        wanted = _batches(self._not_done(places))
        while True:
            while len(self._under_way) < self.engine.workers * _AHEAD and (batch := next(wanted, None)):
                self._under_way[self.engine.executor.submit(check_batch, self.work, batch)] = batch
            if not self._under_way:
                break
            for future in wait(self._under_way, return_when=FIRST_COMPLETED).done:
                dead += self._taken(future)
        for place, _ in dead:
            self._once_more(place)

    def _not_done(self, places: Iterator[Repository]) -> Iterator[Repository]:
        """The places of which nothing is written; a name that comes twice costs the second one."""
        here = set[int]()
        for place in places:
            again = hash(text(place.name)) in here
            name = f"{place.name} (again)" if again else place.name
            key = hash(text(name))
            if key in here:
                continue
            here.add(key)
            if key in self.done:
                self.skipped += 1
            elif again:
                self._write(not_checked(name, _OF_ONE_NAME))
            else:
                yield place

    def _taken(self, future: Future[list[Checked]]) -> Iterator[tuple[Repository, str]]:
        """Write the rows of a batch; yields what has none, since its process died, and how."""
        batch = self._under_way.pop(future)
        error = future.exception()
        if error is not None:  # the engine gave up: its worker died again and again
            yield from ((place, _said(error)) for place in batch)
            return
        for place, rows in future.result():
            if isinstance(rows, Ended):
                yield place, rows.how
            else:
                self._write(rows)

    def _once_more(self, place: Repository) -> None:
        """Check a repository alone, when nothing else is under way."""
        future = self.engine.executor.submit(check_batch, self.work, [place])
        error = future.exception()
        rows = Ended(_said(error)) if error is not None else future.result()[0][1]
        if isinstance(rows, Ended):
            rows = not_checked(
                place.name, f"the process that checked it died twice, the second time alone: it {rows.how}"
            )
        self._write(rows)

    def _write(self, rows: list[Row]) -> None:
        self.output.write([replace(row, run=self.work.run) for row in rows])
        self._counts[0] += 1
        self._counts[1] += sum(row.kind == FINDING for row in rows)
        self.seen(self._counts[0], None, self._counts[1])


def _batches(places: Iterator[Repository]) -> Iterator[list[Repository]]:
    for kind, group in groupby(places, key=lambda place: place.kind):
        while batch := list(islice(group, _BATCH if kind == "rows" else 1)):
            yield batch


def _said(error: BaseException) -> str:
    return f"ended, as {type(error).__name__} of the engine says"
