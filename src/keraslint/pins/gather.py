"""Dependency files on the disk: each is read once, with all the files that it includes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from keraslint.files import paths
from keraslint.files.disk import exists, names_in, working_folder
from keraslint.files.disk import real as real_path
from keraslint.limits import MAX_PINS_SECONDS, OutOfTime, within_own
from keraslint.pins.combine import Statement
from keraslint.pins.decode import Unreadable, read_text
from keraslint.pins.interface import ReadResult, Role, Source, read_bounded
from keraslint.pins.keras_releases import Skipped
from keraslint.pins.sources.requirements_txt import REQUIREMENTS

# Only these names are passed to every source: a folder may hold 100,000 images.
WORTH_ASKING = re.compile(
    r".*\.(?:txt|in|pip|toml|lock|ya?ml|cfg)|setup\.py|pipfile|\.env(?:\..+)?|.+\.env|.*(?:docker|container)file.*",
    re.IGNORECASE,
)
# Subfolders in which a project keeps dependency files.
_SUBFOLDERS = (
    *("requirements", "requirement", "reqs", "constraints", ".github/workflows"),
    *("recipe", "conda.recipe", "conda-recipe", "conda"),
)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The result of the file at ``path`` and all that it includes. files: those that could be read, in order."""

    path: Path
    source: Source
    statements: tuple[Statement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    files: tuple[Path, ...] = ()
    python: str = ""
    members: tuple[str, ...] = ()
    legacy: bool | None = None
    runtime: bool = False


class FileReader:
    """Reads the dependency files of one run, each once.

    here: the folder below which file names in results are relative; others are absolute. read: returns the text of a
    file, or raises Unreadable; the disk by default. root: the folder whose files may include one another; by default
    each file's repository.
    """

    def __init__(
        self, here: Path | None = None, read: Callable[[Path], str] | None = None, root: Path | None = None
    ) -> None:
        self._here = here if here is not None else working_folder()
        self._root = root
        self._read = read
        self._found: dict[tuple[Path, object], ReadResult | Unreadable] = {}
        self._within: dict[Path, Path] = {}
        self._names: dict[Path, tuple[tuple[str, ...], tuple[Skipped, ...]]] = {}

    def names(self, folder: Path) -> tuple[tuple[str, ...], tuple[Skipped, ...]]:
        """The sorted names of possible dependency files in a folder and in its subfolders for them, and the Skipped."""
        if folder not in self._names:
            skipped: list[Skipped] = []
            names = self._listed(folder, skipped)
            for subfolder in _SUBFOLDERS:
                if subfolder.partition("/")[0] in names:
                    names += (f"{subfolder}/{name}" for name in self._listed(folder / subfolder, skipped))
            names = [name for name in names if WORTH_ASKING.fullmatch(name)]
            # By the stem first: requirements.txt comes before requirements-dev.txt.
            self._names[folder] = (tuple(sorted(names, key=lambda name: name.rpartition(".")[::2])), tuple(skipped))
        return self._names[folder]

    def gather(self, path: Path, source: Source) -> Gathered:
        """Read the file at ``path`` and those that it includes, each at most once for each group."""
        statements: list[Statement] = []
        skipped: list[Skipped] = []
        read: dict[tuple[Path, str], ReadResult] = {}
        waiting = [_Wanted(path, source, "", None)]
        while waiting:
            wanted = waiting.pop()
            if (wanted.path, wanted.group) in read:
                continue
            name = self.name(wanted.path)
            found = self.read(wanted.path, wanted.source)
            if isinstance(found, Unreadable):
                asked = wanted.asked
                skipped.append(replace(asked, reason=f"{name} {found}") if asked else Skipped(name, 0, str(found)))
                continue
            read[wanted.path, wanted.group] = found
            skipped += found.skipped
            for condition in found.conditions:
                group = condition.group or wanted.group
                statements.append(Statement(name, replace(condition, group=group), wanted.source.role))
            for include in reversed(found.includes):
                line = Skipped(name, include.row, "")
                if "://" in include.path:
                    skipped.append(replace(line, reason=f"{include.path} is not on this machine"))
                    continue
                target = absolute(wanted.path.parent / include.path)
                if not self._may_include(wanted.path, target):
                    reason = f"{include.path} is outside the project's repository, and not read"
                    skipped.append(replace(line, reason=reason))
                    continue
                waiting.append(_Wanted(target, REQUIREMENTS, include.group or wanted.group, line))
        return Gathered(
            path,
            source,
            tuple(statements),
            tuple(skipped),
            tuple(dict.fromkeys(file for file, _ in read)),
            next((found.python for found in read.values() if found.python), ""),
            next((found.members for found in read.values() if found.members), ()),
            next((found.legacy for found in read.values() if found.legacy is not None), None),
            source.role is Role.ASKS and any(found.runtime for (_, group), found in read.items() if not group),
        )

    def read(self, path: Path, source: Source) -> ReadResult | Unreadable:
        """The result of one file, or the reason why it can't be read; the same for every call."""
        key = (path, source.read)
        if key not in self._found:
            try:
                with within_own(MAX_PINS_SECONDS):
                    self._found[key] = read_bounded(source, self.name(path), (self._read or read_text)(path))
            except Unreadable as error:
                self._found[key] = error
            except OutOfTime:
                self._found[key] = Unreadable("takes too long to read")
        return self._found[key]

    def _may_include(self, path: Path, target: Path) -> bool:
        """Return True if a file may include another: one in its repository, or below the current folder.

        Without a repository: one below the folder above its own. Links count as what they lead to.
        """
        folder = path.parent
        if folder not in self._within:
            above = (one for one in (folder, *folder.parents) if exists(one / ".git"))
            self._within[folder] = self._root or next(above, folder.parent)
        real = real_path(target)
        return any(
            os.path.join(real, "").startswith(os.path.join(real_path(root), ""))  # noqa: PTH118
            for root in (self._within[folder], self._here)
        )

    def name(self, path: Path) -> str:
        """The path as messages show it: relative to the current folder if it is below that."""
        try:
            return path.relative_to(self._here).as_posix()
        except ValueError:
            return path.as_posix()

    def _listed(self, folder: Path, skipped: list[Skipped]) -> list[str]:
        try:
            return names_in(folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            skipped.append(Skipped(self.name(folder), 0, f"can't be listed: {error.strerror}"))
            return []


def absolute(path: Path) -> Path:
    """The absolute path; links are not resolved."""
    return Path(paths.absolute(str(path)))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to read; ``asked`` is the line that includes it, None for a file found by its name."""

    path: Path
    source: Source
    group: str
    asked: Skipped | None
