"""What is there: on the disk, or in the repository in memory that the current thread checks, and then there alone."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

ROOT = os.path.abspath("/repository")  # noqa: PTH100 - a drive comes before it on Windows
"""The folder that a repository in memory is in: its name alone, nothing on the disk."""

_GIT = ".git"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class MemoryEntry:
    """A file or folder in memory, with what is asked of those of ``os.scandir``."""

    name: str
    path: str
    folder: bool

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:  # noqa: ARG002 - as os.DirEntry has it
        """Return True for a folder."""
        return self.folder

    def is_file(self) -> bool:
        """Return True for a file."""
        return not self.folder

    def is_symlink(self) -> bool:
        """Return False: there are no links in memory."""
        return False


@dataclass
class Memory:
    """The files of a repository by path, relative to its root and with slashes; no other file exists beside them.

    A value is read when it is needed, and may raise OSError. The root is that of a repository of git.
    """

    files: Mapping[str, bytes]
    number: int = field(default_factory=lambda: next(_numbers))
    _folders: dict[str, dict[str, bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._folders = {"": {}} if _GIT in self.files else {"": {_GIT: True}, _GIT: {}}
        for path in self.files:
            if problem := path_problem(path):
                raise ValueError(f"{path!r}: {problem}")
            self._place(path)
        for path in self.files:
            if path in self._folders:
                raise ValueError(f"{path!r}: it is a file and a folder")

    def _place(self, path: str) -> None:
        is_folder = False
        while path:
            above, _, name = path.rpartition("/")
            known = above in self._folders
            names = self._folders.setdefault(above, {})
            names[name] = names.get(name, False) or is_folder
            if known:
                return
            path, is_folder = above, True

    def name_of(self, path: str) -> str | None:
        """The name of a path among the files; None for one outside of the repository."""
        path = os.path.normpath(os.path.join(ROOT, path))  # noqa: PTH118
        if path == ROOT:
            return ""
        return path[len(ROOT) + 1 :].replace(os.sep, "/") if path.startswith(ROOT + os.sep) else None

    def is_file(self, path: str) -> bool:
        """Return True for a file."""
        name = self.name_of(path)
        return name is not None and name in self.files

    def is_folder(self, path: str) -> bool:
        """Return True for a folder, the root among them."""
        return self.name_of(path) in self._folders

    def listed(self, path: str) -> dict[str, bool]:
        """The names in a folder, with True for folders. Raises OSError."""
        name = self.name_of(path)
        if name is None or name not in self._folders:
            kind = NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
            raise kind if self.is_file(path) else _missing(path)
        return self._folders[name]

    def read(self, path: str) -> bytes:
        """The content of a file. Raises OSError."""
        if self.is_folder(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not self.is_file(path):
            raise _missing(path)
        return self.files[self.name_of(path) or ""]


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def in_memory(files: Mapping[str, bytes]) -> Iterator[Path]:
    """Let these be the only files that there are, for the current thread; yields their root.

    Raises ValueError for a path that is not relative, or leads out of the repository.
    """
    token = _memory.set(Memory(files))
    try:
        yield Path(ROOT)
    finally:
        _memory.reset(token)


def held() -> Memory | None:
    """The repository in memory; None where files are those on the disk."""
    return _memory.get()


def path_problem(path: str) -> str | None:
    """The reason why a path can't be one within a repository, None where it can."""
    if "\0" in path:
        return "it has a null byte"
    if not path or path.startswith("/") or (os.sep == "\\" and ("\\" in path or ":" in path)):
        return "it is not relative"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "it leads out of its folder"
    return None


def working_folder() -> Path:
    """The folder below which paths are shown relative: the current one, or the root of the repository in memory."""
    return Path.cwd() if _memory.get() is None else Path(ROOT)


def is_file(path: Path | str) -> bool:
    """Return True for a regular file, or a link to one."""
    memory = _memory.get()
    return os.path.isfile(path) if memory is None else memory.is_file(str(path))  # noqa: PTH113 - never raises


def is_folder(path: Path | str) -> bool:
    """Return True for a folder, or a link to one."""
    memory = _memory.get()
    return os.path.isdir(path) if memory is None else memory.is_folder(str(path))  # noqa: PTH112 - never raises


def is_link(path: str) -> bool:
    """Return True for a link."""
    return _memory.get() is None and os.path.islink(path)  # noqa: PTH114


def exists(path: Path | str) -> bool:
    """Return True if there is something of this name, be it a link that leads nowhere."""
    memory = _memory.get()
    if memory is None:
        return os.path.lexists(path)
    return memory.is_file(str(path)) or memory.is_folder(str(path))


def check_access(path: Path) -> None:
    """Raise OSError if there is nothing of this name, or it may not be looked at."""
    if _memory.get() is None:
        path.stat()
    elif not exists(path):
        raise _missing(str(path))


def names_in(folder: Path | str) -> list[str]:
    """The names in a folder. Raises OSError."""
    memory = _memory.get()
    return os.listdir(folder) if memory is None else list(memory.listed(str(folder)))  # noqa: PTH208


def children(folder: Path) -> list[Path]:
    """The paths of what is in a folder. Raises OSError."""
    return [folder / name for name in names_in(folder)]


def entries_in(folder: Path) -> list[os.DirEntry[str]] | list[MemoryEntry]:
    """The entries of a folder, sorted by name. Raises OSError."""
    memory = _memory.get()
    if memory is None:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    base = str(folder)
    return [
        MemoryEntry(name, os.path.join(base, name), is_dir)  # noqa: PTH118
        for name, is_dir in sorted(memory.listed(base).items())
    ]


def real(path: Path | str) -> str:
    """The path without links."""
    return os.path.realpath(path) if _memory.get() is None else os.path.normpath(path)


def is_special(path: str) -> bool:
    """Return True for a pipe, a socket or a device, and for a link to one."""
    if _memory.get() is not None or not os.path.exists(path):  # noqa: PTH110
        return False
    mode = os.stat(path).st_mode  # noqa: PTH116 - one path of many
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


def below(folder: Path, pattern: str) -> list[Path]:
    """What a pattern with slashes finds below a folder, sorted."""
    if _memory.get() is None:
        return sorted(folder.glob(pattern))
    found = [folder]
    for part in pattern.split("/"):
        found = [
            path for one in found if is_folder(one) for path in sorted(children(one)) if fnmatchcase(path.name, part)
        ]
    return found


def state(path: str) -> tuple[int, int]:
    """Numbers that change when the content of a file does. Raises OSError."""
    memory = _memory.get()
    if memory is None:
        status = os.stat(path)  # noqa: PTH116
        return status.st_mtime_ns, status.st_size
    if not memory.is_file(path):
        raise _missing(path)
    return -memory.number, 0


def _missing(path: str) -> FileNotFoundError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
