"""Run as a script on one Keras release: what programs train to, and for some what reached each output.

    python proof_recorder.py KERAS_FOLDER SOURCE_FOLDER REPORT.json PROGRAM.py ...

Programs run untouched first, and what their training and evaluating calls return is noted in ``results``, but for those
whose names end in ``_routes.py``. Those whose names do not end in ``_values.py`` then run once more, watched as by
``generated_recorder.py``: ``sites``.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))


def main(keras_folder: str, source_folder: str, report: str, *programs: str) -> None:
    """Run the programs on the Keras in ``keras_folder``, with the runtime in ``source_folder``, and report."""
    sys.path[:0] = [keras_folder, source_folder]
    keras = importlib.import_module("keras")
    gc.freeze()  # clear_session collects garbage each time: spare it the modules
    generated = importlib.import_module("generated_recorder")
    recorder = generated.load_recorder()
    seen: dict[str, dict[str, Any]] = {}
    with Results(keras, recorder) as results:
        for program in programs:
            if not program.endswith("_routes.py"):
                results.of_program = []
                end = recorder.execute(keras, Path(program))
                seen[program] = {"end": end, "results": results.of_program}
    watch = recorder.Watch(keras)
    generated.watch_models(keras, recorder, watch)
    for program in programs:
        if not program.endswith("_values.py"):
            watch.program, watch.sites = Path(program), []
            end = recorder.execute(keras, Path(program))
            seen.setdefault(program, {"end": end})["sites"] = watch.sites
    Path(report).write_text(json.dumps({"keras": keras.__version__, "programs": seen}))


class Results:
    """Notes, while it is entered, what the outermost calls that train or evaluate return."""

    def __init__(self, keras: Any, recorder: Any) -> None:
        self.of_program: list[dict[str, Any]] = []
        self._owner = next(base for base in keras.Model.__mro__ if "evaluate" in vars(base))
        self._methods = {name: vars(self._owner)[name] for name in recorder.CALLS}
        self._inside = False

    def __enter__(self) -> Results:
        for name, method in self._methods.items():
            setattr(self._owner, name, self._noting(name, method))
        return self

    def __exit__(self, *_: object) -> None:
        for name, method in self._methods.items():
            setattr(self._owner, name, method)

    def _noting(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def noted(model: Any, *arguments: Any, **named: Any) -> Any:
            if self._inside:
                return method(model, *arguments, **named)
            self._inside = True
            try:
                result = method(model, *arguments, **named)
            finally:
                self._inside = False
            values = result.history if name == "fit" else {name: result}
            self.of_program.append({str(key): _numbers(value) for key, value in values.items()})
            return result

        return noted


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in _numbers(value[key])]
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in _numbers(item)]
    return [float(f"{float(value):.6g}")]  # the digits that all processors agree on


if __name__ == "__main__":
    main(*sys.argv[1:])
