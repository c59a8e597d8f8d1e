"""Imports: the project's other modules are run where the program imports them."""

from __future__ import annotations

import ast
import sys
from functools import partial
from pathlib import Path

from keraslint.analysis.core.bounds import MAX_MODULES, MAX_STEPS_ALONE, KerasChanged, OutOfBounds
from keraslint.analysis.core.control import Jumps
from keraslint.analysis.core.effects import not_followed
from keraslint.analysis.core.forgetting import forget_everything
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import ClassObject, Scope
from keraslint.analysis.core.values import NONE, Api, Const, Function, Ref, Unknown, Value
from keraslint.analysis.import_graph import graph_of
from keraslint.analysis.interpreter.annotations import note_future
from keraslint.analysis.interpreter.attributes import outside_name
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.module_table import found, keeps_path
from keraslint.analysis.keras.names import is_keras, may_lack
from keraslint.analysis.modules import module_below, package_folder
from keraslint.analysis.quiet_modules import are_quiet, binds, last_name, loaded_names, may_use
from keraslint.analysis.runtime_copy import is_copy
from keraslint.files import disk


def run_import(m: Interpreter, node: ast.Import) -> None:
    """Run ``import a.b as c``."""
    for alias in node.names:
        module = import_module(m, alias.name, 0)
        top, *parts = alias.name.split(".")
        if not alias.asname or (parts and isinstance(module, (Ref, Unknown))):
            module = import_module(m, top, 0)
        for part in parts if alias.asname and m.look(module) is not None else ():
            module = m.attribute(module, part)  # an attribute of the package, which may be another object
        m.assign(alias.asname or top, module)


def run_import_from(m: Interpreter, node: ast.ImportFrom) -> None:
    """Run ``from a import b as c``, or note how to do so when a name is asked for that nothing in view uses."""
    note_future(m, node)
    if not _defer(m, node):
        _import_from(m, node)


def _defer(m: Interpreter, node: ast.ImportFrom) -> bool:
    """Return True if an import in another module is put off: its modules are quiet, and its names may not be used.

    They are run when such a name is looked up.
    """
    number, path = m.control.scope, Path(m.module)
    if m.project is None or m.module == m.main_module or m.control.scope != m.module_scope() or not path.is_absolute():
        return False
    names = {alias.asname or alias.name for alias in node.names}
    document = m.project.document(path)
    if document is None or "*" in names or may_use(m.tree, names) or may_use(document.tree, names):
        return False
    text = ast.unparse(node).encode()
    graph = graph_of(m.project)
    places = list(graph.places(m.start, path, text))
    others = [place for place in places if place != path]
    if may_use(m.tree, {last_name(place) for place in others}):  # as attributes of their packages
        return False
    if any(binds(document.tree, loaded_names(graph, m.start, place) - names) for place in others):
        return False
    if not places or not all(are_quiet(graph, m.start, place) for place in places if place != path):
        return False

    def load(name: str) -> Value:
        with m.control.in_scope(number, Jumps()):
            _import_from(m, node)
        if m.failed_modules:
            forget_everything(m, "a module that is not followed may change it")
        scope = m.look(Ref(number))
        return scope.variables[name] if isinstance(scope, Scope) else m.unknown(f"'{name}' is not in view")

    m.deferred.update({(number, name): partial(load, name) for name in names})
    return True


def _import_from(m: Interpreter, node: ast.ImportFrom) -> None:
    module = import_module(m, node.module or "", node.level)
    for alias in node.names:
        if alias.name == "*":
            _import_all(m, module)
        else:
            member = m.attribute(module, alias.name)
            if isinstance(member, Unknown) or (isinstance(member, Api) and (may_lack(member) or not is_keras(member))):
                m.may_raise()
            m.assign(alias.asname or alias.name, member)


def _import_all(m: Interpreter, module: Value) -> None:
    scope = m.look(module)
    if isinstance(scope, Scope) and isinstance(module, Ref):
        for number, name in [key for key in m.deferred if key[0] == module.number]:
            m.deferred[number, name]()
        scope = m.look(module)
    if isinstance(scope, Scope):
        if any(not (isinstance(star, Api) and is_keras(star)) for star in scope.stars):
            _may_be_replaced(m, m.state.writable(m.control.scope, Scope).variables)
        for name in _starred(m, scope):
            here, value = m.look(Ref(m.control.scope)), m.attribute(module, name)
            old = here.variables.get(name) if isinstance(here, Scope) else None
            if old is not None and "__all__" in scope.variables and not _lists(m, scope):
                value = m.unknown(f"'{name}' may come from a star import", of=(old, value))
            m.assign(name, value)
    else:
        names = m.state.writable(m.control.scope, Scope)
        names.stars.append(module)
        if not (isinstance(module, Api) and is_keras(module)):
            _may_be_replaced(m, names.variables)


def _lists(m: Interpreter, scope: Scope) -> bool:
    """Return True if ``__all__`` of a module is known."""
    names = m.sequence(scope.variables.get("__all__", NONE))
    return names is not None and all(m.text(name) is not None for name in names)


def _starred(m: Interpreter, scope: Scope) -> list[str]:
    """The names that a star import of a module of the project takes, or may take."""
    if _lists(m, scope):
        return [m.text(name) or "" for name in m.sequence(scope.variables["__all__"]) or ()]
    return [name for name in scope.variables if "__all__" in scope.variables or not name.startswith("_")]


def _may_be_replaced(m: Interpreter, variables: dict[str, Value]) -> None:
    """Make variables uncertain that a star import which is not followed may replace."""
    for name, value in variables.items():
        if not isinstance(value, (Api, Function)) and not isinstance(m.look(value), (Scope, ClassObject)):
            variables[name] = m.unknown(f"'{name}' may come from a star import that is not followed")


_PRESENT = frozenset({"keras", "tensorflow", "numpy", "packaging", *sys.stdlib_module_names})


def import_module(m: Interpreter, name: str, level: int) -> Value:
    """The module that an import statement names."""
    if level:
        return _relative(m, name, level)
    if m.module == m.main_module and m.lookup("__name__") == Const(name):
        return Ref(m.module_scope())
    api = outside_name(m, name)
    if not is_keras(api) and (put := found(m, name, own=False)) is not None:
        return put
    if name.partition(".")[0] not in _PRESENT:
        m.may_raise()
    if m.project is None or is_keras(api) or name.partition(".")[0] in sys.stdlib_module_names:
        return api
    first, *rest = name.split(".")
    place = m.project.find(m.start, first)
    if place is None:
        return api
    if place not in m.modules and _may_be_elsewhere(m, first, place):
        return not_followed(m, f"'{first}' may be another module", Derived("import", (str(place), 0)))
    return _below(m, _module(m, place, first), first, rest)


def _may_be_elsewhere(m: Interpreter, name: str, place: Path) -> bool:
    """Return True if a module may be found in a folder that the program has added to those that are searched."""
    own = module_below(m.start.parent, name) == place
    folders = m.search_first | (set() if own else m.search_last)
    if any(module_below(folder, name) not in (None, place) for folder in folders):
        return True
    if not m.searches_elsewhere and (not m.searches_later or own):
        return False
    return m.project is not None and m.project.has_namesake(m.start, name, place)


def _below(m: Interpreter, module: Value, name: str, rest: list[str]) -> Value:
    """The module that ``name.rest`` names, where ``name`` is a module of the project."""
    for part in rest:
        name = f"{name}.{part}"
        if (put := found(m, name)) is not None:
            module = put
        elif not isinstance(m.look(module), Scope) or found(m, name.rpartition(".")[0]) is not None:
            return module if m.look(module) is None else m.unknown(f"'{name}' is in a module that was replaced")
        else:
            missing = Unknown(f"'{name}' is not in this project", Derived("import", (name, 0)))
            module = m.submodule(module, part) or missing
    return module


def _relative(m: Interpreter, name: str, level: int) -> Value:
    here = Path(m.module)
    unknown = Unknown(f"imported from {'.' * level}{name}, which is not in view", Derived("import", (name, level)))
    if m.project is None or not here.is_absolute():
        return unknown
    folder, package = package_folder(here, level), _package(m, here, level)
    place = module_below(folder, "") or folder
    first, *rest = name.split(".") if name else ("",)
    if not first:
        return _module(m, place, package)
    inner = module_below(folder, first)
    if inner is None:
        return found(m, f"{package}.{first}") or unknown
    number = m.modules.get(place)
    parent = Ref(number) if number in m.state.objects else None
    made = _below(m, _module(m, inner, f"{package}.{first}".lstrip("."), parent), f"{package}.{first}", rest)
    return unknown if isinstance(made, Unknown) and rest and module_below(folder, name) is None else made


def _package(m: Interpreter, here: Path, level: int) -> str:
    """The name of the package that ``level`` dots of a relative import stand for; "" for no package."""
    scope = m.look(Ref(m.module_scope()))
    name = m.text(scope.variables.get("__name__")) if isinstance(scope, Scope) else None
    if name in (None, "__main__"):
        name = _dotted(here)
    parts = (name or "").split(".")
    return ".".join(parts[: len(parts) - level + (here.name == "__init__.py")])


def _dotted(place: Path) -> str:
    """The name under which a file is imported, as far as the packages around it tell."""
    parts, folder = [] if place.name == "__init__.py" else [place.stem], place.parent
    while disk.is_file(folder / "__init__.py") and folder.parent != folder:
        parts.append(folder.name)
        folder = folder.parent
    return ".".join(reversed(parts))


def _module(m: Interpreter, place: Path, name: str, package: Value | None = None) -> Value:
    """The module that ``sys.modules`` holds after the import of this file; its package gets it as an attribute."""
    if (put := found(m, name)) is not None:
        return put
    if not keeps_path(m, package):
        return not_followed(m, f"'{name}' may be in another folder", Derived("import", (name, -1)))
    first = place not in m.modules
    module = _load(m, place, name)
    put = found(m, name)
    module = module if put is None else put
    scope, last = m.look(package) if package is not None else None, name.rpartition(".")[2]
    if first and isinstance(package, Ref) and isinstance(scope, Scope) and (package.number, last) not in m.deferred:
        m.state.writable(package.number, Scope).variables[last] = module
    return module


def submodule(m: Interpreter, module: Value, name: str) -> Value | None:
    """A module inside a package of the project; None where it does not exist."""
    scope = m.look(module)
    if m.project is None or not isinstance(scope, Scope):
        return None
    path = Path(scope.module)
    if path.name != "__init__.py" and path.suffix == ".py":
        return None
    own = m.text(scope.variables.get("__name__"))
    dotted = f"{_dotted(path) if own in (None, '__main__') else own}.{name}"
    place = module_below(path.parent if path.name == "__init__.py" else path, name)
    return _module(m, place, dotted, module) if place is not None else found(m, dotted, own=False)


def _load(m: Interpreter, place: Path, name: str) -> Value:
    """Run a module once and return its scope; what it defines so far in a circular import."""
    number = m.modules.get(place)
    if number is not None and number in m.state.objects:
        return Ref(number)
    if place in m.failed_modules or len(m.modules) >= MAX_MODULES or m.project is None:
        return not_followed(m, f"'{name}' is a module that is not followed", Derived("import", (str(place), 0)))
    scope = Scope(None, str(place), {"__name__": Const(name)}, kind="module", captured=True)
    ref = m.new(scope)
    m.modules[place] = ref.number
    if place.suffix != ".py":
        return ref
    document = m.project.document(place)
    if document is not None and is_copy(document):
        m.modules.pop(place)
        return outside_name(m, "keraslint.runtime")
    if document is None or not _run_module(m, document.tree.body, ref.number):
        m.failed_modules.add(place)
        m.modules.pop(place)
        unknown = not_followed(m, f"'{name}' is a module that can't be followed", Derived("import", (str(place), 0)))
        m.may_raise()
        return unknown
    return ref


def _run_module(m: Interpreter, body: list[ast.stmt], number: int) -> bool:
    """Run a module within a bound of its own; True if it ran to its end.

    Where the installed version decided that it does not, what imports it ends, too.
    """
    first, decisions = m.steps, m.decisions
    try:
        with m.control.bounded(m.steps + MAX_STEPS_ALONE), m.control.in_scope(number, Jumps()):
            m.execute(body)
            ended = not m.state.dead
    except KerasChanged:
        raise
    except (OutOfBounds, RecursionError):
        ended = False
    m.control.limit += m.steps - first  # its steps are its own
    if m.state.dead and m.decisions == decisions:
        m.state = m.state.fork()
        m.state.dead = False
    return ended
