"""A cached folder into which tests install once: real Keras releases, and environments with real tools.

The folder is ``$KERASLINT_KERAS_CACHE``, else ``$XDG_CACHE_HOME/keraslint``, else ``~/.cache/keraslint``. All
in it is made in a temporary folder and renamed when complete, under a lock, so that neither a broken download
nor a second test session can leave a half of it behind.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class Missing(RuntimeError):
    """Something that a test can't do without is not on this machine; the text says what."""


def environment(name: str, *requirements: str) -> Path:
    """The interpreter of a virtual environment with ``requirements``, by the Python that runs. Raises Missing.

    A requirement without a version is as new as the day on which the environment was made. It was made in another
    place, so its scripts do not start: run modules with ``-m``.
    """
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = hashlib.sha256("\n".join(requirements).encode()).hexdigest()[:12]
    folder = cache / f"{name}-{version}-{asked}"

    def make(target: Path) -> None:
        make_environment(Path(sys.executable), target, *requirements)

    with locked(cache / f"{folder.name}.lock"):
        return once(folder, make) / "bin" / "python"


def cache_folder() -> Path:
    """The folder; it need not exist."""
    own = os.environ.get("KERASLINT_KERAS_CACHE")
    if own:
        return Path(own).expanduser().resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "keraslint"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which is made where it is not there."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """Let ``make`` fill ``folder`` if it is not there: elsewhere first, so that it appears only complete."""
    if not folder.exists():
        workplace = Path(tempfile.mkdtemp(prefix="partial-", dir=folder.parent))
        try:
            make(workplace / "made")
            (workplace / "made").rename(folder)
        finally:
            shutil.rmtree(workplace)
    return folder


def make_environment(base: Path, folder: Path, *arguments: str) -> None:
    """Make a virtual environment without a pip of its own, and install something into it. Raises Missing."""
    run("make a virtual environment", str(base), "-m", "venv", "--without-pip", str(folder))
    pip_install(folder / "bin" / "python", *arguments)


def pip_install(python: Path, *arguments: str) -> None:
    """Install something for an interpreter, by the pip of the running one. Raises Missing.

    What is never imported is not compiled: that would take longer than all the rest.
    """
    install = ("install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-compile", *arguments)
    run(f"install {arguments[-1]}", sys.executable, "-m", "pip", "--python", str(python), *install)


def run(purpose: str, *command: str) -> None:
    """Run a command that must not fail. Raises Missing."""
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Missing(f"could not {purpose}: {' '.join(command)}\n{done.stdout}{done.stderr}")
