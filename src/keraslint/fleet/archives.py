"""The files of a tar or zip archive: nothing is unpacked to the disk, and each is read up to a size."""

from __future__ import annotations

import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO

from keraslint.files.dependency_names import PYTHON_SUFFIXES
from keraslint.files.regular import check_size, most_bytes
from keraslint.fleet.contents import Contents, held_bytes
from keraslint.pins.gather import WORTH_ASKING

SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip", ".whl")
_SMALL = 32_000
_MOST_UNPACKED = 4_000_000_000
_MOST_HELD = 300_000_000

_LINK = "a link, not followed"


class BrokenArchive(ValueError):
    """The archive can't be read to its end."""


def of_archive(file: IO[bytes], name: str) -> Contents:
    """The files of an archive, which stays open while they are read. Raises BrokenArchive, TooManyFiles and OSError."""
    try:
        found = _of_zip(file) if name.endswith((".zip", ".whl")) else _of_tar(file)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, NotImplementedError) as error:
        raise BrokenArchive(f"not an archive that can be read: {error or type(error).__name__}") from error
    found.without_top()
    found.settle()
    return found


def _of_tar(file: IO[bytes]) -> Contents:
    """One pass over a stream: it keeps the files that a check may read, and the names of the others."""
    found, held, passed = Contents(), 0, 0
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for member in archive:
            passed += member.size
            if passed > _MOST_UNPACKED:
                raise BrokenArchive(f"it unpacks to more than {_MOST_UNPACKED // 10**9} GB")
            if not member.isreg():
                if not member.isdir():
                    found.problems[member.name] = _LINK if member.issym() or member.islnk() else "not a regular file"
                continue
            if member.size > most_bytes(member.name) or not _may_be_read(member.name, member.size):
                found.add(member.name, _not_held(member.size))
                continue
            held += member.size
            if held > _MOST_HELD:
                raise BrokenArchive(f"its source files have more than {_MOST_HELD // 10**6} MB")
            content = archive.extractfile(member)
            found.add(member.name, held_bytes(content.read() if content is not None else b""))
    return found


def _of_zip(file: IO[bytes]) -> Contents:
    found = Contents()
    archive = zipfile.ZipFile(file)
    for member in archive.infolist():
        mode = member.external_attr >> 16
        if member.is_dir():
            continue
        if stat.S_ISLNK(mode) or member.flag_bits & 1:
            found.problems[member.filename] = _LINK if stat.S_ISLNK(mode) else "encrypted"
            continue
        found.add(member.filename, _zip_reader(archive, member))
    return found


def _zip_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        check_size(member.file_size, most)
        try:
            with archive.open(member) as content:
                data = content.read(most + 1)  # what its header says of the size may be a lie
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
            raise OSError(str(error)) from error
        check_size(len(data), most)
        return data

    return read


def _not_held(size: int) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        check_size(size, most)
        raise OSError("neither source, nor a dependency file by its name, nor small")

    return read


def _may_be_read(path: str, size: int) -> bool:
    """Return True for a file that a check may read: source, what may hold pins or settings, and any small one."""
    name = path.rpartition("/")[2]
    return size <= _SMALL or name.endswith(PYTHON_SUFFIXES) or WORTH_ASKING.fullmatch(name) is not None
