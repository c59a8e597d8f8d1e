"""The order of tf.data pipelines that are shuffled anew each time, and parts of one that are used as if they differed.

Measured on TensorFlow 2.18: ``take`` and ``skip`` of one shuffled pipeline iterate over it separately, each in an order
of its own, so that the two parts have elements in common.
"""

from __future__ import annotations

from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.values import NONE, Const, Pipeline, Shuffled, Value, without_none
from keraslint.analysis.keras.uses import note_use

PARTS = frozenset({"take", "skip"})
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
    repeatable = seed not in (None, NONE) and m.control.depth > 0
    return Shuffled(args.node, m.module, pipeline, m.next_number() if repeatable else 0)


def note_overlap(m: InterpreterCore, args: Arguments, data: Value | None, validation: Value | None) -> None:
    """Record a training call whose training and validation data are two parts of a pipeline that overlap."""
    orders = [one.order for one in map(_pipeline, (data, validation)) if one is not None and one.order is not None]
    if len(orders) == 2 and args.node is not None and _overlap(*orders):
        inside = orders[0].module == m.module
        note_use(m, "tensorflow.data.Dataset.shuffle", "split", orders[0].call if inside else args.node)


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
