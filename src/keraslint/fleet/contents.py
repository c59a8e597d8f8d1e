"""The files of one repository, read when they are asked for, with what was left out and why."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from keraslint.files.disk import path_problem
from keraslint.files.regular import check_size, most_bytes, read_from_disk

MOST_FILES = 200_000
"""Files of one repository; one with more is not checked."""


class TooManyFiles(ValueError):
    """The repository has more files than are looked at."""


class Contents(Mapping[str, bytes]):
    """The files of a repository by path. ``problems``: by path the reason why something is left out."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}
        self._readers: dict[str, Callable[[int], bytes]] = {}

    def add(self, path: str, read: Callable[[int], bytes]) -> None:
        """Add a file, or the reason why it is none; ``read`` is given the size up to which it is read."""
        path = path.removeprefix("./")
        if problem := path_problem(path):
            self.problems[path] = problem
            return
        if len(self._readers) >= MOST_FILES:
            raise TooManyFiles(f"it has more than {MOST_FILES:,} files")
        self._readers[path] = read

    def settle(self) -> None:
        """Drop each file whose name is also that of a folder."""
        folders = {path[:end] for path in self._readers for end in _slashes(path)}
        for path in folders & self._readers.keys():
            del self._readers[path]
            self.problems[path] = "it is a file and a folder"

    def without_top(self) -> None:
        """Make the only folder at the top, as archives of a forge have it, the root."""
        tops = {path.partition("/")[0] for path in self._readers}
        if len(tops) == 1 and all("/" in path for path in self._readers):
            self._readers = {path.partition("/")[2]: read for path, read in self._readers.items()}

    def __getitem__(self, path: str) -> bytes:
        """The content of a file. Raises OSError."""
        return self._readers[path](most_bytes(path))

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)

    def __contains__(self, path: object) -> bool:
        return path in self._readers


def held_bytes(data: bytes) -> Callable[[int], bytes]:
    """The reader of a file whose bytes are there."""

    def read(most: int) -> bytes:
        check_size(len(data), most)
        return data

    return read


def of_folder(folder: Path) -> Contents:
    """The files of a folder. No link is followed, so that none leads out of it."""
    found = Contents()

    def failed(error: OSError) -> None:
        name = os.path.relpath(error.filename, folder).replace(os.sep, "/") if error.filename else "."
        found.problems[name] = f"can't be listed: {error.strerror}"

    for above, folders, names in os.walk(folder, onerror=failed):
        place = "" if above == str(folder) else os.path.relpath(above, folder).replace(os.sep, "/") + "/"
        if ".git" in folders:
            folders.remove(".git")
            _add_git(found, Path(above) / ".git", f"{place}.git")
        for name in [one for one in folders if (Path(above) / one).is_symlink()]:
            folders.remove(name)
            found.problems[place + name] = "a link, not followed"
        for name in names:
            _add_file(found, os.path.join(above, name), place + name)  # noqa: PTH118 - one of many
    return found


def _add_git(found: Contents, folder: Path, name: str) -> None:
    """Of git's own folder what a check reads: that it is there, and the excludes."""
    for below in ("HEAD", "info/exclude"):
        if (folder / below).is_file() and not (folder / below).is_symlink():
            _add_file(found, str(folder / below), f"{name}/{below}")


def _add_file(found: Contents, path: str, name: str) -> None:
    mode = os.lstat(path).st_mode
    if stat.S_ISREG(mode):
        found.add(name, lambda most: read_from_disk(path, most, follow=False))
    else:
        found.problems[name] = "a link, not followed" if stat.S_ISLNK(mode) else "not a regular file"


def _slashes(path: str) -> Iterator[int]:
    return (index for index, letter in enumerate(path) if letter == "/")
