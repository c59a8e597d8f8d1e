"""A real Chromium, and what drives it: both are installed where that is allowed."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from .cache import cache_folder, locked, once, run

NPM = ("axe-core@4", "playwright-core@1")


def browser_tools() -> Path:
    """A folder with playwright-core and axe-core, beside an installed Chromium and Node; else the test is skipped."""
    file, end = os.environ.get("KERASLINT_EDITORS_INSTALLED"), time.monotonic() + 300
    while file and not Path(file).exists() and time.monotonic() < end:
        time.sleep(0.2)
    wanted = {"chromium": ["chromium"], "npm": ["nodejs", "npm"]}
    missing = [package for name, packages in wanted.items() if not shutil.which(name) for package in packages]
    if missing and os.getuid() == 0 and shutil.which("apt-get"):
        run("read the lists of packages", "apt-get", "update", "-qq")
        run("install", "apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing)
    elif missing:
        pytest.skip(f"not installed: {' '.join(missing)}")

    def make(folder: Path) -> None:
        folder.mkdir()
        run("install for Node", "npm", "install", "--silent", "--no-audit", "--prefix", str(folder), *NPM)

    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "browser.lock"):
        return once(cache / f"browser-{'-'.join(NPM)}", make)
