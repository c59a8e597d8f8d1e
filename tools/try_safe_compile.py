"""Tries safe_compile on every Keras 3 release: no cell of the matrix may reach another output than it names.

``try_safe_compile.py [RELEASE]... [--share N] [--jobs N]`` runs the matrix of tests/keras/safe_compile_cells.py under
model.compile and safe_compile on the releases (all forty by default, installed into the cache of the tests) and prints
a row for each: how many cells came out right, were refused, or went wrong in silence, and how many were refused that
model.compile had right. Exits with 1 if any went wrong. With ``--share N`` a release runs every Nth cell, another Nth
than the release before.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.keras.observation import environment  # noqa: E402
from tests.keras.releases import Laboratory, laboratory  # noqa: E402

CELLS = ROOT / "tests" / "keras" / "safe_compile_cells.py"
VERDICTS = ROOT / "tests" / "behaviour" / "measured" / "verdicts.json"
HEAD = (
    "| Keras | cells | plain right | plain silently wrong | safe right | safe silently wrong | refused, plain right |"
)


def main() -> int:
    """Run the matrix; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("releases", nargs="*", help="releases to try [default: all that are measured]")
    parser.add_argument("--share", type=int, default=1, help="run only one in so many cells")
    parser.add_argument("--jobs", type=int, default=2, help="releases at a time")
    parser.add_argument("--output", help="a file for all outcomes, as JSON")
    args = parser.parse_args()
    releases = tuple(args.releases or json.loads(VERDICTS.read_text())["releases"])
    lab = laboratory(releases)
    parts = {release: f"{place % args.share}/{args.share}" for place, release in enumerate(releases)}
    print(f"{HEAD}\n{'|---' * 7}|", flush=True)
    outcomes = {}
    with ThreadPoolExecutor(args.jobs) as pool:
        for release, found in pool.map(lambda one: (one, run(lab, one, parts[one])), releases):
            outcomes[release] = found
            print(row(release, found), flush=True)
    if args.output:
        Path(args.output).write_text(json.dumps(outcomes, indent=1))
    wrong = [
        (release, cell)
        for release, found in outcomes.items()
        for cell, outcome in found.items()
        if outcome["safe"] == "wrong"
    ]
    for release, cell in wrong:
        print(f"Keras {release}: safe_compile is wrong on {cell}")
    return int(bool(wrong))


def run(lab: Laboratory, release: str, part: str = "0/1") -> dict[str, dict[str, str]]:
    """The outcomes on one release, by cell. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [lab.python, "-I", CELLS, lab.folders[release], ROOT / "src", report, part]
        subprocess.run([*map(str, command)], check=True, env=environment(folder), stdout=subprocess.DEVNULL)
        found = json.loads(report.read_text())
    if found["keras"] != release:
        raise RuntimeError(f"asked for Keras {release}, got {found['keras']}")
    cells: dict[str, dict[str, str]] = found["cells"]
    return cells


def row(release: str, found: dict[str, dict[str, str]]) -> str:
    """The figures of one release, as a row of a table in Markdown."""
    plain, safe = (Counter(outcome[way] for outcome in found.values()) for way in ("plain", "safe"))
    refused = sum(
        outcome["plain"] == "right" and outcome["safe"] not in ("right", "wrong") for outcome in found.values()
    )
    figures = (len(found), plain["right"], plain["wrong"], safe["right"], safe["wrong"], refused)
    return f"| {release} | {' | '.join(map(str, figures))} |"


if __name__ == "__main__":
    sys.exit(main())
