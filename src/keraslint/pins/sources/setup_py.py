"""setup.py: the requirements given to ``setup()``, read from the syntax tree; the file is never run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from keraslint.pins.interface import Include, ReadResult, Source, joined, skip
from keraslint.pins.requirement_line import Line
from keraslint.pins.sources.requirements_txt import requirement_line

_LISTS = ("install_requires", "tests_require")
_FILE = re.compile(r"[\w./\\ -]+\.(?:txt|in|pip)")
# Far longer than any setup.py; an expression of 300,000 operators ends Python 3.10 with a segmentation fault.
_LONGEST = 100_000
# How many names may refer to one another before a value counts as unknown.
_DEPTH = 12
# How many steps may be taken to find the values, each character of a text that is put together counted.
_MOST = 100_000


def _read(filename: str, text: str) -> ReadResult:
    """Read ``install_requires``, the extras and ``python_requires`` of the call of ``setup``."""
    if len(text) > _LONGEST:
        return skip(filename, 0, f"longer than {_LONGEST} characters", too_large=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        row = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
        return skip(filename, min(row, text.count("\n") + 1), f"not valid Python: {error}")
    module = _Module(filename, tuple(text.split("\n")), tree)
    try:
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name_of(node.func) == "setup"]
        return joined(found for call in calls for found in module.of_call(call))
    except (RecursionError, _TooMany):
        return skip(filename, 0, "its values are too many, or nested too deeply", too_large=True)


class _TooMany(Exception):
    """The values of the names in a setup.py are more, or longer, than are read."""


class _Module:
    """The names that a setup.py assigns, and the requirements in its calls of ``setup``."""

    def __init__(self, filename: str, lines: tuple[str, ...], tree: ast.Module) -> None:
        self._filename = filename
        self._lines = lines
        self._assigned: dict[str, list[ast.expr]] = {}
        self._added: dict[str, list[ast.expr]] = {}
        self._functions: dict[str, ast.FunctionDef] = {}
        self._left = _MOST
        for node in ast.walk(tree):
            self._collect(node)

    def of_call(self, call: ast.Call) -> Iterator[ReadResult]:
        for name, value in self._keywords(call):
            line = self._line(value, "")
            if name in _LISTS:
                yield from self._requirements(value, line, 0)
            elif name == "extras_require":
                yield from self._extras(value, line)
            elif name == "python_requires" and (text := self._text(value, 0)) is not None:
                yield ReadResult(python=text)

    def _spend(self, amount: int) -> None:
        """Count steps, or the characters of a text that is made. Raises _TooMany."""
        self._left -= amount
        if self._left < 0:
            raise _TooMany

    def _collect(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    self._assigned.setdefault(target.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            self._assigned.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self._added.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner = node.func.value
            if isinstance(owner, ast.Name) and node.func.attr in ("append", "extend"):
                self._added.setdefault(owner.id, []).append(node.args[0])
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            self._assigned.setdefault(node.optional_vars.id, []).append(node.context_expr)
        elif isinstance(node, ast.FunctionDef):
            self._functions[node.name] = node

    def _keywords(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """The keyword arguments, also those in a dict after ``**``."""
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield keyword.arg, keyword.value
            else:
                yield from self._items(keyword.value, 0)

    def _items(self, node: ast.expr, depth: int) -> Iterator[tuple[str, ast.expr]]:
        """The entries of a dict with text keys."""
        self._spend(1)
        if depth > _DEPTH:
            return
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
                elif key is None:
                    yield from self._items(value, depth + 1)
        elif isinstance(node, ast.Call) and _name_of(node.func) == "dict":
            yield from ((keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg is not None)
        elif isinstance(node, ast.Name):
            for value in self._assigned.get(node.id, ()):
                yield from self._items(value, depth + 1)

    def _extras(self, node: ast.expr, line: Line) -> Iterator[ReadResult]:
        items = list(self._items(node, 0))
        if not items and not isinstance(node, ast.Dict):
            yield line.skip("the extras can't be known without running it")
        for name, value in items:
            group = f"extra {name}"
            yield from self._requirements(value, self._line(value, group), 0)

    def _requirements(self, node: ast.expr, line: Line, depth: int) -> Iterator[ReadResult]:
        """Read a list of requirements, or a text with one on each line."""
        self._spend(1)
        if depth > _DEPTH:
            return
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for item in node.elts:
                yield from self._requirements(item, self._line(item, line.group), depth + 1)
        elif isinstance(node, ast.Starred):
            yield from self._requirements(node.value, line, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and self._text(node, depth) is None:
            yield from self._requirements(node.left, line, depth + 1)
            yield from self._requirements(node.right, line, depth + 1)
        elif isinstance(node, ast.IfExp):
            for index, branch in enumerate((node.body, node.orelse)):
                choice = replace(line, group=line.group or f"choice {index}")
                yield from self._requirements(branch, choice, depth + 1)
        elif (text := self._text(node, depth)) is not None:
            yield from self._lines_of(node, text, line)
        elif isinstance(node, ast.Name) and node.id in self._assigned:
            yield from self._named(node.id, line, depth)
        else:
            yield from self._files(node, line)

    def _named(self, name: str, line: Line, depth: int) -> Iterator[ReadResult]:
        """Read all values assigned to a name; if there are several, each as a group of its own."""
        values = self._assigned[name]
        grouped = [(value, f"choice {index}" if len(values) > 1 else "") for index, value in enumerate(values)]
        grouped += [(value, f"addition {index}") for index, value in enumerate(self._added.get(name, ()))]
        for value, group in grouped:
            yield from self._requirements(value, self._line(value, line.group or group), depth + 1)

    def _lines_of(self, node: ast.expr, text: str, line: Line) -> Iterator[ReadResult]:
        for index, part in enumerate(text.split("\n")):
            requirement = part.partition(" #")[0].strip()
            if requirement and not requirement.startswith("#"):
                at = self._line(node, line.group, index if "\n" in text else 0)
                yield requirement_line(at, requirement)

    def _files(self, node: ast.expr, line: Line) -> Iterator[ReadResult]:
        """Include the requirements files named in an expression, or in the functions that it calls."""
        nodes = list(ast.walk(node))
        self._spend(len(nodes))
        called = {_name_of(item.func) for item in nodes if isinstance(item, ast.Call)}
        nodes += (item for name in called & set(self._functions) for item in ast.walk(self._functions[name]))
        names = [item.id for item in nodes if isinstance(item, ast.Name)]
        nodes += (item for name in names for value in self._assigned.get(name, ()) for item in ast.walk(value))
        joined_paths = [path for item in nodes if isinstance(item, ast.Call) and (path := _joined_path(item))]
        inner = {part for path in joined_paths for part in path}
        texts = [item.value for item in nodes if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        paths = ["/".join(path) for path in joined_paths] + [text for text in texts if text not in inner]
        files = dict.fromkeys(path for path in paths if _FILE.fullmatch(path))
        if not files:
            yield line.skip("the requirements can't be known without running it")
        yield ReadResult(includes=tuple(Include(path.lstrip("/"), line.row, line.group) for path in files))

    def _text(self, node: ast.expr, depth: int) -> str | None:
        """The text that an expression evaluates to, None if that is not known."""
        self._spend(1)
        if depth > _DEPTH:
            return None
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            values = self._assigned.get(node.id, ())
            return self._text(values[0], depth + 1) if len(values) == 1 else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [self._text(node.left, depth + 1), self._text(node.right, depth + 1)]
        elif isinstance(node, ast.JoinedStr):
            parts = [self._text(item, depth + 1) for item in node.values]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return self._filled(
                node.left, node.right.elts if isinstance(node.right, ast.Tuple) else [node.right], depth
            )
        elif isinstance(node, ast.Call) and _name_of(node.func) == "format" and isinstance(node.func, ast.Attribute):
            return None if node.keywords else self._filled(node.func.value, node.args, depth)
        elif isinstance(node, ast.FormattedValue) and node.format_spec is None and node.conversion == -1:
            parts = [self._text(node.value, depth + 1)]
        else:
            return None
        return None if None in parts else self._made(part for part in parts if part is not None)

    def _filled(self, template: ast.expr, values: Sequence[ast.expr], depth: int) -> str | None:
        """The template with ``values`` in place of its plain ``%s`` or ``{}``; None if any of it is not known."""
        texts = [self._text(node, depth + 1) for node in (template, *values)]
        known = [text for text in texts if text is not None]
        if len(known) < len(texts):
            return None
        parts = re.split(r"%s|\{\}", known[0])
        if len(parts) != len(known) or any(set(part) & set("%{}") for part in parts):
            return None
        return self._made(part + value for part, value in zip(parts, (*known[1:], ""), strict=True))

    def _made(self, parts: Iterable[str]) -> str:
        kept = []
        for part in parts:
            self._spend(len(part))
            kept.append(part)
        return "".join(kept)

    def _line(self, node: ast.expr, group: str, below: int = 0) -> Line:
        row = min(node.lineno + below, len(self._lines))
        return Line(self._filename, row, self._lines[row - 1].strip(), group)


def _joined_path(call: ast.Call) -> tuple[str, ...]:
    """("reqs", "base.txt") for ``os.path.join(here, "reqs", "base.txt")``; empty for any other call."""
    if _name_of(call.func) != "join":
        return ()
    parts = [item.value for item in call.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    written = all(isinstance(item, ast.Constant) for item in call.args[1:])
    return tuple(parts) if written and len(parts) > 1 else ()


def _name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


SETUP_PY = Source(_read, "setup.py")
