"""Compile and fit: the losses, weights, targets and sample weights of a program, and the calls that take them."""

from __future__ import annotations

from collections.abc import Sequence

from .draft import Code, Draft, indent, plain
from .mappings import constant_mapping, mapping
from .outputs import Listed

ROWS = 8


def training(draft: Draft, model: str, listed: Listed) -> list[str]:
    """The statements that compile and train what ``model`` stands for."""
    lines = compiling(draft, model, listed)
    count = draft.pick((1, 1, 1, 2))
    for _ in range(count):
        lines += _trained(draft, model, listed)
    return lines


def compiling(draft: Draft, model: str, listed: Listed) -> list[str]:
    """The statements that compile what ``model`` stands for."""
    optimizer = f'"{draft.pick(("sgd", "adam"))}"'
    loss, weights = _loss(draft, model, listed), _weights(draft, model, listed)
    lines = [*loss.lines, *(weights.lines if weights else ())]
    keywords = {"optimizer": optimizer, "loss": loss.expr} | ({"loss_weights": weights.expr} if weights else {})
    form = draft.choose("compile", ("keywords", "positional", "several lines", "**kwargs", "mixed", "function"))
    if form == "positional":
        return [*lines, f"{model}.compile({', '.join(keywords.values())})"]
    if form == "mixed":
        rest = ", ".join(f"{key}={value}" for key, value in keywords.items() if key != "optimizer")
        return [*lines, f"{model}.compile({optimizer}, {rest})"]
    if form == "several lines":
        return [*lines, f"{model}.compile(", *indent([f"{k}={v}," for k, v in keywords.items()]), ")"]
    if form == "**kwargs":
        settings = draft.fresh("settings")
        if draft.chance(50):
            pairs = ", ".join(f"{key}={value}" for key, value in keywords.items())
            return [*lines, f"{settings} = dict({pairs})", f"{model}.compile(**{settings})"]
        rest = constant_mapping([(key, value) for key, value in keywords.items() if key != "optimizer"])
        return [*lines, f"{settings} = {rest}", f"{model}.compile(optimizer={optimizer}, **{settings})"]
    if form == "function":
        name = draft.fresh("compile_model")
        rest = ", ".join(keywords.values())
        names = ", ".join(keywords)
        passed = ", ".join(f"{key}={key}" for key in keywords)
        draft.top += [f"def {name}(model, {names}):", f"    model.compile({passed})", "    return model", ""]
        return [*lines, f"{name}({model}, {rest})"]
    return [*lines, f"{model}.compile({', '.join(f'{key}={value}' for key, value in keywords.items())})"]


def _loss(draft: Draft, model: str, listed: Listed) -> Code:
    count = len(listed.shapes)
    kinds = ("dict", "dict", "dict", "dict", "list", "tuple", "one") if count > 1 else ("dict", "one")
    kind = draft.choose("loss", kinds if listed.named else ("list", "tuple", "one"))
    if kind == "one":
        return plain(draft.pick(_values(draft)))
    values = _loss_values(draft, count)
    if kind == "dict" and draft.chance(10):
        values = [f"[{value}]" for value in values]
    if kind in ("list", "tuple"):
        return plain(f"[{', '.join(values)}]" if kind == "list" else f"({', '.join(values)},)")
    if listed.keys is None:
        return _by_output_names(model, values)
    entries = draft.shuffled(list(zip(listed.keys, values, strict=True)))
    return mapping(draft, "dict loss", entries)


def _by_output_names(model: str, values: Sequence[str]) -> Code:
    return plain(f"dict(zip({model}.output_names, [{', '.join(values)}]))")


def _loss_values(draft: Draft, count: int) -> list[str]:
    values = [draft.pick(_values(draft)) for _ in range(count)]
    if draft.chance(20):
        values = values[:1] * count
    return values


def _values(draft: Draft) -> tuple[str, ...]:
    """Losses that differ from each other whatever way they are written."""
    return (
        '"mse"',
        '"mae"',
        f"{draft.loss('MeanSquaredLogarithmicError')}()",
        f"{draft.loss('Huber')}(delta=2.0)",
        f"{draft.loss('Huber')}(delta=3.0)",
        draft.loss("log_cosh"),
        "own_loss",
        "other_loss",
    )


def _weights(draft: Draft, model: str, listed: Listed) -> Code | None:
    count = len(listed.shapes)
    if "loss: one" in draft.forms and draft.chance(70):
        return None  # most calls of one loss with several weights raise
    kinds = ("absent", "absent", "dict", "dict", "list", "tuple", "partial dict")
    kind = draft.choose("loss_weights", kinds if listed.named else ("absent", "list", "tuple"))
    values = [draft.pick(("1.0", "0.5", "0.25", "2.0")) for _ in range(count)]
    if kind == "absent":
        return None
    if kind in ("list", "tuple"):
        return plain(f"[{', '.join(values)}]" if kind == "list" else f"({', '.join(values)},)")
    if listed.keys is None:
        return _by_output_names(model, values)
    entries = draft.shuffled(list(zip(listed.keys, values, strict=True)))
    if kind == "partial dict":
        entries = entries[1:]
    return mapping(draft, "dict of weights", entries) if entries else None


def _trained(draft: Draft, model: str, listed: Listed) -> list[str]:
    y = _targets(draft, model, listed)
    call = draft.choose(
        "train",
        ("fit", "fit", "fit", "evaluate", "train_on_batch", "test_on_batch", "validation", "generator", "function"),
    )
    if call == "generator":
        name = draft.fresh("batches")
        draft.top += [f"def {name}(y):", "    while True:", "        yield x_data, y", ""]
        return [*y.lines, f"{model}.fit({name}({y.expr}), steps_per_epoch=1, verbose=0)"]
    if call == "validation":
        again = _targets(draft, model, listed)
        data = f"validation_data=(x_data, {again.expr})"
        return [*y.lines, *again.lines, f"{model}.fit(x_data, {y.expr}, {data}, batch_size={ROWS}, verbose=0)"]
    if call == "function":
        name = draft.fresh("run")
        body = draft.pick(
            ("model.fit(x, y, verbose=0, **settings)", "return model.evaluate(x, y=y, verbose=0, **settings)")
        )
        draft.top += [f"def {name}(model, x, y, **settings):", *indent([body]), ""]
        return [*y.lines, f"{name}({model}, x_data, {y.expr}, batch_size={ROWS})"]
    weight = ", sample_weight=np.ones(8)" if draft.chance(10) else ""
    if call in ("train_on_batch", "test_on_batch"):
        return [*y.lines, f"{model}.{call}(x_data, {y.expr}{weight})"]
    shown = draft.pick((f"x_data, {y.expr}", f"x=x_data, y={y.expr}"))
    return [*y.lines, f"{model}.{call}({shown}, batch_size={ROWS}, verbose=0{weight})"]


def _targets(draft: Draft, model: str, listed: Listed) -> Code:
    shapes = [", ".join(map(str, (ROWS, *shape))) for shape in listed.shapes]
    arrays = [f"np.full(({shape}), {place / 2})" for place, shape in enumerate(shapes)]
    single = listed.container == "tensor"
    if listed.container == "dict":
        kind = draft.choose("targets of dict outputs", ("dict", "dict", "list"))
    else:
        several = ("list", "list", "tuple", "dict") if listed.named else ("list", "tuple")
        kind = draft.choose("targets", ("array", "dict") if single else several)
    if kind == "array":
        return plain(arrays[0])
    if kind in ("list", "tuple"):
        if listed.container == "dict":
            arrays = [array for _, array in sorted(zip(listed.keys or (), arrays, strict=True))]
        return plain(f"[{', '.join(arrays)}]" if kind == "list" else f"({', '.join(arrays)},)")
    if listed.keys is None:
        return _by_output_names(model, arrays)
    entries = draft.shuffled(list(zip(listed.keys, arrays, strict=True)))
    return mapping(draft, "dict of targets", entries)
