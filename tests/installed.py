"""Programs that tests need: installed where that is allowed, and packages for Node in the cached folder."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from .cache import cache_folder, locked, once, run

HANG = 900
"""Seconds after which something is given up: far more than it takes on a machine that is busy."""

PLAYWRIGHT = "playwright-core@1.65.1"
_AXE = "axe-core@4"
_BROWSER = {"chromium": ["chromium"], "npm": ["nodejs", "npm"]}


def await_installed() -> None:
    """Wait for the file $KERASLINT_EDITORS_INSTALLED, if it is named: .ci/run installs programs meanwhile."""
    file = os.environ.get("KERASLINT_EDITORS_INSTALLED")
    end = time.monotonic() + HANG
    while file and not Path(file).exists():
        assert time.monotonic() < end, "the editors are still not installed"
        time.sleep(0.2)


def need_browser() -> None:
    """Install Chromium and npm by apt if they are not there; where that is not allowed, the test is skipped."""
    await_installed()
    missing = [package for name, packages in _BROWSER.items() if not shutil.which(name) for package in packages]
    if missing and os.getuid() == 0 and shutil.which("apt-get"):
        run("read the lists of packages", "apt-get", "update", "-qq")
        run("install", "apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing)
    elif missing:
        pytest.skip(f"not installed: {' '.join(missing)}")


def node_packages(name: str, *packages: str, inner: str | None = None) -> Path:
    """A folder with packages for Node, without what they run at their installation.

    ``inner``: a folder below, whose own ``package.json`` is installed then, too.
    """

    def make(folder: Path) -> None:
        folder.mkdir()
        install = ("npm", "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev")
        run("install for Node", *install, "--prefix", str(folder), *packages)
        if inner is not None:
            run("install for Node", *install, "--prefix", str(folder / inner))

    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / f"{name}.lock"):
        return once(cache / f"{name}-{'-'.join(packages)}", make)


def browser_tools() -> Path:
    """A folder with playwright-core and axe-core, beside an installed Chromium and Node; else the test is skipped."""
    need_browser()
    return node_packages("browser", _AXE, PLAYWRIGHT)
