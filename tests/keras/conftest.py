"""The programs as they are and as the linter fixes them, each run once per test session on every release."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ..summary import note
from . import records
from .expectations import PROGRAMS
from .observation import end_servers, observe
from .releases import RELEASES
from .routing import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_heads" / "train.py"
ALL_PROGRAMS = (*PROGRAMS, EXAMPLE)


@dataclass(frozen=True)
class FixedProgram:
    """A program as ``--fix --unsafe-fixes`` leaves it for some releases, and what it does on every one."""

    text: str
    fixed_for: tuple[str, ...]
    runs: Mapping[str, Run]


@pytest.fixture(scope="session", autouse=True)
def _records(request: pytest.FixtureRequest) -> Iterator[None]:
    """Say at the end how much was looked up, and how much of that measured; end what measured it."""
    yield
    end_servers()
    for script, count in records.asked.items():
        note(
            request.config,
            "real Keras",
            f"{script}: {count} runs, of which {records.measured[script]} on the real releases:"
            f" {records.unrecorded[script]} that have no record, the others by KERASLINT_SEED={records.seed()}",
        )


@pytest.fixture(scope="session")
def untouched(request: pytest.FixtureRequest) -> dict[str, dict[Path, Run]]:
    """By release and program, what the programs do as they are."""
    runs = observe(ALL_PROGRAMS)
    note(request.config, "real Keras", f"{len(ALL_PROGRAMS)} programs as they are: {_count(runs)}")
    return runs


@pytest.fixture(scope="session")
def fixed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, list[FixedProgram]]:
    """By program, its distinct fixed texts: none where no fix changes it."""
    versions: dict[tuple[Path, str], list[str]] = {}
    for release in RELEASES:
        for program, text in _fix_all(release, tmp_path_factory.mktemp(f"fixed-for-{release}")).items():
            versions.setdefault((program, text), []).append(release)
    folder = tmp_path_factory.mktemp("fixed")
    places = {}
    for number, (program, text) in enumerate(versions):
        places[program, text] = folder / f"{number:03}_{program.name}"
        places[program, text].write_text(text, encoding="utf-8")
    runs = observe(places.values())
    found: dict[Path, list[FixedProgram]] = {program: [] for program in ALL_PROGRAMS}
    for (program, text), place in places.items():
        by_release = {release: runs[release][place.resolve()] for release in RELEASES}
        found[program].append(FixedProgram(text, tuple(versions[program, text]), by_release))
    note(request.config, "real Keras", f"{len(places)} programs after a fix: {_count(runs)}")
    return found


def _fix_all(release: str, folder: Path) -> dict[Path, str]:
    """The programs that the command changes for a release, and what they become."""
    places = {program: folder / f"{program.parent.name}_{program.name}" for program in ALL_PROGRAMS}
    for program, place in places.items():
        place.write_bytes(program.read_bytes())
    options = ["--fix", "--unsafe-fixes", "--isolated", "--keras-version", release]
    command = [sys.executable, "-m", "keraslint", "check", *options, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    after = {program: place.read_text(encoding="utf-8") for program, place in places.items()}
    return {program: text for program, text in after.items() if text != program.read_text(encoding="utf-8")}


def _count(runs: Mapping[str, Mapping[Path, Run]]) -> str:
    ended = {release: sum(run.end == "ok" for run in programs.values()) for release, programs in runs.items()}
    return ", ".join(f"{count} ran to the end on {release}" for release, count in ended.items())
