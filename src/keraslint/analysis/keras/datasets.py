"""Data that brings its targets with it: generators, tf.data pipelines and PyDatasets of the program."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.functions import ancestors, find_in_class
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import Api, Function, Pipeline, Sequence, Suspended, Value, without_none
from keraslint.analysis.keras.tensors import result_on_symbolic_input

_PATH = "tensorflow.data.Dataset"
_SOURCES = ("tensorflow.data.", "tensorflow_datasets.load")
_SLICED = frozenset({f"{_PATH}.from_tensor_slices", f"{_PATH}.from_tensors"})

# Methods of a pipeline that keep the structure of its elements, or make batches of them.
_KEEPING = frozenset(
    "apply batch cache filter padded_batch prefetch ragged_batch rebatch repeat shard shuffle skip take unbatch"
    " with_options".split()
)


def make_pipeline(m: InterpreterCore, path: str, args: Arguments) -> Pipeline | None:
    """The pipeline that a function of tf.data makes; its elements are known if the data it slices are."""
    if not path.startswith(_SOURCES):
        return None
    if path in _SLICED and args.positional:
        return Pipeline(args.positional[0])
    if path == f"{_PATH}.zip":
        parts = m.sequence(args.positional[0]) if len(args.positional) == 1 else list(args.positional)
        elements = [part.element for part in parts or () if isinstance(part, Pipeline)]
        return Pipeline(Sequence(tuple(elements))) if elements and len(elements) == len(parts or ()) else None
    return Pipeline(m.unknown("an element of a dataset that is not seen"))


def pipeline_method(m: InterpreterCore, pipeline: Pipeline, name: str, args: Arguments) -> Value:
    """The result of a method of a pipeline: ``map(f)`` applies ``f`` to an element, batching keeps the structure."""
    if name in _KEEPING:
        return pipeline
    if name == "map" and args.get(0, "map_func") is not None:
        element = without_none(pipeline.element)
        parts: list[Value] = list(element.items) if isinstance(element, Sequence) else [element]
        opened = Arguments(parts, open=not isinstance(element, Sequence))
        return Pipeline(m.call(args.get(0, "map_func") or element, opened))
    return m.unknown(f"what a dataset's .{name}() gives")


def batches(m: InterpreterCore, data: Value) -> list[Value]:
    """The batches of ``data``, one for each form that they have; empty where none is seen."""
    if isinstance(data, Suspended):
        return sample_yields(m, data)
    if isinstance(data, Pipeline):
        return [without_none(data.element)]
    thing = m.look(data)
    if isinstance(thing, Instance) and _is_dataset(m, thing.cls):
        item = find_in_class(m, thing.cls, "__getitem__")
        return [without_none(result_on_symbolic_input(m, data, item))] if isinstance(item, Function) else []
    return []


def _is_dataset(m: InterpreterCore, cls: Value) -> bool:
    paths = [base.path for base in ancestors(m, cls) if isinstance(base, Api)]
    return any(path.rpartition(".")[2] in ("PyDataset", "Sequence") and path.startswith("keras.") for path in paths)


def sample_yields(m: InterpreterCore, value: Suspended) -> list[Value]:
    """Values that a generator yields; nothing is recorded meanwhile, and its effects are undone."""
    items: list[Value] = []
    counters, before = m.state.counters, m.state
    m.state = before.fork()
    with m.control.suspended():
        level = m.control.recording_suspended  # deeper down, a loop is only tried and then undone
        m.resume(value, lambda item: items.append(item) if m.control.recording_suspended == level else None)
    m.state = before.joined(m.state)  # the objects that it made are kept: what it yields refers to them
    m.state.counters = counters
    return items
