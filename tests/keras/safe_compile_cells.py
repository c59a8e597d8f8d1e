"""Run by the interpreter of a Keras release: what model.compile and safe_compile do with every cell of a matrix.

``safe_compile_cells.py KERAS_FOLDER SOURCE_FOLDER REPORT CELLS ...`` writes a JSON object: by file with names of
cells, one on each line, and by cell, what became of it under either: "right", "wrong" (something reached another output
than was meant, or never came) or why it was refused. A cell is a model (how its outputs are held, sorted or not), a
loss, loss weights, metrics, targets and sample weights, each in a container. A place in a list means the output at that
place, in a dict of outputs too; places in the order of the sorted keys, which Keras goes by there, have containers of
their own.
"""

from __future__ import annotations

import gc
import json
import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

WIDTHS = (2, 5, 7)
BATCH = 4
NOTHING = "-"

MODELS = {
    "list unsorted": ("list", ("out_small", "out_big")),
    "list sorted": ("list", ("out_big", "out_small")),
    "tuple unsorted": ("tuple", ("out_small", "out_big")),
    "list of three": ("list", ("c", "a", "b")),
    "dict unsorted": ("dict", ("out_small", "out_big")),
    "dict sorted": ("dict", ("out_big", "out_small")),
    "dict of three": ("dict", ("c", "a", "b")),
    "dict, layers named otherwise": ("dict", ("s", "b")),
    "subclass, dict": ("dict", ("z", "a")),
    "subclass, list": ("list", ("z", "a")),
}
FEW = ("list unsorted", "list of three", "dict unsorted", "dict of three", "subclass, dict")


@dataclass(frozen=True)
class Cell:
    """One call: a model, and the container of each argument."""

    model: str
    loss: str
    y: str
    loss_weights: str = NOTHING
    metrics: str = NOTHING
    weighted_metrics: str = NOTHING
    sample_weight: str = NOTHING

    @property
    def name(self) -> str:
        """The cell in one line."""
        return ", ".join(f"{key}: {value}" for key, value in asdict(self).items() if value != NOTHING)


def cells() -> Iterator[Cell]:
    """The matrix."""
    wholes = ("dict", "reversed dict", "OrderedDict", "list", "tuple", "one")
    partial = ("only first", "only last", "None first in dict", "None first in list")
    for model, (container, _) in MODELS.items():
        by_key = ("sorted tuple",) if container == "dict" else ()
        for loss in (*wholes, *partial, *by_key):
            for y in ("dict", "reversed dict", "OrderedDict", "list", *by_key):
                yield Cell(model, loss, y)
            if loss in partial:
                yield Cell(model, loss, "partial dict")
    for model in FEW:
        for loss in ("dict", "tuple", "one", "only last"):
            for y in ("dict", "list"):
                for weights in ("dict", "OrderedDict", "list", "partial dict", "dict of integers"):
                    yield Cell(model, loss, y, loss_weights=weights)
                for metrics in ("dict", "list", "partial dict"):
                    yield Cell(model, loss, y, metrics=metrics)
                yield Cell(model, loss, y, weighted_metrics="dict")
                for sample_weight in ("dict", "list", "one"):
                    yield Cell(model, loss, y, sample_weight=sample_weight)
            yield Cell(model, loss, "dict", weighted_metrics="dict", sample_weight="dict")


def value_of(place: int) -> float:
    """The loss of the output at a place, so that the sum of them tells which weight reached which."""
    return 100.0**place


def held(container: str, values: dict[str, Any]) -> Any:
    """Values of the outputs, in the order of the outputs, in a container."""
    names = list(values)
    if container == "OrderedDict":
        return OrderedDict(values)
    if container == "reversed dict":
        return {name: values[name] for name in reversed(names)}
    if container in ("list", "tuple", "sorted tuple"):
        order = sorted(names) if container.startswith("sorted") else names
        items = [values[name] for name in order]
        return items if container == "list" else tuple(items)
    if container in ("only first", "only last", "partial dict"):
        name = names[0] if container == "only first" else names[-1]
        return {name: values[name]}
    if container.startswith("None first"):
        some = {name: None if name == names[0] else value for name, value in values.items()}
        return some if container.endswith("dict") else list(some.values())
    return dict(values)


class Laboratory:
    """Runs cells on the Keras that is on the path. Made once: it imports Keras."""

    def __init__(self) -> None:
        import keras
        import numpy

        gc.collect()
        gc.freeze()  # clear_session collects garbage; it need not look through all that was imported
        self.keras, self.numpy = keras, numpy
        self.seen: list[tuple[str, str, int, int, float]] = []
        note, number = self.seen.append, self._number

        class Loss(keras.losses.Loss):
            def __init__(self, tag: str) -> None:
                super().__init__(name=f"loss_{tag}")
                self.tag = tag

            def call(self, y_true: Any, y_pred: Any) -> Any:
                width = int(y_pred.shape[-1])
                if (target := number(y_true)) is not None:
                    note(("loss", self.tag, width, target, 0.0))
                return keras.ops.mean(y_pred * 0.0, axis=-1) + value_of(WIDTHS.index(width))

        class Metric(keras.metrics.Metric):
            def __init__(self, tag: str) -> None:
                super().__init__(name=f"metric_{tag}")
                self.tag = tag
                self.total = self.add_variable(shape=(), initializer="zeros", name="total")

            def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
                if (target := number(y_true)) is not None:
                    weight = 1.0 if sample_weight is None else float(numpy.ravel(sample_weight)[0])
                    note(("metric", self.tag, int(y_pred.shape[-1]), target, weight))

            def result(self) -> Any:
                return self.total + 0.0

        self.loss, self.metric = Loss, Metric

    def _number(self, tensor: Any) -> int | None:
        """The number that a tensor is filled with; None while Keras only traces."""
        try:
            return round(float(self.numpy.ravel(self.numpy.asarray(tensor))[0]))
        except Exception:  # a tracer of JAX or a symbolic tensor of Keras
            return None

    def model(self, kind: str) -> Any:
        """A model with such outputs, each of a width of its own."""
        keras, (container, names) = self.keras, MODELS[kind]
        layer_names = [f"head_{place}" for place in range(len(names))] if "otherwise" in kind else names
        heads = [keras.layers.Dense(width, name=name) for width, name in zip(WIDTHS, layer_names, strict=False)]

        def pack(tensors: list[Any]) -> Any:
            return held(container, dict(zip(names, tensors, strict=True)))

        if kind.startswith("subclass"):

            class Subclass(keras.Model):  # type: ignore[name-defined]
                def __init__(self) -> None:
                    super().__init__()
                    self.heads = heads

                def call(self, x: Any) -> Any:
                    return pack([head(x) for head in self.heads])

            return Subclass()
        inputs = keras.Input((3,))
        return keras.Model(inputs, pack([head(inputs) for head in heads]))

    def run(self, cell: Cell, compile_model: Callable[..., None]) -> str:
        """The outcome of a cell."""
        numpy = self.numpy
        names = MODELS[cell.model][1]
        self.keras.backend.clear_session()
        self.seen.clear()
        places = {name: place for place, name in enumerate(names)}
        losses = {name: self.loss(name) for name in names}
        weights: dict[str, float] = {name: 2.0 + 3 * place for name, place in places.items()}
        with_loss = set(losses)
        if cell.loss in ("only first", "only last"):
            with_loss = {names[0] if cell.loss == "only first" else names[-1]}
        elif cell.loss.startswith("None first"):
            with_loss.discard(names[0])
        arguments: dict[str, Any] = {"loss": losses[names[0]] if cell.loss == "one" else held(cell.loss, losses)}
        effective = dict.fromkeys(names, 1.0)
        if cell.loss_weights != NOTHING:
            given = (
                {name: int(value) for name, value in weights.items()} if "integers" in cell.loss_weights else weights
            )
            arguments["loss_weights"] = held(cell.loss_weights, dict(given))
            effective = {
                name: weights[name] if cell.loss_weights != "partial dict" or name == names[-1] else 1.0
                for name in names
            }
        measured: dict[str, str] = {}
        for kind, container in (("metrics", cell.metrics), ("weighted_metrics", cell.weighted_metrics)):
            if container != NOTHING:
                arguments[kind] = held(container, {name: self.metric(name) for name in names})
                measured = dict.fromkeys(names[-1:] if container == "partial dict" else names, kind)
        data: dict[str, Any] = {}
        importance = dict.fromkeys(names, 1.0)
        if cell.sample_weight == "one":
            data["sample_weight"] = numpy.full((BATCH,), 4.0, "float32")
            importance = dict.fromkeys(names, 4.0)
        elif cell.sample_weight != NOTHING:
            importance = {name: 8.0 - 3 * place for name, place in places.items()}
            arrays = {name: numpy.full((BATCH,), value, "float32") for name, value in importance.items()}
            data["sample_weight"] = held(cell.sample_weight, arrays)
        targets = {
            name: numpy.full((BATCH, WIDTHS[place]), place + 1.0, "float32")
            for name, place in places.items()
            if cell.y != "partial dict" or name in with_loss
        }
        y = dict(targets) if cell.y == "partial dict" else held(cell.y, targets)
        try:
            model = self.model(cell.model)
            compile_model(model, optimizer="sgd", run_eagerly=True, **arguments)
            x = numpy.ones((BATCH, 3), "float32")
            logs = model.evaluate(x, y, batch_size=BATCH, verbose=0, return_dict=True, **data)
        except Exception as error:
            return f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return self._judge(cell, float(logs["loss"]), with_loss, effective, importance, measured)

    def _judge(
        self,
        cell: Cell,
        total: float,
        with_loss: set[str],
        weights: dict[str, float],
        importance: dict[str, float],
        measured: dict[str, str],
    ) -> str:
        places = {name: place for place, name in enumerate(MODELS[cell.model][1])}
        first = next(iter(places))
        one = cell.loss == "one"
        wanted = {
            ("loss", first if one else name, WIDTHS[place], place + 1, 0.0)
            for name, place in places.items()
            if name in with_loss
        }
        for name, kind in measured.items():
            weight = importance[name] if kind == "weighted_metrics" else 1.0
            wanted.add(("metric", name, WIDTHS[places[name]], places[name] + 1, weight))
        want_total = sum(value_of(places[name]) * weights[name] * importance[name] for name in with_loss)
        return (
            "right"
            if set(self.seen) == wanted and abs(total - want_total) < 0.01 * max(1, want_total / 1e4)
            else "wrong"
        )


def main(keras_folder: str, source: str, report: str, *asked: str) -> None:
    """Write the report."""
    sys.path[:0] = [keras_folder, source]
    warnings.filterwarnings("ignore")
    laboratory = Laboratory()
    from keraslint.runtime import safe_compile

    def plain(model: Any, **arguments: Any) -> None:
        model.compile(**arguments)

    matrix = {cell.name: cell for cell in cells()}
    found = {
        path: {
            name: {"plain": laboratory.run(matrix[name], plain), "safe": laboratory.run(matrix[name], safe_compile)}
            for name in Path(path).read_text().splitlines()
        }
        for path in asked
    }
    Path(report).write_text(json.dumps({"keras": laboratory.keras.__version__, "programs": found}))


if __name__ == "__main__":
    main(*sys.argv[1:])
