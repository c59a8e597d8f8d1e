"""A notebook as a document: its cells joined to one program, with a line between each and the next."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from keraslint.document import Document, SourceTooLarge, UndecodableSource, lines_of, parsed
from keraslint.ipython.lines import has_unknown_language, unknown_effects, without_magics
from keraslint.notebook.cells import Cell, NotANotebook, cells_of
from keraslint.notebook.changed_cells import with_sources
from keraslint.notebook.places import BETWEEN, MARK, split_cells

_PROMPT = re.compile(r"^(?:>>> |\.\.\. )", re.MULTILINE)
_INDENTED = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?[\r\n]+)*[ \t]+(?=[^\s#])")


@dataclass(frozen=True)
class JoinedCells(Document):
    """The cells of a notebook as one program, wherever they come from. ``text`` is that of all cells."""

    cells: tuple[Cell, ...] = ()

    def encode(self, text: str | None = None) -> bytes:
        """The bytes of the joined text. Raises ValueError where another cell has changed than one of Python."""
        content = self.text if text is None else text
        for cell, source in zip(self.cells, split_cells(content), strict=True):
            if source != cell.source and not cell.is_python:
                raise ValueError("a cell without Python can't be changed")
        return content.encode("utf-8", "surrogatepass")

    @cached_property
    def broken(self) -> tuple[SyntaxError, ...]:
        """The error of each Python cell that does not parse."""
        return tuple(program.error for program in self._programs if program.error is not None)

    @cached_property
    def _programs(self) -> tuple[_Program, ...]:
        found, row = [], 0
        for cell, source in zip(self.cells, split_cells(self.text), strict=False):
            program = _program(cell, source, can_be_headed=row > 0)
            if program.error is not None:
                program.error.lineno = row + (program.error.lineno or 1)
            found.append(program)
            row += len(lines_of(f"{source}{BETWEEN}"))
        return tuple(found)

    @cached_property
    def _outcome(self) -> tuple[str, ast.Module] | SyntaxError | ValueError:
        text = "".join(f"\n{program.head}\n{program.text}" for program in self._programs)
        return parsed(text.removeprefix(f"\n{MARK}\n"))


@dataclass(frozen=True)
class NotebookDocument(JoinedCells):
    """A notebook in a file. ``encode`` puts the joined text back into the ``json`` of the file."""

    json: str = ""

    def encode(self, text: str | None = None) -> bytes:
        """The bytes of the notebook with the cells of ``text`` in it. Raises ValueError where these are not its own."""
        content = with_sources(self.json, self.cells, self.sources(text)).encode("utf-8", "surrogatepass")
        return b"\xef\xbb\xbf" + content if self.bom else content

    def sources(self, text: str | None = None) -> list[str]:
        """The sources of the cells in a joined text."""
        return split_cells(self.text if text is None else text) if self.cells else []


@dataclass(frozen=True, slots=True)
class _Program:
    """The Python of a cell in as many rows, the line above it, and the error where the cell does not parse."""

    text: str
    head: str = MARK
    error: SyntaxError | None = None


def open_notebook(path: str, data: bytes) -> NotebookDocument:
    """The document in the bytes of a notebook. Raises UndecodableSource."""
    bom = data.startswith(b"\xef\xbb\xbf")
    try:
        text = data[3 if bom else 0 :].decode("utf-8", "surrogatepass")
        cells = cells_of(text)
    except (UnicodeDecodeError, NotANotebook) as error:
        raise UndecodableSource(str(error)) from error
    if any(MARK in cell.source for cell in cells):
        raise UndecodableSource("a cell holds a character that is not one")
    return NotebookDocument(path, joined_text(cells), bom=bom, json=text, cells=cells)


def joined_text(cells: Iterable[Cell]) -> str:
    """The joined text of cells."""
    return BETWEEN.join(cell.source for cell in cells)


def _program(cell: Cell, source: str, *, can_be_headed: bool) -> _Program:
    if not cell.is_python:
        return _Program("".join(char for char in source if char in "\r\n"))
    found = parsed(source)
    if isinstance(found, SourceTooLarge):
        return _Program(source)
    if isinstance(found, Exception) and (indented := _indented(source)) is not None:
        return _Program(indented, "if 1:") if can_be_headed else _Program(unknown_effects(source))
    if not isinstance(found, Exception):
        error = _returns(found[1]) if "return" in source else None
        return _Program(found[0]) if error is None else _Program(unknown_effects(source), error=error)
    if has_unknown_language(source):
        return _Program(unknown_effects(source))
    told = found if isinstance(found, SyntaxError) else SyntaxError(str(found))
    return _Program(unknown_effects(source), error=told)


def _indented(source: str) -> str | None:
    """A cell of which IPython takes away prompts or indentation, as the body of a block; None for any other."""
    if _PROMPT.match(source):
        source = _PROMPT.sub("    ", source)
    elif not _INDENTED.match(source):
        return None
    found = parsed(f"if 1:\n{without_magics(source)}")
    return None if isinstance(found, Exception) else found[0].partition("\n")[2]


def _returns(tree: ast.Module) -> SyntaxError | None:
    """The error of a ``return`` outside of a function, which Python finds only when it compiles."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return):
            return SyntaxError("'return' outside function", (None, node.lineno, node.col_offset + 1, None))
        if isinstance(node, (ast.stmt, ast.Module)) and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += ast.iter_child_nodes(node)
    return None
