"""Layers, models and operations that a program makes before its model, which take the numbers of unnamed layers."""

from __future__ import annotations

from .draft import Draft, indent
from .heads import FEATURES, custom_class


def earlier(draft: Draft) -> list[str]:
    """Statements that come before the model."""
    lines = []
    for _ in range(draft.pick((0, 0, 1, 1, 2))):
        lines += draft.way("earlier", _WAYS)(draft)
    return lines


def trunk(draft: Draft) -> tuple[list[str], str]:
    """Statements that lead from ``inputs`` to the tensor that the heads are put on, and its name."""
    form = draft.choose(
        "trunk", ("none", "none", "Dense", "loop", "block", "residual", "custom", "Sequential", "model")
    )
    dense = f"{draft.layer('Dense')}({FEATURES})"
    if form == "none":
        return [], "inputs"
    if form == "Dense":
        name = draft.pick(("", ', name="trunk"'))
        return [f'x = {draft.layer("Dense")}({FEATURES}, activation="relu"{name})(inputs)'], "x"
    if form == "loop":
        body = [f"x = {dense}(x)", f"x = {draft.layer('ReLU')}()(x)"]
        return ["x = inputs", f"for turn in range({draft.pick((1, 2))}):", *indent(body)], "x"
    if form == "block":
        name = draft.fresh("block")
        body = [f"y = {draft.layer('Dense')}(width)(x)", f"return {draft.layer('BatchNormalization')}()(y)"]
        draft.top += [f"def {name}(x, width={FEATURES}):", *indent(body), ""]
        return [f"x = {name}(inputs)", f"x = {name}(x, width={FEATURES})"], "x"
    if form == "residual":
        merged = draft.pick(("x + inputs", f"{draft.layer('Add')}()([x, inputs])", f"{draft.op('add')}(x, inputs)"))
        return [f"x = {dense}(inputs)", f"x = {merged}"], "x"
    if form == "custom":
        return [f"x = {custom_class(draft, FEATURES)}()(inputs)"], "x"
    if form == "Sequential":
        layers = f"[{dense}, {draft.layer('ReLU')}()]"
        return [f"x = {draft.keras('Sequential')}({layers})(inputs)"], "x"
    start = draft.fresh("start")
    lines = [f"{start} = {draft.keras('Input')}(({FEATURES},))"]
    return [*lines, f"backbone = {draft.keras('Model')}({start}, {dense}({start}))", "x = backbone(inputs)"], "x"


def _unused_layers(draft: Draft) -> list[str]:
    layer = draft.layer(draft.pick(("Dense", "RepeatVector")))
    return [draft.pick((f"unused = {layer}(3)", f"spare = [{layer}(1) for place in range(3)]"))]


def _looped_layers(draft: Draft) -> list[str]:
    return ["for turn in range(2):", *indent([f"{draft.layer('Dropout')}(0.1)", f"{draft.layer('Dense')}(2)"])]


def _other_model(draft: Draft) -> list[str]:
    start, teacher = draft.fresh("teacher_input"), draft.fresh("teacher")
    made = f"{draft.keras('Model')}({start}, {draft.layer('Dense')}(2)({start}))"
    lines = [f"{start} = {draft.keras('Input')}(({FEATURES},))", f"{teacher} = {made}"]
    if draft.chance(40):
        fit = f"{teacher}.fit(x_data, np.zeros((8, 2)), verbose=0)"
        return [*lines, f'{teacher}.compile("sgd", loss="mse")', *([fit] if draft.chance(50) else [])]
    return lines


def _sequential(draft: Draft) -> list[str]:
    layers = f"{draft.layer('Dense')}(2), {draft.layer('Dense')}(1)"
    start = draft.pick(("", f"{draft.keras('Input')}(({FEATURES},)), "))
    return [f"{draft.fresh('stack')} = {draft.keras('Sequential')}([{start}{layers}])"]


def _operations(draft: Draft) -> list[str]:
    start = draft.fresh("start")
    use = draft.pick((f"{start} * 2 + 1", f"{draft.op('sigmoid')}({start})", f"{start}[:, :1]", f"-{start} / 2"))
    return [f"{start} = {draft.keras('Input')}(({FEATURES},))", f"{draft.fresh('made')} = {use}"]


def _called_builder(draft: Draft) -> list[str]:
    name, start = draft.fresh("make_small"), draft.fresh("start")
    body = [f"{start} = {draft.keras('Input')}(({FEATURES},))", f"hidden = {draft.layer('Dense')}(2)({start})"]
    body += [f"return {draft.keras('Model')}({start}, [hidden, {draft.layer('ReLU')}()(hidden)])"]
    return [f"def {name}():", *indent(body), "", f"pair = {name}(), {name}()"]


def _uncalled(draft: Draft) -> list[str]:
    return [f"def {draft.fresh('never_called')}(x):", *indent([f"return {draft.layer('Dense')}(1)(x) * 2"]), ""]


def _class_body(draft: Draft) -> list[str]:
    return [f"class {draft.fresh('Kept')}:", f"    layer = {draft.layer('Dense')}(2)", ""]


def _custom(draft: Draft) -> list[str]:
    made = custom_class(draft, 2)
    start = draft.fresh("start")
    call = [f"{start} = {draft.keras('Input')}(({FEATURES},))", f"{made}()({start})"]
    return [f"{draft.fresh('custom')} = {made}()", *(call if draft.chance(50) else [])]


def _others(draft: Draft) -> list[str]:
    """Things that take no number of a layer."""
    return [draft.pick((f"{draft.loss('Huber')}()", "np.random.seed(1)", "sizes = [n * 2 for n in range(3)]"))]


def _attention(draft: Draft) -> list[str]:
    start = draft.fresh("start")
    layer = f"{draft.layer('MultiHeadAttention')}(1, 2)"
    return [f"{start} = {draft.keras('Input')}((2, 2))", f"attended = {layer}({start}, {start})"]


_WAYS = {
    "unused layers": _unused_layers,
    "layers in a loop": _looped_layers,
    "another model": _other_model,
    "Sequential": _sequential,
    "operations": _operations,
    "builder": _called_builder,
    "function that is not called": _uncalled,
    "class body": _class_body,
    "custom layer": _custom,
    "others": _others,
    "attention": _attention,
}
