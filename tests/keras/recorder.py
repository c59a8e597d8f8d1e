"""Run as a script on one Keras release: trains programs and records what reached each output.

    python recorder.py KERAS_FOLDER REPORT.json PROGRAM.py ...

Keras is imported once and all programs run in this process, on what JAX has compiled for those before (that is
three times as fast as a process for each): first untouched, then all once more, watched. In the watched runs
every loss that a program hands to ``compile`` is replaced, within Keras' ``CompileLoss`` only, by one that notes
which tensors of ``y_pred``, ``y_true`` and ``sample_weight`` it is called with. They are looked up by identity
in what ``CompileLoss.call`` was given: equal shapes and values can't hide an exchange. The weight of a loss is
what the total becomes when that loss alone is 1.

``routing.py`` reads the report.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import re
import runpy
import signal
import sys
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

SECONDS = 600  # only so that a program without an end does not hang the run
CALLS = ("fit", "evaluate", "train_on_batch", "test_on_batch")

JSON = dict[str, Any]
KeyPath = tuple[Any, ...]


def main(keras_folder: str, report: str, *programs: str) -> None:
    """Run the programs on the Keras in ``keras_folder`` and write the report."""
    sys.path.insert(0, keras_folder)
    keras = importlib.import_module("keras")
    gc.freeze()  # clear_session collects garbage each time: spare it the modules
    paths = [Path(program) for program in programs]
    ends = {path: execute(keras, path) for path in paths}
    watch = Watch(keras)
    seen = {str(path): {"end": ends[path], "sites": watch.run(path)} for path in paths}
    Path(report).write_text(json.dumps({"keras": keras.__version__, "programs": seen}, indent=1))


def execute(keras: Any, program: Path) -> str:
    """Run a program as ``__main__`` in an empty working folder; "ok", or "error: " and what stopped it."""
    keras.utils.clear_session()  # layers without names are numbered from the start
    keras.utils.set_random_seed(0)  # a program that draws without a seed does the same each time

    def give_up(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise TimeoutError(f"ran longer than {SECONDS} seconds")

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(SECONDS)
    sys.argv = [str(program)]
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            runpy.run_path(str(program), run_name="__main__")
    except SystemExit as stop:
        return "ok" if stop.code in (0, None) else f"error: exit {stop.code}"
    except BaseException as error:
        return f"error: {one_line(error)}"
    finally:
        signal.alarm(0)
    return "ok"


def one_line(error: BaseException) -> str:
    """The text of an exception, the same in every process."""
    text = re.sub(r" at 0x[0-9a-f]+", "", " ".join(str(error).split()))
    return f"{type(error).__name__}: {text}"[:200]


def leaves(structure: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """The leaves of nested dicts, lists and tuples, each with its keys and indices."""
    if isinstance(structure, dict):
        for key, value in structure.items():
            yield from leaves(value, (*path, key))
    elif isinstance(structure, (list, tuple)):
        for index, value in enumerate(structure):
            yield from leaves(value, (*path, index))
    else:
        yield path, structure


def find(structure: Any, tensor: Any) -> KeyPath | None:
    """Where a tensor stands in a structure; None where it stands nowhere or twice."""
    paths = [path for path, leaf in leaves(structure) if leaf is tensor]
    return paths[0] if len(paths) == 1 and tensor is not None else None


def kind(argument: Any) -> str:
    """The container of an argument: OrderedDict, dict, list, tuple, leaf, or none."""
    if argument is None:
        return "none"
    containers = (OrderedDict, dict, list, tuple)
    return next((container.__name__ for container in containers if isinstance(argument, container)), "leaf")


class Watch:
    """Keras with its compile and fit-like calls watched, from now on."""

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.program: Path | None = None
        self.sites: list[JSON] = []
        self.compiling: list[tuple[Any, JSON]] = []
        self.calling: list[JSON] = []
        self.building = False
        self.site_of: dict[int, JSON] = {}
        self.context_of: dict[int, tuple[Any, JSON, Any, Any]] = {}
        self.heard: list[tuple[KeyPath, Any, Any, Any]] = []
        self.probed: int | None = None
        self.kept: list[Any] = []  # an id is unique only as long as its object lives
        self._watch_compile_loss()
        self._watch_compile()
        self._watch_building()
        self._watch_calls()

    def run(self, program: Path) -> list[JSON]:
        """Run a program and give its compile calls with all that was seen of them."""
        self.program, self.sites = program, []
        execute(self.keras, program)
        for memory in (self.site_of, self.context_of, self.heard, self.kept):
            memory.clear()
        return self.sites

    def _watch_compile_loss(self) -> None:
        compile_loss = importlib.import_module("keras.src.trainers.compile_utils").CompileLoss
        build, call = compile_loss.__init__, compile_loss.call
        recording_loss = self._recording_loss()

        def watched_init(own: Any, loss: Any, loss_weights: Any = None, *rest: Any, **more: Any) -> None:
            build(own, recorded(loss, recording_loss), loss_weights, *rest, **more)
            if self.compiling:
                model, site = self.compiling[-1]
                self.context_of[id(own)] = (model, site, loss, loss_weights)
                self.kept.append(own)

        def watched_call(own: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
            self.heard = []
            total = call(own, y_true, y_pred, sample_weight)
            heard = self.heard
            if id(own) in self.context_of and not self.building:
                weights = [
                    self._weight(lambda: call(own, y_true, y_pred, sample_weight), index) for index in range(len(heard))
                ]
                self._note(self.context_of[id(own)], y_true, y_pred, sample_weight, heard, weights)
            return total

        compile_loss.__init__, compile_loss.call = watched_init, watched_call

    def _recording_loss(self) -> type:
        watch = self
        get_loss = importlib.import_module("keras.src.trainers.compile_utils").get_loss
        ops = self.keras.ops

        class RecordingLoss(self.keras.losses.Loss):  # type: ignore[misc, name-defined]
            def __init__(self, path: KeyPath, loss: Any) -> None:
                super().__init__(name="_".join(map(str, ("recorded", *path))))
                self.path, self.loss = path, loss

            def __repr__(self) -> str:
                return repr(self.loss)

            def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
                if watch.probed is not None:
                    watch.probed -= 1
                    return ops.convert_to_tensor(1.0 if watch.probed == -1 else 0.0)
                watch.heard.append((self.path, y_true, y_pred, sample_weight))
                try:
                    return get_loss(self.loss, y_true, y_pred)(y_true, y_pred, sample_weight)
                except Exception:  # handed tensors that it can't work on: the untouched run tells that it raises
                    return ops.mean(ops.cast(y_pred, "float32")) * 0.0

        return RecordingLoss

    def _weight(self, total: Callable[[], Any], index: int) -> float:
        """The weight of the loss called as number ``index``."""
        jax = importlib.import_module("jax")
        self.probed = index
        try:
            with jax.ensure_compile_time_eval():
                return round(float(total()), 6)
        finally:
            self.probed = None

    def _note(
        self,
        context: tuple[Any, JSON, Any, Any],
        y_true: Any,
        y_pred: Any,
        sample_weight: Any,
        heard: list[tuple[KeyPath, Any, Any, Any]],
        weights: list[float],
    ) -> None:
        model, site, loss, loss_weights = context
        outputs = [path for path, _ in leaves(y_pred)]
        record = {
            "call": self.calling[-1] if self.calling else None,
            "container": kind(y_pred),
            "outputs": self._names(model, y_pred),
            "loss": {
                "kind": kind(loss),
                "leaves": numbered([[list(path), *self._loss(leaf)] for path, leaf in leaves(loss)]),
            },
            "loss_weights": {
                "kind": kind(loss_weights),
                "leaves": [[list(path), _number(leaf)] for path, leaf in leaves(loss_weights)],
            },
            "y": kind(y_true),
            "targets": len(list(leaves(y_true))),
            "sample_weight": kind(sample_weight),
            "arrivals": [
                {
                    "output": outputs.index(place) if (place := find(y_pred, tensor)) is not None else None,
                    "loss": list(path),
                    "weight": weight,
                    "target": _listed(find(y_true, target)),
                    "sample_weight": _listed(find(sample_weight, sample)),
                }
                for (path, target, tensor, sample), weight in zip(heard, weights, strict=True)
            ],
        }
        if record not in site["records"]:
            site["records"].append(record)

    def _names(self, model: Any, y_pred: Any) -> list[str | None]:
        """The name that the program has for each output: the dict's key, or the name of the layer that made it."""
        if isinstance(y_pred, dict):
            return ["/".join(map(str, path)) for path, _ in leaves(y_pred)]
        count = len(list(leaves(y_pred)))
        if hasattr(model, "_outputs_struct") and not isinstance(model._outputs_struct, dict):
            tensors = [tensor for _, tensor in leaves(model._outputs_struct)]
            names = [tensor._keras_history.operation.name for tensor in tensors]
        else:
            names = list(getattr(model, "output_names", None) or ())
        return names if len(names) == count else [None] * count

    def _loss(self, loss: Any) -> tuple[str, int]:
        """A text for a loss that is the same in every process, and a number that equal losses share."""
        losses = self.keras.losses
        self.kept.append(loss)
        if loss is None:
            return "None", 0
        if isinstance(loss, str):
            loss = losses.get(loss)
        if isinstance(loss, losses.Loss):
            # What a loss was made with is handed on to its function, but for some is not in get_config.
            settings = {**loss.get_config(), **getattr(loss, "_fn_kwargs", {})}
            settings.pop("name", None)
            text = re.sub(r" at 0x[0-9a-f]+", "", f"{type(loss).__name__}({sorted(settings.items())})")
            return text, hash((text, id(getattr(loss, "fn", None))))
        cells = [repr(cell.cell_contents) for cell in getattr(loss, "__closure__", None) or ()]
        return " ".join([getattr(loss, "__qualname__", type(loss).__name__), *cells]), id(loss)

    def _watch_compile(self) -> None:
        trainer = importlib.import_module("keras.src.trainers.trainer").Trainer
        compile_model = trainer.compile

        def watched(model: Any, *arguments: Any, **named: Any) -> Any:
            if self.compiling and self.compiling[-1][0] is model:
                return compile_model(model, *arguments, **named)
            site = self._site()
            self.site_of[id(model)] = site
            self.kept.append(model)
            self.compiling.append((model, site))
            try:
                return compile_model(model, *arguments, **named)
            except Exception as error:
                site["error"] = site["error"] or one_line(error)
                raise
            finally:
                self.compiling.pop()

        trainer.compile = watched

    def _watch_building(self) -> None:
        """Keep apart the calls that only find out shapes: a model with its own train step makes no others."""
        trainer = importlib.import_module("keras.src.trainers.trainer").Trainer
        build = trainer._symbolic_build

        def watched(model: Any, *arguments: Any, **named: Any) -> Any:
            self.building = True
            try:
                return build(model, *arguments, **named)
            finally:
                self.building = False

        trainer._symbolic_build = watched

    def _watch_calls(self) -> None:
        owner = next(base for base in self.keras.Model.__mro__ if "evaluate" in vars(base))
        for name in CALLS:
            setattr(owner, name, self._watched_call(name, vars(owner)[name]))

    def _watched_call(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def watched(model: Any, *arguments: Any, **named: Any) -> Any:
            outermost = not self.calling
            if outermost:
                self.calling.append({"name": name, "row": self._row()})
            try:
                return method(model, *arguments, **named)
            except Exception as error:
                site = self.site_of.get(id(model))
                if site is not None:
                    site["error"] = site["error"] or one_line(error)
                raise
            finally:
                if outermost:
                    self.calling.pop()

        return watched

    def _site(self) -> JSON:
        row = self._row()
        for site in self.sites:
            if site["row"] == row:
                return site
        self.sites.append({"row": row, "error": None, "records": []})
        return self.sites[-1]

    def _row(self) -> int:
        """The row of the program's innermost running statement."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == str(self.program):
                return frame.f_lineno
            frame = frame.f_back
        raise RuntimeError("Keras was called from outside the program")


def recorded(structure: Any, recording_loss: type) -> Any:
    """The structure with each loss in it replaced by one that records."""

    def replace(part: Any, path: KeyPath) -> Any:
        if isinstance(part, dict):
            container = OrderedDict if isinstance(part, OrderedDict) else dict
            return container((key, replace(value, (*path, key))) for key, value in part.items())
        if isinstance(part, (list, tuple)):
            items = [replace(value, (*path, index)) for index, value in enumerate(part)]
            return items if isinstance(part, list) else tuple(items)
        return None if part is None else recording_loss(path, part)

    return replace(structure, ())


def numbered(described: list[list[Any]]) -> list[list[Any]]:
    """The losses, renumbered so that every process has the same numbers; 0 stays 0."""
    numbers = [number for *_, number in described]
    return [[*rest, numbers.index(number) + 1 if number else 0] for *rest, number in described]


def _number(leaf: Any) -> Any:
    """A weight as Python's own number: json can't write those of NumPy."""
    return leaf.item() if hasattr(leaf, "item") else leaf


def _listed(path: KeyPath | None) -> list[Any] | None:
    return None if path is None else list(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
