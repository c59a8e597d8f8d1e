"""How the outputs of a network are listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from .draft import Code, Draft, indent, plain
from .heads import Head, named_head, unnamed_head
from .names import draw_names, text
from .sequences import texts

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """The outputs of a network.

    keys: what a dict of losses names them by, in the order of the outputs; None where Keras makes the names up.
    named: whether they have names at all.
    """

    code: Code
    container: Literal["list", "tuple", "dict", "tensor"]
    keys: tuple[str, ...] | None
    shapes: tuple[Shape, ...]
    named: bool = True


def list_outputs(draft: Draft, x: str, inputs: str) -> Listed:
    """Put heads on the tensor ``x`` and list them."""
    count = draft.pick((1, 2, 2, 2, 2, 3, 3))
    if count == 1:
        return _single(draft, x)
    if draft.chance(25):
        return _unnamed(draft, x, inputs, count)
    names = draw_names(draft, count)
    return draft.way("outputs", _WAYS, often=("display", "loop", "loop", "reordered list"))(draft, x, names)


def _single(draft: Draft, x: str) -> Listed:
    (name,) = draw_names(draft, 1)
    head = named_head(draft, x, text(draft, name))
    form = draft.choose("one output", ("tensor", "list", "dict"))
    expr = {"tensor": "{}", "list": "[{}]", "dict": f'{{{{"{name}": {{}}}}}}'}[form].format(head.code.expr)
    container: Literal["dict", "tensor"] = "dict" if form == "dict" else "tensor"
    return Listed(Code(head.code.lines, expr), container, (name,), (head.shape,))


def _unnamed(draft: Draft, x: str, inputs: str, count: int) -> Listed:
    heads = [unnamed_head(draft, x) for _ in range(count)]
    if draft.chance(20):
        heads[draft.pick(range(count))] = Head(plain(inputs), (4,))
    lines, variables = _assigned(draft, heads)
    return Listed(Code(tuple(lines), f"[{', '.join(variables)}]"), "list", None, tuple(head.shape for head in heads))


def _assigned(draft: Draft, heads: Sequence[Head]) -> tuple[list[str], list[str]]:
    """A variable for each head."""
    lines: list[str] = []
    variables = []
    for head in heads:
        variable = draft.fresh("out")
        lines += [*head.code.lines, f"{variable} = {head.code.expr}"]
        variables.append(variable)
    return lines, variables


def _heads(draft: Draft, x: str, names: Sequence[str]) -> tuple[list[str], list[str], tuple[Shape, ...]]:
    heads = [named_head(draft, x, text(draft, name)) for name in names]
    lines, variables = _assigned(draft, heads)
    return lines, variables, tuple(head.shape for head in heads)


def _display(draft: Draft, x: str, names: list[str]) -> Listed:
    lines, variables, shapes = _heads(draft, x, names)
    bracket = draft.pick(("[]", "()"))
    if draft.chance(30):
        lines.append(f"outputs = {bracket[0]}{', '.join(variables)}{bracket[1]}")
        return Listed(Code(tuple(lines), "outputs"), "list" if bracket == "[]" else "tuple", tuple(names), shapes)
    expr = f"{bracket[0]}{', '.join(variables)}{bracket[1]}"
    return Listed(Code(tuple(lines), expr), "list" if bracket == "[]" else "tuple", tuple(names), shapes)


def _in_place(draft: Draft, x: str, names: list[str]) -> Listed:
    heads = [named_head(draft, x, text(draft, name)) for name in names]
    lines = [line for head in heads for line in head.code.lines]
    expr = "[" + ", ".join(head.code.expr for head in heads) + "]"
    return Listed(Code(tuple(lines), expr), "list", tuple(names), tuple(head.shape for head in heads))


def _dict(draft: Draft, x: str, names: list[str]) -> Listed:
    lines, variables, shapes = _heads(draft, x, names)
    keys = names if draft.chance(60) else [f"{name}_out" for name in names]
    pairs = list(zip(keys, variables, strict=True))
    form = draft.choose("dict of outputs", ("display", "dict()", "zip", "filled", "OrderedDict"))
    if form == "display":
        expr = "{" + ", ".join(f'"{key}": {variable}' for key, variable in pairs) + "}"
    elif form == "dict()":
        expr = "dict(" + ", ".join(f"{key}={variable}" for key, variable in pairs if key != "class") + ")"
        if "class" in keys:
            expr = f'dict({expr}, **{{"class": {dict(pairs)["class"]}}})'
            pairs = [*(pair for pair in pairs if pair[0] != "class"), ("class", "")]
    elif form == "zip":
        expr = f"dict(zip({keys!r}, [{', '.join(variables)}]))"
    elif form == "filled":
        lines.append("outputs = {}")
        lines += [f'outputs["{key}"] = {variable}' for key, variable in pairs]
        expr = "outputs"
    else:
        draft.need("from collections import OrderedDict")
        expr = "OrderedDict([" + ", ".join(f'("{key}", {variable})' for key, variable in pairs) + "])"
    order = [keys.index(key) for key, _ in pairs]
    return Listed(Code(tuple(lines), expr), "dict", tuple(keys[i] for i in order), tuple(shapes[i] for i in order))


def _from_list(draft: Draft, x: str, names: list[str]) -> Listed:
    """A list of heads made in one order and handed over in another."""
    order = list(range(len(names)))
    form = draft.choose("list of outputs", tuple(_REORDERED))
    lines, variables, shapes = _heads(draft, x, names)
    lines.append(f"heads = [{', '.join(variables)}]")
    expr, order = _REORDERED[form](draft, names)
    container: Literal["list", "tuple"] = "tuple" if expr.startswith("tuple(") else "list"
    return Listed(Code(tuple(lines), expr), container, tuple(names[i] for i in order), tuple(shapes[i] for i in order))


def _forward(names: list[str]) -> list[int]:
    return list(range(len(names)))


def _by_name(names: list[str], reverse: bool = False) -> list[int]:
    return sorted(range(len(names)), key=names.__getitem__, reverse=reverse)


_REORDERED: dict[str, Callable[[Draft, list[str]], tuple[str, list[int]]]] = {
    "star": lambda draft, names: ("[*heads]", _forward(names)),
    "list()": lambda draft, names: ("list(heads)", _forward(names)),
    "tuple()": lambda draft, names: ("tuple(heads)", _forward(names)),
    "copy": lambda draft, names: (draft.pick(("heads[:]", "heads.copy()", "heads")), _forward(names)),
    "reversed": lambda draft, names: (draft.pick(("heads[::-1]", "list(reversed(heads))")), _forward(names)[::-1]),
    "rotated": lambda draft, names: ("heads[1:] + heads[:1]", [*_forward(names)[1:], 0]),
    "popped": lambda draft, names: ("[heads.pop(), *heads]", [len(names) - 1, *_forward(names)[:-1]]),
    "sorted": lambda draft, names: (
        f"[head for _, head in sorted(zip({names!r}, heads), key=lambda pair: pair[0])]",
        _by_name(names),
    ),
    "sorted back": lambda draft, names: (
        f"[dict(zip({names!r}, heads))[name] for name in sorted({names!r}, reverse=True)]",
        _by_name(names, reverse=True),
    ),
    "enumerate": lambda draft, names: (
        "[head for place, head in enumerate(heads) if place >= 0]",
        _forward(names),
    ),
}


def _from_dict(draft: Draft, x: str, names: list[str]) -> Listed:
    lines, variables, shapes = _heads(draft, x, names)
    pairs = ", ".join(f'"{name}": {variable}' for name, variable in zip(names, variables, strict=True))
    lines.append(f"heads = {{{pairs}}}")
    ways = {
        "list(d.values())": ("list(heads.values())", _forward(names)),
        "[*d.values()]": ("[*heads.values()]", _forward(names)),
        "by key": (f"[heads[key] for key in {names[::-1]!r}]", _forward(names)[::-1]),
        "by sorted key": ("[heads[key] for key in sorted(heads)]", _by_name(names)),
        "items": ("[head for _, head in heads.items()]", _forward(names)),
        "tuple(d.values())": ("tuple(heads.values())", _forward(names)),
        "merged": ("list({**heads}.values())", _forward(names)),
    }
    expr, order = ways[draft.choose("values of a dict", tuple(ways))]
    container: Literal["list", "tuple"] = "tuple" if expr.startswith("tuple(") else "list"
    return Listed(Code(tuple(lines), expr), container, tuple(names[i] for i in order), tuple(shapes[i] for i in order))


def _looped(draft: Draft, x: str, names: list[str]) -> Listed:
    """All heads made by one piece of code that runs once for each."""
    widths = [draft.pick((1, 2, 3)) for _ in names]
    rows = _rows(draft, names, widths)
    dense = f"{draft.layer('Dense')}({rows.width}, name={rows.name})({x})"
    loop = f"for {rows.target} in {rows.source}"
    form = draft.choose("loop", ("comprehension", "append", "+=", "extend", "insert", "generator", "dict", "function"))
    order = _forward(names)
    container: Literal["list", "tuple"] = "list"
    lines = list(rows.lines)
    if form == "comprehension":
        expr = f"[{dense} {loop}]"
    elif form == "generator":
        expr, container = f"tuple({dense} {loop})", "tuple"
    elif form == "dict":
        expr = f"list({{{rows.name}: {dense} {loop}}}.values())"
    elif form == "function":
        make = draft.fresh("make_head")
        draft.top.append(f"{make} = lambda x, width, name: {draft.layer('Dense')}(width, name=name)(x)")
        expr = f"[{make}({x}, {rows.width}, {rows.name}) {loop}]"
    else:
        change = {"append": f"outputs.append({dense})", "+=": f"outputs += [{dense}]"}
        change |= {"extend": f"outputs.extend([{dense}])", "insert": f"outputs.insert(0, {dense})"}
        lines += ["outputs = []", f"{loop}:", *indent([change[form]])]
        expr, order = "outputs", order[::-1] if form == "insert" else order
    shapes = tuple((widths[i],) for i in order)
    return Listed(Code(tuple(lines), expr), container, tuple(names[i] for i in order), shapes)


@dataclass(frozen=True)
class _Rows:
    """The rows that a loop over the heads runs over, and the expressions of name and width in it."""

    source: str
    target: str
    name: str
    width: str
    lines: tuple[str, ...] = ()


def _rows(draft: Draft, names: list[str], widths: list[int]) -> _Rows:
    form = draft.choose("loop over", ("zip", "pairs", "items", "enumerate", "records", "objects", "names", "names"))
    pairs = list(zip(names, widths, strict=True))
    if form == "zip":
        titles = texts(draft, names)
        draft.top.append(f"WIDTHS = {tuple(widths)!r}")
        return _Rows(f"zip({titles.expr}, WIDTHS)", "title, width", "title", "width", titles.lines)
    if form == "enumerate":
        titles = texts(draft, names)
        draft.top.append(f"WIDTHS = {widths!r}")
        return _Rows(f"enumerate({titles.expr})", "place, title", "title", "WIDTHS[place]", titles.lines)
    if form == "names":
        titles = texts(draft, names)
        draft.top.append(f"WIDTHS = {dict(pairs)!r}")
        return _Rows(titles.expr, "title", "title", "WIDTHS[title]", titles.lines)
    if form in ("pairs", "items"):
        draft.top.append(f"HEADS = {pairs if form == 'pairs' else dict(pairs)!r}")
        return _Rows("HEADS" if form == "pairs" else "HEADS.items()", "title, width", "title", "width")
    if form == "records":
        records = ", ".join(f'{{"name": "{name}", "units": {width}}}' for name, width in pairs)
        draft.top.append(f"HEADS = [{records}]")
        return _Rows("HEADS", "head", 'head["name"]', 'head["units"]')
    draft.need("from typing import NamedTuple")
    draft.top += ["class Spec(NamedTuple):", "    title: str", "    width: int = 1", ""]
    records = ", ".join(f'Spec("{name}", {width})' for name, width in pairs)
    draft.top.append(f"HEADS = [{records}]")
    return _Rows("HEADS", "head", "head.title", "head.width")


def _nested(draft: Draft, x: str, names: list[str]) -> Listed:
    lines, variables, shapes = _heads(draft, x, names)
    draft.written = False
    expr = f"[[{variables[0]}], {', '.join(variables[1:])}]"
    return Listed(Code(tuple(lines), expr), "list", tuple(names), shapes)


def _shared(draft: Draft, x: str, names: list[str]) -> Listed:
    """One layer that makes two outputs: both have its name."""
    layer, name = draft.fresh("shared"), text(draft, names[0])
    lines = [*name.lines, f"{layer} = {draft.layer('Dense')}(4, name={name.expr})", f"first = {layer}({x})"]
    return Listed(Code(tuple(lines), f"[first, {layer}(first)]"), "list", None, ((4,), (4,)))


_WAYS = {
    "display": _display,
    "in place": _in_place,
    "dict": _dict,
    "reordered list": _from_list,
    "values of a dict": _from_dict,
    "loop": _looped,
    "nested": _nested,
    "shared layer": _shared,
}
