"""The paths that git ignores: the ignore files of a repository, nested ones before those above them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint.files.disk import exists
from keraslint.files.regular import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NAME = ".gitignore"
_MOST_BYTES = 1_000_000

# A pattern becomes a regular expression whose time grows with this power of the length of a name.
_MOST_STARS = 3

Warn = Callable[[Path, str], None]


@dataclass(frozen=True, slots=True)
class GitIgnore:
    """The ignore files that hold in a folder, the outermost first, each with the folder it is relative to."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    @classmethod
    def above(cls, folder: Path, warn: Warn) -> GitIgnore:
        """The ignore files of the folders above ``folder``, up to the repository's root.

        A folder that is itself ignored and was named all the same is walked as if nothing above it were said.
        """
        above = [folder.parent, *folder.parent.parents]
        root = next((parent for parent in above if exists(parent / ".git")), None)
        if root is None or exists(folder / ".git"):
            return cls()
        git = cls()
        for parent in reversed(above[: above.index(root) + 1]):
            names = {name for name in (_NAME, ".git") if exists(parent / name)}
            git = git.entered(parent, names, warn)
        for path in (*reversed(above[: above.index(root)]), folder):
            if git.ignores(str(path), is_folder=True):
                return cls()
        return git

    def entered(self, folder: Path, names: Collection[str], warn: Warn) -> GitIgnore:
        """These ignore files and that of ``folder``, whose entries are ``names``. A nested repository replaces them.

        ``warn`` is called with the path of what can't be read, and the reason.
        """
        specs = self.specs
        if ".git" in names:
            specs = _read(folder / ".git" / "info" / "exclude", folder, warn)
        if _NAME in names:
            specs = (*specs, *_read(folder / _NAME, folder, warn))
        return GitIgnore(specs) if specs != self.specs else self

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Return True if git ignores ``path`` (absolute); the innermost file that says anything about it decides."""
        for root, spec in reversed(self.specs):
            relative = os.path.relpath(path, root).replace(os.sep, "/")
            include = spec.check_file(relative + "/" if is_folder else relative).include
            if include is not None:
                return include
        return False


def _read(path: Path, folder: Path, warn: Warn) -> tuple[tuple[str, GitIgnoreSpec], ...]:
    """The patterns of one ignore file with its folder; empty if it does not exist or has no pattern."""
    try:
        text = read_bytes(path, _MOST_BYTES).decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ()
    except OSError as error:
        warn(path, f"can't be read, so that it ignores nothing: {error.strerror}")
        return ()
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if any(_is_costly(line) for line in lines):
        warn(path, f"its patterns with more than {_MOST_STARS} stars between slashes, or as many **, ignore nothing")
        lines = [line for line in lines if not _is_costly(line)]
    return ((str(folder), _spec(lines)),) if lines else ()


def _spec(lines: list[str]) -> GitIgnoreSpec:
    """The patterns of ``lines``, without those that are invalid for git."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_pattern(line)])


def _is_costly(line: str) -> bool:
    return max(part.count("*") for part in line.split("/")) > _MOST_STARS or line.count("**") > _MOST_STARS


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
