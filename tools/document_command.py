"""Writes the tables of arguments and options in docs/usage.md from the parsers of the commands.

    python -m tools.document_command [--check]

With ``--check`` it writes nothing: it says whether the tables are up to date, and exits with 1 if they are not.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from keraslint.commands.parsers import COMMAND_PARSERS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "usage.md"
MARKED = re.compile(r"(<!-- options of keraslint ([a-z-]+) -->\n).*?(<!-- end of the options -->\n)", re.DOTALL)
GLOBAL = "global options"
TITLES = {"positional arguments": "Arguments", GLOBAL: "For every command"}


def tables(parser: argparse.ArgumentParser) -> str:
    """The arguments and options of a command, a table for each group."""
    groups = sorted(parser._action_groups, key=lambda group: group.title == GLOBAL)
    parts = [
        f"| {TITLES.get(group.title or '', (group.title or '').capitalize())} | meaning |\n|---|---|\n{''.join(rows)}\n"
        for group in groups
        if (rows := list(_rows(group)))
    ]
    return "\n" + "".join(parts)


def _rows(group: argparse._ArgumentGroup) -> Iterator[str]:
    for action in group._group_actions:
        if action.help is argparse.SUPPRESS or "--help" in action.option_strings:
            continue
        value = f" {action.metavar}" if action.metavar else ""
        names = [f"`{name}{value}`" for name in action.option_strings] or [f"`{action.metavar}`"]
        choices = "; one of " + ", ".join(f"`{choice}`" for choice in action.choices) if action.choices else ""
        yield f"| {', '.join(names)} | {action.help or ''}{choices} |\n"


def main() -> int:
    """Write the tables, or compare them with ``--check``."""
    before = PAGE.read_text(encoding="utf-8")
    after = MARKED.sub(lambda found: found[1] + tables(COMMAND_PARSERS[found[2]]()) + found[3], before)
    missing = COMMAND_PARSERS.keys() - {command for _, command, _ in MARKED.findall(before)}
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(after, encoding="utf-8")
    elif after != before or missing:
        print("docs/usage.md is not up to date: run python -m tools.document_command")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
