"""Statements: what they do to the state, and how branches and loops come together."""

from __future__ import annotations

import ast
from dataclasses import replace

from keraslint.analysis.core.enums import make_members
from keraslint.analysis.core.functions import ancestors, bind_function, find_in_class, may_change_class
from keraslint.analysis.core.keys import as_key
from keraslint.analysis.core.machine import Arguments
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope, State, join_all
from keraslint.analysis.core.values import NONE, Api, Const, Function, Method, Ref, Value
from keraslint.analysis.interpreter.correlated_branches import Paths
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.python.builtin_functions import slice_parts
from keraslint.analysis.python.dataclass_types import declared_fields
from keraslint.analysis.python.patterns import matches

# Decorators by the last part of their name: they call the function with the arguments that they are given.
_TRANSPARENT = frozenset(
    "wraps function jit register_keras_serializable register_serializable lru_cache cache timeit retry override final"
    " no_grad deprecated typechecked abstractmethod profile experimental".split()
)
_CLASS_KEEPERS = frozenset(
    "dataclass dataclass_json total_ordering unique verify runtime_checkable dataclass_transform".split()
)
_PLAIN_METACLASSES = (None, Api("abc.ABCMeta"), Api("enum.EnumMeta"), Api("enum.EnumType"), Api("builtins.type"))
_KEEPS = ("property", "staticmethod", "classmethod")


class Statements(Paths):
    """Executes statements."""

    def _exec_Expr(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _exec_Assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.bind(target, value, node.value)

    def _exec_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.bind(node.target, self.evaluate(node.value), node.value)

    def _exec_AugAssign(self, node: ast.AugAssign) -> None:
        load = ast.copy_location(ast.BinOp(_as_load(node.target), node.op, node.value), node)
        if isinstance(node.op, (ast.Add, ast.BitOr)) and self._grow(self.evaluate(load.left), node):
            return
        self.bind(node.target, self.evaluate(load))

    def _grow(self, value: Value, node: ast.AugAssign) -> bool:
        """``+=`` on a list and ``|=`` on a dict change the object itself."""
        thing = self.look(value)
        if not isinstance(value, Ref) or not isinstance(thing, (ListObject, DictObject)):
            return False
        more = self.evaluate(node.value)
        if isinstance(thing, ListObject):
            items = self.iterate(more)
            if items is None:
                self.forget(value, "an unknown number of items is added to it")
            elif thing.items is not None:
                self.state.writable(value.number, ListObject).items = [*thing.items, *items]
            return True
        entries = self.mapping(more)
        if entries is None:
            self.forget(value, "an unknown dict is merged into it")
        elif thing.entries is not None:
            self.state.writable(value.number, DictObject).entries = {**thing.entries, **entries}
        return True

    def _exec_Return(self, node: ast.Return) -> None:
        value = self.evaluate(node.value) if node.value is not None else Const(None)
        self.jumps.returns.append((value, self.state))
        self._die()

    def _die(self) -> None:
        self.state = self.state.fork()
        self.state.dead = True

    def _exec_Raise(self, node: ast.Raise) -> None:
        if node.exc is not None:
            self.evaluate(node.exc)
        self._die()

    def _exec_Break(self, _: ast.Break) -> None:
        self.jumps.breaks.append(self.state)
        self._die()

    def _exec_Continue(self, _: ast.Continue) -> None:
        self.jumps.continues.append(self.state)
        self._die()

    def _exec_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Attribute):
                self._delete_attribute(self.evaluate(target.value), target.attr)
            elif isinstance(target, ast.Subscript):
                container, key = self.evaluate(target.value), as_key(self, self.evaluate(target.slice))
                self._delete_item(container, key)

    def _delete_item(self, container: Value, key: Value) -> None:
        entries, thing = self.mapping(container), self.look(container)
        if isinstance(container, Ref) and entries is not None and isinstance(key, Const):
            kept = {name: entry for name, entry in entries.items() if name != key.value}
            self.state.writable(container.number, DictObject).entries = kept
            return
        if isinstance(container, Ref) and isinstance(thing, ListObject) and thing.items is not None:
            place = _place(key, len(thing.items))
            if place is not None:
                items = [*thing.items]
                del items[place]
                self.state.writable(container.number, ListObject).items = items
                return
        self.forget(container, "an item is deleted from it")

    def _delete_attribute(self, value: Value, name: str) -> None:
        thing = self.look(value)
        if isinstance(value, Ref) and isinstance(thing, Instance):
            self.state.writable(value.number, Instance).attributes.pop(name, None)
        elif isinstance(value, Ref) and isinstance(thing, ClassObject):
            self.state.writable(value.number, ClassObject).attributes.pop(name, None)

    def _exec_Assert(self, node: ast.Assert) -> None:
        truth = self.holds(node.test)
        if truth is False:
            self._die()
        elif truth is None:
            self.assume(node.test, True)

    def _exec_If(self, node: ast.If) -> None:
        truth = self.holds(node.test)
        if truth is not None:
            self.execute(node.body if truth else node.orelse)
            return
        before, ends = self.state, []
        self.unsure += 1
        for answer, block in ((True, node.body), (False, node.orelse)):
            self.state = before.fork()
            self.assume(node.test, answer)
            self.execute(block)
            ends.append(self.state)
        self.unsure -= 1
        self.state = join_all(ends) or before
        self.state.narrowed |= any(end.dead for end in ends)

    def _exec_Match(self, node: ast.Match) -> None:
        subject = self.evaluate(node.subject)
        before = self.state
        ends: list[State] = []
        for case in node.cases:
            self.state = before.fork()
            answer = matches(self, case.pattern, subject)
            if answer is not False and case.guard is not None:
                guard = self.holds(case.guard)
                answer = guard if guard is not True else answer
            if answer is False:
                continue
            sure = answer is True and not ends
            self.unsure += not sure
            self.execute(case.body)
            self.unsure -= not sure
            ends.append(self.state)
            if answer:
                break
        else:
            ends.append(before.fork())
        self.state = join_all(ends) or before

    def _exec_Global(self, node: ast.Global) -> None:
        self._declare(node.names, self.module_scope())

    def _exec_Nonlocal(self, node: ast.Nonlocal) -> None:
        scope = self.state.objects[self.scope]
        for name in node.names:
            number = scope.parent if isinstance(scope, Scope) else None
            while number is not None:
                outer = self.state.objects[number]
                if not isinstance(outer, Scope) or name in outer.variables:
                    break
                number = outer.parent
            self._declare([name], number)

    def _declare(self, names: list[str], number: int | None) -> None:
        if number is not None and number != self.scope:
            self.state.writable(self.scope, Scope).outer.update(dict.fromkeys(names, number))

    def _exec_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        value: Value = bind_function(self, node)
        for decorator in reversed(node.decorator_list):
            value = self._decorated(value, decorator)
        self.assign(node.name, value)

    _exec_AsyncFunctionDef = _exec_FunctionDef

    def _decorated(self, function: Value, node: ast.expr) -> Value:
        """A decorator of the program is followed; one from elsewhere is taken to keep the function."""
        decorator = self.evaluate(node)
        if isinstance(decorator, Api) and isinstance(function, Function):
            name = decorator.path.rpartition(".")[2]
            name = "property" if name == "cached_property" else name
            if name in _KEEPS:
                return replace(function, flavour=name, cached=decorator.path.endswith("cached_property"))
            if name in ("cache", "lru_cache"):
                return replace(function, cached=True)
            if name in ("singledispatch", "singledispatchmethod"):
                return self.unknown(f"decorated with {name}")
            if name == "contextmanager":
                return replace(function, flavour=name)
            if name in ("asynccontextmanager", "overload"):
                return self.unknown(f"decorated with {name}")
        if isinstance(node, ast.Attribute) and node.attr in ("setter", "deleter"):
            known = self.evaluate(node.value)
            setter = function if isinstance(function, Function) and node.attr == "setter" else None
            return replace(known, setter=setter) if isinstance(known, Function) else known
        if self._is_own(decorator):
            return self.call(decorator, Arguments([function]))
        return function if _passes_on(node) or not isinstance(function, Function) else replace(function, wrapped=True)

    def _exec_ClassDef(self, node: ast.ClassDef) -> None:
        bases = tuple(self.evaluate(base) for base in node.bases if not isinstance(base, ast.Starred))
        outer = self.scope
        inner = self.new(Scope(outer, self.module, kind="class"))
        self.scope = inner.number
        self.execute(node.body)
        self.scope = outer
        body = self.look(inner)
        variables = dict(body.variables) if isinstance(body, Scope) else {}
        is_tuple = any(isinstance(base, Api) and base.path == "typing.NamedTuple" for base in bases)
        metaclass = next((self.evaluate(word.value) for word in node.keywords if word.arg == "metaclass"), None)
        metaclass = None if metaclass in _PLAIN_METACLASSES else metaclass
        fields = declared_fields(node)
        ref = self.new(ClassObject(node.name, self.module, bases, {}, is_tuple=is_tuple, metaclass=metaclass, **fields))
        owned = {n: replace(v, owner=ref) if isinstance(v, Function) else v for n, v in variables.items()}
        self.state.writable(ref.number, ClassObject).attributes.update(owned)
        make_members(self, ref)
        if any(may_change_class(self, cls) for cls in ancestors(self, ref)):
            self._forget_data(ref)
        for name, value in owned.items():
            if (told := self.own_method(value, "__set_name__")) is not None:
                self.call(told, Arguments([ref, Const(name)]))
        hook = next((found for base in bases if (found := find_in_class(self, base, "__init_subclass__"))), None)
        if isinstance(hook, Function):
            given = {word.arg: self.evaluate(word.value) for word in node.keywords if word.arg is not None}
            self.call(Method(replace(hook, flavour=""), ref), Arguments(keywords=given))
        self.assign(node.name, self._decorated_class(ref, node))

    def _decorated_class(self, ref: Ref, node: ast.ClassDef) -> Value:
        """A decorator of the program is followed; after one from elsewhere an instance may hold what is not seen."""
        made: Value = ref
        for decorator in reversed(node.decorator_list):
            function = self.evaluate(decorator)
            if self._is_own(function):
                made = self.call(function, Arguments([made]))
            elif isinstance(self.look(made), ClassObject) and not _keeps_class(decorator):
                self.state.writable(ref.number, ClassObject).open = True
        return made

    def _is_own(self, value: Value) -> bool:
        """Whether a decorator is code of the program."""
        return isinstance(value, (Function, Method)) or isinstance(self.look(value), (ClassObject, Instance))

    def _forget_data(self, ref: Ref) -> None:
        """What a metaclass makes of a class's attributes is not followed."""
        cls = self.state.writable(ref.number, ClassObject)
        for name, value in cls.attributes.items():
            if not isinstance(value, Function):
                cls.attributes[name] = self.unknown("its class is changed when it is made")

    def _exec_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            module = self.import_module(alias.name, 0)
            top = alias.name.partition(".")[0]
            self.assign(alias.asname or top, module if alias.asname else self.import_module(top, 0))

    def _exec_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = self.import_module(node.module or "", node.level)
        for alias in node.names:
            if alias.name == "*":
                self._import_all(module)
            else:
                self.assign(alias.asname or alias.name, self.attribute(module, alias.name))

    def _import_all(self, module: Value) -> None:
        scope = self.look(module)
        if isinstance(scope, Scope):
            listed = self.sequence(scope.variables.get("__all__", NONE))
            public = None if listed is None else {self.text(name) for name in listed}
            for name, value in scope.variables.items():
                if name in public if public is not None else not name.startswith("_"):
                    self.assign(name, value)
        else:
            names = self.state.writable(self.scope, Scope)
            names.stars.append(module)
            if not (isinstance(module, Api) and is_keras(module)):
                self._may_be_replaced(names.variables)

    def _may_be_replaced(self, variables: dict[str, Value]) -> None:
        """A star import that is not followed may bring values for names that are set already."""
        for name, value in variables.items():
            if not isinstance(value, (Api, Function)) and not isinstance(self.look(value), (Scope, ClassObject)):
                variables[name] = self.unknown(f"'{name}' may come from a star import that is not followed")


def _passes_on(decorator: ast.expr) -> bool:
    """Whether a decorator from elsewhere is known to pass a call on as it is."""
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return name.rpartition(".")[2] in _TRANSPARENT


def _place(key: Value, length: int) -> int | slice | None:
    """The item or items of a list that ``del`` removes; None where they are not known."""
    part = slice_parts(key)
    if part is not None:
        return slice(*part)
    known = isinstance(key, Const) and isinstance(key.value, int) and -length <= key.value < length
    return key.value if isinstance(key, Const) and isinstance(key.value, int) and known else None


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    if isinstance(target, ast.Subscript):
        return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    return target


def _keeps_class(decorator: ast.expr) -> bool:
    """Whether a decorator from elsewhere leaves a class and its instances as they are written."""
    name = ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator).rpartition(".")[2]
    return name in _CLASS_KEEPERS or name in _TRANSPARENT
