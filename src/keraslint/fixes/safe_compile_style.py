"""The ``safe-compile`` fix: ``model.compile(...)`` becomes ``safe_compile(model, ...)``, with its import, and back."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from keraslint.analysis.facts import CompileCall, ModuleFacts, RuntimeImport
from keraslint.behaviour.structure import Positional
from keraslint.diagnostic import Applicability, Edit, Fix, Position, Span
from keraslint.document import Document
from keraslint.syntax import imported_packages, imports_keras, statements

STYLE = "safe-compile"
NAME = "safe_compile"
_OTHERS = frozenset({"keras", "tensorflow", "tf_keras", "numpy", "jax", "torch"})
"""Packages outside the project, some of which every program with Keras imports."""
_LISTS = ("list", "tuple")
_IMPORTS = (ast.Import, ast.ImportFrom)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
RUNTIME = "keraslint.runtime"
_BLANK = re.compile(r"(?:\s|\\(?=[\r\n])|#[^\r\n]*)*")
PLAIN = "tuple"
"""The style of the opposite fix: the default style, since the result is a plain compile."""


def safe_compile_fix(document: Document, facts: ModuleFacts, contexts: tuple[CompileCall, ...]) -> Fix | None:
    """The fix for a compile call, given all contexts in which it runs; None where safe_compile would refuse them.

    It is safe where the file or its project has the runtime already: elsewhere it adds a dependency.
    """
    call = contexts[0].call
    if any(not _accepts(context) for context in contexts) or not _is_plain(document, call):
        return None
    imported = imported_name(document)
    if _binds(document, imported or NAME, beside_import=imported is not None):
        return None
    edits = [*_call_edits(document, call, imported or NAME)]
    if imported is None:
        module = facts.runtime.module if facts.runtime else RUNTIME
        edit = _import_edit(document, module, facts.sites()[0][0].call.lineno)
        if edit is None:
            return None
        edits.insert(0, edit)
    reasons = [*_reasons_of_import(imported, facts.runtime), *_reasons(contexts)]
    message = "Use safe_compile, which matches by name on every release"
    if reasons:
        message += f" (unsafe: {' and '.join(reasons)})"
    return Fix(STYLE, Applicability.UNSAFE if reasons else Applicability.SAFE, message, tuple(edits))


def plain_compile_fix(document: Document, call: ast.Call, applicability: Applicability) -> Fix | None:
    """The fix that turns ``safe_compile(model, ...)`` into ``model.compile(...)``, and removes an unused import.

    None where the model is not written as a name or attribute.
    """
    if not call.args or not isinstance(call.args[0], (ast.Name, ast.Attribute)):
        return None
    model, rest = call.args[0], _arguments(call)[1:]
    start = document.span(model).start
    if _first_inside(document, document.span(call.func).end) != start:
        return None  # the call or its function is in parentheses
    end = _first_inside(document, document.span(model).end) if rest else document.span(call).end
    between = document.slice(Span(document.span(model).end, end))
    if rest and ("#" in between or not between.startswith(",")):
        return None
    if not rest:
        end = Position(end.row, end.column - 1)
    edits = [
        Edit(document.span(call.func), f"{document.slice(document.span(model))}.compile"),
        Edit(Span(start, end), ""),
    ]
    edits += _without_import(document, call)
    message = "Compile with model.compile, which is right on every allowed release"
    return Fix(PLAIN, applicability, message, tuple(sorted(edits, key=lambda edit: edit.span)))


def imported_name(document: Document) -> str | None:
    """The name of safe_compile in a file that imports it from the runtime at its top level."""
    for statement in document.tree.body:
        if isinstance(statement, ast.ImportFrom) and _is_runtime(statement):
            for alias in statement.names:
                if alias.name == NAME:
                    return alias.asname or alias.name
    return None


def _is_runtime(statement: ast.ImportFrom) -> bool:
    return (statement.module or "").rpartition(".")[2] in ("runtime", "keraslint_runtime")


def _reasons_of_import(imported: str | None, runtime: RuntimeImport | None) -> list[str]:
    """Why importing the runtime is unsafe; empty where the file imports it already, or surely finds it."""
    if imported or (runtime and runtime.certain):
        return []
    if runtime:
        return [f"whether the program finds {runtime.module} depends on how it is started and installed"]
    return ["it makes the program depend on keraslint"]


def _reasons(contexts: tuple[CompileCall, ...]) -> list[str]:
    """Why safe_compile may refuse the call; empty where it surely takes it."""
    found = []
    if any(context.model.outputs is None for context in contexts):
        found.append("safe_compile may refuse the outputs, which are not known")
    elif any(context.model.outputs and context.model.outputs.container not in _LISTS for context in contexts):
        found.append("safe_compile may refuse places in a list, as the outputs are a dict")
    return found


def _accepts(context: CompileCall) -> bool:
    """Return True if safe_compile takes the call on every release.

    It does not where a class has a training step of its own, for outputs that are nested, share a name or are an
    OrderedDict that is not sorted, and for places where the outputs are a dict.
    """
    outputs = context.model.outputs
    if context.model.overrides or context.model.legacy or context.model.nested or context.by_class:
        return False
    if outputs is None:
        return True
    labels = outputs.labels
    if outputs.shares_names or (outputs.container == "odict" and list(labels) != sorted(labels)):
        return False
    arguments = (context.loss, context.loss_weights, context.metrics, context.weighted_metrics)
    return outputs.container in _LISTS or not any(isinstance(argument.structure, Positional) for argument in arguments)


def _is_plain(document: Document, call: ast.Call) -> bool:
    """Return True if the call is written ``something.compile(``, with a model on one line that is not a call."""
    function = call.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, (ast.Name, ast.Attribute)):
        return False
    span = document.span(function)
    end = document.offset(span.end)
    return span.start.row == span.end.row and document.text[end : end + 1] == "("


def _call_edits(document: Document, call: ast.Call, name: str) -> Iterator[Edit]:
    assert isinstance(call.func, ast.Attribute)
    model = document.slice(document.span(call.func.value))
    function = document.span(call.func)
    yield Edit(function, name)
    if not call.args and not call.keywords:
        place = Position(function.end.row, function.end.column + 1)
        yield Edit(Span(place, place), model)
        return
    place = _first_inside(document, function.end)
    if place.row == function.end.row:
        yield Edit(Span(place, place), f"{model}, ")
        return
    indent = document.lines[place.row - 1][: place.column - 1]
    if indent.strip():
        indent = " " * (place.column - 1)
    yield Edit(Span(place, place), f"{model},{document.newline}{indent}")


def _first_inside(document: Document, end: Position) -> Position:
    """The offset of the first argument, with parentheses around it, of a call whose function ends at an offset."""
    start = document.offset(end) + 1
    skipped = _BLANK.match(document.text, start)
    text = document.text[document.offset(Position(end.row, 1)) : skipped.end() if skipped else start]
    lines = Document("", text).lines
    ended = lines[-1].endswith(("\r", "\n"))
    return Position(end.row + len(lines) - (not ended), 1 if ended else len(lines[-1]) + 1)


def _arguments(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """All arguments, in the order in which they are written."""
    every: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    return sorted(every, key=lambda node: (node.lineno, node.col_offset))


@lru_cache(maxsize=4)
def _binds(document: Document, name: str, *, beside_import: bool) -> bool:
    """Return True if a program uses this name itself, or binds it otherwise than by one import.

    Most don't even hold the word, as Python reads it.
    """
    if name not in unicodedata.normalize("NFKC", document.text):
        return False
    if not beside_import:
        return any(name in _names(node) for node in ast.walk(document.tree))
    bound = [node for node in ast.walk(document.tree) if name in _names(node)]
    return sum(not (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)) for node in bound) > 1


def _names(node: ast.AST) -> tuple[str, ...]:
    """The variable that a node reads or binds."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, _DEFINITIONS):
        return (node.name,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    return ((node.asname or node.name).partition(".")[0],) if isinstance(node, ast.alias) else ()


@lru_cache(maxsize=4)
def _import_edit(document: Document, module: str, used: int) -> Edit | None:
    """The import, on a line of its own: where isort sorts it among the first imports of the file, else after them.

    Where Keras is imported further down it comes after that: a program may set the backend or the module path before
    it imports Keras, which the runtime imports too. None where something else begins on the line of the last import,
    or where Keras is not imported before the statement in row ``used``.
    """
    body = document.tree.body
    head = _leading(body)
    if any(imports_keras(statements(one)) for one in body[head:]) and not imports_keras(body[:head]):
        row = _after_keras(body, used)
    else:
        row = _sorted_place(document, module)
        row = _after_imports(body) if row is None else row
    if row is None:
        return None
    start = Position(row + 1, 1)
    return Edit(Span(start, start), f"from {module} import {NAME}{document.newline}")


def _after_keras(body: Sequence[ast.stmt], used: int) -> int | None:
    """The last row of the imports that begin with the first one of Keras, where that is before row ``used``."""
    here = next((index for index, one in enumerate(body) if (one.end_lineno or one.lineno) >= used), 0)
    before = [() if isinstance(one, _DEFINITIONS) else statements(one) for one in body[:here]]
    first = next((index for index, nodes in enumerate(before) if imports_keras(nodes)), None)
    if first is None:
        return None
    while first + 1 < here and isinstance(body[first + 1], _IMPORTS):
        first += 1
    row = body[first].end_lineno or body[first].lineno
    return None if row >= used or any(one.lineno <= row < (one.end_lineno or 0) for one in body) else row


def _sorted_place(document: Document, module: str) -> int | None:
    """The row after which to import from another distribution: next to Keras, before the project's own modules.

    ``import`` comes first, then ``from`` sorted by module. None where there is no such place.
    """
    body = document.tree.body
    known = [index for index, one in enumerate(body) if imported_packages(one) & _OTHERS] if module == RUNTIME else []
    head = body[: _leading(body)]
    relative = [index for index, one in enumerate(head) if isinstance(one, ast.ImportFrom) and one.level]
    if relative and module.startswith("."):
        return _between(body, relative[-1] + 1, body[relative[-1]].end_lineno or 0)
    if not known or known[0] >= _leading(body):
        first = relative[0] if relative else 0
        return _between(body, first, body[first - 1].end_lineno or 0) if first else None
    start, end = known[0], known[0] + 1
    while start and isinstance(body[start - 1], _IMPORTS) and _touch(document, body[start - 1], body[start]):
        start -= 1
    while end < len(body) and isinstance(body[end], _IMPORTS) and _touch(document, body[end - 1], body[end]):
        end += 1
    before = [index for index in range(start, end) if _sorts_before(body[index], module)]
    if before:
        return _between(body, before[-1] + 1, body[before[-1]].end_lineno or 0)
    return _between(body, start, body[start].lineno - 1)


def _leading(body: Sequence[ast.stmt]) -> int:
    """The number of statements before the first that is neither an import nor the docstring."""
    docstring = bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    rest = (index for index, one in enumerate(body) if not isinstance(one, _IMPORTS) and not (docstring and index == 0))
    return next(rest, len(body))


def _sorts_before(statement: ast.stmt, module: str) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return not statement.level and (statement.module or "").casefold() < module
    return True


def _touch(document: Document, one: ast.stmt, other: ast.stmt) -> bool:
    """Return True if no empty line separates two statements."""
    return all(line.strip() for line in document.lines[(one.end_lineno or one.lineno) : other.lineno - 1])


def _between(body: Sequence[ast.stmt], index: int, row: int) -> int | None:
    """``row``, where the statements before ``index`` end by it and the others begin after it."""
    if any((one.end_lineno or one.lineno) > row for one in body[:index]):
        return None
    return row if all(one.lineno > row for one in body[index:]) else None


def _after_imports(body: Sequence[ast.stmt]) -> int | None:
    """The row of the last import, or of the docstring; None where something else begins on it."""
    head = body[: _leading(body)]
    row = head[-1].end_lineno or head[-1].lineno if head else 0
    following = next(
        (one for one in body if one.lineno >= row and one.lineno > 0 and (one.end_lineno or 0) > row), None
    )
    if following is None or following.lineno <= row:
        return None  # something else begins on the line of the last import
    if row == 0:
        row = following.lineno - 1
        if isinstance(following, _DEFINITIONS) and following.decorator_list:
            row = following.decorator_list[0].lineno - 1
    return row


def _without_import(document: Document, call: ast.Call) -> list[Edit]:
    """The removal of the import, where this call is the only one that uses it and it imports nothing else."""
    if not isinstance(call.func, ast.Name):
        return []
    name = call.func.id
    # Also as a string, as in ``__all__`` and ``getattr``.
    uses = [node for node in ast.walk(document.tree) if name in (*_names(node), getattr(node, "value", None))]
    for statement in document.tree.body:
        if isinstance(statement, ast.ImportFrom) and _is_runtime(statement) and len(statement.names) == 1:
            alias = statement.names[0]
            if (alias.asname or alias.name) == name and len(uses) == 2:  # this import and this call
                rows = (statement.lineno, statement.end_lineno or statement.lineno)
                text = "".join(document.lines[rows[0] - 1 : rows[1]])
                if text.strip() == document.slice(document.span(statement)) and "#" not in text:
                    return [Edit(Span(Position(rows[0], 1), Position(rows[1] + 1, 1)), "")]
    return []
