"""Runs programs on the real Keras releases, two at a time, and gives what they told or a recorder saw."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .releases import RELEASES, Laboratory, laboratory
from .routing import Run, read_run

_RECORDER = Path(__file__).with_name("recorder.py")


def observe(programs: Iterable[Path], releases: Iterable[str] = RELEASES) -> dict[str, dict[Path, Run]]:
    """Run every program on every release: what each did, by release and program.

    Raises Missing where a release can't be installed, RuntimeError where the recorder itself fails.
    """
    lab = laboratory()
    paths = [path.resolve() for path in programs]
    releases = tuple(releases)
    with ThreadPoolExecutor(min(len(releases), os.cpu_count() or 1)) as pool:
        runs = pool.map(lambda release: _observe(lab, release, paths), releases)
        return dict(zip(releases, runs, strict=True))


def run_recorder(
    lab: Laboratory, release: str, recorder: Path, report: Path, *arguments: object
) -> dict[str, dict[str, Any]]:
    """Run a recorder on a release, with a home of its own beside its report: what it saw, by program.

    It is given the folder of Keras and the arguments, of which one is the report. Raises RuntimeError where it fails,
    or is of another release.
    """
    home = report.with_suffix(".home")
    home.mkdir()
    done = _run((lab.python, "-I", recorder, lab.folders[release], *arguments), home)
    if done.returncode:
        raise RuntimeError(f"the recorder failed on Keras {release}:\n{done.stdout[-2000:]}{done.stderr[-8000:]}")
    seen = json.loads(report.read_text())
    if seen["keras"] != release:
        raise RuntimeError(f"asked for Keras {release}, got {seen['keras']}")
    programs: dict[str, dict[str, Any]] = seen["programs"]
    return programs


def answers(
    text: str, folder: Path, releases: tuple[str, ...] = RELEASES, arguments: Iterable[object] = ()
) -> dict[str, Any]:
    """Run a script on the releases, two at a time: by release, what its last line is as JSON.

    It is given the folder of Keras before the arguments, and works in a folder of its own.
    """
    lab, script = laboratory(releases), folder / "program.py"
    script.write_text(text, encoding="utf-8")

    def run(release: str) -> Any:
        home = folder / release
        home.mkdir()
        done = _run((lab.python, "-I", "-W", "ignore", script, lab.folders[release], *arguments), home)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return dict(zip(releases, pool.map(run, releases), strict=True))


def _observe(lab: Laboratory, release: str, programs: list[Path]) -> dict[Path, Run]:
    if not programs:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        seen = run_recorder(lab, release, _RECORDER, report, report, *programs)
    return {path: read_run(seen[str(path)]) for path in programs}


def _run(command: Iterable[object], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, command)],
        capture_output=True,
        text=True,
        env=environment(str(home)),
        cwd=home,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def environment(home: str) -> Mapping[str, str]:
    """One thread per process, no settings of the user's own, the same random numbers each time."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": home,
        "KERAS_HOME": home,
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
