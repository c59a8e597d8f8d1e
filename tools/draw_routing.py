"""Draws which loss, weight or target of a program reaches which output on each Keras release, as SVG.

    python -m tools.draw_routing [--check]

writes docs/pictures/routing.svg, about the example of the README; ``tools.document_rules`` draws one for each rule
about routing. The panels are made by keraslint's own analysis of the programs, and its model of each release.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from packaging.version import Version

from keraslint.analysis import analyze
from keraslint.behaviour.drawn import Drawn, by_release
from keraslint.document import Document
from keraslint.picture import Panel, picture
from keraslint.rules.shared.drawing import drawn_call, drawn_outputs
from keraslint.rules.shared.wording import releases as in_words
from tools.svg_text import write_or_check

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "routing.svg"


def panels_of(before: str, after: str, part: str, release: Version, instead: str = "") -> list[Panel]:
    """The panels of a program that goes wrong on a release, and of what is right: another program, or another release.

    Each names all measured releases that are like it. ``instead``: what was changed in the program ``after``. Raises
    ValueError where nothing goes wrong on the release, or nothing is right.
    """
    wrong, right = _by_release(before, part), _by_release(after, part)
    bad = wrong.get(release)
    good = next((panel for _, panel in sorted(right.items(), reverse=True) if panel.is_right), None)
    if bad is None or bad.is_right or good is None:
        raise ValueError(f"nothing goes wrong on {release}, or nothing is right")
    return [_titled(bad, "", wrong), _titled(good, instead, right)]


def _titled(panel: Panel, beginning: str, by_release: Mapping[Version, Panel]) -> Panel:
    alike = [release for release, other in by_release.items() if other == panel]
    return replace(panel, title=f"{beginning}Keras {in_words(alike)}")


def _by_release(program: str, part: str) -> dict[Version, Panel]:
    """The panel of a program on each measured release; those on which it raises an error are left out."""
    facts = analyze(Document("example.py", program))
    if part == "key":
        shown: Drawn | None = drawn_outputs(facts.reads[0].outputs)
    else:
        (call,) = facts.compiles
        shown = drawn_call(part, call)
    found = {} if shown is None else by_release(shown)
    return {release: panel for release, panel in found.items() if not panel.error}


def alt(panels: Sequence[Panel]) -> str:
    """The text that stands for the picture in Markdown, where brackets would end it."""
    return " ".join(panel.in_words for panel in panels).replace("[", "(").replace("]", ")")


def main() -> int:
    """Draw the example of the README."""
    example = re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)[0]
    panels = panels_of(example, example, "loss", Version("3.5.0"))
    drawn = picture(panels, "Which loss is applied to which output", beside=True)
    return write_or_check(PICTURE, drawn, "draw_routing")


if __name__ == "__main__":
    sys.exit(main())
