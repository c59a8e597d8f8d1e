"""Runs programs on the real Keras releases, two at a time, and gives what the recorder saw."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


def _observe(lab: Laboratory, release: str, programs: list[Path]) -> dict[Path, Run]:
    if not programs:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [str(part) for part in (lab.python, "-I", _RECORDER, lab.folders[release], report, *programs)]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"the recorder failed on Keras {release}:\n{done.stdout[-2000:]}{done.stderr[-8000:]}")
        seen = json.loads(report.read_text())
    if seen["keras"] != release:
        raise RuntimeError(f"asked for Keras {release}, got {seen['keras']}")
    return {path: read_run(seen["programs"][str(path)]) for path in programs}


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
