"""Reads files: only regular ones, and only up to a size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from keraslint.files.disk import held
from keraslint.limits import MAX_BYTES, MAX_NOTEBOOK_BYTES
from keraslint.notebook.places import is_notebook

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegular(OSError):
    """The file is a pipe, a socket, a device or the like: reading it may wait or never end."""


class TooLarge(OSError):
    """The file has more bytes than are read."""


def most_bytes(path: str | Path) -> int:
    """The size up to which the file with this name is read."""
    return MAX_NOTEBOOK_BYTES if is_notebook(str(path)) else MAX_BYTES


def read_bytes(path: str | Path, most: int | None = None) -> bytes:
    """The bytes of a regular file, or of the one that a link leads to; ``most`` is by default that of its name.

    Raises NotRegular for anything else, which is not opened, TooLarge for more than ``most`` bytes, and OSError.
    """
    most = most_bytes(path) if most is None else most
    if (memory := held()) is None:
        return read_from_disk(path, most)
    data = memory.read(str(path))
    check_size(len(data), most)
    return data


def read_from_disk(path: str | Path, most: int, *, follow: bool = True) -> bytes:
    """The same, whatever repository is in memory; with ``follow`` off a link is not followed."""
    _check(os.stat(path), most)  # noqa: PTH116 - a Path for each of many files costs as much as the read
    descriptor = os.open(path, _FLAGS if follow else _FLAGS | getattr(os, "O_NOFOLLOW", 0))
    try:
        status = os.fstat(descriptor)
        _check(status, most)  # it may be another file by now
        data = os.read(descriptor, status.st_size + 1)
        while len(data) != status.st_size and len(data) <= most:  # it grows, or has no size, as files of the system
            more = os.read(descriptor, most + 1 - len(data))
            if not more:
                break
            data += more
    finally:
        os.close(descriptor)
    check_size(len(data), most)
    return data


def check_size(size: int, most: int) -> None:
    """Raise TooLarge for a size that is larger than what is read."""
    if size > most:
        raise TooLarge(errno.EFBIG, f"it is larger than {most // 1024 // 1024} MB")


def _check(status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise NotRegular(errno.EINVAL, "it is not a regular file")
    check_size(status.st_size, most)
