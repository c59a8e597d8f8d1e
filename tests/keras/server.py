"""Run as a script on one Keras release: runs other scripts, each in a copy of this process, which has imported Keras.

    python server.py KERAS_FOLDER

For each line of JSON that comes in, with the script and its arguments, a folder to work in and the files for what it
prints, the exit code goes out. JAX makes no threads before the first operation, so the copies are whole.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import sys
import warnings
from collections.abc import Callable


def run(command: list[str], home: str, out: str, err: str) -> None:
    """Become a process that runs the script."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), number)
    os.environ.update(HOME=home, KERAS_HOME=home)
    os.chdir(home)
    sys.argv = command
    sys.path[:] = [path for path in sys.path if path != FOLDER]
    warnings.simplefilter("ignore")
    runpy.run_path(command[0], run_name="__main__")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # to take Keras and JAX down object by object takes longer than many a program


def spare_survivors(collect: Callable[..., int]) -> Callable[..., int]:
    """A look for objects that nothing reaches, which later ones spare what it leaves.

    Keras looks for them before each program, among all that JAX keeps of those before: a fifth of the whole time.
    """

    def collect_once(*generation: int) -> int:
        found = collect(*generation)
        gc.freeze()
        return found

    return collect_once


def main() -> None:
    """Answer each line of the input."""
    sys.path.insert(0, FOLDER)
    importlib.import_module("keras")
    gc.freeze()
    gc.collect = spare_survivors(gc.collect)
    requests, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    for line in requests:
        process = os.fork()
        if process == 0:
            run(**json.loads(line))
        _, status = os.waitpid(process, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


if __name__ == "__main__":
    FOLDER = sys.argv[1]
    main()
