"""Copies of keraslint's runtime in a project: how they are recognised, and imported."""

from __future__ import annotations

import ast
from pathlib import Path

from keraslint.analysis.facts import RuntimeImport
from keraslint.analysis.modules import Project, module_below
from keraslint.document import Document
from keraslint.files import disk

MARK = "# keraslint.runtime "
"""The beginning of the first line of a copy."""

MODULE = "keraslint_runtime"
"""The default name of a copy."""

_MOST_FOLDERS = 50


def is_copy(document: Document) -> bool:
    """True if a module is a copy of the runtime."""
    return document.text.startswith(MARK)


def carried_runtime(project: Project | None, path: str, tree: ast.Module) -> RuntimeImport | None:
    """The import by which the file at ``path``, with this tree, reaches a copy in its project; None without a copy."""
    place = _copy_near(project, Path(path)) if project is not None else None
    if project is None or place is None:
        return None
    package = _package_of(Path(path))
    relative = any(isinstance(one, ast.ImportFrom) and one.level for one in tree.body)
    if package is None:
        if relative and place.parent == Path(path).parent:
            return RuntimeImport(f".{place.stem}")
        name = _from_proven_root(project, Path(path), tree, place)
        same_folder = place.parent == Path(path).parent and not relative
        return RuntimeImport(name or place.stem, certain=name is not None or same_folder)
    if package not in place.parents:
        return RuntimeImport(place.stem, certain=False)
    if relative:
        return RuntimeImport(_relative(Path(path).parent, place))
    name = _dotted(package.parent, place)
    return RuntimeImport(name, certain=package.name in _imported(tree))


def _copy_near(project: Project, path: Path) -> Path | None:
    """The copy that the file would import by its default name, else one in a folder of its package."""
    found = [project.find(path, MODULE)]
    package, folder = _package_of(path), path.parent
    while package is not None and folder != package.parent:
        found += [module_below(each, MODULE) for each in (folder, *_packages_in(folder))]
        folder = folder.parent
    for place in found:
        document = project.document(place) if place is not None and place.suffix == ".py" else None
        if document is not None and is_copy(document):
            return place
    return None


def _packages_in(folder: Path) -> list[Path]:
    try:
        below = sorted(each for each in disk.children(folder) if disk.is_folder(each))[:_MOST_FOLDERS]
    except OSError:
        return []
    return [each for each in below if disk.is_file(each / "__init__.py")]


def _package_of(path: Path) -> Path | None:
    """The folder of the outermost package that a file belongs to; None for a file that is in none."""
    folder, found = path.parent, None
    while disk.is_file(folder / "__init__.py") and folder.parent != folder:
        folder, found = folder.parent, folder
    return found


def _from_proven_root(project: Project, path: Path, tree: ast.Module, place: Path) -> str | None:
    """The name of the copy below a folder in which the file's own imports find modules; None where none holds both."""
    for top in _imported(tree):
        found = project.find(path, top)
        if found is None:
            continue
        root = found.parent.parent if found.name == "__init__.py" else found.parent
        if root == place.parent or (root in place.parents and root / top in place.parents):
            return _dotted(root, place)
    return None


def _imported(tree: ast.Module) -> list[str]:
    """The first names of the modules that a file imports at its top level, but for relative imports."""
    names = [alias.name for one in tree.body if isinstance(one, ast.Import) for alias in one.names]
    names += [one.module for one in tree.body if isinstance(one, ast.ImportFrom) and one.module and not one.level]
    return list(dict.fromkeys(name.partition(".")[0] for name in names))


def _dotted(root: Path, place: Path) -> str:
    return ".".join(place.relative_to(root).with_suffix("").parts)


def _relative(folder: Path, place: Path) -> str:
    """The name of a module in the same package, as a relative import in a folder writes it."""
    dots, above = ".", folder
    while above not in place.parents:
        dots, above = f"{dots}.", above.parent
    return f"{dots}{_dotted(above, place)}"
