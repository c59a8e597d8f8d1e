"""From a checked file to the Keras its project admits: which files are read, and whose word counts."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from keraslint.behaviour.releases import MEASURED
from keraslint.diagnostic import Evidence
from keraslint.pins.admission import admits_keras_2, as_text, is_exact, measured_in
from keraslint.pins.combine import Installable, Statement, combine
from keraslint.pins.conda import CondaEnvironment, CondaExplicit
from keraslint.pins.dockerfile import Dockerfile
from keraslint.pins.listed_locks import ListedLock
from keraslint.pins.pipenv import Pipfile, PipfileLock
from keraslint.pins.pixi import Pixi
from keraslint.pins.pyproject import Pyproject
from keraslint.pins.reading import Unreadable, read_text
from keraslint.pins.releases import KerasReleases, Skipped
from keraslint.pins.requirement import RequirementsFile
from keraslint.pins.setup_cfg import SetupCfg
from keraslint.pins.setup_py import SetupPy
from keraslint.pins.source import Found, Source
from keraslint.pins.tensorflow import TensorflowTable
from keraslint.pins.toml_locks import TOML_LOCKS

_INCLUDED = RequirementsFile()
SOURCES: tuple[Source, ...] = (
    *TOML_LOCKS,
    PipfileLock(),
    CondaExplicit(),
    ListedLock("conda-lock.yml"),
    ListedLock("pixi.lock"),
    Pyproject(),
    Pipfile(),
    Pixi(),
    CondaEnvironment(),
    SetupCfg(),
    SetupPy(),
    Dockerfile(),
    RequirementsFile(),
    RequirementsFile(constrains=True),
)
# Subfolders in which a project keeps dependency files.
_SUBFOLDERS = ("requirements", "requirement", "reqs", "constraints")


@dataclass(frozen=True, slots=True)
class ProjectReleases:
    """The releases for one checked file.

    skipped: what could not be read or told on the way. files: the files read, in order.
    """

    releases: KerasReleases
    skipped: tuple[Skipped, ...] = ()
    files: tuple[str, ...] = ()


def project_releases(path: Path, *, root: Path | None = None) -> ProjectReleases:
    """The Keras releases that the project of one file or folder admits; see PinReader for many."""
    return PinReader(root=root).releases(path)


def nothing_said() -> KerasReleases:
    """What a project admits that names neither Keras nor TensorFlow: anything."""
    return KerasReleases("", MEASURED, admits_others=True, newest=MEASURED[-1], strength="none")


def releases_from_option(text: str) -> KerasReleases:
    """The releases that ``--keras-version`` names: "3.5.0", or specifiers such as ">=3.4,<3.7".

    Raises ValueError with one line on what is wrong.
    """
    specifiers = (_specifiers_of_option(text.strip()),)
    versions = measured_in(specifiers)
    others = admits_keras_2(specifiers)
    if not versions and not others:
        raise ValueError(f"no Keras release matches {text!r}")
    return KerasReleases(
        admitted=as_text(specifiers),
        versions=versions,
        admits_others=others,
        newest=versions[-1] if versions else None,
        strength="exact" if is_exact(specifiers[0]) else "range",
        evidence=(Evidence("--keras-version", 0, text),),
    )


def _specifiers_of_option(text: str) -> SpecifierSet:
    try:
        return SpecifierSet(f"=={Version(text)}")
    except InvalidVersion:
        pass
    try:
        specifiers = SpecifierSet(text)
    except InvalidSpecifier as error:
        raise ValueError(f"{text!r} is neither a version nor a version specifier") from error
    if not specifiers:
        raise ValueError("an empty text names no Keras version")
    return specifiers


class PinReader:
    """Answers for the files of one run; each folder and each dependency file is read once.

    root: the folder above which nothing is read; without one, the nearest folder upward with a ``.git``, else
    the file system's root. File names are given below the current folder as relative, else as absolute.
    """

    def __init__(self, *, root: Path | None = None, sources: tuple[Source, ...] = SOURCES) -> None:
        self._root = _absolute(root) if root is not None else None
        self._sources = sources
        self._table = TensorflowTable()
        self._here = Path.cwd()
        self._found: dict[tuple[Path, type[Source]], Found | Unreadable] = {}
        self._answers: dict[Path, ProjectReleases] = {}

    def releases(self, path: Path) -> ProjectReleases:
        """The releases for a file or a folder, which need not exist."""
        path = _absolute(path)
        folder = path if os.path.isdir(path) else path.parent  # noqa: PTH112  Path.is_dir raises
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
        return os.path.lexists(folder / ".git")

    def _project(self, folder: Path) -> ProjectReleases:
        """What the files of one folder say together; strength "none" where they say nothing."""
        skipped: list[Skipped] = []
        gathered = [
            _Gathered(source, *self._gather(path, source))
            for name in self._names(folder, skipped)
            for path in (folder / name,)
            for source in self._sources
            if source.claims(name)
        ]
        included = {path for item in gathered for path in item.files[1:]}
        python = next((item.python for item in gathered if item.python), "")
        installable = [Installable(item.statements) for item in gathered if not item.source.constrains]
        constraints = [
            statement
            for item in gathered
            if item.source.constrains and item.files[0] not in included
            for statement in item.statements
        ]
        skipped += (skip for item in gathered for skip in item.skipped)
        files = dict.fromkeys(path for item in gathered for path in item.files)
        return ProjectReleases(
            combine(installable, constraints, python, self._table) or nothing_said(),
            tuple(dict.fromkeys(skipped)),
            tuple(self._name(path) for path in files),
        )

    def _names(self, folder: Path, skipped: list[Skipped]) -> list[str]:
        """The names of the files in a folder and in its subfolders for dependency files, sorted."""
        names = self._listed(folder, skipped)
        for subfolder in _SUBFOLDERS:
            if subfolder in names:
                names += (f"{subfolder}/{name}" for name in self._listed(folder / subfolder, skipped))
        return sorted(names, key=_base_before_variants)

    def _listed(self, folder: Path, skipped: list[Skipped]) -> list[str]:
        try:
            return os.listdir(folder)  # noqa: PTH208  only the names are of use
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            skipped.append(Skipped(self._name(folder), 0, f"can't be listed: {error.strerror}"))
            return []

    def _gather(
        self, path: Path, source: Source
    ) -> tuple[tuple[Statement, ...], tuple[Skipped, ...], tuple[Path, ...], str]:
        """What a file says with all that it includes: statements, skipped, files in order, python."""
        statements: list[Statement] = []
        skipped: list[Skipped] = []
        files: list[Path] = []
        python = ""
        waiting = [_Wanted(path, source, "", None)]
        while waiting:
            wanted = waiting.pop()
            if wanted.path in files:
                continue
            name = self._name(wanted.path)
            found = self._read(wanted.path, name, wanted.source)
            if isinstance(found, Unreadable):
                skipped.append(wanted.asked_by(name, str(found)))
                continue
            files.append(wanted.path)
            python = python or found.python
            skipped += found.skipped
            for condition in found.conditions:
                group = condition.group or wanted.group
                statements.append(Statement(name, replace(condition, group=group), wanted.source.locks))
            for include in reversed(found.includes):
                asked = Skipped(name, include.row, "")
                if "://" in include.path:
                    skipped.append(replace(asked, reason=f"{include.path} is not on this machine"))
                    continue
                target = _absolute(wanted.path.parent / include.path)
                waiting.append(_Wanted(target, _INCLUDED, include.group or wanted.group, asked))
        return tuple(statements), tuple(skipped), tuple(files) or (path,), python

    def _read(self, path: Path, name: str, source: Source) -> Found | Unreadable:
        key = (path, type(source))
        if key not in self._found:
            try:
                self._found[key] = source.read(name, read_text(path))
            except Unreadable as error:
                self._found[key] = error
        return self._found[key]

    def _name(self, path: Path) -> str:
        try:
            return path.relative_to(self._here).as_posix()
        except ValueError:
            return path.as_posix()


def _base_before_variants(name: str) -> tuple[str, str]:
    """Sorts requirements.txt before requirements-dev.txt."""
    stem, _, suffix = name.rpartition(".")
    return stem, suffix


@dataclass(frozen=True, slots=True)
class _Gathered:
    source: Source
    statements: tuple[Statement, ...]
    skipped: tuple[Skipped, ...]
    files: tuple[Path, ...]
    python: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file to read; ``asked`` is the line that includes it, None for one found by its name."""

    path: Path
    source: Source
    group: str
    asked: Skipped | None

    def asked_by(self, name: str, reason: str) -> Skipped:
        """The Skipped for a file that can't be read: at the line that asks for it."""
        if self.asked is None:
            return Skipped(name, 0, reason)
        return replace(self.asked, reason=f"{name} {reason}")


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  a link stays the name that the user knows
