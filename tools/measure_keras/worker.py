"""Trains the calls on one Keras release and writes what reached each output.

    python worker.py FOLDER_OF_THE_RELEASE < calls.json > seen.json

Needs JAX and what Keras needs; nothing of keraslint. A call is trained eagerly for one step. Each loss writes down
its own token, the number in the targets, the width of the predictions (each output has its own) and the number in
the sample weights, and the loss called as number k gives 64**k, so that the total tells the weight of each.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import tempfile
import warnings
from collections import OrderedDict
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

ROWS, FEATURES = 4, 3
WIDTHS = (2, 5, 7, 11)
WIDTH_OF_NOBODY = 13
BASE = 64.0

JSON = dict[str, Any]

_TWO = {"container": "list", "names": ["b", "a"], "keys": [], "functional": True}
_ASKED = ({"precision": 0.5}, {"recall": 0.5}, {"specificity": 0.5}, {"sensitivity": 0.5})


def main(folder: str) -> None:
    """Train every call on standard input, in order."""
    sys.path.insert(0, folder)
    warnings.filterwarnings("ignore")
    asked = json.load(sys.stdin)
    keras = importlib.import_module("keras")
    laboratory = Laboratory(keras)
    gc.freeze()  # every clear_session() collects garbage: not among all that was imported
    json.dump(
        {
            "keras": keras.__version__,
            "seen": [laboratory.train(call) for call in asked["calls"]],
            "outputs": [laboratory.outputs(model) for model in asked["models"]],
            "names": laboratory.names(),
            "unlogged": laboratory.unlogged(),
        },
        sys.stdout,
    )


class Laboratory:
    """Builds, compiles and fits one call after the other, and keeps the records of its losses and metrics."""

    def __init__(self, keras: Any) -> None:
        self.keras = keras
        self.numpy = importlib.import_module("numpy")
        vars(self.numpy)["Inf"] = self.numpy.inf  # which Keras asks for until 3.4.1, and NumPy 2 no longer has
        self.symbolic = importlib.import_module("jax").core.Tracer
        self.loss_class, self.metric_class = self._loss_class(), self._metric_class()
        self.heard: list[tuple[Any, ...]] = []
        self.measured: list[tuple[Any, ...]] = []

    def train(self, call: JSON) -> JSON:
        """The observations of one call: {"arrivals", "logs", "metrics", "metric_logs"}, or {"raises", "at"}."""
        self.heard.clear()
        self.measured.clear()
        self.keras.backend.clear_session()
        model = build(self.keras, call["model"])
        at = "compile"
        try:
            model.compile(optimizer="sgd", run_eagerly=True, **self._compile_arguments(call))
            at = "fit"
            x = self.numpy.ones((ROWS, FEATURES), "float32")
            history = model.fit(x, verbose=0, batch_size=ROWS, epochs=1, **self._fit_arguments(call))
        except Exception as error:  # whatever it is, it is the answer
            return {"raises": type(error).__name__, "at": at}
        logs = {name: float(values[0]) for name, values in history.history.items()}
        return self._report(logs)

    def outputs(self, model: JSON) -> JSON:
        """The output that a model returns under each key or place, when called and by predict."""
        self.keras.backend.clear_session()
        built = build(self.keras, model)
        x = self.numpy.ones((ROWS, FEATURES), "float32")
        return {"call": placed(built(x)), "predict": placed(built.predict(x, verbose=0))}

    def names(self) -> JSON:
        """By the name of each class and function of keras.metrics, the names of two metrics that it makes.

        Of a function there is one; what takes other arguments than these, or has no name, is left out.
        """
        found: JSON = {}
        self.keras.backend.clear_session()
        package = self.keras.metrics
        for title in sorted(set(dir(package)) - {"Metric", "MeanMetricWrapper", "get", "serialize", "deserialize"}):
            own = getattr(package, title)
            if isinstance(own, type):
                found[title] = [made.name for made in (self._metric(own), self._metric(own)) if made is not None]
            elif callable(own):
                found[title] = self._logs_of(own)
        return {title: names for title, names in found.items() if names}

    def _logs_of(self, function: Any) -> list[str]:
        """The names of the logs of a function as a metric: on targets of the same shape, else on classes."""
        compiled = self.keras.Sequential([dense(self.keras, 2)])
        for width in (2, 1):
            compiled.compile(metrics=[function], loss="mse", run_eagerly=True)
            x, y = (self.numpy.ones((ROWS, size), "float32") for size in (2, width))
            try:
                return [name for name in compiled.train_on_batch(x, y, return_dict=True) if name != "loss"]
            except ValueError:
                continue
        return []

    def _metric(self, own: type) -> Any:
        """A metric of this class; None where it takes other arguments."""
        for arguments in ({}, {"num_classes": 2}, {"num_classes": 2, "target_class_ids": [0]}, {"name": None}, *_ASKED):
            try:
                return own(**arguments)
            except (TypeError, ValueError):
                continue
        return None

    def unlogged(self) -> JSON:
        """By callback, the mode and the log that it watches, what comes of it: "raises", "saves" or "nothing".

        The log is called as nothing is, or as a metric without the name of its output.
        """
        found: JSON = {}
        for title in ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"):
            for mode in ("auto", "min"):
                for monitor in ("nowhere", "accuracy"):
                    found[f"{title} {mode} {monitor}"] = self._watched(title, monitor, mode)
        found["a field of the path"] = self._watched("ModelCheckpoint", "loss", "min", "{accuracy:.2f}.keras")
        return found

    def _watched(self, title: str, monitor: str, mode: str, path: str = "best.keras") -> str:
        self.keras.backend.clear_session()
        model = build(self.keras, {**_TWO, "made_by": "layers"})
        model.compile("sgd", "mse", metrics={"a": "accuracy"})
        rows = [self.numpy.ones((ROWS, width), "float32") for width in WIDTHS[:2]]
        with tempfile.TemporaryDirectory() as folder:
            options = {"filepath": f"{folder}/{path}", "save_best_only": True} if title == "ModelCheckpoint" else {}
            try:
                callback = getattr(self.keras.callbacks, title)(monitor=monitor, mode=mode, **options)
                x = self.numpy.ones((ROWS, FEATURES), "float32")
                model.fit(x, rows, verbose=0, epochs=2, callbacks=[callback])
            except (KeyError, ValueError):
                return "raises"
            return "saves" if any(Path(folder).iterdir()) else "nothing"

    def _report(self, logs: dict[str, float]) -> JSON:
        """Arrivals in the order of the calls; a log is given by the arrival, or the metric, that it shows."""
        total = round(logs.pop("loss"))
        weights = [total // round(BASE**place) % round(BASE) for place in range(len(self.heard))]
        arrivals = [[*heard, weight] for heard, weight in zip(self.heard, weights, strict=True)]
        loss_logs: dict[str, int | None] = {}
        metric_logs: dict[str, int | None] = {}
        for name, value in logs.items():
            if name.endswith("_loss"):
                loss_logs[name.removesuffix("_loss")] = shown(value, len(arrivals))
            else:
                metric_logs[name] = shown(value, len(self.measured))
        return {
            "arrivals": arrivals,
            "logs": loss_logs,
            "metrics": self.measured.copy(),
            "metric_logs": metric_logs,
        }

    def _compile_arguments(self, call: JSON) -> JSON:
        makers: dict[str, Callable[[Any], Any]] = {
            "loss": self.loss_class,
            "loss_weights": lambda number: number,
            "metrics": self.metric_class,
            "weighted_metrics": self.metric_class,
        }
        return {name: made(call[name], make) for name, make in makers.items() if call[name] is not None}

    def _fit_arguments(self, call: JSON) -> JSON:
        widths = dict(zip(call["keys"], WIDTHS, strict=False))
        numbers = {key: number for number, key in enumerate(call["keys"], 1)}

        def target(token: str) -> Any:
            shape = (ROWS, widths.get(token, WIDTH_OF_NOBODY))
            return self.numpy.full(shape, float(numbers.get(token, 0)), "float32")

        arguments = {"y": made(call["y"], target)}
        if call["sample_weight"] is not None:
            arguments["sample_weight"] = made(
                call["sample_weight"], lambda number: self.numpy.full((ROWS,), number, "float32")
            )
        if call["class_weight"] is not None:
            arguments["class_weight"] = {0: 1.0, 1: 2.0}
        return arguments

    def _number(self, tensor: Any) -> float | None:
        """The number that fills a tensor; None for None. Raises TypeError for a tensor without values."""
        if tensor is None:
            return None
        if isinstance(tensor, (self.symbolic, self.keras.KerasTensor)):
            raise TypeError
        return float(self.numpy.asarray(tensor).reshape(-1)[0])

    def _loss_class(self) -> type:
        lab, ops = self, self.keras.ops

        class RecordingLoss(self.keras.losses.Loss):  # type: ignore[misc, name-defined]
            def __init__(self, token: str) -> None:
                super().__init__(name=f"recording_{token.strip('*')}")
                self.token = token

            def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
                value = ops.mean(y_pred) * 0.0
                try:
                    target, sample = lab._number(y_true), lab._number(sample_weight)
                except TypeError:  # Keras finds out shapes
                    return value
                lab.heard.append((self.token, output_of(y_pred), output_of_target(target), sample))
                return value + BASE ** (len(lab.heard) - 1)

        return RecordingLoss

    def _metric_class(self) -> type:
        lab = self

        class RecordingMetric(self.keras.metrics.Metric):  # type: ignore[misc, name-defined]
            def __init__(self, token: str) -> None:
                super().__init__(name="recording")
                self.token = token
                self.value = self.add_variable(shape=(), initializer="zeros", name="value")

            def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
                try:
                    target, sample = lab._number(y_true), lab._number(sample_weight)
                except TypeError:
                    return
                lab.measured.append((self.token, output_of(y_pred), output_of_target(target), sample))
                self.value.assign(BASE ** (len(lab.measured) - 1))

            def result(self) -> Any:
                return self.value + 0.0

            def reset_state(self) -> None:
                self.value.assign(0.0)

        return RecordingMetric


def build(keras: Any, model: JSON) -> Any:
    """A model of ``FEATURES`` inputs whose outputs have the widths of ``WIDTHS`` in declared order."""
    container, names, keys = model["container"], model["names"], model["keys"]
    if not model["functional"]:
        return subclassed(keras, container, keys, len(names))
    inputs = keras.Input((FEATURES,))
    if model["made_by"] == "layers":
        sizes = zip(names, WIDTHS, strict=False)
        tensors = [dense(keras, width, name)(inputs) for name, width in sizes]
    elif model["made_by"] == "models":
        tensors = []
        for name, widths in groupby(zip(names, WIDTHS, strict=False), itemgetter(0)):
            own = keras.Input((FEATURES,))
            heads = [dense(keras, width)(own) for _, width in widths]
            shown = keras.Model(own, heads if len(heads) > 1 else heads[0], name=name)(inputs)
            tensors += shown if len(heads) > 1 else [shown]
    else:
        first = dense(keras, WIDTHS[0], "before")(inputs)
        tensors = [keras.layers.Multiply()([first, first]), dense(keras, WIDTHS[1])(inputs)]
    return keras.Model(inputs, contained(container, keys, tensors))


def dense(keras: Any, width: int, name: str | None = None) -> Any:
    """A layer with constant weights: its predictions do not matter."""
    return keras.layers.Dense(width, kernel_initializer="zeros", name=name)


def subclassed(keras: Any, container: str, keys: list[str], count: int) -> Any:
    """A model of a class of its own that returns its outputs in the container."""

    class Subclass(keras.Model):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.heads = [dense(keras, width) for width in WIDTHS[:count]]

        def call(self, x: Any) -> Any:
            return contained(container, keys, [head(x) for head in self.heads])

    return Subclass()


def contained(container: str, keys: list[str], tensors: list[Any]) -> Any:
    """The tensors in the container of a model's outputs."""
    if container == "tensor":
        return tensors[0]
    if container == "dict":
        return dict(zip(keys, tensors, strict=True))
    if container == "odict":
        return OrderedDict(zip(keys, tensors, strict=True))
    return tuple(tensors) if container == "tuple" else tensors


def made(structure: Any, make: Callable[[Any], Any]) -> Any:
    """The argument for a structure: None, [kind, items], or a token, which ``make`` turns into a value."""
    if structure is None:
        return None
    if not isinstance(structure, list):
        return make(structure)
    kind, items = structure
    if kind in ("dict", "odict"):
        pairs = ((key, made(value, make)) for key, value in items)
        return OrderedDict(pairs) if kind == "odict" else dict(pairs)
    filled = [made(item, make) for item in items]
    return tuple(filled) if kind == "tuple" else filled


def placed(outputs: Any) -> list[Any]:
    """The outputs by their widths: [key, output] of a dict, else in order."""
    if isinstance(outputs, dict):
        return [[key, output_of(value)] for key, value in outputs.items()]
    return [output_of(value) for value in (outputs if isinstance(outputs, (list, tuple)) else [outputs])]


def output_of(y_pred: Any) -> int:
    """The output that made the predictions, by its width."""
    return WIDTHS.index(y_pred.shape[-1])


def output_of_target(number: float | None) -> int | None:
    """The output whose targets are filled with the number; -1 for targets of no output."""
    return None if number is None else round(number) - 1


def shown(value: float, count: int) -> int | None:
    """The index of the call that a log shows, weighted or not; None if it shows none."""
    return next((place for place in range(count) if BASE**place <= value + 0.5 < BASE ** (place + 1)), None)


if __name__ == "__main__":
    main(*sys.argv[1:])
