"""Runs generated programs on a real Keras release, in a few processes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .observation import environment
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
    with ThreadPoolExecutor(count) as pool:
        seen = list(pool.map(lambda share: _run(share, release, lab, folder / f"{share[0].stem}.json"), shares))
    by_place = {place: report for share in seen for place, report in share.items()}
    return [by_place[str(place)] for place in places]


def _run(programs: Sequence[Path], release: str, lab: Laboratory, report: Path) -> dict[str, dict[str, Any]]:
    command = [str(part) for part in (lab.python, "-I", _RECORDER, lab.folders[release], report, *programs)]
    home = report.with_suffix(".home")
    home.mkdir()
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment(str(home)), stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the recorder failed on Keras {release}:\n{done.stderr[-8000:]}")
    seen: dict[str, dict[str, Any]] = json.loads(report.read_text())["programs"]
    return seen
