"""Trains the case matrix on every Keras 3 release and writes the table that the package ships.

    python -m tools.measure_keras                                  measure all, write the data file
    python -m tools.measure_keras --check                          measure a few cells again, compare with the file
    python -m tools.measure_keras --known-bad [--check]            the same for the programs of tests/known_bad

From the root of the checkout, with the package and its tests' requirements installed. Releases and JAX are installed
into the cache of the real-Keras tests. What each release answered is kept there until the data file is written, so
that a run that was interrupted goes on where it was.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.version import Version

from keraslint.behaviour.measured import table as shipped
from keraslint.behaviour.measured.cases import Case
from tests.cache import cache_folder
from tests.keras.releases import Laboratory, laboratory

from . import known_bad
from .keeping import kept
from .matrix import boundary_cases, cases
from .training import JSON, Asked, seen_on
from .writing import outcome, table

DATA = Path(shipped.__file__).with_name("measured.json")
INDEX = "https://pypi.org/pypi/keras/json"
BOUNDARIES = ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.14.0")
CALLED = ("odict", "odict-sorted", "dict", "list")
JAX = "0.4.30"


def main() -> int:
    """Measure or check; return 1 if the check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--check", action="store_true", help="measure a few cells on the boundary releases and the newest, compare"
    )
    parser.add_argument("--known-bad", action="store_true", help="the programs of tests/known_bad, not the case matrix")
    backend = "the backend for --known-bad, installed for --python"
    parser.add_argument("--backend", choices=tuple(known_bad.ON), default="jax", help=backend)
    parser.add_argument("--only", nargs="+", metavar="VERSION", help="measure or check these releases")
    parser.add_argument("--releases-at", type=Path, metavar="DIR", help="releases that are installed: DIR/VERSION")
    parser.add_argument("--python", type=Path, help=f"an interpreter with JAX {JAX}, with --releases-at")
    jobs = max(1, (os.cpu_count() or 1) - 1)
    parser.add_argument("--jobs", type=int, default=jobs, help="releases at a time (one core stays free)")
    args = parser.parse_args()
    if args.check:
        newest = str(shipped.load().releases[-1])
        lab = _laboratory(tuple(args.only or (*BOUNDARIES, newest)), args.releases_at, args.python)
        return _check_known_bad(lab, args) if args.known_bad else _check(lab, args.jobs)
    lab = _laboratory(tuple(args.only or published()), args.releases_at, args.python)
    today = datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat()
    if args.known_bad:
        known_bad.write(lab, args.backend, args.jobs, today)
        return 0
    everything = cases()
    answers = cache_folder() / "measured"
    seen = _measure(lab, args.jobs, everything, answers)
    DATA.write_text(table(seen, everything, CALLED, measured=today, jax=JAX), encoding="utf-8")
    shutil.rmtree(answers)
    print(f"{len(everything)} cases on {len(seen)} releases")
    return 0


def _check_known_bad(lab: Laboratory, args: argparse.Namespace) -> int:
    found = known_bad.differences(lab, args.backend, args.jobs)
    print("\n".join(found))
    return int(bool(found))


def published() -> tuple[str, ...]:
    """The Keras 3 releases of the index, ascending, without yanked ones and pre-releases."""
    with urllib.request.urlopen(INDEX, timeout=60) as answer:
        files = json.load(answer)["releases"]
    versions = sorted(Version(text) for text, own in files.items() if any(not file["yanked"] for file in own))
    return tuple(str(version) for version in versions if version.major >= 3 and not version.is_prerelease)


def _laboratory(releases: tuple[str, ...], at: Path | None, python: Path | None) -> Laboratory:
    if at is None:
        return laboratory(releases)
    return Laboratory(python or Path(sys.executable), {release: at / release for release in releases})


def _measure(lab: Laboratory, jobs: int, wanted: Sequence[Case], answers: Path | None = None) -> dict[str, JSON]:
    """The observations of each release, in the laboratory's order, kept in the folder ``answers``, if given."""

    def measure(release: str) -> JSON:
        start = time.monotonic()
        asked = Asked(release, lab.folders[release], lab.python, tuple(wanted), CALLED)
        answer = seen_on(asked) if answers is None else kept(asked, answers)
        print(f"{release}: {len(wanted)} cases in {time.monotonic() - start:.0f} s", flush=True)
        return answer

    with ThreadPoolExecutor(jobs) as pool:
        return dict(zip(lab.folders, pool.map(measure, lab.folders), strict=True))


def _check(lab: Laboratory, jobs: int) -> int:
    """Compare, and print each difference."""
    wanted, known = boundary_cases(), json.loads(DATA.read_text(encoding="utf-8"))
    seen = _measure(lab, jobs, wanted)
    wrong = 0
    for release, answer in seen.items():
        place = known["releases"].index(release)
        for case, got in zip(wanted, answer["seen"], strict=True):
            number = next(number for start, number in reversed(known["cells"][str(case)]) if start <= place)
            if (now := outcome(case, got)) != (then := known["outcomes"][number]):
                print(f"{case} on {release}: the table says {then}, now {now}")
                wrong += 1
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
