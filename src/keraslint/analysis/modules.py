"""The modules of the project around a checked file, found by import; each file is read and parsed once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from keraslint.analysis.core.bounds import MAX_MODULE_BYTES
from keraslint.document import Document, UndecodableSource
from keraslint.files import disk
from keraslint.files.regular import read_bytes

_ROOT_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg", "requirements.txt")
_MOST_FOLDERS = 500
_WITHOUT_MODULES = frozenset({"__pycache__", "node_modules", "site-packages"})
_MOST_ROOTS = 8


@dataclass
class Project:
    """Finds and reads modules, and keeps what it has read for a whole run.

    Imports lead to files below the folders that a run of the program would have on its path: the folder of the
    checked file, the folder that holds its package, the project's root, and a ``src`` folder in any of them.
    graph: what its modules import, once that was asked for.
    """

    graph: object = field(default=None, compare=False, repr=False)
    _documents: dict[Path, Document | None] = field(default_factory=dict)
    _roots: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    _folders: dict[Path, tuple[Path, ...] | None] = field(default_factory=dict)
    _found: dict[tuple[Path, str], Path | None] = field(default_factory=dict)

    def find(self, start: Path, name: str) -> Path | None:
        """The file or package folder that ``import name`` finds in a program that starts in ``start``."""
        key = (start.parent, name)
        if key not in self._found:
            places = (module_below(root, name) for root in self._roots_of(start.parent))
            self._found[key] = next((place for place in places if place is not None), None)
        return self._found[key]

    def has_namesake(self, start: Path, name: str, place: Path) -> bool:
        """Return True if a folder of the project has another module of this name, or there are too many folders."""
        folders = self._folders_around(start.parent)
        return folders is None or any(module_below(folder, name) not in (None, place) for folder in folders)

    def _folders_around(self, start: Path) -> tuple[Path, ...] | None:
        """The folders of a project that hold modules, as far as it has not too many of them.

        Without a mark of the project's root these are the folder and those in it.
        """
        if start not in self._folders:
            above = [root for root in self._roots_of(start) if any(disk.exists(root / mark) for mark in _ROOT_MARKS)]
            self._folders[start] = _folders_in(min(above, key=lambda root: len(root.parts), default=start))
        return self._folders[start]

    def document(self, path: Path) -> Document | None:
        """The file as a document that parses; None where it can't be read or parsed, or is too large to follow."""
        if path not in self._documents:
            self._documents[path] = _read(path)
        return self._documents[path]

    def _roots_of(self, folder: Path) -> tuple[Path, ...]:
        if folder not in self._roots:
            self._roots[folder] = _roots(folder)
        return self._roots[folder]


def module_below(folder: Path, name: str) -> Path | None:
    """The module ``name`` (dotted, or empty for the folder itself) below a folder: a file, or a package's folder."""
    target = folder.joinpath(*name.split(".")) if name else folder
    source = target.with_name(target.name + ".py")
    if disk.is_folder(target):
        if disk.is_file(target / "__init__.py"):
            return target / "__init__.py"
        if name and disk.is_file(source):
            return source
        return target if name and _holds_source(target) else None
    return source if name and disk.is_file(source) else None


def _folders_in(root: Path) -> tuple[Path, ...] | None:
    """A folder and all in it that may hold modules of the project; None if they are too many."""
    found, waiting = [], [root]
    while waiting:
        folder = waiting.pop()
        found.append(folder)
        if len(found) > _MOST_FOLDERS:
            return None
        try:
            inner = [each for each in disk.children(folder) if disk.is_folder(each)]
        except OSError:
            continue
        waiting += [
            each
            for each in inner
            if not each.name.startswith(".")
            and each.name not in _WITHOUT_MODULES
            and not disk.exists(each / "pyvenv.cfg")
        ]
    return tuple(found)


def _holds_source(folder: Path) -> bool:
    try:
        return any(name.endswith(".py") for name in disk.names_in(folder))
    except OSError:
        return False


def package_folder(module: Path, level: int) -> Path:
    """The folder that ``level`` dots of a relative import in this module stand for."""
    folder = module.parent if module.suffix == ".py" else module
    return folder.parents[level - 2] if level > 1 and len(folder.parents) > level - 2 else folder


def _roots(folder: Path) -> tuple[Path, ...]:
    found: dict[Path, None] = {folder: None}
    current = folder
    while disk.is_file(current / "__init__.py") and current.parent != current:
        current = current.parent
    found[current] = None
    for parent in (current, *current.parents)[:_MOST_ROOTS]:
        found[parent] = None
        if disk.is_folder(parent / "src"):
            found[parent / "src"] = None
        if any(disk.exists(parent / mark) for mark in _ROOT_MARKS):
            break
    else:
        found = dict.fromkeys((folder, current, current.parent))  # not in a project: nothing further up
    return tuple(found)


def _read(path: Path) -> Document | None:
    try:
        document = Document.from_bytes(str(path), read_bytes(path, MAX_MODULE_BYTES))
        document.tree  # noqa: B018 - parsed here, so that a file that does not parse is not followed
    except (OSError, UndecodableSource, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return document
