"""Draws docs/behaviour.svg from the measured table: the share of calls by verdict on each release, as a heat map.

    python -m tools.draw_behaviour [--check]

Needs matplotlib (the extra "tools"). With ``--check`` it draws nothing, and needs nothing: it compares the text of the
picture, and exits with 1 where that is not up to date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

from keraslint.behaviour.measured import table
from keraslint.behaviour.measured.verdict import Verdict, verdict
from tools.svg_text import texts_of

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "behaviour.svg"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def shares(shipped: table.Table) -> list[list[float]]:
    """For each verdict, the percentage of the calls that have it on each release."""
    counts = [[0] * len(shipped.releases) for _ in VERDICTS]
    for case in shipped.cases:
        for span in shipped.spans(case):
            row = counts[VERDICTS.index(verdict(case, span.outcome))]
            for place, release in enumerate(shipped.releases):
                row[place] += span.first <= release <= span.last
    return [[100 * count / len(shipped.cases) for count in row] for row in counts]


def title(shipped: table.Table) -> str:
    """The title of the picture."""
    return f"{len(shipped.cases)} measured calls on each Keras 3 release: percent by verdict"


def main() -> int:
    """Draw the picture and write it, or compare its text with ``--check``."""
    shipped = table.load()
    percents = shares(shipped)
    if "--check" not in sys.argv[1:]:
        draw(shipped, percents)
        return 0
    numbers = [f"{share:.0f}" for row in percents for share in row]
    expected = [*map(str, shipped.releases), *VERDICTS, *numbers, title(shipped)]
    if texts_of(PICTURE.read_text(encoding="utf-8"))[: len(expected)] == expected:
        return 0
    print("docs/behaviour.svg is not up to date: run python -m tools.draw_behaviour")
    return 1


def draw(shipped: table.Table, percents: list[list[float]]) -> None:
    """Write the picture."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    highest = max(map(max, percents))
    mpl.rcParams.update({"svg.hashsalt": "keraslint", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, axes = plt.subplots(figsize=(13, 2.5), layout="constrained")
    image = axes.imshow(percents, aspect="auto", cmap="Blues", vmin=0, vmax=highest)
    axes.set_xticks(range(len(shipped.releases)), list(map(str, shipped.releases)), rotation=90, fontsize=8)
    axes.set_yticks(range(len(VERDICTS)), VERDICTS)
    axes.set_title(title(shipped))
    for line, values in enumerate(percents):
        for column, share in enumerate(values):
            light = share > 0.6 * highest
            axes.text(column, line, f"{share:.0f}", ha="center", va="center", fontsize=7, color="w" if light else "k")
    axes.set_xticks([place - 0.5 for place in range(1, len(shipped.releases))], minor=True)
    axes.set_yticks([0.5, 1.5], minor=True)
    axes.grid(which="minor", color="w", linewidth=1)
    axes.tick_params(which="both", length=0)
    figure.colorbar(image, ax=axes, label="% of calls", pad=0.01)
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    sys.exit(main())
