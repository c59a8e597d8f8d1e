"""Statements: their effects on the state, and the join of branches."""

from __future__ import annotations

import ast
from contextlib import ExitStack, nullcontext
from copy import copy

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.bounds import MAX_ITEMS, MAX_UNROLL
from keraslint.analysis.core.draining import length_asked
from keraslint.analysis.core.effects import may_run, note_state, own_hook
from keraslint.analysis.core.forgetting import forget
from keraslint.analysis.core.keys import as_key, keep
from keraslint.analysis.core.state import (
    ClassObject,
    DictObject,
    ListObject,
    Scope,
    SetObject,
    State,
    join_all,
)
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Const,
    OneOf,
    Ref,
    Suspended,
    Unknown,
    Value,
    options,
)
from keraslint.analysis.core.varying import decided, depends_on_version
from keraslint.analysis.interpreter import module_table
from keraslint.analysis.interpreter.annotations import annotate_variable
from keraslint.analysis.interpreter.assumptions import assume, holds
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.introspection import delete_attribute, unload
from keraslint.analysis.interpreter.operators import binary
from keraslint.analysis.interpreter.targets import bind_target
from keraslint.analysis.python.entries import as_entries
from keraslint.analysis.python.items import slice_parts
from keraslint.analysis.python.patterns import matches


def run_expr(m: Interpreter, node: ast.Expr) -> None:
    """Evaluate an expression that stands as a statement."""
    value = m.evaluate(node.value)
    if isinstance(value, Suspended) and isinstance(node.value, ast.Call):
        m.dropped.add(value.number)


def run_assign(m: Interpreter, node: ast.Assign) -> None:
    """Run ``a = b = c``."""
    value = m.evaluate(node.value)
    for target in node.targets:
        bind_target(m, target, value, node.value)


def run_ann_assign(m: Interpreter, node: ast.AnnAssign) -> None:
    """Run ``a: int = b``."""
    if node.value is not None:
        bind_target(m, node.target, m.evaluate(node.value), node.value)
    elif isinstance(node.target, (ast.Attribute, ast.Subscript)):
        m.evaluate(node.target.value)
        if isinstance(node.target, ast.Subscript):
            m.evaluate(node.target.slice)
    annotate_variable(m, node.annotation)


def run_aug_assign(m: Interpreter, node: ast.AugAssign) -> None:
    """Run ``a += b`` and the like."""
    target = _evaluated_once(m, node.target)
    _augment(m, node, target)
    if target is not node.target:  # locals() and a class body have no such variables
        variables = m.state.writable(m.control.scope, Scope).variables
        for name in _PARTS_OF_TARGETS:
            variables.pop(f"<{name}>", None)


def _augment(m: Interpreter, node: ast.AugAssign, target: ast.expr) -> None:
    load = ast.copy_location(ast.BinOp(_as_load(target), node.op, node.value), node)
    old = m.evaluate(load.left)
    more = m.evaluate(node.value)
    if module_table.grown(m, old, more):
        return
    if isinstance(m.look(old), SetObject):
        forget(m, old, "it is changed")
    elif _grow(m, old, node.op, more):
        if not isinstance(target, ast.Name):  # Python sets the attribute or item that it changed, too
            bind_target(m, target, old)
    else:
        if isinstance(old, (Unknown, OneOf)):
            forget(m, old, "it may be changed in place")
            may_run(m, [more] if isinstance(more, Suspended) else [])
        made = binary(m, load, old, more, in_place=True)
        if isinstance(made, Unknown):
            m.may_raise()
        bind_target(m, target, made)


_PARTS_OF_TARGETS = ("value", "slice")


def _evaluated_once(m: Interpreter, target: ast.expr) -> ast.expr:
    """A target that is read and set: what calls give in it is kept in variables, so that they run once."""
    if not any(isinstance(node, ast.Call) for node in ast.walk(target)):
        return target
    parts = {name: part for name in _PARTS_OF_TARGETS if isinstance(part := getattr(target, name, None), ast.expr)}
    kept = {name: ast.copy_location(ast.Name(f"<{name}>", ast.Load()), part) for name, part in parts.items()}
    for name, part in parts.items():
        m.assign(kept[name].id, m.evaluate(part))
    made = copy(target)
    for name, variable in kept.items():
        setattr(made, name, variable)
    return made


def _grow(m: Interpreter, value: Value, operator: ast.operator, more: Value) -> bool:
    """Carry out an operator that changes a list or dict in place; True if the value is one."""
    thing = m.look(value)
    if isinstance(value, Ref) and isinstance(thing, ListObject):
        length_asked(m, more)
        added = m.iterate(more) if isinstance(operator, ast.Add) else None
        thing = m.look(value)
        items = thing.items if isinstance(thing, ListObject) else None
        if items is not None and added is not None:
            longer = [*(m.sequence(value) or ()), *added]
            if len(longer) > MAX_ITEMS:
                forget(m, value, "it is too long")
            else:
                m.state.writable(value.number, ListObject).items = longer
        elif isinstance(operator, ast.Mult) and items is not None and _times(more) * len(items) <= MAX_UNROLL:
            m.state.writable(value.number, ListObject).items = items * _times(more)
        else:
            forget(m, value, "an unknown number of items is added to it")
        return True
    if not isinstance(value, Ref) or not isinstance(thing, DictObject):
        return False
    entries = as_entries(m, more)
    if entries is None or thing.entries is None:
        forget(m, value, "an unknown dict is merged into it")
    else:
        m.state.writable(value.number, DictObject).entries = {**thing.entries, **entries}
    return True


def _times(value: Value) -> int:
    """How often a list is repeated; more often than is followed where that is not known."""
    return value.value if isinstance(value, Const) and isinstance(value.value, int) else MAX_UNROLL + 1


def run_return(m: Interpreter, node: ast.Return) -> None:
    """Run ``return``: the state goes to the caller."""
    value = m.evaluate(node.value) if node.value is not None else Const(None)
    m.control.jumps.returns.append((value, m.state))
    m.end()


def run_raise(m: Interpreter, node: ast.Raise) -> None:
    """Run ``raise``: nothing after it runs."""
    written = [each for each in (node.exc, node.cause) if each is not None]
    m.raised += [_as_exception(m, value) for value in [m.evaluate(each) for each in written]]
    m.may_raise()
    note_state(m)
    m.end()


def _as_exception(m: Interpreter, value: Value) -> Value:
    """The exception that ``raise`` makes of a class of the program, which it calls; any other value unchanged."""
    called = any(isinstance(m.look(option), ClassObject) for option in options(value))
    return m.call(value, Arguments()) if called else value


def run_break(m: Interpreter, _: ast.Break) -> None:
    """Run ``break``: the state goes to the end of the loop."""
    m.control.jumps.breaks.append(m.state)
    m.end()


def run_continue(m: Interpreter, _: ast.Continue) -> None:
    """Run ``continue``: the state goes to the next turn."""
    m.control.jumps.continues.append(m.state)
    m.end()


def run_delete(m: Interpreter, node: ast.Delete) -> None:
    """Run ``del`` of attributes, items and variables."""
    for target in node.targets:
        if isinstance(target, ast.Name):
            _delete_variable(m, target.id)
        if isinstance(target, ast.Attribute):
            delete_attribute(m, m.evaluate(target.value), target.attr)
        elif isinstance(target, ast.Subscript):
            container, key = decided(m, m.evaluate(target.value), 0), as_key(m, m.evaluate(target.slice))
            _delete_item(m, container, key)


def _delete_variable(m: Interpreter, name: str) -> None:
    """Carry out that a variable of a module or class is deleted: its name may stand for another one again."""
    number = m.scope_of(name)
    scope = m.state.objects.get(number) if number is not None else None
    if isinstance(scope, Scope) and number is not None and scope.kind in ("module", "class"):
        m.state.writable(number, Scope).variables.pop(name, None)


def _delete_item(m: Interpreter, container: Value, key: Value) -> None:
    if (own := own_hook(m, container, "__delitem__")) is not None:
        m.call(own, Arguments([key]))
        return
    if container == Api("sys.modules"):
        unload(m, key)
        return
    module_table.item_set(m, container, key, NONE)
    entries, thing = m.mapping(container), m.look(container)
    if isinstance(container, Ref) and entries is not None and isinstance(key, Const):
        if key.value not in entries:
            m.raises()
        kept = {name: entry for name, entry in entries.items() if name != key.value}
        keep(m.state.writable(container.number, DictObject), kept)
        return
    if isinstance(container, Ref) and isinstance(thing, ListObject) and thing.items is not None:
        place = _place(key, len(thing.items))
        if place is not None:
            items = [*thing.items]
            del items[place]
            m.state.writable(container.number, ListObject).items = items
            return
    m.may_raise()
    forget(m, container, "an item is deleted from it")


def run_assert(m: Interpreter, node: ast.Assert) -> None:
    """Run ``assert``: its test is true afterwards. The message is made only if it is not."""
    truth = holds(m, node.test)
    if truth is True:
        return
    m.may_raise()
    passed, m.state = m.state, m.state.fork()
    if node.msg is not None:
        with m.control.uncertain():
            m.evaluate(node.msg)
        note_state(m)
    if truth is False:
        m.end()
    else:
        m.state = passed
        assume(m, node.test, True)


def run_if(m: Interpreter, node: ast.If) -> None:
    """Run ``if``: the branch that is taken, or both where that is not known."""
    before, ends = m.state, list[State]()
    with ExitStack() as stack:
        while (truth := holds(m, node.test)) is not True:
            if truth is None:
                if not ends:
                    stack.enter_context(m.control.uncertain())
                start = m.state
                m.state = start.fork()
                assume(m, node.test, True)
                m.execute(node.body)
                ends.append(m.state)
                m.state = start.fork()
                assume(m, node.test, False)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                m.execute(node.orelse)
                break
            node = node.orelse[0]  # an elif: in a loop, for there may be a thousand
            m.step()
        else:
            m.execute(node.body)
    if ends:
        ends.append(m.state)
        m.state = join_all(ends) or before
        m.state.narrowed |= any(end.dead for end in ends)


def run_match(m: Interpreter, node: ast.Match) -> None:
    """Run ``match``: each case that the subject may match."""
    subject = m.evaluate(node.subject)
    if own_hook(m, subject, "__eq__", "__len__", "__getitem__") or any(map(_reads_attributes, node.cases)):
        may_run(m, [subject])
    before = m.state
    ends: list[State] = []
    for case in node.cases:
        m.state = before.fork()
        answer = matches(m, case.pattern, subject)
        m.doubtful |= answer is None and m.varies and depends_on_version(m, subject)
        if answer is not False and case.guard is not None:
            guard = holds(m, case.guard)
            asked, m.state = m.state, m.state.fork()
            before = asked if answer else before.fork().joined(asked.fork())
            answer = guard if guard is not True else answer
        if answer is False:
            continue
        with nullcontext() if answer is True and not ends else m.control.uncertain():
            m.execute(case.body)
        ends.append(m.state)
        if answer:
            break
    else:
        ends.append(before.fork())
    m.state = join_all(ends) or before


def _reads_attributes(case: ast.match_case) -> bool:
    """True if a pattern reads attributes of what it matches, which may run code."""
    return any(isinstance(pattern, ast.MatchClass) for pattern in ast.walk(case.pattern))


def run_global(m: Interpreter, node: ast.Global) -> None:
    """Run ``global``."""
    _declare(m, node.names, m.module_scope())


def run_nonlocal(m: Interpreter, node: ast.Nonlocal) -> None:
    """Run ``nonlocal``."""
    around = [*m.scopes()][1:]
    for name in node.names:
        _declare(m, [name], next((number for number, scope in around if name in scope.variables), None))


def _declare(m: Interpreter, names: list[str], number: int | None) -> None:
    if number is not None and number != m.control.scope:
        m.state.writable(m.control.scope, Scope).outer.update(dict.fromkeys(names, number))


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
