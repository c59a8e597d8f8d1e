"""Repositories in Parquet data sets, one row a file: the rows of a repository stand next to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from keraslint.fleet.contents import Contents, held_bytes

Rows = tuple[str, int, int, int]
"""A file of the data set, the number of a row group, and the rows in it from the first to the last but one."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold the repository, the path, and the content."""

    repository: str = "repository"
    path: str = "path"
    content: str = "content"


def repositories_in(files: Iterator[str], columns: Columns) -> Iterator[tuple[str, tuple[Rows, ...]]]:
    """Yield each repository in Parquet files, in their order, with its rows. Only one column is read.

    A name that comes again after another one is yielded again. Raises OSError and ValueError.
    """
    runs = (run for file in files for run in _runs_in(file, columns))
    for name, group in groupby(runs, key=lambda run: run[0]):
        yield name, tuple(rows for _, rows in group)


def of_rows(parts: tuple[Rows, ...], columns: Columns) -> Contents:
    """The files in rows of a data set. Raises OSError and ValueError."""
    found = Contents()
    for file, group, start, stop in parts:
        table = _row_group(file, group, columns).slice(start, stop - start)
        for path, content in zip(table.column(0).to_pylist(), table.column(1).to_pylist(), strict=True):
            if content is None or path is None:
                found.problems[str(path)] = "it has no content" if content is None else "it has no path"
                continue
            data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else bytes(content)
            found.add(str(path), held_bytes(data))
    found.settle()
    return found


def _runs_in(file: str, columns: Columns) -> Iterator[tuple[str, Rows]]:
    opened = _opened(file)
    for name in (columns.repository, columns.path, columns.content):
        if name not in opened.schema_arrow.names:
            raise ValueError(f"{file}: no column {name!r}; its columns are {', '.join(opened.schema_arrow.names)}")
    for group in range(opened.num_row_groups):
        column = opened.read_row_group(group, [columns.repository]).column(0)
        start = 0
        for name, run in groupby(column.to_pylist()):
            stop = start + sum(1 for _ in run)
            yield str(name), (file, group, start, stop)
            start = stop


@lru_cache(maxsize=1)
def _row_group(file: str, group: int, columns: Columns) -> Any:
    """One row group: that of the repository before is often that of the next."""
    return _opened(file).read_row_group(group, [columns.path, columns.content]).select([columns.path, columns.content])


@lru_cache(maxsize=1)
def _opened(file: str) -> Any:
    """A Parquet file on the disk, or at an address."""
    from pyarrow import parquet

    if "://" not in file:
        return parquet.ParquetFile(file)
    import fsspec

    return parquet.ParquetFile(fsspec.open(file, "rb").open())
