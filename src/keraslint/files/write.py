"""Replaces a file as a whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import threading
from io import FileIO
from pathlib import Path

from keraslint.files.regular import read_bytes

# Held while a file is written: a process that has to end waits for it.
WRITING = threading.Lock()


class ChangedMeanwhile(OSError):
    """The file on disk is no longer what was checked."""


def write_whole(path: str | Path, data: bytes, expected_before: bytes) -> None:
    """Put ``data`` in the file at ``path``, keeping its mode; a link stays a link, its target is written.

    The bytes go to a new file in the same folder that then takes the old one's place, so that the old one
    survives a full disk or a crash. A file with other names (hard links) is written itself, once there was room for
    the new one, so that it stays one file. Raises ChangedMeanwhile when the file no longer holds
    ``expected_before``, and OSError.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    with WRITING:
        _replace(target, data, expected_before)


def remove_unfinished(path: str | Path, process: int) -> None:
    """Remove what a process that died while it wrote the file at ``path`` has left beside it."""
    for left in Path(os.path.realpath(path)).parent.glob(f"{_prefix(process)}*.tmp"):
        left.unlink(missing_ok=True)


def _prefix(process: int) -> str:
    return f".keraslint-{process}-"


def _replace(target: Path, data: bytes, expected_before: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=_prefix(os.getpid()), suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        status = target.stat()
        _keep_owner(temporary, status)
        temporary.chmod(status.st_mode & 0o7777)
        _keep_attributes(target, temporary)
        if read_bytes(target) != expected_before:
            raise ChangedMeanwhile("another program has changed the file meanwhile")
        if status.st_nlink > 1:
            _overwrite(target, data, expected_before)
            temporary.unlink()
        else:
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _keep_owner(temporary: Path, status: os.stat_result) -> None:
    """Give the new file the owner of the old one, if the system allows it."""
    mine = temporary.stat()
    if hasattr(os, "chown") and (mine.st_uid, mine.st_gid) != (status.st_uid, status.st_gid):
        with contextlib.suppress(PermissionError):
            os.chown(temporary, status.st_uid, status.st_gid)


def _keep_attributes(source: Path, copy: Path) -> None:
    """Give the new file the extended attributes of the old one, such as access lists, if the system allows it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(source):
                os.setxattr(copy, name, os.getxattr(source, name))


def _overwrite(target: Path, data: bytes, before: bytes) -> None:
    """Overwrite a file in place; if that fails its old content is restored."""
    with target.open("r+b", buffering=0) as file:
        try:
            _put(file, data)
        except BaseException:
            _put(file, before)
            raise


def _put(file: FileIO, data: bytes) -> None:
    file.seek(0)
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]
    file.truncate()
    os.fsync(file.fileno())
