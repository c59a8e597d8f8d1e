"""Runs generated programs on a real Keras release, in a few processes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .observation import run_recorder
from .releases import Laboratory

_RECORDER = Path(__file__).with_name("generated_recorder.py")


def record(texts: Sequence[str], release: str, lab: Laboratory, folder: Path) -> list[dict[str, Any]]:
    """Run the programs on the release: what was recorded of each, in order.

    Raises RuntimeError where the recorder itself fails.
    """
    places = [folder / f"program_{number:05}.py" for number in range(len(texts))]
    for place, text in zip(places, texts, strict=True):
        place.write_text(text, encoding="utf-8")
    count = min(os.cpu_count() or 1, len(texts))
    shares = [places[start::count] for start in range(count)]

    def run(share: list[Path]) -> dict[str, dict[str, Any]]:
        report = folder / f"{share[0].stem}.json"
        return run_recorder(lab, release, _RECORDER, report, report, *share)

    with ThreadPoolExecutor(count) as pool:
        seen = list(pool.map(run, shares))
    by_place = {place: report for share in seen for place, report in share.items()}
    return [by_place[str(place)] for place in places]
