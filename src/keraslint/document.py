"""One source file: its bytes decoded as Python does, its newline style, and positions in characters."""

from __future__ import annotations

import ast
import codecs
import io
import re
import sys
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from keraslint.diagnostic import Position, Span
from keraslint.limits import MAX_SOURCE_WORDS, too_many
from keraslint.private_names import write_private_names
from keraslint.profile import timed

# The line ends of Python's tokenizer: str.splitlines would also split at form feeds and U+2028.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")

# Python 3.10's parser ends the process on a chain of 200,000 operators; later ones raise RecursionError.
_LONGEST_LINE = 200_000

_WORD = re.compile(r"\w+|[\[({]")


# They fail on any text, or are for names of hosts and take a time that grows with the square of the length.
_NOT_FOR_FILES = frozenset({"idna", "punycode", "undefined"})


class UndecodableSource(ValueError):
    """The bytes are not text in the encoding that the file declares (UTF-8 where it declares none)."""


class SourceTooLarge(SyntaxError):
    """The text is not parsed, since its syntax tree would take too much memory."""


@dataclass(frozen=True)
class Document:
    """A source text and where things are in it.

    ``text`` has the file's own line ends and no byte-order mark; ``encode`` gives the bytes back.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Document:
        """Decode ``data`` as Python would (PEP 263). Raises UndecodableSource."""
        bom = data.startswith(b"\xef\xbb\xbf")
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
            encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        except (SyntaxError, ValueError, LookupError) as error:
            raise UndecodableSource(str(error)) from error
        return cls(path, decoded(data[3:] if bom else data, encoding), encoding, bom)

    def encode(self, text: str | None = None) -> bytes:
        """The bytes of the file with ``text`` (default: its own) in it. Raises UnicodeEncodeError."""
        content = (self.text if text is None else text).encode(self.encoding)
        return "\ufeff".encode(self.encoding) + content if self.bom else content

    @property
    def tree(self) -> ast.Module:
        """The syntax tree, made once; of newer syntax than this Python's that of ``tokens_text``, in the same places.

        Raises SyntaxError, also for a text that is nested too deeply to be parsed, and ValueError for null bytes.
        """
        return self._parsed[1]

    @property
    def tokens_text(self) -> str:
        """The text that Python's tokenizer can read: ``text``, its newer syntax rewritten in place where it parses."""
        try:
            return self._parsed[0]
        except (SyntaxError, ValueError):
            return self.text

    @property
    def _parsed(self) -> tuple[str, ast.Module]:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome

    @cached_property
    def _outcome(self) -> tuple[str, ast.Module] | SyntaxError | ValueError:
        return parsed(self.text, self.lines)

    @cached_property
    def broken(self) -> tuple[SyntaxError, ...]:
        """The errors, in rows of ``text``, of the parts that do not parse where the rest does: cells of a notebook."""
        return ()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines with their line ends."""
        return lines_of(self.text)

    @cached_property
    def newline(self) -> str:
        """The line end of the first line; a line feed where there is none."""
        match = re.search(r"\r\n|\r|\n", self.text)
        return match.group() if match else "\n"

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        starts, total = [], 0
        for line in self.lines:
            starts.append(total)
            total += len(line)
        return (*starts, total)

    @property
    def parses(self) -> bool:
        """True if the text is Python that can be parsed."""
        try:
            return bool(self.tree)
        except (SyntaxError, ValueError):
            return False

    def position(self, row: int, byte_column: int) -> Position:
        """The position of a place of ``ast``: line ``row``, column ``byte_column`` (0-based, UTF-8 bytes)."""
        line = self.lines[row - 1] if row <= len(self.lines) else ""
        if line.isascii():
            return Position(row, byte_column + 1)
        prefix = line.encode("utf-8", "surrogatepass")[:byte_column]
        return Position(row, len(prefix.decode("utf-8", "surrogatepass")) + 1)

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> Span:
        """The span of a node of ``tree``."""
        end_row = node.end_lineno if node.end_lineno is not None else node.lineno
        end_column = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return Span(self.position(node.lineno, node.col_offset), self.position(end_row, end_column))

    def offset(self, position: Position) -> int:
        """The index in ``text`` of a position."""
        return min(self._starts[min(position.row - 1, len(self._starts) - 1)] + position.column - 1, len(self.text))

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[self.offset(span.start) : self.offset(span.end)]


def decoded(data: bytes, encoding: str) -> str:
    """The text of bytes in an encoding that a file declares. Raises UndecodableSource."""
    try:
        if codecs.lookup(encoding).name in _NOT_FOR_FILES:
            raise UndecodableSource(f"{encoding} is not an encoding of files")
        return data.decode(encoding)
    except (LookupError, ValueError, ArithmeticError) as error:
        raise UndecodableSource(str(error)) from error


def parsed(text: str, lines: Sequence[str] | None = None) -> tuple[str, ast.Module] | SyntaxError | ValueError:
    """The text that was parsed, which is ``text`` unless its syntax is newer than this Python, and its tree.

    The error of Python's parser where it can't be parsed. Private names in classes are written in full in the tree.
    """
    with timed("parse"):
        try:
            found = _parse(text, lines_of(text) if lines is None else lines)
        except (SyntaxError, ValueError) as error:
            return error
        write_private_names(found[1], found[0])
        return found


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text with their line ends, as Python's tokenizer has them."""
    return tuple(_LINE.findall(text))


def _as_it_stands(text: str) -> tuple[str, ast.Module]:
    """The tree of a text, and the text; that of a notebook of Databricks or marimo as it is run."""
    if text.startswith("# Databricks"):
        from keraslint.ipython.scripts import with_shared_notebooks

        text = with_shared_notebooks(text)
    tree = ast.parse(text)
    if "marimo" in text and "@app.cell" in text:
        from keraslint.ipython.marimo import as_program

        tree = as_program(tree)
    return text, tree


def _without_magics(text: str, error: SyntaxError) -> tuple[tuple[str, ast.Module] | None, SyntaxError]:
    """A text without IPython's lines, and its tree; None and the error where it still does not parse.

    ``error`` is that of the text with these lines.
    """
    from keraslint.ipython.scripts import scripts_without_magics

    errors = []
    for script in scripts_without_magics(text):
        try:
            return (script, ast.parse(script)), error
        except SyntaxError as other:
            errors.append(other)
    return None, next(iter(errors), error)


def _parse(text: str, lines: Sequence[str]) -> tuple[str, ast.Module]:
    """The text that was parsed, which is ``text`` unless its syntax is newer than this Python, and its tree."""
    if too_many(_WORD, text, MAX_SOURCE_WORDS):
        raise SourceTooLarge(f"it has more than {MAX_SOURCE_WORDS:,} words")
    if sys.version_info < (3, 11) and any(len(line) > _LONGEST_LINE for line in lines):
        raise SyntaxError(f"a line is longer than {_LONGEST_LINE:,} characters")
    try:
        try:
            return _as_it_stands(text)
        except SyntaxError as error:
            from keraslint.newer_syntax.read import readable

            found, error = _without_magics(text, error)
            if found is not None:
                return found
            older = readable(text, error)
            try:
                return older, ast.parse(older)
            except SyntaxError:
                raise error from None
    except (RecursionError, MemoryError) as error:
        raise SyntaxError("it is nested too deeply to be parsed") from error
