"""Models that are subclasses with a ``call`` of their own."""

from __future__ import annotations

from typing import Literal

from .draft import Draft, indent, plain
from .names import draw_names
from .outputs import Listed

_CONTAINERS: tuple[Literal["dict", "list", "tuple"], ...] = ("dict", "list", "tuple")


def own_call(draft: Draft) -> tuple[list[str], Listed]:
    """Statements that end with ``model = …``, and its outputs: a dict has names, a list or tuple has none."""
    names = draw_names(draft, draft.pick((2, 2, 3)))
    widths = [draft.pick((1, 2, 3)) for _ in names]
    container = draft.pick(_CONTAINERS)
    draft.choose("call returns", (container,))
    parts = [f"self.head_{place}(x)" for place in range(len(names))]
    shown = {
        "dict": "{" + ", ".join(f'"{name}": {part}' for name, part in zip(names, parts, strict=True)) + "}",
        "list": f"[{', '.join(parts)}]",
        "tuple": f"({', '.join(parts)})",
    }[container]
    heads = [
        f'self.head_{place} = {draft.layer("Dense")}({width}, name="{name}")'
        for place, (name, width) in enumerate(zip(names, widths, strict=True))
    ]
    trunk = [f'self.trunk = {draft.layer("Dense")}(4, activation="relu")']
    init = ["def __init__(self):", *indent(["super().__init__()", *trunk, *heads])]
    body = draft.pick(
        (
            ["x = self.trunk(inputs)", f"return {shown}"],
            ["x = self.trunk(inputs) * 2.0", f"outputs = {shown}", "return outputs"],
        )
    )
    call = [draft.pick(("def call(self, inputs):", "def call(self, inputs, training=False):")), *indent(body)]
    lines = [f"class OwnNet({draft.keras('Model')}):", *indent([*init, "", *call]), "", "model = OwnNet()"]
    keys = tuple(names) if container == "dict" else None
    return lines, Listed(plain(""), container, keys, tuple((width,) for width in widths), named=container == "dict")
