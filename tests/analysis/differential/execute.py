"""A process of its own that runs one program after the other: a line of JSON comes in, and one goes out for each.

A line holds the program's files, and in how many modes the library that is not seen is to act.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.util
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

SECONDS = 5.0


class TimeIsUp(BaseException):
    """The program runs for too long."""


class _Files(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the modules of the program."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if f"{name}.py" in self.files else None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = f"{module.__name__}.py"
        exec(compile(self.files[name], name, "exec"), vars(module))


def _stand_in(name: str) -> CodeType:
    path = Path(__file__).with_name(f"stand_in_{name}.py")
    return compile(path.read_text(encoding="utf-8"), str(path), "exec")


def _module(name: str, code: CodeType) -> ModuleType:
    module = ModuleType(name)
    sys.modules[name] = module
    exec(code, vars(module))
    return module


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeIsUp


def run(files: dict[str, str], mode: int, codes: dict[str, CodeType]) -> dict[str, Any]:
    """What is recorded of the program up to its end, and how it ended."""
    modules, names = dict(sys.modules), dict(vars(builtins))
    finder = _Files(files)
    sys.meta_path.insert(0, finder)
    keras = _module("keras", codes["keras"])
    sys.modules["keras.layers"] = keras.layers
    vars(_module("outside", codes["outside"]))["MODE"] = mode
    keras.PROGRAM.update(files)
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    end = "ok"
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        exec(compile(files["main.py"], "main.py", "exec"), vars(main))
    except BaseException as error:
        end = f"{type(error).__name__}: {error}"[:200]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    records = json.loads(json.dumps(keras.RECORDS))
    sys.meta_path[:] = [one for one in sys.meta_path if one is not finder]
    for name in [name for name in sys.modules if name not in modules]:
        if name.partition(".")[0] not in sys.stdlib_module_names:
            del sys.modules[name]
    sys.modules.update(modules)
    vars(builtins).update(names)
    return {"records": records, "end": end}


def main() -> None:
    """Answer each line of the input."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    sys.stdout = sys.stderr = io.StringIO()
    sys.unraisablehook = lambda unraisable: None
    threading.excepthook = lambda args: None
    codes = {name: _stand_in(name) for name in ("keras", "outside")}
    signal.signal(signal.SIGALRM, _stop)
    for line in sys.stdin:
        wanted = json.loads(line)
        reports = [run(wanted["files"], mode, codes) for mode in range(wanted["modes"])]
        answers.write(json.dumps(reports) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
