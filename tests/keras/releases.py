"""The real Keras releases under test and the interpreter that runs them, installed once into a cached folder."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..cache import Missing, cache_folder, locked, make_environment, once, pip_install

# One of each group of releases that routes losses, targets and weights its own way, and the newest.
RELEASES = ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.15.1")

# JAX 0.4.30, the one that trains every release, has wheels up to Python 3.12; Keras 3.15.1 needs 3.11.
PYTHONS = ((3, 12), (3, 11))

_PINS = Path(__file__).with_name("environment.txt")


@dataclass(frozen=True)
class Laboratory:
    """An interpreter with JAX, and the folder that each release is installed in."""

    python: Path
    folders: dict[str, Path]


def laboratory(releases: tuple[str, ...] = RELEASES) -> Laboratory:
    """Give the interpreter and the releases, installed if they are not yet. Raises Missing."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        python = _environment(cache)
        return Laboratory(python, {release: _release(cache, python, release) for release in releases})


def environment(home: str) -> dict[str, str]:
    """The environment variables of a process that runs a release on JAX.

    One thread, no settings of the user's own, the same random numbers and the same order of sets each time. What XLA
    has compiled is kept in the cache, for this kind of processor: most programs of the tests make it compile the same.
    """
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": home,
        "KERAS_HOME": home,
        "PYTHONHASHSEED": "0",
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "JAX_COMPILATION_CACHE_DIR": str(cache_folder() / f"compiled-{_processor()}"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _processor() -> str:
    """A short hash of what tells processors apart: code that is compiled for one may not run on another."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text(encoding="utf-8").splitlines() if known.exists() else [platform.processor()]
    kinds = sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))}) or lines[:1]
    return hashlib.sha256("\n".join([platform.machine(), *kinds]).encode()).hexdigest()[:12]


def _environment(cache: Path) -> Path:
    base, version = _base_python()
    pins = hashlib.sha256(_PINS.read_bytes()).hexdigest()[:12]
    folder = cache / f"environment-{version[0]}.{version[1]}-{pins}"
    if folder.exists() and _version_of(folder / "bin" / "python") != version:
        shutil.rmtree(folder)  # the interpreter that it was made from is gone

    def make(target: Path) -> None:
        make_environment(base, target, "-r", str(_PINS))

    once(folder, make)
    return folder / "bin" / "python"


def _release(cache: Path, python: Path, release: str) -> Path:
    def make(target: Path) -> None:
        pip_install(python, "--no-deps", "--target", str(target), f"keras=={release}")

    return once(cache / f"keras-{release}", make)


def _base_python() -> tuple[Path, tuple[int, int]]:
    """The first interpreter of a version in PYTHONS, the running one preferred."""
    for candidate in _candidates():
        version = _version_of(candidate)
        if version in PYTHONS:
            return candidate, version
    raise Missing(
        "the real-Keras tests need Python 3.11 or 3.12 (JAX 0.4.30 has no wheels for later ones, Keras "
        "3.15.1 runs on no earlier ones): run them with one, or put python3.12 or python3.11 on PATH; "
        f"this is Python {sys.version.split()[0]}"
    )


def _candidates() -> Iterator[Path]:
    yield Path(sys.executable)
    names = [f"python{major}.{minor}" for major, minor in PYTHONS]
    yield from (Path(found) for name in names if (found := shutil.which(name)))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for major, minor in PYTHONS:
        yield from sorted(pyenv.glob(f"{major}.{minor}.*/bin/python"), reverse=True)
    if uv := shutil.which("uv"):
        for major, minor in PYTHONS:
            command = [uv, "python", "find", "--offline", f"{major}.{minor}"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode == 0:
                yield Path(done.stdout.strip())


def _version_of(python: Path) -> tuple[int, int] | None:
    """The version of an interpreter; None where it does not start (a dead link, an inactive pyenv shim)."""
    command = [str(python), "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    parts = done.stdout.split()
    return (int(parts[0]), int(parts[1])) if done.returncode == 0 and len(parts) == 2 else None
