"""The modules that a file imports from its project, by a look at its bytes alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from keraslint.analysis.core.bounds import MAX_IMPORTED, MAX_MODULE_BYTES
from keraslint.analysis.modules import Project, module_below, package_folder
from keraslint.analysis.prefilter import WORDS, may_compile, mentions_keras
from keraslint.files.regular import read_bytes

_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*)([ \t]*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]*)|import[ \t]+([^\n#;]*))",
    re.MULTILINE,
)
_NAME = re.compile(rb"(?:^|[,(])\s*([\w.]+)", re.MULTILINE)
_BY_NAME = re.compile(rb"\b(?:import_module|__import__)\(\s*[\"'](?:tf_)?(?:keras|tensorflow)[.\"']")

_Import: TypeAlias = tuple[int, str, tuple[str, ...]]
"""The dots before the name of a module, its name, and what is imported from it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the bytes of a module show.

    words: those of ``WORDS`` in it. packages: the packages that it imports from and that may be, or bring, Keras.
    keras: True if it imports Keras by another way.
    """

    imports: tuple[_Import, ...] = ()
    words: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    keras: bool = False


@dataclass
class ImportGraph:
    """Finds what the files of a project import; the bytes of each file are read once.

    quiet: True for a module whose own run can't be told from outside. all_quiet: the same with all that it imports, by
    the folder in which the program starts. loaded_names: the last names of these modules, in the same way.
    unsaved: returns the text of a file that an editor has open.
    """

    project: Project
    unsaved: Callable[[Path], str | None] = lambda _: None
    quiet: dict[Path, bool] = field(default_factory=dict)
    all_quiet: dict[tuple[Path, Path], bool] = field(default_factory=dict)
    loaded_names: dict[tuple[Path, Path], frozenset[str]] = field(default_factory=dict)
    _seen: dict[Path, _Seen] = field(default_factory=dict)
    _files: dict[tuple[Path, str, tuple[str, ...]], tuple[Path, ...]] = field(default_factory=dict)
    _direct: dict[tuple[Path, Path], tuple[_Seen, tuple[Path, ...]]] = field(default_factory=dict)

    def words(self, path: Path, data: bytes) -> frozenset[str]:
        """Those of ``WORDS`` that stand in the modules of the project which a file imports; none without Keras.

        Once it has found that they compile something and make models it looks no further.
        """
        words, keras = frozenset[str](), self._imports_keras(path, _look(data))
        for module in self.imported(path, data):
            seen = self._look(module)
            words, keras = words | seen.words, keras or self._imports_keras(path, seen)
            if keras and "compile" in words and len(words) > 1:
                break
        return words if keras else frozenset()

    def _imports_keras(self, start: Path, seen: _Seen) -> bool:
        """Return True if a module may import Keras from outside of the project."""
        return seen.keras or any(self.project.find(start, package) is None for package in seen.packages)

    def imported(self, path: Path, data: bytes) -> Iterator[Path]:
        """Yield each module of the project that a file with this content imports, itself or by another one."""
        yield from self._reached(path, path, _look(data).imports)

    def imported_by(self, start: Path, module: Path) -> Iterator[Path]:
        """Yield each module that a module imports, itself or by another one, in a program that starts in ``start``."""
        yield from self._reached(start, module, self._look(module).imports)

    def places(self, start: Path, module: Path, statement: bytes) -> Iterator[Path]:
        """Yield the files that a statement in a module imports."""
        yield from self._places(start, module, _look(statement).imports)

    def _reached(self, start: Path, module: Path, imports: Iterable[_Import]) -> Iterator[Path]:
        known = {module}
        waiting = list(self._places(start, module, imports))
        while waiting and len(known) <= MAX_IMPORTED:
            place = waiting.pop()
            if place not in known:
                known.add(place)
                yield place
                waiting += [one for one in self._imports_of(start, place) if one not in known]

    def _imports_of(self, start: Path, module: Path) -> tuple[Path, ...]:
        """The files that a module imports, each once, in a program that starts in ``start``; the last comes first."""
        seen, key = self._look(module), (start.parent, module)
        known = self._direct.get(key)
        if known is None or known[0] is not seen:
            places = [*self._places(start, module, seen.imports)]
            known = self._direct[key] = (seen, tuple(reversed(dict.fromkeys(reversed(places)))))
        return known[1]

    def _look(self, path: Path) -> _Seen:
        if (text := self.unsaved(path)) is not None:
            return _look(text.encode("utf-8", "surrogatepass"))
        if path not in self._seen:
            try:
                self._seen[path] = _look(read_bytes(path, MAX_MODULE_BYTES))
            except OSError:
                self._seen[path] = _Seen()
        return self._seen[path]

    def _places(self, start: Path, module: Path, imports: Iterable[_Import]) -> Iterator[Path]:
        """Yield the files of the modules that ``module`` imports in a program that starts in ``start``."""
        for level, name, members in imports:
            first, _, rest = name.partition(".")
            place = package_folder(module, level) if level else self.project.find(start, first)
            if place is not None:
                key = (place, name if level else rest, members)
                if key not in self._files:
                    self._files[key] = tuple(_files(*key))
                yield from self._files[key]


def graph_of(project: Project) -> ImportGraph:
    """The imports of a project, the same for each call."""
    if not isinstance(project.graph, ImportGraph):
        project.graph = ImportGraph(project)
    return project.graph


def _files(place: Path | None, name: str, members: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of the modules that a dotted name and members stand for within a place."""
    for part in name.split(".") if name else ():
        yield from _file(place)
        place = _within(place, part)
    yield from _file(place)
    for member in members:
        yield from _file(_within(place, member))


def _file(place: Path | None) -> Iterator[Path]:
    if place is not None and place.suffix != ".py":
        place = module_below(place, "")
    if place is not None and place.suffix == ".py":
        yield place


def _within(place: Path | None, name: str) -> Path | None:
    """The module of a package, None where there is none."""
    if place is None or (place.suffix == ".py" and place.name != "__init__.py"):
        return None
    return module_below(place.parent if place.suffix == ".py" else place, name)


def _look(data: bytes) -> _Seen:
    words = {word for word in WORDS if word.encode() in data}
    if not may_compile(data):
        words.discard("compile")
    imports = tuple(each for match in _IMPORT.finditer(data) for each in _imports(*match.groups()))
    packages: set[str] = set()
    keras = False
    if mentions_keras(data):
        names = {name.partition(".")[0] for level, name, _ in imports if not level}
        packages = {name for name in names if "keras" in name or "tensorflow" in name}
        keras = any("keras" in members for *_, members in imports)
        keras |= _BY_NAME.search(data) is not None
    return _Seen(imports, frozenset(words), frozenset(packages), keras)


def _imports(dots: bytes | None, name: bytes | None, members: bytes | None, modules: bytes | None) -> Iterator[_Import]:
    if modules is not None:
        for module in _NAME.findall(modules):
            yield 0, module.decode("ascii", "replace"), ()
    elif name is not None and dots is not None and members is not None:
        names = tuple(member.decode("ascii", "replace") for member in _NAME.findall(members))
        yield len(dots), name.strip().decode("ascii", "replace"), names
