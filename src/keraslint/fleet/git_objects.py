"""The files of a git repository, read from its objects: nothing is checked out, and no hook or filter is run."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from keraslint.files.regular import check_size
from keraslint.fleet.contents import Contents

_LINK, _MODULE = b"120000", b"160000"
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # a repository may name a program from which missing objects are fetched
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class GitFailed(ValueError):
    """Git can't read the repository; the message is its own."""


@contextlib.contextmanager
def of_git(folder: Path) -> Iterator[Contents]:
    """The files of the commit that HEAD names. Links and submodules are left out. Raises GitFailed and OSError."""
    batch = _Batch(folder)
    try:
        yield _listed(folder, batch)
    finally:
        batch.close()


def is_git(folder: Path) -> bool:
    """Return True for a folder with git's objects, such as a bare repository."""
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _listed(folder: Path, batch: _Batch) -> Contents:
    found = Contents()
    done = subprocess.run(  # noqa: S603
        _command(folder, "ls-tree", "-r", "-z", "-l", "--full-tree", "HEAD"),
        env=_environment(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitFailed(f"git: {said[-1].removeprefix('fatal: ') if said else f'exit code {done.returncode}'}")
    for entry in done.stdout.split(b"\0"):
        if not entry:
            continue
        facts, _, name = entry.partition(b"\t")
        mode, _, identity, size = facts.split()
        path = name.decode("utf-8", "surrogateescape")
        if mode in (_LINK, _MODULE):
            found.problems[path] = "a link, not followed" if mode == _LINK else "a submodule, not looked into"
        elif size.isdigit():
            found.add(path, _reader(batch, identity, int(size)))
        else:
            found.problems[path] = "its object is missing"
    return found


def _reader(batch: _Batch, identity: bytes, size: int) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        check_size(size, most)
        return batch.read(identity)

    return read


class _Batch:
    """One process of git that returns the content of one object after another; it starts with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, identity: bytes) -> bytes:
        """The content of an object. Raises OSError."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603
                _command(self._folder, "cat-file", "--batch"),
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(identity + b"\n")
        self._process.stdin.flush()
        head = self._process.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            raise OSError("git can't read its object")
        data = self._process.stdout.read(int(head[2]) + 1)[:-1]
        if len(data) != int(head[2]):
            raise OSError("git can't read its object")
        return data

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.communicate()


def _command(folder: Path, *arguments: str) -> list[str]:
    """A command of git in a folder that may belong to somebody else."""
    return ["git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", f"--git-dir={folder}", *arguments]


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | _ENVIRONMENT
