"""Install commands in cells of notebooks, and in scripts that were notebooks: ``%pip install``, ``!uv pip install``."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from keraslint.notebook.places import MARK, is_notebook
from keraslint.pins.interface import ReadResult, Source, joined
from keraslint.pins.sources.install_command import BUILD_IN_COMMAND, install_commands

_INSTALLS = r".*\b(?:install|add)\b.*"
_COMMANDS = (
    re.compile(rf"[ \t]*(?:# MAGIC[ \t]+)?(?:[\w., \t]+=[ \t]*)?(?:!!?|%)(?P<command>{_INSTALLS})"),
    re.compile(rf"[ \t]*get_ipython\(\)\.(?:system|getoutput)\((['\"])(?P<command>{_INSTALLS})\1\)"),
    re.compile(
        r"[ \t]*get_ipython\(\)\.run_line_magic\(['\"](?P<magic>\w+)['\"], (['\"])(?P<command>" + _INSTALLS + r")\2\)"
    ),
)
# In a cell of one line a magic needs no mark.
_ALONE = re.compile(rf"(?P<command>(?:pip|uv){_INSTALLS})")
_SHELL_CELL = re.compile(r"%%(?:bash|sh|!|sx|system|script)\b.*")
_NEXT_CELL = re.compile(r"# ?%%")
_WORTH_READING = re.compile(r"\binstall\b|\badd\b")


def _read(filename: str, text: str) -> ReadResult:
    """Read the commands that install something."""
    if not _WORTH_READING.search(text):
        return ReadResult()
    written = text.split("\n")
    commands = list(_commands(written))
    exported = is_notebook(filename) or "get_ipython()" in text or "# MAGIC" in text
    if not commands or (not exported and _is_python(text)):  # in a text of a plain script
        return ReadResult()
    lines = [line.strip() for line in written]
    return joined(install_commands(filename, lines, command, row, {}) for row, command in commands)


def _is_python(text: str) -> bool:
    """Return True for a script without IPython's lines."""
    try:
        return bool(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _commands(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The row and the shell text of each command."""
    ends = [row for row, line in enumerate(lines) if line == MARK or _NEXT_CELL.match(line)]
    for start, end in itertools.pairwise([-1, *ends, len(lines)]):
        yield from _commands_of_cell(lines[start + 1 : end], start + 2)


def _commands_of_cell(lines: list[str], row: int) -> Iterator[tuple[int, str]]:
    """The commands of a cell that begins at this row."""
    first = next((number for number, line in enumerate(lines) if line.strip() and line[0] != "#"), 0)
    if lines and _SHELL_CELL.fullmatch(lines[first]):
        yield row + first + 1, "\n".join(lines[first + 1 :])
        return
    patterns = (*_COMMANDS, _ALONE) if len(lines) == 1 else _COMMANDS
    rows = iter(enumerate(lines, row))
    for number, line in rows:
        match = next((found for pattern in patterns if (found := pattern.fullmatch(line))), None)
        if match is None:
            continue
        command = [" ".join(filter(None, (match.groupdict().get("magic"), match["command"])))]
        while command[-1].endswith("\\") and (following := next(rows, None)):
            command.append(following[1])
        yield number, "\n".join(command)


# Claims no file: a notebook installs packages for itself alone.
INSTALLS = Source(_read, "", build=BUILD_IN_COMMAND, in_shell=True, of_whole_file=False)
