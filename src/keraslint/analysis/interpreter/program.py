"""The constructs of the language by node type, and the run of a module: its top level, then uncalled functions."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import OutOfBounds
from keraslint.analysis.core.functions import bind_function, own_methods
from keraslint.analysis.core.interpreter_core import Constructs
from keraslint.analysis.core.speculation import is_unused, run_waiting, run_with_unknown_arguments, speculate
from keraslint.analysis.core.state import ClassObject, Instance, Scope
from keraslint.analysis.core.values import NONE, Const, Function, Ref, Value, one_of
from keraslint.analysis.facts import CompileCall
from keraslint.analysis.interpreter import (
    attributes,
    blocks,
    calls,
    correlated_branches,
    definitions,
    expressions,
    handlers,
    imports,
    operators,
    statements,
    targets,
)
from keraslint.analysis.interpreter.calls import call_function
from keraslint.analysis.interpreter.classes import instantiate
from keraslint.analysis.interpreter.definitions import skips
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.subclasses import (
    Classes,
    by_subclasses,
    hide_what_subclasses_set,
    with_its_subclasses,
)
from keraslint.analysis.relevant import relevant_functions
from keraslint.limits import OutOfTime

EXPRESSIONS: dict[type[ast.expr], Callable[[Interpreter, Any], Value]] = {
    ast.Attribute: expressions.evaluate_attribute,
    ast.Await: expressions.evaluate_await,
    ast.BinOp: operators.evaluate_bin_op,
    ast.BoolOp: operators.evaluate_bool_op,
    ast.Call: expressions.evaluate_call,
    ast.Compare: operators.evaluate_compare,
    ast.Constant: expressions.evaluate_constant,
    ast.Dict: expressions.evaluate_dict,
    ast.DictComp: targets.evaluate_dict_comp,
    ast.GeneratorExp: targets.evaluate_generator_exp,
    ast.IfExp: expressions.evaluate_if_exp,
    ast.JoinedStr: expressions.evaluate_joined_str,
    ast.Lambda: bind_function,
    ast.List: expressions.evaluate_list,
    ast.ListComp: targets.evaluate_list_comp,
    ast.Name: expressions.evaluate_name,
    ast.NamedExpr: expressions.evaluate_named_expr,
    ast.Set: expressions.evaluate_set,
    ast.SetComp: targets.evaluate_set_comp,
    ast.Slice: expressions.evaluate_slice,
    ast.Starred: expressions.evaluate_starred,
    ast.Subscript: expressions.evaluate_subscript,
    ast.Tuple: expressions.evaluate_tuple,
    ast.UnaryOp: operators.evaluate_unary_op,
    ast.Yield: expressions.evaluate_yield,
    ast.YieldFrom: expressions.evaluate_yield_from,
}

STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any], None]] = {
    ast.AnnAssign: statements.run_ann_assign,
    ast.Assert: statements.run_assert,
    ast.Assign: statements.run_assign,
    ast.AsyncFor: blocks.run_for,
    ast.AsyncFunctionDef: definitions.run_function_def,
    ast.AsyncWith: handlers.run_with,
    ast.AugAssign: statements.run_aug_assign,
    ast.Break: statements.run_break,
    ast.ClassDef: definitions.run_class_def,
    ast.Continue: statements.run_continue,
    ast.Delete: statements.run_delete,
    ast.Expr: statements.run_expr,
    ast.For: blocks.run_for,
    ast.FunctionDef: definitions.run_function_def,
    ast.Global: statements.run_global,
    ast.If: statements.run_if,
    ast.Import: imports.run_import,
    ast.ImportFrom: imports.run_import_from,
    ast.Match: statements.run_match,
    ast.Nonlocal: statements.run_nonlocal,
    ast.Raise: statements.run_raise,
    ast.Return: statements.run_return,
    ast.Try: handlers.run_try,
    ast.While: blocks.run_while,
    ast.With: handlers.run_with,
}
if sys.version_info >= (3, 11):
    STATEMENTS[ast.TryStar] = handlers.run_try

CONSTRUCTS = Constructs(
    EXPRESSIONS,
    STATEMENTS,
    execute=correlated_branches.execute,
    call=calls.call,
    resume=calls.resume,
    attribute=attributes.attribute,
    set_attribute=attributes.set_attribute,
    truth=operators.truth,
    iterate=calls.iterate,
    submodule=imports.submodule,
)


def run(m: Interpreter, tree: ast.Module, path: str) -> None:
    """Interpret a module. What it compiles and trains is in ``seen`` afterwards.

    Where a bound ends the run early, the observations so far are kept, but may be incomplete.
    """
    m.start, m.main_module = Path(path), path
    m.control.scope = m.new(Scope(None, path, {"__name__": Const("__main__")}, kind="module")).number
    try:
        m.relevant = relevant_functions(tree)
        with m.control.bounded(m.control.limit):
            m.tree, m.top = tree, tree.body
            m.execute(tree.body)
            m.ended_early = m.state.dead
            m.last = m.last if m.state.dead else len(tree.body)
            m.state.dead = False
            m.seen_at_top = len(m.seen.compiles)
            if not skips(m, m.lookup("pytestmark") or NONE):
                _run_rest(m)
            run_waiting(m)
    except (OutOfBounds, OutOfTime, RecursionError) as error:
        m.note_end(error, 1)
        m.seen.mark_escape(tuple(range(len(m.seen.compiles))))


def calls_with_unknown_arguments(m: Interpreter) -> tuple[CompileCall, ...]:
    """The compile calls in the module's functions when these run with unknown arguments.

    Only after ``run``, whose observations stay as they are.
    """
    seen, m.seen = m.seen, m.seen.copied()
    tried: list[Function] = []
    try:
        m.state.dead = False
        for value, thing in _own_things(m):
            if isinstance(value, Function):
                m.executed = set()
                run_with_unknown_arguments(m, value)
                tried.append(value)
            elif isinstance(value, Ref) and isinstance(thing, ClassObject):
                methods = [one for one in own_methods(thing) if id(one.node) in m.relevant]
                for method in methods:
                    m.executed = set()
                    _run_methods(m, value, thing, [method])
                tried += methods
    except (OutOfBounds, OutOfTime, RecursionError):
        return ()
    finally:
        found, m.seen = m.seen, seen
    if found.ends != seen.ends:
        return ()
    return tuple(one for one in found.facts(since=len(seen.compiles)) if any(_holds(item, one) for item in tried))


def _run_rest(m: Interpreter) -> None:
    for value, thing in _own_things(m):
        if isinstance(value, Function):
            if _may_be_used(m, value):
                run_with_unknown_arguments(m, value)
        elif isinstance(value, Ref) and isinstance(thing, ClassObject):
            _run_methods(m, value, thing, [method for method in own_methods(thing) if _may_be_used(m, method)])


def _may_be_used(m: Interpreter, function: Function) -> bool:
    """True for a function that nothing in view runs, unless each call of it makes a generator that is dropped."""
    made = m.lazily_called.get(id(function.node), set())
    return is_unused(m, function) and not (made and made <= m.dropped)


def _own_things(m: Interpreter) -> list[tuple[Value, object]]:
    """The functions and classes that the module itself defines, with their values."""
    module = m.look(Ref(m.control.scope))
    if not isinstance(module, Scope):
        return []
    found: list[tuple[Value, object]] = []
    for value in module.variables.values():
        thing = m.look(value)
        if isinstance(value, Function):
            if value.scope == m.control.scope and id(value.node) in m.relevant:
                found.append((value, thing))
        elif isinstance(value, Ref) and isinstance(thing, ClassObject) and thing.module == module.module:
            found.append((value, thing))
    return found


def _run_methods(m: Interpreter, cls: Ref, thing: ClassObject, methods: list[Function]) -> None:
    """Run the uncalled methods of a class, on an instance of it or of a subclass, made with unknown arguments."""
    for below, alike in by_subclasses(m, cls, methods).items():
        _run_alike(m, cls, thing, alike, below)


def _run_alike(m: Interpreter, cls: Ref, thing: ClassObject, methods: list[Function], below: Classes) -> None:
    """Run methods that may run on instances of the same subclasses."""

    def run() -> None:
        kind, made = with_its_subclasses(m, cls, thing, below)
        instance = instantiate(m, kind, made, Arguments(open=True))
        if isinstance(instance, Ref) and not m.state.dead:
            _join_attributes(m, instance, list(own_methods(thing)))
            if kind != cls:
                hide_what_subclasses_set(m, instance)
            for method in methods:
                if id(method.node) not in m.executed:
                    _try_method(m, method, instance, kind)

    before = len(m.seen.compiles)
    speculate(m, run)
    if len(m.seen.compiles) > before:
        m.judged_alone.add(thing.name)


def _try_method(m: Interpreter, method: Function, instance: Ref, cls: Ref) -> None:
    if method.flavour == "staticmethod":
        run_with_unknown_arguments(m, method)
    else:
        run_with_unknown_arguments(m, method, cls if method.flavour == "classmethod" else instance)


def _join_attributes(m: Interpreter, instance: Ref, methods: list[Function]) -> None:
    """Set on the instance the attributes that its methods set: a method may run after any other."""
    written: dict[str, list[Value]] = {}
    start = m.look(instance)
    assert isinstance(start, Instance)
    initial = dict(start.attributes)
    for method in methods:
        if method.flavour or getattr(method.node, "name", "") == "__init__":
            continue
        before = m.state
        m.state = before.fork()
        with m.control.suspended():
            call_function(m, method, Arguments([instance], open=True), receiver=instance)
        after = m.look(instance)
        if isinstance(after, Instance) and not m.state.dead:
            for name, value in after.attributes.items():
                if initial.get(name) != value:
                    written.setdefault(name, []).append(value)
        # The objects that the method made are kept: the attributes refer to them.
        m.state = before.joined(m.state)
    attributes = m.state.writable(instance.number, Instance).attributes
    for name, values in written.items():
        first = initial.get(name)
        attributes[name] = one_of(values if first in (None, Const(None)) else [first, *values])


def _holds(function: Function, call: CompileCall) -> bool:
    """True if a compile call is inside a function."""
    node = function.node
    return function.module == call.module and node.lineno <= call.call.lineno <= (node.end_lineno or 0)
