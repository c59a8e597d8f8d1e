"""A Python script that declares its own dependencies in a comment (PEP 723)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from keraslint.pins.interface import ReadResult, Source, joined, skip
from keraslint.pins.notation.toml_text import TomlText, read_toml, text_at
from keraslint.pins.sources.pdm_hatch_uv import read_tools, read_uv_sources, requirements_at

_MOST_ROWS = 2_000
_BEGIN = re.compile(r"# /// script[ \t]*")
_END = re.compile(r"# ///[ \t]*")


class Script(Source):
    """Reads the block at the head of a script. Claims no file: a script declares dependencies for itself alone."""

    of_whole_file = False

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the dependencies in the block; nothing if there is no block."""
        lines = text.split("\n") if "# /// script" in text else []
        block = _block(lines)
        if not block:
            return ReadResult()
        if len(block) > _MOST_ROWS:
            return skip(filename, block.start, f"the block has more than {_MOST_ROWS:,} rows", too_large=True)
        # With as many empty lines before the block, the rows in it are those of the script.
        content = (lines[row][2:] for row in block)
        found = read_toml(
            filename, "\n" * block.start + "\n".join(content), lambda document: _of_document(filename, document)
        )
        written = (replace(item, text=lines[item.row - 1].strip()) for item in found.conditions)
        return replace(found, conditions=tuple(written))


def _block(lines: Sequence[str]) -> range:
    """The rows (from 0) of the block named "script", without its first and last line; empty if there is none.

    As the expression of the specification has it, the last possible end of the first block that has one counts.
    """
    begin = end = 0
    for row, line in enumerate([*lines, ""]):
        if begin and _END.fullmatch(line) and row > begin:
            end = row
        if line != "#" and not line.startswith("# "):
            if end:
                break
            begin = 0
        elif not begin and _BEGIN.fullmatch(line):
            begin = row + 1
    return range(begin, end)


def _of_document(filename: str, document: TomlText) -> ReadResult:
    found = joined(
        (
            ReadResult(python=text_at(document.data, "requires-python")),
            requirements_at(filename, document, ("dependencies",)),
            read_tools(filename, document),
        )
    )
    return joined((found, read_uv_sources(filename, document, found)))


SCRIPT = Script()
