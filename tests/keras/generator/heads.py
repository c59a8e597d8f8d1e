"""The last layers of a network: what makes an output, and so gives it its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .draft import Code, Draft, indent, plain

FEATURES = 4
"""The width of the tensor that the heads are put on."""


@dataclass(frozen=True)
class Head:
    """The code that makes an output, and its shape without the batch."""

    code: Code
    shape: tuple[int, ...]


def named_head(draft: Draft, x: str, name: Code) -> Head:
    """An output with this name."""
    head = draft.way("last layer", _NAMED)(draft, x, name.expr)
    return Head(Code((*name.lines, *head.code.lines), head.code.expr), head.shape)


def unnamed_head(draft: Draft, x: str) -> Head:
    """An output whose name Keras makes up."""
    if draft.chance(50):
        return draft.way("unnamed layer", _NAMED)(draft, x, "")
    return draft.way("unnamed operation", _OPERATIONS)(draft, x)


def _name(name: str, before: str = ", ") -> str:
    return f"{before}name={name}" if name else ""


def _dense(draft: Draft, x: str, name: str) -> Head:
    width = draft.pick((1, 2, 3))
    more = draft.pick(("", ', activation="sigmoid"', ', kernel_initializer="zeros"'))
    made = f"{draft.layer('Dense')}({width}{more}{_name(name)})"
    if draft.chance(20):
        layer = draft.fresh("layer")
        return Head(Code((f"{layer} = {made}",), f"{layer}({x})"), (width,))
    return Head(plain(f"{made}({x})"), (width,))


def _after_dense(draft: Draft, x: str, last: Callable[[str], str]) -> Head:
    """A Dense without a name, and another layer that names the output."""
    before, width = draft.fresh("logits"), draft.pick((1, 2, 3))
    dense = f"{before} = {draft.layer('Dense')}({width})({x})"
    return Head(Code((dense,), f"{last(before)}({before})"), (width,))


def _simple(layer: str, arguments: str = "") -> Callable[[Draft, str, str], Head]:
    def make(draft: Draft, x: str, name: str) -> Head:
        inside = ", ".join(part for part in (arguments, _name(name, "")) if part)
        return _after_dense(draft, x, lambda _: f"{draft.layer(layer)}({inside})")

    return make


def _lambda(draft: Draft, x: str, name: str) -> Head:
    return _after_dense(draft, x, lambda _: f"{draft.layer('Lambda')}(lambda t: t * 2{_name(name)})")


def _reshape(draft: Draft, x: str, name: str) -> Head:
    return Head(plain(f"{draft.layer('Reshape')}((2, 2){_name(name)})({x})"), (2, 2))


def _flatten(draft: Draft, x: str, name: str) -> Head:
    inner = f"{draft.layer('Reshape')}((2, 2))({x})"
    return Head(plain(f"{draft.layer('Flatten')}({_name(name, '')})({inner})"), (FEATURES,))


def _repeat(draft: Draft, x: str, name: str) -> Head:
    return Head(plain(f"{draft.layer('RepeatVector')}(2{_name(name)})({x})"), (2, FEATURES))


def _merge(draft: Draft, x: str, name: str) -> Head:
    layer = draft.pick(("Add", "Multiply", "Concatenate", "Average", "Maximum", "Minimum", "Subtract"))
    left, right = draft.fresh("left"), draft.fresh("right")
    lines = tuple(f"{side} = {draft.layer('Dense')}(2)({x})" for side in (left, right))
    shape = (4,) if layer == "Concatenate" else (2,)
    if draft.chance(30):
        return Head(Code(lines, f"{draft.layer(layer.lower())}([{left}, {right}]{_name(name)})"), shape)
    return Head(Code(lines, f"{draft.layer(layer)}({_name(name, '')})([{left}, {right}])"), shape)


def _time_distributed(draft: Draft, x: str, name: str) -> Head:
    series = f"{draft.layer('Reshape')}((2, 2))({x})"
    inner = f"{draft.layer('Dense')}(1{draft.pick(('', _name(name)))})"
    return Head(plain(f"{draft.layer('TimeDistributed')}({inner}{_name(name)})({series})"), (2, 1))


def _bidirectional(draft: Draft, x: str, name: str) -> Head:
    series = f"{draft.layer('Reshape')}((2, 2))({x})"
    inner = f"{draft.layer('SimpleRNN')}(1)"
    return Head(plain(f"{draft.layer('Bidirectional')}({inner}{_name(name)})({series})"), (2,))


def custom_class(draft: Draft, width: int) -> str:
    """A layer of the program's own: the name of its class, which may be one that is there already."""
    cls = draft.kept("custom class", width)
    if cls is not None and draft.chance(60):
        return cls
    cls = draft.fresh("OwnLayer")
    draft.keep("custom class", width, cls)
    form = draft.choose("custom layer", ("plain", "inner", "built", "own name", "super"))
    init = draft.pick(
        (
            [
                f"def __init__(self, width={width}, **kwargs):",
                "    super().__init__(**kwargs)",
                "    self.width = width",
            ],
            [
                f"def __init__(self, width={width}, name=None, **kwargs):",
                "    super().__init__(name=name, **kwargs)",
                "    self.width = width",
            ],
        )
    )
    dense = f"self.dense = {draft.layer('Dense')}(self.width)"
    call = ["def call(self, inputs):", "    return self.dense(inputs) * 2"]
    if form == "inner":
        init = [*init, f"    {dense}"]
    elif form == "built":
        init = [*init, "", "def build(self, shape):", f"    {dense}", "    self.dense.build(shape)"]
    elif form == "super":
        base = draft.fresh("OwnBase")
        draft.top += [f"class {base}({draft.layer('Layer')}):", *indent([*init, f"    {dense}", "", *call]), ""]
        draft.top += [f"class {cls}({base}):", "    pass", ""]
        return cls
    else:
        call = ["def call(self, inputs):", f"    return inputs[:, :{width}] * 2"]
    draft.top += [f"class {cls}({draft.layer('Layer')}):", *indent([*init, "", *call]), ""]
    return cls


def _custom(draft: Draft, x: str, name: str) -> Head:
    return Head(plain(f"{custom_class(draft, 2)}({_name(name, '')})({x})"), (2,))


def _sequential(draft: Draft, x: str, name: str) -> Head:
    layers = f"[{draft.layer('Dense')}(2), {draft.layer('Dense')}(1)]"
    return Head(plain(f"{draft.keras('Sequential')}({layers}{_name(name)})({x})"), (1,))


def _grown_sequential(draft: Draft, x: str, name: str) -> Head:
    head = draft.fresh("head")
    lines = (
        f"{head} = {draft.keras('Sequential')}({_name(name, '')})",
        f"{head}.add({draft.layer('Dense')}(2))",
        f"{head}.add({draft.layer('Dense')}(1))",
    )
    return Head(Code(lines, f"{head}({x})"), (1,))


def _nested_model(draft: Draft, x: str, name: str) -> Head:
    start = draft.fresh("features")
    lines = (f"{start} = {draft.keras('Input')}(({FEATURES},))",)
    inner = f"{draft.layer('Dense')}(2)({start})"
    return Head(Code(lines, f"{draft.keras('Model')}({start}, {inner}{_name(name)})({x})"), (2,))


_NAMED = {
    "Dense": _dense,
    "Activation": _simple("Activation", '"sigmoid"'),
    "Lambda": _lambda,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "RepeatVector": _repeat,
    "merging": _merge,
    "Dropout": _simple("Dropout", "0.1"),
    "BatchNormalization": _simple("BatchNormalization"),
    "LayerNormalization": _simple("LayerNormalization"),
    "ReLU": _simple("ReLU"),
    "Softmax": _simple("Softmax"),
    "Identity": _simple("Identity"),
    "TimeDistributed": _time_distributed,
    "Bidirectional": _bidirectional,
    "custom layer": _custom,
    "Sequential": _sequential,
    "grown Sequential": _grown_sequential,
    "nested model": _nested_model,
}


def _function(draft: Draft, x: str) -> Head:
    name, arguments = draft.pick(_FUNCTIONS)
    return Head(plain(f"{draft.op(name)}({x}{arguments})"), _SHAPES.get(name, (FEATURES,)))


_FUNCTIONS = (
    ("sigmoid", ""),
    ("relu", ""),
    ("tanh", ""),
    ("softmax", ""),
    ("abs", ""),
    ("exp", ""),
    ("square", ""),
    ("add", ", 1.0"),
    ("multiply", ", 2.0"),
    ("subtract", ", 1.0"),
    ("reshape", ", (-1, 2, 2)"),
    ("expand_dims", ", axis=-1"),
    ("mean", ", axis=-1, keepdims=True"),
    ("sum", ", axis=-1, keepdims=True"),
    ("max", ", axis=-1, keepdims=True"),
)
_SHAPES = {"reshape": (2, 2), "expand_dims": (4, 1), "mean": (1,), "sum": (1,), "max": (1,)}


def _several_function(draft: Draft, x: str) -> Head:
    name = draft.pick(("concatenate", "stack"))
    return Head(plain(f"{draft.op(name)}([{x}, {x}], axis=-1)"), (8,) if name == "concatenate" else (4, 2))


def _operator(draft: Draft, x: str) -> Head:
    shown = draft.pick(("{} + 1.0", "{} * 2", "2.0 * {}", "{} / 2", "1.0 - {}", "-{}", "{} ** 2", "{} + {}", "{} - {}"))
    return Head(plain(f"({shown.replace('{}', x)})"), (FEATURES,))


def _slice(draft: Draft, x: str) -> Head:
    return Head(plain(f"{x}[:, :1]"), (1,))


_OPERATIONS = {
    "keras.ops": _function,
    "keras.ops of several": _several_function,
    "operator": _operator,
    "slice": _slice,
}
