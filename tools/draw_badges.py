"""Draws the badges of the README from the facts that they state, into docs/pictures/.

    python -m tools.draw_badges [--check]

With ``--check`` it writes nothing: it compares the text of the badges, and exits with 1 where one is not up to date.
Needs ``anybadge`` (the extra "docs").
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import anybadge

from keraslint.behaviour.releases import MEASURED
from tools.svg_text import write_or_check

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
COLOUR = "#0969da"


def badges() -> dict[str, tuple[str, str]]:
    """The two texts of each badge, by the name of its file."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    python = re.findall(r'^requires-python = ">=(.*)"$', project, flags=re.MULTILINE)[0]
    licence = re.findall(r'^license = "(.*)"$', project, flags=re.MULTILINE)[0]
    return {
        "python": ("Python", f"{python} or later"),
        "keras": ("measured on Keras", f"{MEASURED[0]} to {MEASURED[-1]}"),
        "licence": ("licence", licence),
    }


def main() -> int:
    """Draw each badge, or compare it with ``--check``."""
    stale = 0
    for name, (label, value) in badges().items():
        svg = anybadge.Badge(label, value, default_color=COLOUR).badge_svg_text
        stale |= write_or_check(FOLDER / f"{name}.svg", svg, "draw_badges")
    return stale


if __name__ == "__main__":
    sys.exit(main())
