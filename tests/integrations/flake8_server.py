"""Runs flake8 for each line of JSON that comes in, in a copy of this process: all but keraslint is imported only once.

A line holds the arguments, the working folder, and a folder with the files ``in``, ``out`` and ``err`` for the run; its
exit code is the answer. An interpreter that has flake8 starts this, with keraslint on its path.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import runpy
import sys

importlib.import_module("flake8.main.application")
for _point in importlib.metadata.entry_points(group="flake8.extension"):
    if not _point.value.startswith("keraslint"):
        _point.load()


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
