"""Conditions in the source: the question in a test of plain names, and the tests that a block repeats."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from keraslint.analysis.prefilter import children

# Methods that change what they are called on.
_CHANGING = frozenset("add append clear extend insert pop remove setdefault update".split())
_CLOSED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_STORES = (ast.Store, ast.Del)


@dataclass(frozen=True, slots=True)
class Condition:
    """A question about plain names, attributes and items: is one true, does it equal a constant, how do two compare.

    text: the expression that is asked about. equals: the constant that it may equal, in a tuple; empty where it is
    tested by itself. parts: the chains of names and attributes in it. plain: it is a single such chain.
    names: its variables. words: these, its attributes, and "[]" where it has items: setting one may change it.
    """

    text: str
    equals: tuple[Hashable, ...]
    parts: tuple[ast.expr, ...] = field(compare=False)
    plain: bool = field(compare=False, default=True)
    names: tuple[str, ...] = field(init=False, compare=False)
    words: frozenset[str] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        nodes = [node for part in self.parts for node in ast.walk(part)]
        names = tuple(node.id for node in nodes if isinstance(node, ast.Name))
        attributes = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
        items = ["[]" for node in nodes if isinstance(node, ast.Subscript)]
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "words", frozenset([*names, *attributes, *items]))

    @property
    def key(self) -> str:
        """A key that is equal for equal conditions."""
        return f"{self.text} == {self.equals[0]!r}" if self.equals else self.text

    @property
    def reaches_in(self) -> bool:
        """True if it is about an attribute or item, which other code may change too."""
        return any(not isinstance(part, ast.Name) for part in self.parts)


def condition_of(test: ast.expr) -> tuple[Condition, bool] | None:
    """The condition in a test, and the answer that makes it true; None if it depends on more than plain names."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = condition_of(test.operand)
        return None if inner is None else (inner[0], not inner[1])
    if _is_chain(test):
        return Condition(ast.unparse(test), (), (test,)), True
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    left, op, right = test.left, test.ops[0], test.comparators[0]
    of_none = isinstance(right, ast.Constant) and right.value is None and isinstance(op, (ast.Is, ast.IsNot))
    if isinstance(right, ast.Constant) and _is_chain(left) and (of_none or isinstance(op, (ast.Eq, ast.NotEq))):
        return Condition(ast.unparse(left), (right.value,), (left,)), isinstance(op, (ast.Eq, ast.Is))
    sides = [side for side in (left, right) if not isinstance(side, ast.Constant)]
    if sides and all(_is_chain(side) for side in sides):
        return Condition(ast.unparse(test), (), tuple(sides), plain=False), True
    return None


@dataclass(frozen=True, slots=True)
class Forks:
    """The conditions in a statement whose answers are followed separately to the end of the block.

    asked: the conditions in a statement that a later one of the block asks again. couples: it is an ``if`` that
    decides several values from which a compiled or returned model may be made.
    """

    asked: tuple[Condition, ...] = ()
    couples: bool = False


def forks(body: list[ast.stmt]) -> tuple[Forks, ...]:
    """For each statement of a block, the conditions whose answers should be followed separately."""
    nodes = [node for statement in body for node in _walk(statement)]
    if not any(isinstance(node, (ast.If, ast.IfExp)) for node in nodes) or not any(
        _is_of_models(node) for node in nodes
    ):
        return (Forks(),) * len(body)
    wanted = _wanted(body)
    found = [_conditions_in(statement, wanted) for statement in body]
    later: set[str] = set()
    result: list[Forks] = []
    for place in reversed(range(len(body))):
        statement, (asked, passed) = body[place], found[place]
        couples = isinstance(statement, ast.If) and place < len(body) - 1 and len(_changed(statement) & wanted) > 1
        again = dict.fromkeys(one for one in (*asked, *passed) if one.text in later)
        result.append(Forks(tuple(again), couples))
        later.update(one.text for one in asked)
    return tuple(reversed(result))


def _is_chain(node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and _is_chain(node.value)
    return _is_chain(node.value) if isinstance(node, ast.Attribute) else isinstance(node, ast.Name)


def _conditions_in(statement: ast.stmt, wanted: set[str]) -> tuple[list[Condition], list[Condition]]:
    """The conditions that decide the wanted names, in order, and the plain values that are passed to calls."""
    asked: list[Condition] = []
    passed: list[Condition] = []
    deciding = _deciding(statement, wanted)
    for node in _walk(statement):
        if isinstance(node, ast.IfExp) or (isinstance(node, ast.If) and node in deciding):
            asked.extend(_atoms(node.test))
        elif isinstance(node, ast.Call):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            passed.extend(known[0] for value in values if _is_chain(value) and (known := condition_of(value)))
    return asked, passed


def _deciding(statement: ast.stmt, wanted: set[str]) -> set[ast.AST]:
    """The nodes below which something is compiled or returned, or a wanted name is changed: found in one walk."""
    above: dict[ast.AST, ast.AST] = {}
    found: set[ast.AST] = set()
    for node in _walk(statement):
        above.update((child, node) for child in ast.iter_child_nodes(node))
        if isinstance(node, ast.Return) or _is_compile(node) or wanted.intersection(_changed_by(node)):
            around: ast.AST | None = node
            while around is not None and around not in found:
                found.add(around)
                around = above.get(around)
    return found


def _wanted(body: list[ast.stmt]) -> set[str]:
    """The variables and attributes from which the models that a block compiles or returns may be made."""
    sources: dict[str, set[str]] = {}
    wanted: set[str] = set()
    for statement in body:
        for node in _walk(statement):
            if isinstance(node, ast.Return) or _is_compile(node):
                wanted |= _chains(node)
            elif isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.For, ast.withitem)):
                for name in _changed(node):
                    sources.setdefault(name, set()).update(_chains(node))
    left = list(wanted)
    while left:
        fresh = sources.get(left.pop(), set()) - wanted
        wanted |= fresh
        left += fresh
    return wanted


def _changed(node: ast.AST) -> set[str]:
    """The variables and attributes that are set, or whose contents are changed, below a node."""
    return {name for child in _walk(node) for name in _changed_by(child)}


def _changed_by(node: ast.AST) -> set[str]:
    """The variables and attributes that one node sets, or whose contents it changes."""
    if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, _STORES) and _is_chain(node):
        return {ast.unparse(node)}
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, _STORES) and _is_chain(node.value):
        return {ast.unparse(node.value)}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
        return _chains(node.func.value)
    return set()


def _chains(node: ast.AST) -> set[str]:
    return {
        ast.unparse(child) for child in _walk(node) if isinstance(child, (ast.Name, ast.Attribute)) and _is_chain(child)
    }


def _is_compile(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile"


def _is_of_models(node: ast.AST) -> bool:
    """True if a node seems to make or compile a model."""
    name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
    return name == "compile" or name.endswith(("Model", "Functional"))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those below it, without the bodies of functions and classes."""
    left = [node]
    while left:
        node = left.pop()
        if not isinstance(node, _CLOSED):
            yield node
            left += children(node)[::-1]


def _atoms(test: ast.expr) -> Iterator[Condition]:
    if isinstance(test, ast.BoolOp):
        for value in test.values:
            yield from _atoms(value)
    elif isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _atoms(test.operand)
    elif (known := condition_of(test)) is not None:
        yield known[0]
