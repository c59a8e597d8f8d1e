"""The process that opens and checks repositories within its bounds: one after another, as its parent asks for them."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from keraslint.config.options import Options
from keraslint.engine.bounds_of_process import bounded_memory
from keraslint.engine.repository import check_in_memory
from keraslint.fleet.archives import of_archive
from keraslint.fleet.contents import Contents, of_folder
from keraslint.fleet.corpora import Repository, file_system
from keraslint.fleet.corpus_rows import Columns, of_rows
from keraslint.fleet.git_objects import of_git
from keraslint.fleet.rows import Row, not_checked, rows_of


@dataclass(frozen=True, slots=True)
class Work:
    """How repositories are checked, and the seconds and the MB that one may take. ``run``: the text in each row."""

    options: Options
    inline: Options
    isolated: bool
    columns: Columns
    seconds: float
    megabytes: int
    run: str


def check_place(place: Repository, work: Work) -> list[Row]:
    """The rows of one repository. Raises MemoryError."""
    start = time.process_time()
    try:
        with opened(place, work.columns) as files:
            report = check_in_memory(files, work.options, work.inline, isolated=work.isolated)
            rows = rows_of(place.name, report, files, files.problems, time.process_time() - start)
    except (OSError, ValueError, ImportError, RecursionError) as error:  # ConfigError is a ValueError
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        rows = not_checked(place.name, said or type(error).__name__)
    return [replace(row, run=work.run) for row in rows]


@contextlib.contextmanager
def opened(place: Repository, columns: Columns) -> Iterator[Contents]:
    """The files of a repository, to be read within the block. Raises OSError and ValueError."""
    if place.kind == "git":
        with of_git(Path(place.location)) as files:
            yield files
    elif place.kind == "folder":
        yield of_folder(Path(place.location))
    elif place.kind == "rows":
        yield of_rows(place.rows, columns)
    elif "://" in place.location:
        system, path = file_system(place.location)
        with system.open(path, "rb") as file:
            yield of_archive(file, place.location)
    else:
        with open(place.location, "rb") as file:  # noqa: PTH123
            yield of_archive(file, place.location)


def main() -> None:
    """Answer each place that comes in by its rows, or by None after a lack of memory, which ends the process."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    work: Work = pickle.load(requests)  # noqa: S301 - the parent wrote it
    gc.freeze()
    with contextlib.suppress(EOFError), bounded_memory(work.megabytes):
        while True:
            place: Repository = pickle.load(requests)  # noqa: S301
            try:
                rows: list[Row] | None = check_place(place, work)
            except MemoryError:
                rows = None
            pickle.dump(rows, answers)
            answers.flush()
            if rows is None:
                return


if __name__ == "__main__":
    main()
    sys.exit(0)
