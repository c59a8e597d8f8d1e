"""From the sources on the command line to the places of repositories, one after another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keraslint.config.settings import ConfigError
from keraslint.extras import command_for
from keraslint.fleet.archives import SUFFIXES
from keraslint.fleet.corpus_rows import Columns, Rows, repositories_in
from keraslint.fleet.git_objects import is_git

_DEEPEST = 4
_PARQUET = ".parquet"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository: its name in the rows, how it is read, and where it is. ``rows``: those of a data set."""

    name: str
    kind: str
    location: str
    rows: tuple[Rows, ...] = ()


def places_in(sources: list[str], columns: Columns) -> Iterator[Repository]:
    """Yield the repositories in folders, archives, data sets and addresses. Raises ConfigError."""
    for source in sources:
        yield from _at_address(source, columns) if "://" in source else _on_disk(source, columns)


def _on_disk(source: str, columns: Columns) -> Iterator[Repository]:
    path = Path(source)
    if not path.exists():
        raise ConfigError(f"{source}: no such file or folder")
    if path.is_file() and (kind := _kind_of_file(path.name)):
        yield from _file(kind, str(path), path.as_posix(), columns)
    elif path.is_file():
        raise ConfigError(f"{source}: neither an archive ({', '.join(SUFFIXES)}) nor a data set ({_PARQUET})")
    else:
        yield from _in_folder(path, _name_of(path), columns, 0)


def _name_of(path: Path) -> str:
    return path.as_posix() if path.name and path.name != ".." else Path(os.path.abspath(path)).name  # noqa: PTH100


def _in_folder(folder: Path, name: str, columns: Columns, depth: int) -> Iterator[Repository]:
    """The repositories in a folder: itself, or those in what it holds."""
    if is_git(folder):
        yield Repository(name.removesuffix(".git"), "git", str(folder))
        return
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    if ".git" in names:
        empty = len(names) == 1 and is_git(folder / ".git")  # a clone of which nothing is checked out
        yield Repository(name, "git", str(folder / ".git")) if empty else Repository(name, "folder", str(folder))
        return
    files = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
    if depth and (depth >= _DEEPEST or not all(_kind_of_file(entry.name) for entry in files)):
        yield Repository(name, "folder", str(folder))
        return
    for entry in entries:
        below = f"{name}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _in_folder(Path(entry.path), below, columns, depth + 1)
        elif entry.is_file(follow_symlinks=False) and (kind := _kind_of_file(entry.name)):
            yield from _file(kind, entry.path, below, columns)


def _kind_of_file(name: str) -> str | None:
    return "rows" if name.endswith(_PARQUET) else "archive" if name.endswith(SUFFIXES) else None


def _file(kind: str, location: str, name: str, columns: Columns) -> Iterator[Repository]:
    if kind == "archive":
        suffix = max((one for one in SUFFIXES if name.endswith(one)), key=len)
        yield Repository(name.removesuffix(suffix), kind, location)
        return
    try:
        for repository, rows in repositories_in(iter([location]), columns):
            yield Repository(repository, kind, location, rows)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{location}: {error}") from error


def _at_address(source: str, columns: Columns) -> Iterator[Repository]:
    """The archives and data sets at an address, or below it. Raises ConfigError."""
    system, path = file_system(source)
    try:
        found = sorted(system.find(path)) or [path]
    except (OSError, ValueError) as error:
        raise ConfigError(f"{source}: {error}") from error
    for one in found:
        if kind := _kind_of_file(one):
            yield from _file(kind, system.unstrip_protocol(one), system.unstrip_protocol(one), columns)


def file_system(address: str) -> tuple[Any, str]:
    """The file system of fsspec for an address, and the path in it. Raises ConfigError."""
    try:
        import fsspec

        system, path = fsspec.core.url_to_fs(address)
    except ImportError as error:
        raise ConfigError(f"{address}: {error}; run `{command_for('fleet')}`") from error
    except ValueError as error:
        raise ConfigError(f"{address}: {error}") from error
    return system, path
