"""Data that brings its targets with it: generators, tf.data pipelines, PyDatasets and loaders of torch.

Measured on TensorFlow 2.18: an element of a pipeline holds no list. One that a function returns becomes a tuple; any
other, and any in what is sliced, becomes one tensor.
"""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.functions import ancestors, find_in_class, own_method
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf, CallOf, Derived, taken_from
from keraslint.analysis.core.state import Entry, Instance, ListObject
from keraslint.analysis.core.values import (
    NONE,
    Api,
    Const,
    Function,
    Method,
    Partial,
    Pipeline,
    Sequence,
    Suspended,
    Unknown,
    Value,
    one_of,
    options,
    without_none,
)
from keraslint.analysis.keras.shuffling import FOLDERS, order_after, order_of_files, subset_of_folder
from keraslint.analysis.keras.tensors import result_on_symbolic_input

_PATH = "tensorflow.data.Dataset"
_SOURCES = ("tensorflow.data.", "tensorflow_datasets.load")
_SLICED = frozenset({f"{_PATH}.from_tensor_slices", f"{_PATH}.from_tensors"})
_MIXED = frozenset({"sample_from_datasets", "choose_from_datasets"})
_LOADERS = frozenset({"torch.utils.data.DataLoader", "torch.utils.data.dataloader.DataLoader"})
_PARTS = frozenset({"torch.utils.data.Subset", "torch.utils.data.random_split"})
_COLLATE = 6  # the position of the argument collate_fn of a loader

# Methods of a pipeline that keep the structure of its elements, or make batches of them.
_KEEPING = frozenset(
    "batch bucket_by_sequence_length cache filter ignore_errors padded_batch prefetch ragged_batch rebatch repeat shard"
    " shuffle skip snapshot take take_while unbatch with_options".split()
)
_SELECTING = frozenset({"filter", "shard", "skip", "take", "take_while"})
_EXPERIMENTAL = "tensorflow.data.experimental."
# Functions there that make a transformation which keeps the structure, for ``apply``.
_TRANSFORMING = _KEEPING | {"assert_cardinality", "copy_to_device", "prefetch_to_device", "shuffle_and_repeat"}
_UNSEEN = "an element of a dataset that is not seen"


def make_pipeline(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """The pipeline that a function of tf.data makes; its elements are known if the data it slices are."""
    if not path.startswith(_SOURCES) or (path.startswith(_EXPERIMENTAL) and path.rpartition(".")[2] in _TRANSFORMING):
        return None
    if path in _SLICED and args.positional:
        return Pipeline(_element(m, args.positional[0]))
    if path == f"{_PATH}.zip":
        return _zipped(m, args)
    if path == f"{_PATH}.from_generator":
        return Pipeline(_generated(m, args))
    if path.rpartition(".")[2] in _MIXED and args.positional:
        return _either(m, m.sequence(args.positional[0]) or [])
    if path == "tensorflow_datasets.load":
        return _loaded(m, args)
    if path == f"{_PATH}.list_files":
        return Pipeline(m.unknown(_UNSEEN), order_of_files(m, path, args))
    return Pipeline(m.unknown(_UNSEEN))


def pipeline_of_keras(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """The pipeline that a function of keras.utils makes of files or arrays, or its parts; None for other functions."""
    name = path.rpartition(".")[2]
    if name == "split_dataset" and isinstance(whole := args.get(0, "dataset"), Pipeline):
        part = replace(whole, order=None, subset=None)  # it draws the elements once
        return Sequence((part, part))
    if name in FOLDERS and not args.open:
        labelled = args.get(2, "label_mode") != NONE and args.get(1, "labels") != NONE
        made = Pipeline(_pair(m) if labelled else m.unknown(_UNSEEN))
        whole = replace(made, order=order_of_files(m, path, args), subset=subset_of_folder(m, path, args))
        return m.new_list([whole, made]) if args.keywords.get("subset") == Const("both") else whole
    if name == "timeseries_dataset_from_array" and not args.open:
        return Pipeline(_pair(m) if args.get(1, "targets") not in (None, NONE) else m.unknown(_UNSEEN))
    return None


def pipeline_method(m: InterpreterCore, pipeline: Pipeline, name: str, args: Arguments) -> Value:
    """The result of a method of a pipeline: ``map(f)`` applies ``f`` to an element, batching keeps the structure."""
    function = args.get(0, "map_func")
    if name in _KEEPING:
        subset = None if name in _SELECTING else pipeline.subset
        return replace(pipeline, order=order_after(m, pipeline, name, args), subset=subset)
    if name == "map" and function is not None:
        return replace(pipeline, element=_mapped(m, function, pipeline.element))
    if name in ("interleave", "flat_map") and function is not None:
        made = m.call(function, _opened(pipeline.element))
        return made if isinstance(made, Pipeline) else Pipeline(m.unknown(_UNSEEN))
    if name == "apply" and (function := args.get(0, "transformation_func")) is not None:
        return pipeline if _keeps_structure(function) else m.call(function, Arguments([pipeline]))
    if name == "concatenate" and args.positional:
        return _either(m, [pipeline, args.positional[0]])
    if name == "enumerate":
        return Pipeline(Sequence((m.unknown("the number of an element"), pipeline.element)))
    if name == "zip":
        return _zipped(m, args)
    return m.unknown(f"what a dataset's .{name}() gives")


def _keeps_structure(function: Value) -> bool:
    """Return True for a transformation of tf.data.experimental that keeps the structure of the elements."""
    origin = function.origin if isinstance(function, Unknown) else None
    path = origin.path if isinstance(origin, CallOf) else ""
    return path.startswith(_EXPERIMENTAL) and path.rpartition(".")[2] in _TRANSFORMING


def _mapped(m: InterpreterCore, function: Value, element: Value) -> Value:
    """The element that ``map(function)`` makes of one: a list that the function returns becomes a tuple."""
    made = _forms(m.call(function, _opened(element)))
    parts = [m.sequence(one) if isinstance(m.look(one), ListObject) else None for one in made]
    lists = (m.new_tuple(items) if items is not None else one for one, items in zip(made, parts, strict=True))
    return one_of([_element(m, one) for one in lists])


def _forms(value: Value) -> list[Value]:
    """Each value that it may be, without None."""
    return [without_none(option) for option in options(value)]


def _opened(element: Value) -> Arguments:
    """The arguments of a function that is given an element: the parts of a tuple, else the element."""
    element = without_none(element)
    parts: list[Value] = list(element.items) if isinstance(element, Sequence) else [element]
    return Arguments(parts, open=isinstance(element, Unknown))


def _element(m: InterpreterCore, value: Value) -> Value:
    """The element of a pipeline that is made of a value: each list in it becomes one tensor."""
    if isinstance(value, Sequence):
        return Sequence(tuple(_element(m, item) for item in value.items))
    if isinstance(thing := m.look(value), ListObject):
        return Unknown("one tensor that is made of a list", Derived("tensor", (value, *thing.contents())))
    if (items := m.sequence(value)) is not None:  # a named tuple
        return Sequence(tuple(_element(m, item) for item in items))
    entries = m.mapping(value)
    if entries is None:
        return value
    made = {key: Entry(_element(m, entry.value), entry.node, entry.module) for key, entry in entries.items()}
    return m.new_dict(made, ordered=getattr(thing, "ordered", False))


def _zipped(m: InterpreterCore, args: Arguments) -> Pipeline:
    """``zip(a, b)``: pipelines in a tuple or dict become one of tuples or dicts."""
    first = args.get(0, "datasets")
    structure = first if len(args.every()) == 1 and first is not None else Sequence(tuple(args.positional))
    return Pipeline(m.unknown(_UNSEEN) if args.open else _elements_in(m, structure))


def _elements_in(m: InterpreterCore, structure: Value) -> Value:
    """A structure of datasets with the element of each in its place."""
    if isinstance(structure, Pipeline):
        return structure.element
    if isinstance(structure, Sequence):
        return Sequence(tuple(_elements_in(m, item) for item in structure.items))
    entries = m.mapping(structure)
    if entries is not None:
        return m.new_dict({key: Entry(_elements_in(m, entry.value)) for key, entry in entries.items()})
    return m.unknown(_UNSEEN, Derived("element", (structure,)))


def _generated(m: InterpreterCore, args: Arguments) -> Value:
    """An element of ``from_generator``: what the generator yields, else what its signature says of it."""
    signature = args.get(4, "output_signature") or args.get(1, "output_types")
    if args.open or signature is None or isinstance(signature, Unknown):
        return m.unknown(_UNSEEN)
    items = _items_of_maker(m, args.get(0, "generator"), args.get(3, "args") or Sequence(()))
    return one_of([_as_signed(m, signature, item) for item in items]) if items else _as_signed(m, signature, None)


def _items_of_maker(m: InterpreterCore, maker: Value | None, given: Value) -> list[Value]:
    """What the generator yields that a function or object of the program makes; empty where that is not seen."""
    if maker is not None and isinstance(m.look(maker), Instance):
        maker = m.attribute(maker, "__call__")
    if not isinstance(maker, (Function, Method, Partial)):
        return []
    passed = m.sequence(given)
    made = m.call(maker, Arguments(passed or [], open=passed is None))
    return list(dict.fromkeys(map(without_none, sample_yields(m, made)))) if isinstance(made, Suspended) else []


def _as_signed(m: InterpreterCore, signature: Value, value: Value | None) -> Value:
    """A value in the structure of a signature; a part of which nothing is seen is unknown."""
    value = None if value is None else without_none(value)
    if isinstance(signature, Sequence):
        given = m.sequence(value) if value is not None else None
        parts = given if given is not None and len(given) == len(signature.items) else [None] * len(signature.items)
        return Sequence(tuple(_as_signed(m, *pair) for pair in zip(signature.items, parts, strict=True)))
    entries = m.mapping(signature)
    if entries is None:
        return _element(m, value) if value is not None else m.unknown("what a generator yields")
    held = (m.mapping(value) or {}) if value is not None else {}
    values = {key: held[key].value if key in held else None for key in entries}
    return m.new_dict({key: Entry(_as_signed(m, entry.value, values[key])) for key, entry in entries.items()})


def _either(m: InterpreterCore, parts: list[Value]) -> Pipeline:
    elements = [part.element if isinstance(part, Pipeline) else m.unknown(_UNSEEN) for part in parts]
    return Pipeline(one_of(elements) if elements else m.unknown(_UNSEEN))


def _loaded(m: InterpreterCore, args: Arguments) -> Value:
    """``tfds.load(...)``: a dataset, or a list of one for each split, of pairs where it is supervised."""
    if args.open:
        return m.unknown("what tfds.load gives")
    supervised = args.keywords.get("as_supervised") == Const(True)
    made = Pipeline(_pair(m) if supervised else m.unknown(_UNSEEN))
    splits = m.sequence(args.keywords.get("split", NONE))
    data = made if splits is None else m.new_list([made] * len(splits))
    told = args.keywords.get("with_info", Const(False))
    return data if told == Const(False) else Sequence((data, m.unknown("what is told of a dataset")))


def _pair(m: InterpreterCore) -> Value:
    return Sequence((m.unknown("the input of an element"), m.unknown("the label of an element")))


def batches(m: InterpreterCore, data: Value) -> list[Value]:
    """The batches of ``data``, one for each form that they have; empty where none is seen."""
    if isinstance(data, Suspended):
        return sample_yields(m, data)
    if isinstance(data, Pipeline):
        return _forms(data.element)
    if isinstance(data, Unknown):
        return _of_library(m, data)
    thing = m.look(data)
    return _item_of(m, data) if isinstance(thing, Instance) and _is_dataset(m, thing.cls) else []


def _of_library(m: InterpreterCore, data: Unknown) -> list[Value]:
    """The batches of a loader of torch, or of an unseen dataset that a function of the program was mapped over."""
    origin = data.origin
    if not isinstance(origin, CallOf):
        return []
    given = len(origin.arguments) - len(origin.keywords)
    if origin.path in _LOADERS:
        named = dict(zip(origin.keywords, origin.arguments[given:], strict=True))
        source = origin.arguments[0] if given else named.get("dataset", NONE)
        return _item_of(m, _whole(source)) if "collate_fn" not in named and given <= _COLLATE else []
    method = origin.function.origin if isinstance(origin.function, Unknown) else None
    if not isinstance(method, AttributeOf):
        return []
    if method.name in _KEEPING and isinstance(method.owner, Unknown):
        return _of_library(m, method.owner)
    function = origin.arguments[0] if given == 1 else NONE
    if method.name != "map" or not isinstance(function, (Function, Method, Partial)):
        return []
    with m.control.suspended():
        return _forms(_mapped(m, function, m.unknown(_UNSEEN)))


def _whole(data: Value) -> Value:
    """The dataset of torch of which another one is a part."""
    source = taken_from(data) or data
    made = source.origin if isinstance(source, Unknown) else None
    if isinstance(made, CallOf) and made.path in _PARTS and made.arguments:
        return made.arguments[0]
    return data


def _item_of(m: InterpreterCore, data: Value) -> list[Value]:
    """What ``__getitem__`` of the class of a dataset returns, or what its ``__iter__`` yields."""
    thing = m.look(data)
    if not isinstance(thing, Instance):
        return []
    item = find_in_class(m, thing.cls, "__getitem__")
    if isinstance(item, Function):
        return _forms(result_on_symbolic_input(m, data, item))
    items = own_method(m, data, "__iter__")
    made = m.call(items, Arguments()) if items is not None else NONE
    return sample_yields(m, made) if isinstance(made, Suspended) else []


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
