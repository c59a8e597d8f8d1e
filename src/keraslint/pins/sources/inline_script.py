"""A Python script that declares its own dependencies in a comment (PEP 723)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from keraslint.pins.interface import ReadResult, Role, joined
from keraslint.pins.notation.toml_text import InvalidToml, TomlText, text_at
from keraslint.pins.releases import Skipped
from keraslint.pins.sources.pdm_hatch_uv import read_tools, read_uv_sources, requirements_at

# The expression of the specification, for the block named "script".
_BLOCK = re.compile(r"^# /// script[ \t]*$\n(?P<content>(?:^#(?:| .*)$\n)+)^# ///[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """Reads the block at the head of a script."""

    role: Role = field(default=Role.ASKS, init=False)

    def claims(self, name: str) -> bool:
        """None: a script speaks only for itself."""
        del name
        return False

    def read(self, filename: str, text: str) -> ReadResult:
        """The dependencies in the block, nothing where there is none."""
        block = _BLOCK.search(text) if "# /// script" in text else None
        if block is None:
            return ReadResult()
        # With as many empty lines before it, TOML's rows are the script's.
        above = text.count("\n", 0, block.start("content"))
        content = (line[2:] for line in block.group("content").split("\n"))
        try:
            document = TomlText.parse("\n" * above + "\n".join(content))
        except InvalidToml as error:
            return ReadResult(skipped=(Skipped(filename, error.row, f"no TOML: {error}"),))
        found = joined(
            (
                ReadResult(python=text_at(document.data, "requires-python")),
                requirements_at(filename, document, ("dependencies",)),
                read_tools(filename, document),
            )
        )
        found = joined((found, read_uv_sources(filename, document, found)))
        lines = text.split("\n")
        written = (replace(item, text=lines[item.row - 1].strip()) for item in found.conditions)
        return replace(found, conditions=tuple(written))


SCRIPT = Script()
