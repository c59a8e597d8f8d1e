"""Run as a script on one Keras release: records generated programs, and the models that they compile.

    python generated_recorder.py KERAS_FOLDER REPORT.json PROGRAM.py ...

As ``recorder.py``, but each program runs once, watched, and each compile call carries ``models``: the container,
paths and names of the outputs of every model that was compiled there, None for one that is not Functional.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any


def main(keras_folder: str, report: str, *programs: str) -> None:
    """Run the programs on the Keras in ``keras_folder`` and write the report."""
    sys.path.insert(0, keras_folder)
    keras = importlib.import_module("keras")
    gc.freeze()  # clear_session collects garbage each time: spare it the modules
    recorder = load_recorder()
    watch = recorder.Watch(keras)
    watch_models(keras, recorder, watch)
    seen = {}
    for program in programs:
        watch.program, watch.sites = Path(program), []
        seen[program] = {"end": recorder.execute(keras, Path(program)), "sites": watch.sites}
    Path(report).write_text(json.dumps({"keras": keras.__version__, "programs": seen}))


def load_recorder() -> ModuleType:
    """The module ``recorder.py``; no package has it where this script runs."""
    spec = importlib.util.spec_from_file_location("recorder", Path(__file__).with_name("recorder.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def watch_models(keras: Any, recorder: Any, watch: Any) -> None:
    """Have every compile call note which model it is called on."""
    trainer = importlib.import_module("keras.src.trainers.trainer").Trainer
    compile_model = trainer.compile

    def watched(model: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return compile_model(model, *arguments, **named)
        finally:
            models = watch.site_of[id(model)].setdefault("models", [])
            made = describe(keras, recorder, model)
            if made not in models:
                models.append(made)

    trainer.compile = watched


def describe(keras: Any, recorder: Any, model: Any) -> dict[str, Any] | None:
    """The outputs of a Functional model as it was declared."""
    structure = getattr(model, "_outputs_struct", None)
    if structure is None or isinstance(model, keras.Sequential):
        return None
    tensors = [[list(path), tensor._keras_history.operation.name] for path, tensor in recorder.leaves(structure)]
    return {"container": recorder.kind(structure), "outputs": tensors}


if __name__ == "__main__":
    main(*sys.argv[1:])
