"""Imports: running the project's other modules where the program imports them."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from keraslint.analysis.core.bounds import MAX_MODULES, MAX_STEPS_ALONE
from keraslint.analysis.core.machine import Jumps, OutOfBounds
from keraslint.analysis.core.state import Scope
from keraslint.analysis.core.values import Const, Ref, Unknown, Value
from keraslint.analysis.interpreter.calls import Calls
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.modules import Project, module_below, package_folder
from keraslint.analysis.runtime_copy import is_copy


class Imports(Calls):
    """Imports modules. A module of the project is a Ref to its scope, any other an Api."""

    def __init__(self, project: Project | None) -> None:
        super().__init__()
        self.project = project
        self.start = Path()
        self._modules: dict[Path, int] = {}
        self._failed: set[Path] = set()

    def import_module(self, name: str, level: int) -> Value:
        """The module that an import statement names."""
        if level:
            return self._relative(name, level)
        api = self.named(name)
        if self.project is None or is_keras(api) or name.partition(".")[0] in sys.stdlib_module_names:
            return api
        first, *rest = name.split(".")
        place = self.project.find(self.start, first)
        if place is None:
            return api
        module = self._load(place, first)
        for part in rest:
            module = self.submodule(module, part) or Unknown(f"'{name}' is not in this project", ("import", name))
        return module

    def _relative(self, name: str, level: int) -> Value:
        here = Path(self.module)
        unknown = Unknown(f"imported from {'.' * level}{name}, which is not in view", ("import", level, name))
        if self.project is None or not here.is_absolute():
            return unknown
        place = module_below(package_folder(here, level), name)
        if place is None and not name:
            place = package_folder(here, level)
        return self._load(place, name) if place is not None else unknown

    def submodule(self, module: Value, name: str) -> Value | None:
        """A module inside a package of the project; None where there is none."""
        scope = self.look(module)
        if self.project is None or not isinstance(scope, Scope):
            return None
        path = Path(scope.module)
        if path.name != "__init__.py" and path.suffix == ".py":
            return None
        place = module_below(path.parent if path.name == "__init__.py" else path, name)
        return self._load(place, name) if place is not None else None

    def _load(self, place: Path, name: str) -> Value:
        """Run a module, once: its scope. What it defines so far where it is being imported already."""
        number = self._modules.get(place)
        if number is not None and number in self.state.objects:
            return Ref(number)
        if place in self._failed or len(self._modules) >= MAX_MODULES or self.project is None:
            return Unknown(f"'{name}' is a module that is not followed", ("module", str(place)))
        scope = Scope(None, str(place), {"__name__": Const(name)}, kind="module", captured=True)
        ref = self.new(scope)
        self._modules[place] = ref.number
        if place.suffix != ".py":
            return ref
        document = self.project.document(place)
        if document is not None and is_copy(document):
            self._modules.pop(place)
            return self.named("keraslint.runtime")
        if document is None or not self._run_module(document.tree.body, ref.number):
            self._failed.add(place)
            self._modules.pop(place)
            return Unknown(f"'{name}' is a module that can't be followed", ("module", str(place)))
        return ref

    def _run_module(self, body: list[ast.stmt], number: int) -> bool:
        """Whether a module could be run to its end within a bound of its own."""
        outer = (self.scope, self.jumps, self.limit, self.silent, self.unsure, self.depth, dict(self.entered))
        first, ways = self.steps, (self.way, self.unsure_before)
        self.scope, self.jumps, self.limit = number, Jumps(), self.steps + MAX_STEPS_ALONE
        try:
            self.execute(body)
            ended = not self.state.dead
        except (OutOfBounds, RecursionError):
            ended = False
        self.scope, self.jumps, limit, self.silent, self.unsure, self.depth, self.entered = outer
        self.limit, (self.way, self.unsure_before) = limit + self.steps - first, ways
        if self.state.dead:
            self.state = self.state.fork()
            self.state.dead = False
        return ended
