"""Writes what commands print into the pages below docs/, by running them.

    python -m tools.document_output [--check] [PAGE]...

With ``--check`` it writes nothing: it names the pages that are not up to date, and exits with 1 if there are any.

Each page has a folder of its own, with a copy of ``examples/`` and with ``bug/``, the example of the README. Its
commands run there, one after the other, in one shell. A command is a line that begins with ``$ `` in a block of
``console``: what it prints stands below it. ``<!-- run: COMMAND -->`` is run and not shown; after
``<!-- prints: COMMAND -->`` the next block of ``text`` holds what the command prints on stdout.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = re.compile(r"<!-- (run|prints): (.*) -->\n")
END = "\x1e"
"""Stands between what two commands print."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a page: text as it is, with ``command`` empty, or a command with what follows it on the page."""

    text: str
    command: str = ""
    alone: bool = False
    """Nothing but what it prints on stdout is shown."""
    shown: bool = True


def pieces(page: str) -> Iterator[Piece]:
    """The parts of a page in their order."""
    kept: list[str] = []
    lines = iter(page.splitlines(keepends=True))
    for line in lines:
        hidden = HIDDEN.fullmatch(line)
        if line == "```console\n":
            yield Piece("".join([*kept, line]))
            kept = []
            yield from (Piece(one, one[2:].strip()) for one in iter(lambda: next(lines), "```\n") if one[:2] == "$ ")
            kept.append("```\n")
        elif hidden and hidden[1] == "run":
            yield Piece("".join([*kept, line]), hidden[2], shown=False)
            kept = []
        elif hidden:
            until_block = [line, *iter(lambda: next(lines), "```text\n"), "```text\n"]
            yield Piece("".join([*kept, *until_block]), hidden[2], alone=True)
            kept = ["```\n"]
            for _ in iter(lambda: next(lines), "```\n"):
                pass
        else:
            kept.append(line)
    yield Piece("".join(kept))


def rewritten(page: str) -> str:
    """The page with what its commands print now."""
    parts = list(pieces(page))
    commands = [part for part in parts if part.command]
    if not commands:
        return page
    printed = iter(run(commands))
    return "".join(part.text + (next(printed) if part.command else "") for part in parts)


def run(commands: list[Piece]) -> list[str]:
    """What each command prints; nothing for one that is not shown."""
    example = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[0]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "work"
        shutil.copytree(ROOT / "examples", folder / "examples")
        (folder / "bug").mkdir()
        (folder / "bug" / "train.py").write_text(example, encoding="utf-8")
        (folder / "bug" / "requirements.txt").write_text("keras==3.5.0\n", encoding="utf-8")
        programs = Path(place) / "bin"
        programs.mkdir()
        for name, words in (("python", ""), ("keraslint", "-m keraslint ")):
            (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
        known = {name: text for name, text in os.environ.items() if not name.startswith(("GIT_", "FORCE_", "CI"))}
        known |= {"PATH": f"{programs}{os.pathsep}{known['PATH']}", "NO_COLOR": "1", "HOME": place}
        script = "".join(
            f"{one.command} {'2>/dev/null' if one.alone else '2>&1'}\nprintf '{END}'\n" for one in commands
        )
        done = subprocess.run(["bash"], input=script, cwd=folder, env=known, capture_output=True, text=True, check=True)
    answers = done.stdout.split(END)[:-1]
    return [answer if one.shown else "" for one, answer in zip(commands, answers, strict=True)]


def main() -> int:
    """Write the pages, or compare them with ``--check``."""
    named = [Path(word).resolve() for word in sys.argv[1:] if not word.startswith("-")]
    stale = False
    for path in named or sorted((ROOT / "docs").rglob("*.md")):
        before = path.read_text(encoding="utf-8")
        after = rewritten(before)
        if before == after:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT).as_posix()} is not up to date: run python -m tools.document_output")
            stale = True
        else:
            path.write_text(after, encoding="utf-8")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
