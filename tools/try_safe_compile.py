"""Tries safe_compile on every Keras 3 release: no cell of the matrix may reach another output than it names.

``try_safe_compile.py [RELEASE]... [--share N] [--jobs N]`` runs the matrix of tests/keras/safe_compile_cells.py under
model.compile and safe_compile on the releases (all forty by default, installed into the cache of the tests) and
prints a row for each: how many cells came out right, were refused, or went wrong without an error, and how many were
refused that model.compile had right. Exits with 1 if any went wrong. With ``--share N`` a release runs every Nth
cell, another Nth than the release before. ``--output FILE`` keeps all outcomes after each release; a run that was
interrupted continues from there, as long as neither the runtime nor the matrix has changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.keras.releases import Laboratory, environment, laboratory  # noqa: E402
from tests.keras.safe_compile_cells import cells  # noqa: E402

CELLS = ROOT / "tests" / "keras" / "safe_compile_cells.py"
RUNTIME = ROOT / "src" / "keraslint" / "runtime.py"
VERDICTS = ROOT / "tests" / "behaviour" / "measured" / "verdicts.json"
HEAD = (
    "| Keras | cells | plain right | plain silently wrong | safe right | safe silently wrong | refused, plain right |"
)

Outcomes = dict[str, dict[str, str]]


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
    kept = Kept(Path(args.output) if args.output else None)
    with ThreadPoolExecutor(args.jobs) as pool:
        for release in pool.map(lambda one: kept.run(lab, one, parts[one]), releases):
            print(row(release, kept.outcomes[release, parts[release]]), flush=True)
    wrong = [
        (release, cell)
        for release, part in parts.items()
        for cell, outcome in kept.outcomes[release, part].items()
        if outcome["safe"] == "wrong"
    ]
    for release, cell in wrong:
        print(f"Keras {release}: safe_compile is wrong on {cell}")
    return int(bool(wrong))


class Kept:
    """The outcomes by release and share of the cells, kept in a file, if there is one."""

    def __init__(self, file: Path | None) -> None:
        self.file, self.lock = file, Lock()
        self.tried = hashlib.sha256(b"".join(source.read_bytes() for source in (CELLS, RUNTIME))).hexdigest()
        self.outcomes: dict[tuple[str, str], Outcomes] = {}
        if file and file.exists():
            kept = json.loads(file.read_text())
            if kept["tried"] == self.tried:
                self.outcomes = {(one["release"], one["part"]): one["cells"] for one in kept["runs"]}

    def run(self, lab: Laboratory, release: str, part: str) -> str:
        """Run what is not kept yet; the release. Raises CalledProcessError."""
        if (release, part) not in self.outcomes:
            found = run(lab, release, part)
            with self.lock:
                self.outcomes[release, part] = found
                if self.file:
                    runs = [{"release": key[0], "part": key[1], "cells": cells} for key, cells in self.outcomes.items()]
                    self.file.write_text(json.dumps({"tried": self.tried, "runs": runs}, indent=1))
        return release


def run(lab: Laboratory, release: str, part: str = "0/1") -> Outcomes:
    """The outcomes on one release, by cell. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        report, asked = Path(folder, "report.json"), Path(folder, "cells")
        start, step = map(int, part.split("/"))
        asked.write_text("\n".join(cell.name for cell in list(cells())[start::step]))
        command = [lab.python, "-I", CELLS, lab.folders[release], ROOT / "src", report, asked]
        subprocess.run([*map(str, command)], check=True, env=environment(folder), stdout=subprocess.DEVNULL)
        found = json.loads(report.read_text())
    if found["keras"] != release:
        raise RuntimeError(f"asked for Keras {release}, got {found['keras']}")
    outcomes: Outcomes = found["programs"][str(asked)]
    return outcomes


def row(release: str, found: Outcomes) -> str:
    """The figures of one release, as a row of a table in Markdown."""
    plain, safe = (Counter(outcome[way] for outcome in found.values()) for way in ("plain", "safe"))
    refused = sum(
        outcome["plain"] == "right" and outcome["safe"] not in ("right", "wrong") for outcome in found.values()
    )
    figures = (len(found), plain["right"], plain["wrong"], safe["right"], safe["wrong"], refused)
    return f"| {release} | {' | '.join(map(str, figures))} |"


if __name__ == "__main__":
    sys.exit(main())
