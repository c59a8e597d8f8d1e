"""Where rows go: JSON Lines, or a folder of Parquet files. What is there is kept, and not done again."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from keraslint.config.settings import ConfigError
from keraslint.extras import command_for
from keraslint.fleet.rows import CHECKED, Row, as_record

_MOST_ROWS = 50_000
_MOST_SECONDS = 10.0


class Output(Protocol):
    """Takes the rows of one repository after another."""

    def write(self, rows: Sequence[Row]) -> None:
        """Add all rows of a repository: all of them are written, or none."""

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows that are written, as objects."""

    def close(self) -> None:
        """Write what is not written yet."""


def output_for(name: str) -> Output:
    """The output with a name: Parquet or JSON Lines by its suffix, ``-`` for stdout. Raises ConfigError."""
    if name == "-":
        return _Stdout()
    if name.endswith(".parquet"):
        return _Parquet(Path(name))
    if name.endswith((".jsonl", ".ndjson")):
        return _Lines(Path(name))
    raise ConfigError(f"-o {name}: its name must end with .parquet or .jsonl")


def done_in(output: Output, run: str) -> set[int]:
    """The repositories that are done, by the hashes of their names. Raises ConfigError for rows of another run."""
    done = set()
    for row in output.rows():
        if row["run"] != run:
            raise ConfigError(f"the output has rows of another run ({row['run']}), and this is {run}; name another one")
        if row["kind"] == CHECKED:
            done.add(hash(row["repository"]))
    return done


class _Stdout:
    """JSON Lines on stdout, of which nothing can be read again."""

    def write(self, rows: Sequence[Row]) -> None:
        sys.stdout.write("".join(map(_line, rows)))

    def rows(self) -> Iterator[dict[str, Any]]:
        return iter(())

    def close(self) -> None:
        sys.stdout.flush()


class _Lines:
    """JSON Lines in a file, to which each repository is added. What a killed run left unfinished is cut off."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("ab+")
        except OSError as error:
            raise ConfigError(f"-o {path}: {error.strerror}") from error
        self._path = path
        self._cut()

    def write(self, rows: Sequence[Row]) -> None:
        self._file.write("".join(map(_line, rows)).encode())
        self._file.flush()

    def rows(self) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as file:
            for line in file:
                yield json.loads(line)

    def close(self) -> None:
        self._file.close()

    def _cut(self) -> None:
        """Cut off what stands after the last row that says that a repository is done. Raises ConfigError."""
        end = place = 0
        with self._path.open("rb") as file:
            for line in file:
                place += len(line)
                try:
                    row = json.loads(line)
                    end = place if row["kind"] == CHECKED and line.endswith(b"\n") else end
                except (ValueError, KeyError, TypeError) as error:
                    if not end or line.endswith(b"\n"):
                        raise ConfigError(f"-o {self._path}: not an output of keraslint fleet") from error
        if end != place:
            self._file.truncate(end)


class _Parquet:
    """A folder of Parquet files, as other engines write and read them; each appears whole, or not at all."""

    def __init__(self, folder: Path) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise ConfigError(f"-o {folder}: Parquet needs pyarrow; run `{command_for('fleet')}`") from error
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"-o {folder}: {error.strerror}") from error
        self._folder, self._pyarrow, self._parquet = folder, pyarrow, parquet
        self._waiting: list[Row] = []
        self._since = time.monotonic()
        numbers = [int(path.stem.partition("-")[2]) for path in self._parts()]
        self._number = max(numbers, default=0)

    def write(self, rows: Sequence[Row]) -> None:
        self._waiting += rows
        if len(self._waiting) >= _MOST_ROWS or time.monotonic() - self._since > _MOST_SECONDS:
            self.close()

    def rows(self) -> Iterator[dict[str, Any]]:
        for path in self._parts():
            with self._parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=4096):
                    yield from batch.to_pylist()

    def close(self) -> None:
        self._since = time.monotonic()
        if not self._waiting:
            return
        self._number += 1
        table = self._pyarrow.Table.from_pylist([asdict(row) for row in self._waiting], schema=self._schema())
        whole = self._folder / f"part-{self._number:06}.parquet"
        part = whole.with_name(f".{whole.name}.{os.getpid()}")
        self._parquet.write_table(table, part, compression="zstd")
        part.replace(whole)
        self._waiting = []

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("part-*.parquet"))

    def _schema(self) -> Any:
        """The types of the columns, in the order of Row."""
        arrow = self._pyarrow
        plain = {"str": arrow.string(), "int": arrow.int64(), "bool": arrow.bool_(), "float": arrow.float64()}
        types = {key: str(kind).removesuffix(" | None") for key, kind in Row.__annotations__.items()}
        return arrow.schema([(key, plain.get(kind, arrow.list_(arrow.string()))) for key, kind in types.items()])


def _line(row: Row) -> str:
    return (
        json.dumps({key: value for key, value in as_record(row).items() if key == "path" or value not in (None, [])})
        + "\n"
    )
