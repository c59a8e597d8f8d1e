"""``keraslint check --watch``: checks again whenever a file changes that may matter, until it is interrupted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from keraslint.config.settings import Settings
from keraslint.files.dependency_names import PYTHON_SUFFIXES, may_be_dependency_file
from keraslint.words import listed, one_line

_CONFIGURATION = ("keraslint.toml", "pyproject.toml", ".gitignore")
_CLEAR = "\x1b[2J\x1b[H"
_LOOK_EVERY = 500
"""Milliseconds after which a wait without a change ends, and begins again."""


def watch(arguments: Sequence[str], paths: Sequence[str], settings: Settings) -> int:
    """Check with these arguments, first now and then after each change; the exit code is 0 once it is interrupted.

    Each check is a process of its own, so that it knows nothing of what the files held before.
    """
    if find_spec("watchfiles") is None:
        from keraslint.extras import command_for

        print(f"error: --watch needs watchfiles; run `{command_for('watch')}`", file=sys.stderr)
        return 2
    from watchfiles import DefaultFilter
    from watchfiles import watch as changes_in

    ignored = DefaultFilter()
    baseline = settings.baseline

    def matters(change: object, path: str) -> bool:
        return ignored(change, path) and (path == baseline or may_matter(path))  # type: ignore[arg-type]

    command = [sys.executable, "-m", "keraslint", "check", *(one for one in arguments if one != "--watch")]
    roots = watched(Path.cwd(), paths)
    first = True
    try:
        # It watches from the first wait on: what changes during a check is there after it.
        for changes in changes_in(*roots, watch_filter=matters, rust_timeout=_LOOK_EVERY, yield_on_timeout=True):
            if changes or first:
                _check(command, [] if first else sorted({path for _, path in changes}))
                print(f"Watching {listed(map(str, roots))}; Ctrl+C ends it.", file=sys.stderr, flush=True)
            first = False
    except KeyboardInterrupt:
        pass
    return 0


def may_matter(path: str) -> bool:
    """Return True if a file of this name can change what is found: a program, a dependency file or a configuration."""
    folder, name = str(Path(path).parent), Path(path).name
    return name.endswith(PYTHON_SUFFIXES) or name in _CONFIGURATION or may_be_dependency_file(folder, name)


def watched(cwd: Path, paths: Iterable[str]) -> list[Path]:
    """The folders to watch, none within another: by path the repository that it is in, else the folder itself."""
    folders = {_root(place if (place := (cwd / path).resolve()).is_dir() else place.parent) for path in paths or ["."]}
    return sorted(folder for folder in folders if folder.is_dir() and not folders & {*folder.parents})


def _root(folder: Path) -> Path:
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def _check(command: Sequence[str], changed: Sequence[str]) -> None:
    if sys.stdout.isatty():
        print(_CLEAR, end="", flush=True)
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        names = ", ".join(one_line(Path(path).name) for path in changed[:3])
        print(f"Changed: {names}{more}", file=sys.stderr, flush=True)
    subprocess.run(command, check=False)  # noqa: S603 - this program itself, with its own arguments
