"""Draws docs/behaviour.svg from the measured table: the share of calls by verdict on each release, as a heat map.

    python -m tools.draw_behaviour

Needs matplotlib (the extra "tools").
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import matplotlib as mpl
from matplotlib import pyplot as plt

from keraslint.behaviour.measured import table
from keraslint.behaviour.measured.verdict import Verdict, verdict

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "behaviour.svg"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def main() -> None:
    """Draw the picture and write it."""
    shipped = table.load()
    counts = [[0] * len(shipped.releases) for _ in VERDICTS]
    for case in shipped.cases:
        for span in shipped.spans(case):
            row = counts[VERDICTS.index(verdict(case, span.outcome))]
            for place, release in enumerate(shipped.releases):
                row[place] += span.first <= release <= span.last
    shares = [[100 * count / len(shipped.cases) for count in row] for row in counts]
    mpl.rcParams.update({"svg.hashsalt": "keraslint", "svg.fonttype": "none", "font.family": "sans-serif"})
    figure, axes = plt.subplots(figsize=(13, 2.5), layout="constrained")
    image = axes.imshow(shares, aspect="auto", cmap="Blues", vmin=0, vmax=max(map(max, shares)))
    axes.set_xticks(range(len(shipped.releases)), list(map(str, shipped.releases)), rotation=90, fontsize=8)
    axes.set_yticks(range(len(VERDICTS)), VERDICTS)
    axes.set_title(f"{len(shipped.cases)} measured calls on each Keras 3 release: percent by verdict")
    for line, values in enumerate(shares):
        for column, share in enumerate(values):
            light = share > 0.6 * max(map(max, shares))
            axes.text(column, line, f"{share:.0f}", ha="center", va="center", fontsize=7, color="w" if light else "k")
    axes.set_xticks([place - 0.5 for place in range(1, len(shipped.releases))], minor=True)
    axes.set_yticks([0.5, 1.5], minor=True)
    axes.grid(which="minor", color="w", linewidth=1)
    axes.tick_params(which="both", length=0)
    figure.colorbar(image, ax=axes, label="% of calls", pad=0.01)
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
