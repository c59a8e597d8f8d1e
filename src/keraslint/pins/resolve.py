"""From a checked file to the Keras releases that its project allows: which files are read, and which of them decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import Version

from keraslint.diagnostic import Evidence
from keraslint.files import disk
from keraslint.files.dependency_names import PYTHON_SUFFIXES
from keraslint.limits import MAX_PINS_SECONDS, OutOfTime, within_own
from keraslint.pins.combine import Statement, combine
from keraslint.pins.decode import Unreadable, plain
from keraslint.pins.gather import FileReader, Gathered, absolute
from keraslint.pins.given import nothing_said
from keraslint.pins.installed import read_installed
from keraslint.pins.interface import ReadResult, Role, joined
from keraslint.pins.keras_releases import KerasReleases, Skipped
from keraslint.pins.registry import OWN, SOURCES
from keraslint.pins.sources.locks import UV_LOCK
from keraslint.pins.sources.pyproject import SCRIPT, is_member
from keraslint.profile import timed


@dataclass(frozen=True, slots=True)
class ProjectReleases:
    """The releases for one checked file.

    skipped: the files and lines that could not be read. files: the files read, in order.
    """

    releases: KerasReleases
    skipped: tuple[Skipped, ...] = ()
    files: tuple[str, ...] = ()


def project_releases(path: Path, *, root: Path | None = None) -> ProjectReleases:
    """The Keras releases that the project of one file or folder allows; see PinReader for many."""
    return PinReader(root=root).releases(path)


def environment_releases(python: Path) -> ProjectReleases:
    """The release that is installed for an interpreter or in an environment's folder; none of its code is run.

    If neither Keras nor TensorFlow is installed, the strength is "none" and the evidence says so. Raises ValueError
    if there is no environment.
    """
    read, folders = read_installed(python)
    statements = tuple(
        Statement(file.as_posix(), condition, Role.LOCKS) for file, found in read for condition in found.conditions
    )
    missing = () if read else (Evidence(python.as_posix(), 0, "neither Keras nor TensorFlow is installed"),)
    return ProjectReleases(
        combine([statements], (), "") or replace(nothing_said(), evidence=missing),
        tuple(skip for _, found in read for skip in found.skipped),
        tuple(folder.as_posix() for folder in folders),
    )


class PinReader:
    """Finds the releases for the files of one run; each folder and each dependency file is read once.

    root: the folder above which nothing is read; by default the nearest folder upward with a ``.git``, else the file
    system's root. here: the folder below which file names in results are relative; by default the current folder.
    read: returns the text of a file, or raises Unreadable; the disk by default.
    """

    def __init__(
        self,
        *,
        root: Path | None = None,
        here: Path | None = None,
        read: Callable[[Path], str] | None = None,
    ) -> None:
        self._root = absolute(root) if root is not None else None
        self._files = FileReader(here, read, self._root)
        self._folders: dict[Path, tuple[tuple[Gathered, ...], tuple[Skipped, ...]]] = {}
        self._answers: dict[Path, ProjectReleases] = {}
        self._last: tuple[tuple[Path, str], ProjectReleases] | None = None  # one file is asked about several times

    def releases(self, path: Path, text: str | None = None) -> ProjectReleases:
        """The releases for a file or a folder, which need not exist.

        ``text`` is the content of a Python file; without it the file is read. Dependencies that a script declares for
        itself (PEP 723) win over those of its project.
        """
        if text is None:
            return self._releases(absolute(path), None)
        if self._last is None or self._last[0] != (path, text):
            self._last = (path, text), self._releases(absolute(path), text)
        return self._last[1]

    def _releases(self, path: Path, text: str | None) -> ProjectReleases:
        is_folder = disk.is_folder(path)
        with timed("releases of the project"):
            answer = self._of_folder(path) if is_folder else self._of_file(path, text)
        said = {(item.filename, item.row) for item in answer.releases.evidence}
        unread = tuple(item for item in answer.skipped if item.pin and (item.filename, item.row) not in said)
        legacy = self._legacy(path if is_folder else path.parent)
        if not unread and not legacy:
            return answer
        return replace(answer, releases=replace(answer.releases, unread=unread, legacy=legacy))

    def _of_file(self, path: Path, text: str | None) -> ProjectReleases:
        name = self._files.name(path)
        if text is None and path.suffix not in PYTHON_SUFFIXES:
            return self._of_folder(path.parent)
        text = None if text is None else plain(text)
        parts = [self._files.read(path, source) if text is None else source.read(name, text) for source in OWN]
        script, installs = (ReadResult() if isinstance(part, Unreadable) else part for part in parts)
        found = joined((script, installs))
        if script.conditions or not all(item.bare for item in installs.conditions):
            return self._of_script(path, name, found)
        project = self._of_folder(path.parent)
        if found.conditions and project.releases.strength == "none":
            return self._of_script(path, name, found)
        return replace(project, skipped=found.skipped + project.skipped)

    def files_of_project(self, path: Path) -> tuple[Gathered, ...]:
        """The files of the project that a dependency file belongs to; for a script, or its lock, the script."""
        path = absolute(path)
        script = path.with_suffix("") if path.name.endswith((".py.lock", ".pyw.lock")) else path
        if script.suffix in PYTHON_SUFFIXES and script.name != "setup.py":
            return tuple(self._files.gather(script, source) for source in OWN)
        return self._gathered(self._project_folder(path))[0]

    def newest(self, path: Path) -> Version | None:
        """The release that a fresh install of a dependency file's project chooses, None for a Keras 2."""
        path = absolute(path)
        is_script = path.suffix in PYTHON_SUFFIXES and path.name != "setup.py"
        answer = self._of_file(path, None) if is_script else self._of_folder(self._project_folder(path))
        return answer.releases.newest

    def _project_folder(self, path: Path) -> Path:
        folder = path.parent
        if folder.name == "workflows" and folder.parent.name == ".github":
            return folder.parent.parent
        if path.name not in self._files.names(folder)[0] or not self._gathered(folder)[0]:
            return folder.parent
        return folder

    def _legacy(self, folder: Path) -> bool:
        """Return True if a file of the nearest project, or of a folder below it, makes ``tf.keras`` Keras 2."""
        for current in (folder, *folder.parents):
            gathered, _ = self._gathered(current)
            said = [item.legacy for item in gathered if item.legacy is not None]
            if said or self._is_root(current) or any(item.statements for item in gathered):
                return any(said)
        return False

    def _of_script(self, path: Path, name: str, found: ReadResult) -> ProjectReleases:
        """The releases that a script allows by itself, with the lock that uv may have written for it."""
        own = Gathered(
            path,
            SCRIPT,
            tuple(Statement(name, condition) for condition in found.conditions),
            found.skipped,
            (path,),
            found.python,
            runtime=found.runtime,
        )
        lock = path.with_name(f"{path.name}.lock")
        locks = [self._files.gather(lock, UV_LOCK)] if disk.is_file(lock) else []
        return self._combined([*locks, own], ())

    def _of_folder(self, folder: Path) -> ProjectReleases:
        below: list[tuple[Path, ProjectReleases]] = []
        answer: ProjectReleases | None = None
        for current in (folder, *folder.parents):
            if (answer := self._answers.get(current)) is not None:
                break
            project = self._project(current)
            if project.releases.strength != "none" or self._is_root(current):
                answer = self._answers[current] = project
                break
            below.append((current, project))
        if answer is None:
            answer = ProjectReleases(nothing_said())
        for current, project in reversed(below):
            answer = replace(answer, skipped=project.skipped + answer.skipped, files=project.files + answer.files)
            self._answers[current] = answer
        return answer

    def _is_root(self, folder: Path) -> bool:
        if self._root is not None:
            return folder == self._root
        return disk.exists(folder / ".git")

    def _project(self, folder: Path) -> ProjectReleases:
        """The releases that the files of one folder allow together; strength "none" if they name no Keras."""
        gathered, skipped = self._gathered(folder)
        speaks = any(item.statements for item in gathered)
        if speaks and not any(item.source.role is Role.LOCKS and item.statements for item in gathered):
            gathered = (*gathered, *self._workspace_locks(folder))
        return self._combined(gathered, skipped)

    def _gathered(self, folder: Path) -> tuple[tuple[Gathered, ...], tuple[Skipped, ...]]:
        if folder not in self._folders:
            names, skipped = self._files.names(folder)
            gathered = tuple(
                self._files.gather(folder / name, source) for name in names for source in SOURCES if source.claims(name)
            )
            self._folders[folder] = (gathered, skipped)
        return self._folders[folder]

    def _workspace_locks(self, folder: Path) -> list[Gathered]:
        """The locks of the nearest folder above whose workspace has this one among its members."""
        if self._is_root(folder):
            return []
        for above in folder.parents:
            gathered, _ = self._gathered(above)
            relative = folder.relative_to(above).as_posix()
            if any(is_member(relative, item.members) for item in gathered):
                return [item for item in gathered if item.source.role is Role.LOCKS]
            if self._is_root(above):
                break
        return []

    def _combined(self, gathered: Sequence[Gathered], skipped: Sequence[Skipped]) -> ProjectReleases:
        included = {path for item in gathered for path in item.files if path != item.path}
        python = next((item.python for item in gathered if item.python), "")
        constraints = [
            statement
            for item in gathered
            if item.source.role is Role.CONSTRAINS and item.path not in included
            for statement in item.statements
        ]
        installable = [item.statements for item in gathered if item.source.role is not Role.CONSTRAINS]
        try:
            with within_own(MAX_PINS_SECONDS):
                releases = combine(installable, constraints, python)
        except OutOfTime:
            releases = None
            skipped = [*skipped, Skipped(self._files.name(gathered[0].path), 0, "the versions are too many", True)]
        files = dict.fromkeys(path for item in gathered for path in item.files)
        return ProjectReleases(
            replace(releases or nothing_said(), runtime=any(item.runtime for item in gathered)),
            tuple(dict.fromkeys((*skipped, *(skip for item in gathered for skip in item.skipped)))),
            tuple(self._files.name(path) for path in files),
        )
