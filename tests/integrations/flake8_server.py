"""Runs flake8 for each line of JSON that comes in, in a copy of this process: plugins are imported only once.

A line holds the arguments, the working folder, and a folder with the files ``in``, ``out`` and ``err`` for the run; its
exit code is the answer. An interpreter that has flake8 starts this, with keraslint on its path.
"""

from __future__ import annotations

import gc
import importlib
import importlib.metadata
import json
import os
import pkgutil
import runpy
import sys

_IN_EACH_RUN = ("analysis", "behaviour", "config", "engine", "files", "pins", "rules")
"""The parts of keraslint that its plugin imports where it finds something."""


def _import_all() -> None:
    """Import flake8 and its plugins, and what ours imports later."""
    importlib.import_module("flake8.main.application")
    for point in importlib.metadata.entry_points(group="flake8.extension"):
        point.load()
    for part in _IN_EACH_RUN:
        package = importlib.import_module(f"keraslint.{part}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def _run(arguments: list[str], cwd: str, files: str) -> None:
    for number, name in enumerate(("in", "out", "err")):
        os.dup2(os.open(os.path.join(files, name), os.O_RDWR), number)  # noqa: PTH118
    os.chdir(cwd)
    sys.path[0] = cwd
    sys.argv = ["flake8", *arguments]
    runpy.run_module("flake8", run_name="__main__", alter_sys=True)
    sys.exit(0)


def main() -> None:
    """Answer each line of the input."""
    _import_all()
    gc.freeze()  # the copies spare the modules when they end and look for garbage
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for line in requests:
        process = os.fork()
        if process == 0:
            _run(**json.loads(line))
        _, status = os.waitpid(process, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


if __name__ == "__main__":
    main()
