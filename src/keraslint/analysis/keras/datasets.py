"""Data that brings its targets with it: generators, tf.data pipelines and PyDatasets of the program."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.functions import ancestors, find_in_class
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import Api, ApiResult, Function, Sequence, Suspended, Value, settle
from keraslint.analysis.keras.tensors import result_on_symbolic_input

_PIPELINE = "tensorflow.data.Dataset"
_SOURCES = ("tensorflow.data.", "tensorflow_datasets.load")
_SLICED = frozenset({f"{_PIPELINE}.from_tensor_slices", f"{_PIPELINE}.from_tensors"})

# Methods of a pipeline that hand on its elements, or batches of them, in the same structure.
_KEEPING = frozenset(
    "apply batch cache filter padded_batch prefetch ragged_batch rebatch repeat shard shuffle skip take unbatch"
    " with_options".split()
)


def make_pipeline(m: InterpreterCore, path: str, args: Arguments) -> ApiResult | None:
    """The pipeline that a function of tf.data makes; its elements are known where they are sliced from what is."""
    if not path.startswith(_SOURCES):
        return None
    if path in _SLICED and args.positional:
        return _pipeline(args.positional[0])
    if path == f"{_PIPELINE}.zip":
        parts = m.sequence(args.positional[0]) if len(args.positional) == 1 else list(args.positional)
        elements = [_element(part) for part in parts or ()]
        known = [element for element in elements if element is not None]
        return _pipeline(Sequence(tuple(known))) if known and len(known) == len(elements) else None
    return _pipeline(m.unknown("an element of a dataset that is not seen"))


def is_pipeline(value: Value) -> bool:
    """Whether a value is a tf.data pipeline."""
    return isinstance(value, ApiResult) and value.path == _PIPELINE


def pipeline_method(m: InterpreterCore, pipeline: ApiResult, name: str, args: Arguments) -> Value:
    """``dataset.map(f)`` gives what ``f`` makes of an element; batching and the like keep the structure."""
    if name in _KEEPING:
        return pipeline
    if name == "map" and args.get(0, "map_func") is not None:
        element = settle(pipeline.args[0])
        parts: list[Value] = list(element.items) if isinstance(element, Sequence) else [element]
        opened = Arguments(parts, open=not isinstance(element, Sequence))
        return _pipeline(m.call(args.get(0, "map_func") or element, opened))
    return m.unknown(f"what a dataset's .{name}() gives")


def batches(m: InterpreterCore, data: Value) -> list[Value]:
    """Batches that training on ``data`` goes through, one for each form that they have; empty where none is seen."""
    if isinstance(data, Suspended):
        return sample_yields(m, data)
    element = _element(data)
    if element is not None:
        return [settle(element)]
    thing = m.look(data)
    if isinstance(thing, Instance) and _is_dataset(m, thing.cls):
        item = find_in_class(m, thing.cls, "__getitem__")
        return [settle(result_on_symbolic_input(m, data, item))] if isinstance(item, Function) else []
    return []


def _is_dataset(m: InterpreterCore, cls: Value) -> bool:
    paths = [base.path for base in ancestors(m, cls) if isinstance(base, Api)]
    return any(path.rpartition(".")[2] in ("PyDataset", "Sequence") and path.startswith("keras.") for path in paths)


def _element(value: Value) -> Value | None:
    return value.args[0] if isinstance(value, ApiResult) and value.path == _PIPELINE else None


def _pipeline(element: Value) -> ApiResult:
    return ApiResult(_PIPELINE, (element,), ())


def sample_yields(m: InterpreterCore, value: Suspended) -> list[Value]:
    """Things that a generator yields; nothing is observed on the way, and its effects are taken back."""
    items: list[Value] = []
    counters, before = m.state.counters, m.state
    m.state = before.fork()
    with m.control.suspended():
        level = m.control.recording_suspended  # deeper down, a loop is only tried: what it made is taken back
        m.resume(value, lambda item: items.append(item) if m.control.recording_suspended == level else None)
    m.state = before.joined(m.state)  # the objects that it made stay: what it yields refers to them
    m.state.counters = counters
    return items
