"""Keeps the checked project off the path of imports: ``python -m`` puts the working folder before all others."""
# Imports only what every Python has loaded before it runs anything: os and sys.

import os
import sys


def leave_out_working_folder() -> None:
    """Remove the working folder from where modules are searched before those of Python itself."""
    library = os.path.dirname(os.__file__)  # noqa: PTH120 - pathlib is not loaded yet
    own = sys.path.index(library) if library in sys.path else len(sys.path)
    sys.path[:own] = [entry for entry in sys.path[:own] if not _is_working_folder(entry)]


class ProjectLeftOut:
    """A block in which no import finds a module of the working folder; afterwards the path is as it was."""

    def __enter__(self) -> None:
        self._before = list(sys.path)
        leave_out_working_folder()

    def __exit__(self, *_: object) -> None:
        sys.path[:] = self._before


def _is_working_folder(entry: str) -> bool:
    try:
        return os.path.samefile(entry or os.curdir, os.curdir)  # noqa: PTH121 - as above
    except OSError:
        return entry == ""
