"""The order of tf.data pipelines that are shuffled anew each time, and parts of one that are used as if they differed.

Measured on TensorFlow 2.18: ``take`` and ``skip`` of one shuffled pipeline iterate over it separately, each in an order
of its own, so that the two parts have elements in common. The same holds for functions that list files or read a
folder, and shuffle by themselves.
"""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import AttributeOf, CallOf
from keraslint.analysis.core.values import (
    NONE,
    ApiResult,
    Const,
    Pipeline,
    Sequence,
    Shuffled,
    Subset,
    Unknown,
    Value,
    without_none,
)
from keraslint.analysis.keras.uses import note_use

PARTS = frozenset({"take", "skip"})
FOLDERS = tuple(f"{kind}_dataset_from_directory" for kind in ("image", "text", "audio"))
"""The functions of Keras that read a folder, and shuffle its files unless they are told not to."""

_DECIDING = ("directory", "labels", "class_names", "follow_links", "validation_split")
_BEFORE_SHUFFLE = 6  # the number of arguments that each of them has before ``shuffle``
# The same for the methods of an ImageDataGenerator.
_BEFORE_SHUFFLE_OF = {"flow_from_directory": 6, "flow_from_dataframe": 10}
# Methods that keep the order of the elements, or make batches of them.
_ORDERLY = frozenset({"batch", "padded_batch", "prefetch", "ragged_batch", "rebatch", "unbatch", "with_options"})


def order_after(m: InterpreterCore, pipeline: Pipeline, name: str, args: Arguments) -> Shuffled | None:
    """The order of what a method of a pipeline returns that keeps the structure of the elements."""
    order = pipeline.order
    if name == "shuffle" and (order is None or not order.parts):
        return _shuffled(m, pipeline, args)
    if order is None or name in _ORDERLY or (name in ("shuffle", "cache", "repeat") and order.parts):
        return order
    count = args.get(0, "count")
    if name in PARTS and count is not None and not args.open:
        return replace(order, parts=(*order.parts, (name, count)))
    return None


def _shuffled(m: InterpreterCore, pipeline: Pipeline, args: Arguments) -> Shuffled | None:
    size, seed, again = args.get(0, "buffer_size"), args.get(1, "seed"), args.get(2, "reshuffle_each_iteration")
    if args.node is None or args.open or again not in (None, NONE, Const(value=True)):
        return None
    if isinstance(size, Const) and isinstance(size.value, int) and size.value <= 1:
        return None
    return Shuffled(args.node, m.module, pipeline, _number(m, seed))


def order_of_files(m: InterpreterCore, path: str, args: Arguments) -> Shuffled | None:
    """The order of what lists files, or reads a folder, and shuffles it by itself; None if it is told not to."""
    name = path.rpartition(".")[2]
    shuffle = args.keywords.get("shuffle") if name in FOLDERS else args.get(1, "shuffle")
    places = _BEFORE_SHUFFLE if name in FOLDERS else len(args.positional)
    drawn = (None, Const(value=True)) if name in FOLDERS else (None, Const(value=True), NONE)
    if args.node is None or args.open or len(args.positional) > places or shuffle not in drawn:
        return None
    if args.keywords.get("format", Const("tf")) != Const("tf"):
        return None  # no tf.data.Dataset
    seed = args.keywords.get("seed") if name in FOLDERS else args.get(2, "seed")
    given = Sequence((*args.positional, *(args.keywords[key] for key in sorted(args.keywords))))
    return Shuffled(args.node, m.module, given, _number(m, seed), by=path)


def subset_of_folder(m: InterpreterCore, path: str, args: Arguments) -> Subset | None:
    """The subset that a function of Keras reads of a folder; None where its order is not known."""
    name, shuffle, seed = (args.keywords.get(key, NONE) for key in ("subset", "shuffle", "seed"))
    shuffled = shuffle == Const(value=True) or "shuffle" not in args.keywords
    if args.node is None or args.open or len(args.positional) > 1 or not isinstance(name, Const):
        return None
    if name.value not in ("training", "validation") or not (shuffled or shuffle == Const(value=False)):
        return None
    number = seed.value if isinstance(seed, Const) and isinstance(seed.value, int) else None
    if shuffled and number is None:
        return None
    deciding = (*args.positional, *(args.keywords.get(key, NONE) for key in _DECIDING))
    return Subset(args.node, m.module, path, Sequence(deciding), str(name.value), number if shuffled else None)


def _number(m: InterpreterCore, seed: Value | None) -> int:
    """A number for each call that may shuffle as another one of a function does, by an equal seed."""
    return m.next_number() if seed not in (None, NONE) and m.control.depth > 0 else 0


def note_overlap(m: InterpreterCore, args: Arguments) -> None:
    """Record a call of ``fit`` whose training and validation data are two parts of one that overlap."""
    data, validation = _pipeline(args.get(0, "x")), _pipeline(args.get(7, "validation_data"))
    if data is None or validation is None or args.node is None:
        return
    one, other = data.order, validation.order
    if one is not None and other is not None and _overlap(one, other):
        note_use(m, one.by, "split", one.call if one.module == m.module else args.node)
    elif data.subset is not None and validation.subset is not None and _differ(data.subset, validation.subset):
        read = validation.subset
        note_use(m, read.by, "split", read.call if read.module == m.module else args.node, "subset")


def _differ(one: Subset, other: Subset) -> bool:
    """Return True for the subsets for training and for validation of one folder, by different orders of its files."""
    return one.folder == other.folder and one.name != other.name and one.seed != other.seed


def note_predicted(m: InterpreterCore, method: str, args: Arguments, *, legacy: bool) -> None:
    """Record a call of a model's method if it predicts for data that is in another order each time."""
    data = args.get(0, "x") if method == "predict" and not legacy and not args.open else None
    pipeline = _pipeline(data)
    if pipeline is not None and pipeline.order is not None:
        note_use(m, pipeline.order.by, "predicted", args.node)
    elif isinstance(data, Unknown) and (path := _generator(data)):
        note_use(m, path, "predicted", args.node, "classes")


def _generator(data: Unknown) -> str:
    """The name of the method of an ImageDataGenerator that reads images and shuffles them; "" if it does not."""
    made = data.origin if isinstance(data.origin, CallOf) else None
    method = made.function.origin if made is not None and isinstance(made.function, Unknown) else None
    if made is None or made.open or not isinstance(method, AttributeOf) or not isinstance(method.owner, ApiResult):
        return ""
    given = len(made.arguments) - len(made.keywords)
    shuffle = dict(zip(made.keywords, made.arguments[given:], strict=True)).get("shuffle", Const(value=True))
    drawn = shuffle == Const(value=True) and given <= _BEFORE_SHUFFLE_OF.get(method.name, -1)
    path = method.owner.path
    return f"{path}.{method.name}" if drawn and path.endswith(".ImageDataGenerator") else ""


def _pipeline(value: Value | None) -> Pipeline | None:
    value = None if value is None else without_none(value)
    return value if isinstance(value, Pipeline) else None


def _overlap(one: Shuffled, other: Shuffled) -> bool:
    """Return True if one part begins where the other ends, as if both were in the same order."""
    if replace(one, parts=()) != replace(other, parts=()):
        return False
    for mine, others in zip(one.parts, other.parts, strict=False):
        if mine != others:
            return {mine[0], others[0]} == PARTS and mine[1] == others[1]
    return False
