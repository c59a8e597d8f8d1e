"""Modules whose run no other module can tell: they are run when something of them is asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set
from functools import lru_cache
from pathlib import Path

from keraslint.analysis.import_graph import ImportGraph
from keraslint.syntax import annotations_of, walk

_QUIET_DECORATORS = frozenset(
    "property setter getter staticmethod classmethod abstractmethod wraps lru_cache cache cached_property dataclass"
    " overload contextmanager override final".split()
)
_LOUD_PACKAGES = frozenset(
    "keras tensorflow tf_keras sys importlib atexit warnings signal threading asyncio ctypes gc builtins".split()
)
_LOUD_NAMES = frozenset("environ putenv globals locals vars exec eval setattr delattr super print open input".split())
_AS_DICT = ("globals", "vars", "locals", "__dict__")
_PLAIN_BASES = frozenset("object ABC Protocol NamedTuple TypedDict Exception ValueError Generic".split())
_STATEMENTS = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global)


@lru_cache(maxsize=1024)
def used_names(tree: ast.Module) -> frozenset[str]:
    """The names and attributes that a module uses."""
    names: set[str] = set()
    for node in walk(tree):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
    return frozenset(names)


def are_quiet(graph: ImportGraph, start: Path, place: Path) -> bool:
    """Return True if neither a module nor those that it imports change or number anything outside when they run.

    start: the program that they are a part of.
    """
    key = (start.parent, place)
    if key not in graph.all_quiet:
        modules = (place, *graph.imported_by(start, place))
        graph.all_quiet[key] = all(_is_quiet(graph, start, module) for module in modules)
    return graph.all_quiet[key]


def may_use(tree: ast.Module, names: Set[str]) -> bool:
    """Return True if a module uses one of these names, or reads names as a dict."""
    return not used_names(tree).isdisjoint((*names, *_AS_DICT))


def binds(tree: ast.Module, names: Set[str]) -> bool:
    """Return True if a module may bind one of these names, or read it."""
    return not (used_names(tree).isdisjoint(names) and bound_names(tree).isdisjoint(names))


def last_name(module: Path) -> str:
    """The name under which a package holds a module."""
    return module.parent.name if module.name == "__init__.py" else module.stem


def loaded_names(graph: ImportGraph, start: Path, place: Path) -> frozenset[str]:
    """The last names of the modules that are loaded with one, in a program that starts in ``start``."""
    key = (start.parent, place)
    if key not in graph.loaded_names:
        graph.loaded_names[key] = frozenset(map(last_name, (place, *graph.imported_by(start, place))))
    return graph.loaded_names[key]


@lru_cache(maxsize=1024)
def bound_names(tree: ast.Module) -> frozenset[str]:
    """The names that definitions and imports of a module bind."""
    names: set[str] = set()
    for node in walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    return frozenset(names)


def _is_quiet(graph: ImportGraph, start: Path, place: Path) -> bool:
    if place not in graph.quiet:
        document = graph.project.document(place)
        graph.quiet[place] = document is not None and _Reader(graph, start, document.tree).is_quiet()
    return graph.quiet[place]


class _Reader:
    """Reads the statements of a module that run when it is imported."""

    def __init__(self, graph: ImportGraph, start: Path, tree: ast.Module) -> None:
        self.tree = tree
        self.loud = set(_LOUD_NAMES)
        for node in walk(tree):
            self.loud.update(self._loud_names(graph, start, node))

    def is_quiet(self) -> bool:
        """Return True if nothing in the module can be told from outside, as far as its text shows."""
        return all(map(self._passes, self.tree.body))

    def _loud_names(self, graph: ImportGraph, start: Path, node: ast.AST) -> Iterator[str]:
        """Yield the names that a statement gives to code of the program, or to what may act on it."""
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if self._is_loud(graph, start, alias.name):
                    yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and (node.level or self._is_loud(graph, start, node.module or "")):
            yield from (alias.asname or alias.name for alias in node.names)

    def _is_loud(self, graph: ImportGraph, start: Path, module: str) -> bool:
        package = module.partition(".")[0]
        return package in _LOUD_PACKAGES or "keras" in package or graph.project.find(start, package) is not None

    def _passes(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.ImportFrom):
            return all(alias.name != "*" for alias in node.names)
        if isinstance(node, _STATEMENTS):
            return True
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]
            return self._decorated(node.decorator_list) and self._all_plain([*defaults, *annotations_of(node)])
        if isinstance(node, ast.ClassDef):
            return self._class_passes(node)
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            values = [node.value, node.annotation if isinstance(node, ast.AnnAssign) else None]
            return all(isinstance(target, ast.Name) for target in targets) and self._all_plain(values)
        if isinstance(node, ast.Expr):
            return self._all_plain([node.value])
        if isinstance(node, ast.If):
            return self._all_plain([node.test]) and all(map(self._passes, (*node.body, *node.orelse)))
        return False

    def _class_passes(self, node: ast.ClassDef) -> bool:
        """Return True for a class without hooks that run when it is made, or that its base may have."""
        bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
        from_keras = ("Model", "Layer", "Callback", "Loss", "Metric", "Sequence", "PyDataset", "Initializer")
        known = all(base in _PLAIN_BASES or base in from_keras for base in bases)
        return (
            known and not node.keywords and self._decorated(node.decorator_list) and all(map(self._passes, node.body))
        )

    def _decorated(self, decorators: Iterable[ast.expr]) -> bool:
        names = [node.func if isinstance(node, ast.Call) else node for node in decorators]
        return all(getattr(node, "attr", getattr(node, "id", "")) in _QUIET_DECORATORS for node in names)

    def _all_plain(self, values: Iterable[ast.expr | None]) -> bool:
        """Return True if no code of the program runs for these expressions, and nothing of it is handed out."""
        for value in values:
            for node in walk(value) if value is not None else ():
                if isinstance(node, ast.Call) and not self._is_harmless(node):
                    return False
                if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
                    return False
        return True

    def _is_harmless(self, call: ast.Call) -> bool:
        for node in walk(call):
            if isinstance(node, ast.Lambda) or getattr(node, "id", getattr(node, "attr", None)) in self.loud:
                return False
        return True
