"""Draws docs/pictures/terminal.svg: what keraslint prints in a terminal about the example of the README.

    python -m tools.draw_terminal [--check]

With ``--check`` it writes nothing: it compares the text of the picture, and exits with 1 where it is not up to date.
Needs ``rich`` (the extra "docs").
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tools.svg_text import write_or_check

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "terminal.svg"
COLUMNS = 96
COMMANDS = ("keraslint check --output-format full train.py", "keraslint check --diff train.py")
"""Both leave the program as it is; what they print on stderr comes after what they print on stdout."""

THEME = TerminalTheme(
    (13, 17, 23),
    (230, 237, 243),
    [
        *((72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34)),
        *((121, 192, 255), (210, 168, 255), (86, 212, 221), (230, 237, 243)),
    ],
)


def main() -> int:
    """Run the commands on the example, and draw what they print."""
    example = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[0]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "train.py").write_text(example, encoding="utf-8")
        (Path(folder) / "requirements.txt").write_text("keras==3.5.0\n", encoding="utf-8")
        shown = [(command, printed(command, Path(folder))) for command in COMMANDS]
    return write_or_check(PICTURE, svg_of(shown), "draw_terminal")


def printed(command: str, folder: Path) -> str:
    """What a command prints in a terminal with colours."""
    words = [sys.executable, "-m", *command.split(), "--color", "always", "--isolated"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 1:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return done.stdout + done.stderr


def svg_of(shown: list[tuple[str, str]]) -> str:
    """Commands, each with what it printed, as the picture of a terminal."""
    with Path(os.devnull).open("w") as nowhere:
        console = Console(width=COLUMNS, record=True, file=nowhere, force_terminal=True, color_system="truecolor")
        for command, output in shown:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            console.print(Text.from_ansi(output))
        svg = console.export_svg(title="keraslint", theme=THEME, unique_id="keraslint")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # nothing is to be fetched to look at it
    svg = svg.replace("Fira Code, monospace", "ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace")
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE).strip() + "\n"


if __name__ == "__main__":
    sys.exit(main())
