"""Reads files: only regular ones, and only up to a size."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

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
    _check(os.stat(path), most)  # noqa: PTH116 - a Path for each of many files costs as much as the read
    descriptor = os.open(path, _FLAGS)
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
    if len(data) > most:
        raise _too_large(most)
    return data


def is_special(mode: int) -> bool:
    """Return True for the mode of a pipe, a socket or a device."""
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


def _check(status: os.stat_result, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise NotRegular(errno.EINVAL, "it is not a regular file")
    if status.st_size > most:
        raise _too_large(most)


def _too_large(most: int) -> TooLarge:
    return TooLarge(errno.EFBIG, f"it is larger than {most // 1024 // 1024} MB")
