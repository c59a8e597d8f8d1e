"""The files of a run: a walk that obeys excludes and git's ignore files, and reports unreadable paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from keraslint.config.effective import selected
from keraslint.config.settings import Settings
from keraslint.diagnostic import Selection
from keraslint.files import disk
from keraslint.files.dependency_names import PYTHON_SUFFIXES, may_be_dependency_file
from keraslint.files.gitignore import GitIgnore, Warn
from keraslint.files.paths import display

_OTHER_LANGUAGES = frozenset(".cfg .in .ini .json .lock .md .pip .rst .toml .txt .yaml .yml".split())


@dataclass(frozen=True)
class InputFile:
    """One file to check: its path as it is printed, and its settings.

    linked: it is a link that was found in a folder, so that nobody named what it leads to.
    """

    path: str
    settings: Settings
    linked: bool = False

    @cached_property
    def selection(self) -> Selection:
        """The rules that are on for the file."""
        return selected(self.path, self.settings)


@dataclass(frozen=True, slots=True)
class Problem:
    """A path that could not be read, and why. fatal: the run ends with 2; left_out: it was to be checked."""

    path: str
    reason: str
    fatal: bool = True
    left_out: bool = True


def discover(
    paths: Iterable[str], cwd: Path, settings: Callable[[Path], Settings]
) -> tuple[list[InputFile], list[Problem]]:
    """The files below ``paths`` in the order of the command line, sorted below each folder, each once.

    A named file is included even if it is excluded, unless ``force-exclude`` is set. ``settings`` returns those of
    a folder; its exceptions are passed on.
    """
    found: dict[str, InputFile] = {}
    problems: list[Problem] = []
    for text in paths:
        named = os.path.normpath(cwd / text)
        for item in _below(Path(named), cwd, settings):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                place = os.path.join(cwd, item.path)  # noqa: PTH118 - a Path for each of many files costs as much as its read
                _keep(found, item, place, is_link=item.linked or (place == named and disk.is_link(place)))
    return list(found.values()), problems


def is_excluded(path: Path, settings: Settings) -> bool:
    """Return True if ``exclude`` names an absolute path or a folder that holds it."""
    return settings.left_out.cover(path.as_posix())


def _keep(found: dict[str, InputFile], item: InputFile, path: str, *, is_link: bool) -> None:
    """Add ``item`` unless the same file is present; the file itself is preferred to a link to it."""
    real = disk.real(path) if is_link else path
    known = found.get(real)
    if known is None or (known.linked and not item.linked) or (not is_link and known.path != item.path):
        found[real] = item


def _below(path: Path, cwd: Path, settings: Callable[[Path], Settings]) -> Iterator[InputFile | Problem]:
    shown = display(path, cwd)
    try:
        disk.check_access(path)
        is_folder = disk.is_folder(path)
    except OSError as error:
        yield Problem(shown, _reason(error))
        return
    holds = settings(path if is_folder else path.parent)
    if holds.force_exclude and is_excluded(path, holds):
        return
    if is_folder:
        problems: list[Problem] = []

        def warn(file: Path, reason: str) -> None:
            problems.append(Problem(display(file, cwd), reason, fatal=False, left_out=False))

        git = GitIgnore.above(path, warn) if holds.respect_gitignore else None
        yield from _walk(path, cwd, settings, git, warn)
        yield from problems
    elif path.suffix in _OTHER_LANGUAGES and not _is_dependency_file(path):
        yield Problem(shown, "neither Python source nor a dependency file, not checked", fatal=False)
    else:
        yield InputFile(shown, holds)


def _walk(
    folder: Path,
    cwd: Path,
    settings: Callable[[Path], Settings],
    git: GitIgnore | None,
    warn: Warn,
) -> Iterator[InputFile | Problem]:
    """Everything below ``folder``. As in Ruff, linked folders are not entered, so a walk always ends."""
    try:
        listed = disk.entries_in(folder)
    except OSError as error:
        yield Problem(display(folder, cwd), _reason(error))
        return
    holds, name = settings(folder), str(folder)
    shown = display(os.path.join(folder, "x"), cwd)[:-1]  # noqa: PTH118 - what comes before the name of each entry
    if git is not None:
        git = git.entered(folder, {entry.name for entry in listed}, warn)
    for entry in listed:
        try:
            is_folder = entry.is_dir(follow_symlinks=False)
            is_file = not is_folder and _may_be_checked(name, entry.name) and entry.is_file()
            wanted = is_folder or is_file or (_may_be_checked(name, entry.name) and disk.is_special(entry.path))
        except OSError as error:
            yield Problem(shown + entry.name, _reason(error))
            continue
        if not wanted or _left_out(entry.path, holds, git, is_folder):
            continue
        if is_folder:
            yield from _walk(Path(entry.path), cwd, settings, git, warn)
        elif is_file:
            yield InputFile(shown + entry.name, holds, entry.is_symlink())
        else:
            yield Problem(shown + entry.name, "not a regular file, not checked", fatal=False)


def _may_be_checked(folder: str, name: str) -> bool:
    return name.endswith(PYTHON_SUFFIXES) or may_be_dependency_file(folder, name)


def _is_dependency_file(path: Path) -> bool:
    if not may_be_dependency_file(str(path.parent), path.name):
        return False
    from keraslint.pins.registry import sources_of

    return bool(sources_of(path.as_posix()))


def _left_out(path: str, settings: Settings, git: GitIgnore | None, is_folder: bool) -> bool:
    if settings.left_out.match(path.replace(os.sep, "/")):
        return True
    return git is not None and git.ignores(path, is_folder)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
