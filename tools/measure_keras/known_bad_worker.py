"""Runs programs on one Keras release and writes what each saw.

    python known_bad_worker.py FOLDER_OF_THE_RELEASE PROGRAM... > seen.json

A program binds ``seen`` and ``meant``: what a call of Keras does, and what it would do if it were right. Needs a
backend and what Keras needs; nothing of keraslint.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

JSON = dict[str, Any]


def main(folder: str, *programs: str) -> None:
    """Run every program, in order, each with Keras as new as it can be made."""
    sys.path.insert(0, folder)
    numpy = importlib.import_module("numpy")
    vars(numpy)["Inf"] = numpy.inf  # Keras up to 3.4.1 needs it, and NumPy 2 has it no more
    keras = importlib.import_module("keras")
    found = {Path(program).stem: outcome(keras, program) for program in programs}
    json.dump({"keras": keras.__version__, "seen": found}, sys.stdout)


def outcome(keras: Any, program: str) -> JSON:
    """What a program saw and what is meant, and True under "warns" if Keras warned; or the error that it raised."""
    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            names = runpy.run_path(program)
        except Exception as error:
            return {"raises": type(error).__name__}
    warned = any(issubclass(one.category, UserWarning) and "keras" in one.filename for one in caught)
    found: JSON = {"seen": names["seen"], "meant": names["meant"]}
    return {**found, "warns": True} if warned else found


if __name__ == "__main__":
    main(*sys.argv[1:])
