"""What the program itself decides about its imports: ``sys.modules``, and where and how modules are found."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import KerasChanged
from keraslint.analysis.core.effects import not_followed
from keraslint.analysis.core.interpreter_core import ANY_MODULE, NOTHING_PLACED, UNSURE_MODULE
from keraslint.analysis.core.origins import CallOf, Derived
from keraslint.analysis.core.state import Scope
from keraslint.analysis.core.values import NONE, Api, Const, Ref, Unknown, Value, options
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.own_folders import own_folder
from keraslint.analysis.python.entries import as_entries
from keraslint.analysis.python.items import loaded

MODULES = Api("sys.modules")
PACKAGE_PATH = Api("package.__path__")
"""The folders of a package of the project, as long as the program has not set them."""

_HOOKS = ("sys.meta_path", "sys.path_hooks", "sys.path_importer_cache")
_DECIDING = frozenset({MODULES.path, PACKAGE_PATH.path, *_HOOKS})
_IMPORTING = ("importlib", "pkgutil", "zipimport", "runpy", "_frozen_importlib", "_frozen_importlib_external")
_OF_SYS = frozenset({"modules", "meta_path", "path_hooks", "path_importer_cache"})
_READS = frozenset("get keys values items copy index count __contains__ __getitem__ __len__ __iter__".split())
_READING = frozenset(
    f"builtins.{name}"
    for name in "all any bool dict enumerate getattr hasattr id isinstance iter len list print repr set sorted str"
    " tuple type vars".split()
)
_ONE = frozenset({"append", "insert"})
_READING_FOLDERS = frozenset({"pkgutil", "os", "importlib", "glob", "pathlib"})
_ADDS_LAST = frozenset({"append", "extend"})
_UNSEEN = "the program changes what imports give"


def found(m: Interpreter, name: str, *, own: bool = True) -> Value | None:
    """What an import of this name gives because the program decides it; None where it does not.

    own: it names a file of the project, for which an import may give anything once that is not followed.
    """
    table = m.look(Ref(m.module_table))
    if not isinstance(table, Scope):
        return None
    if own and table.variables[ANY_MODULE] != NONE:
        return not_followed(m, f"'{name}' may be another module: {_UNSEEN}", Derived("import", (name, -1)))
    if name in m.unsure_modules:
        return not_followed(m, f"'{name}' may be replaced in sys.modules", Derived("import", (name, -1)))
    put = table.variables.get(name)
    if put == NONE:  # Python refuses the import
        m.raises()
        return m.unknown(f"'{name}' is None in sys.modules", Derived("import", (name, -1)))
    return put


def lose_imports(m: Interpreter) -> None:
    """Carry out that from here on an import may give another module than the file that is found."""
    m.state.writable(m.module_table, Scope).variables[ANY_MODULE] = m.unknown(_UNSEEN)


def put(m: Interpreter, key: Value, value: Value) -> None:
    """Carry out ``sys.modules[key] = value``. Raises KerasChanged where that may replace a part of Keras."""
    name = m.text(key)
    if (name or "keras").startswith(("keras", "tensorflow", "tf_keras")):
        raise KerasChanged("a part of Keras itself is replaced")
    table = m.state.writable(m.module_table, Scope).variables
    table[name or ANY_MODULE] = value
    if _is_uncertain(m):
        m.unsure_modules.add(name or "")
        table[UNSURE_MODULE] = m.unknown("a module may be replaced")  # so that a loop is run again


def taken_out(m: Interpreter, name: str | None) -> None:
    """Carry out that a module is taken out of ``sys.modules``, after which the next import runs it."""
    table = m.state.writable(m.module_table, Scope).variables
    if name is None or _is_uncertain(m):
        if len(table) > len(NOTHING_PLACED):
            lose_imports(m)
    else:
        table.pop(name, None)


def _is_uncertain(m: Interpreter) -> bool:
    return bool(m.control.uncertain_depth or m.control.guards or m.control.acting or m.state.narrowed)


def is_of_imports(value: Value) -> bool:
    """True for an object of Python that decides what imports give, or a method that changes it."""
    if not isinstance(value, Api):
        return False
    owner, _, name = value.path.rpartition(".")
    return value.path in _DECIDING or (owner in _DECIDING and name not in _READS)


def keeps_path(m: Interpreter, package: Value | None) -> bool:
    """Return True if the own folder of a package still comes first where its modules are searched."""
    scope = m.look(package) if package is not None else None
    held = scope.variables.get("__path__", PACKAGE_PATH) if isinstance(scope, Scope) else PACKAGE_PATH
    origin = held.origin if isinstance(held, Unknown) else None
    extended = isinstance(origin, CallOf) and origin.path == "pkgutil.extend_path"  # it adds folders behind the others
    return extended or held == PACKAGE_PATH


def table_method(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """A call that may change what imports give: the result of a method of ``sys.modules``; None for all other calls."""
    owner, _, name = path.rpartition(".")
    if owner == "sys.path" and name not in _READS:
        _search(
            m, last=name in _ADDS_LAST, entry=args.get(len(args.positional) - 1, "object") if name in _ONE else None
        )
    elif path in ("site.addsitedir", "site.addpackage", "site.main"):
        _search(m, last=True)
    elif (owner in _HOOKS or (owner == PACKAGE_PATH.path and name not in _ADDS_LAST)) and name not in _READS:
        lose_imports(m)
    elif owner in ("runpy", "imp"):
        run_unseen(m)
    elif owner == MODULES.path:
        return _modules_method(m, name, args)
    else:
        passed(m, path, args)
    return None


def run_unseen(m: Interpreter) -> None:
    """Carry out that a file runs as a module where it is not followed."""
    not_followed(m, "a file that is run as a module may change it")
    lose_imports(m)


def _search(m: Interpreter, *, last: bool, entry: Value | None = None) -> None:
    """Note that the program adds to the folders in which modules are searched: this one, if it is known."""
    folder = own_folder(entry)
    if folder is not None:
        m.search_first |= set() if last else {folder}
        m.search_last |= {folder} if last else set()
    else:
        m.searches_elsewhere |= not last
        m.searches_later |= last


def _modules_method(m: Interpreter, name: str, args: Arguments) -> Value | None:
    key = args.get(0, "key")
    if name == "__setitem__" and len(args.positional) == 2:
        put(m, args.positional[0], args.positional[1])
        return NONE
    if name in ("update", "__ior__"):
        update(m, key, args)
        return NONE if name == "update" else MODULES
    if name == "setdefault" and key is not None:
        text = m.text(key)
        old = None if text is None else _entry(m, text)
        if old is None or isinstance(old, Api):  # a module of Python may be loaded, or not
            put(m, key, args.get(1, "default") or NONE)
            m.unsure_modules.add(text or "")  # it may be there, by an import that is not seen
            old = m.unknown("a module that may be there before")
        return old
    if name in ("get", "__getitem__") and key is not None and (text := m.text(key)) is not None:
        return _entry(m, text)
    if name in ("clear", "popitem"):
        lose_imports(m)
    return None


def _entry(m: Interpreter, name: str) -> Value | None:
    table = m.look(Ref(m.module_table))
    placed = table.variables.get(name) if isinstance(table, Scope) else None
    return placed or loaded(m, Const(name))


def update(m: Interpreter, given: Value | None, args: Arguments | None = None) -> None:
    """Carry out ``sys.modules.update(given, …)`` and ``sys.modules |= given``."""
    entries = as_entries(m, given) if given is not None else {}
    if entries is None or (args is not None and args.open):
        put(m, m.unknown("a name that is not known"), NONE)
        return
    for key, entry in entries.items():
        put(m, Const(key) if isinstance(key, str) else m.unknown("a key"), entry.value)
    for name, value in args.keywords.items() if args is not None else ():
        put(m, Const(name), value)


def passed(m: Interpreter, path: str, args: Arguments) -> None:
    """Carry out that a function may change what imports give, since it is passed what decides that."""
    if path in _READING:
        return
    every = args.every()
    texts = {m.text(value) or "" for value in every}
    only_read = (PACKAGE_PATH,) if path.partition(".")[0] in _READING_FOLDERS else ()
    given = [option for value in every for option in options(value)]
    direct = any(is_of_imports(option) and option not in only_read for option in given)
    named = {text.removeprefix("sys.") for text in texts if text.startswith("sys.")} | (
        texts if Api("sys") in every else set()
    )
    if direct or named & _OF_SYS or "builtins.__import__" in texts:
        if any(text.partition(".")[0] in ("keras", "tensorflow", "tf_keras") for text in texts):
            raise KerasChanged("a part of Keras itself is replaced")
        lose_imports(m)
    if Api("sys.path") in every or "path" in named:
        _search(m, last=False)


def set_on(m: Interpreter, owner: Value, name: str) -> None:
    """Carry out that an attribute of a module of Python is set, as far as imports depend on it."""
    if not isinstance(owner, Api):
        return
    root = owner.path.partition(".")[0]
    of_sys, own_import = owner.path == "sys" and name in _OF_SYS, owner.path == "builtins" and name == "__import__"
    if root in _IMPORTING or of_sys or own_import:
        lose_imports(m)
    elif owner.path == "sys" and name == "path":
        _search(m, last=False)


def item_set(m: Interpreter, container: Value, key: Value, value: Value) -> None:
    """Carry out that an item is set in, or deleted from, what decides about imports."""
    if container == MODULES:
        put(m, key, value)
    elif is_of_imports(container):
        lose_imports(m)
    elif container == Api("sys.path"):
        _search(m, last=False)


def grown(m: Interpreter, container: Value, more: Value) -> bool:
    """Carry out ``container += more`` or ``|=``; True for what decides about imports, which stays the same object."""
    if container == MODULES:
        update(m, more)
    elif container == Api("sys.path"):
        _search(m, last=True)
    elif is_of_imports(container):
        if container != PACKAGE_PATH:  # its own folder stays the first
            lose_imports(m)
    else:
        return False
    return True
