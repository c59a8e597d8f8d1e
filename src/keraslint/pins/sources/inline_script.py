"""A Python script that declares its own dependencies in a comment (PEP 723)."""

from __future__ import annotations

import re
from dataclasses import replace

from keraslint.pins.interface import ReadResult, Source, joined
from keraslint.pins.notation.toml_text import TomlText, read_toml, text_at
from keraslint.pins.sources.pdm_hatch_uv import read_tools, read_uv_sources, requirements_at

# The expression of the specification, for the block named "script".
_BLOCK = re.compile(r"^# /// script[ \t]*$\n(?P<content>(?:^#(?:| .*)$\n)+)^# ///[ \t]*$", re.MULTILINE)


class Script(Source):
    """Reads the block at the head of a script. Claims no file: a script declares dependencies for itself alone."""

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the dependencies in the block; nothing if there is no block."""
        block = _BLOCK.search(text) if "# /// script" in text else None
        if block is None:
            return ReadResult()
        # With as many empty lines before the block, the rows in it are those of the script.
        above = text.count("\n", 0, block.start("content"))
        content = (line[2:] for line in block.group("content").split("\n"))
        found = read_toml(
            filename, "\n" * above + "\n".join(content), lambda document: _of_document(filename, document)
        )
        lines = text.split("\n")
        written = (replace(item, text=lines[item.row - 1].strip()) for item in found.conditions)
        return replace(found, conditions=tuple(written))


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
