"""Writes the completions for shells and the man page in completions/, from the parsers of the commands.

Needs ``pip install '.[tools]'``. With ``--check`` it writes nothing: it says which files are not up to date, and exits
with 1 if there are any.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import shtab
from build_manpages.manpage import Manpage  # the module of argparse-manpage

from keraslint.commands.parsers import COMMAND_PARSERS
from keraslint.rules.registry import ALL_RULES

FOLDER = Path(__file__).resolve().parents[1] / "completions"
FILES = {"bash": "keraslint.bash", "zsh": "_keraslint", "fish": "keraslint.fish"}
SUMMARY = "find what goes wrong in Keras training code without an error"


def whole_parser() -> argparse.ArgumentParser:
    """One parser for the command with all of its commands."""
    parser = argparse.ArgumentParser("keraslint", description=SUMMARY)
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, make in COMMAND_PARSERS.items():
        made = make()
        for action in made._actions:
            if action.dest == "rule":
                action.choices = [rule.code for rule in ALL_RULES]  # for the shells alone: names are taken, too
        commands.add_parser(name, parents=[made], add_help=False, help=made.description, description=made.description)
    return parser


def texts() -> dict[str, str]:
    """The text of each file, by its name."""
    found = {name: shtab.complete(whole_parser(), shell=shell) for shell, name in FILES.items()}
    os.environ["COLUMNS"] = "80"
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    parser = whole_parser()
    parser.man_short_description = SUMMARY  # type: ignore[attr-defined]  # read by argparse-manpage
    return {**found, "keraslint.1": str(Manpage(parser))}


def main() -> int:
    """Write the files, or compare them with ``--check``."""
    wanted, stale = texts(), []
    for name, text in wanted.items():
        path = FOLDER / name
        shown = text.rstrip("\n") + "\n"
        if "--check" not in sys.argv[1:]:
            path.write_text(shown, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != shown:
            stale.append(name)
    if stale:
        print(f"completions/ is not up to date ({', '.join(stale)}): run tools/write_completions.py")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
