"""Signs of mistakes in training, in the calls of a module: outputs, callbacks, steps, layers and their arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from keraslint.syntax import called_name, imported_packages

MODELS = frozenset({"Model", "Functional"})
_ADDING = frozenset({"append", "extend", "insert"})
_WITH_UNITS = frozenset({"Dense", *(f"Conv{d}D{more}" for d in "123" for more in ("", "Transpose"))})
_ARGUMENTS = frozenset({"recurrent_dropout", "activity_regularizer", "output_padding"})
_WATCHING = frozenset({"EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"})
_VALIDATING = frozenset({"validation_data", "validation_split", None})
_BEFORE_VALIDATION = 6  # the number of arguments of ``fit`` before them
_STATEFUL = frozenset({"EarlyStopping", "ReduceLROnPlateau"})

_OLD_ARGUMENTS = frozenset({"lr", "decay", "workers", "use_multiprocessing", "max_queue_size"})
_OLD_METHODS = frozenset("fit_generator evaluate_generator predict_generator predict_classes predict_proba".split())
_READING = ("_from_directory", "_from_dataframe")
_SHUFFLING = frozenset({"shuffle", "list_files"})
_SAVING = frozenset({"save", "save_weights", "ModelCheckpoint"})


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of a module, and its nodes."""

    calls: list[ast.Call]
    nodes: list[ast.AST]


def has_several_outputs(module: Calls) -> bool:
    """Return True if a model is made of what may be several outputs."""
    outputs = [value for call in module.calls if called_name(call) in MODELS for value in _outputs(call)]
    if any(map(_holds_several, outputs)):
        return True
    names = {value.id for value in outputs if isinstance(value, ast.Name)}
    return bool(names) and any(not names.isdisjoint(_containers_bound(node)) for node in module.nodes)


def _outputs(call: ast.Call) -> list[ast.expr]:
    """The expression for the outputs of a model that a call makes."""
    return [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "outputs")]


def _holds_several(value: ast.expr) -> bool:
    """Return True if an expression is a comprehension, or a display of a list, tuple or dict that may become long."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return len(value.elts) != 1
    return isinstance(value, (ast.ListComp, ast.DictComp)) or (isinstance(value, ast.Dict) and len(value.keys) != 1)


def _containers_bound(node: ast.AST) -> set[str]:
    """The names to which an assignment gives a container of what may be several things, or to which a call adds."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ADDING:
        return {node.func.value.id} if isinstance(node.func.value, ast.Name) else set()
    given = [(target, node.value) for target in node.targets] if isinstance(node, ast.Assign) else []
    pairs = [pair for target, value in given for pair in _unpacked(target, value)]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and node.value is not None:
        pairs = [(node.target, node.value)]
    return {target.id for target, value in pairs if isinstance(target, ast.Name) and _holds_several(value)}


def _unpacked(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment, each with what it is given."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)]


def reuses_a_callback(module: Calls) -> bool:
    """Return True if a callback that keeps state is made, and training calls are several, or one in a block."""
    if not any(called_name(call) in _STATEFUL for call in module.calls):
        return False
    fits = [call for call in module.calls if called_name(call) == "fit"]
    if len(fits) != 1:
        return bool(fits)
    return _is_in_block(module, fits[0])


def watches_without_validation(module: Calls) -> bool:
    """Return True if a callback may watch a log of the validation data, and a training call may be given none."""
    if not any(called_name(call) in _WATCHING for call in module.calls):
        return False
    fits = (call for call in module.calls if called_name(call) == "fit" and len(call.args) <= _BEFORE_VALIDATION)
    keywords = ({keyword.arg for keyword in call.keywords} for call in fits)
    return any("callbacks" in names and names.isdisjoint(_VALIDATING) for names in keywords)


def counts_steps_by_length(module: Calls) -> bool:
    """Return True if a training call gives a number of steps as the length of something."""
    keywords = (keyword for call in module.calls if called_name(call) == "fit" for keyword in call.keywords)
    steps = (keyword.value for keyword in keywords if keyword.arg in ("steps_per_epoch", "validation_steps"))
    return any(isinstance(one, ast.Call) and called_name(one) == "len" for one in steps)


def has_such_an_argument(module: Calls) -> bool:
    """Return True if a call is given an argument that some releases take otherwise than it is meant."""
    keywords = {keyword.arg for call in module.calls for keyword in call.keywords}
    return not keywords.isdisjoint(_ARGUMENTS)


def freezes_something(module: Calls) -> bool:
    """Return True if an attribute ``trainable`` of something is set."""
    attributes = (node for node in module.nodes if isinstance(node, ast.Attribute) and node.attr == "trainable")
    return any(isinstance(node.ctx, ast.Store) for node in attributes)


def names_backend_after_import(nodes: list[ast.AST]) -> bool:
    """Return True if the text KERAS_BACKEND stands behind an import of Keras."""
    statements = (node for node in nodes if isinstance(node, ast.stmt))
    imports = [node.lineno for node in statements if "keras" in imported_packages(node)]
    texts = (node for node in nodes if isinstance(node, ast.Constant) and node.value == "KERAS_BACKEND")
    return any(node.lineno > min(imports, default=node.lineno) for node in texts)


def may_share_an_optimizer(module: Calls) -> bool:
    """Return True if models are compiled at several places, or in a block, with an optimizer that has a name."""
    compiles = [call for call in module.calls if called_name(call) == "compile"]
    kept = [call for call in compiles if any(isinstance(one, (ast.Name, ast.Attribute)) for one in _optimizer(call))]
    return bool(kept) and (len(compiles) > 1 or _is_in_block(module, kept[0]))


def _optimizer(call: ast.Call) -> list[ast.expr]:
    return [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "optimizer")]


def _is_in_block(module: Calls, call: ast.Call) -> bool:
    blocks = (node for node in module.nodes if isinstance(node, ast.stmt) and hasattr(node, "body"))
    return any(node.lineno < call.lineno <= (node.end_lineno or 0) for node in blocks)


def scales_images(module: Calls) -> bool:
    """Return True if a Rescaling layer is made, and a network that scales its images itself."""
    names = {called_name(call) for call in module.calls}
    return "Rescaling" in names and any(name.startswith(("EfficientNet", "MobileNetV3")) for name in names)


def takes_parts(module: Calls) -> bool:
    """Return True if something is trained with validation data, and parts are taken, or a folder is read."""
    names = {called_name(call) for call in module.calls}
    keywords = {keyword.arg for call in module.calls for keyword in call.keywords}
    parted = {"take", "skip"} <= names or any(name.endswith("_dataset_from_directory") for name in names)
    return parted and not keywords.isdisjoint({"validation_data", None})


def predicts_shuffled_data(module: Calls) -> bool:
    """Return True if something is predicted, and something is shuffled, or read in an order that may be drawn."""
    names = {called_name(call) for call in module.calls}
    return "predict" in names and any(name in _SHUFFLING or name.endswith(_READING) for name in names)


def has_old_calls(module: Calls) -> bool:
    """Return True if something is called that Keras 3 may not have, or saves to a path that it may refuse."""
    for call in module.calls:
        if not _OLD_ARGUMENTS.isdisjoint(keyword.arg for keyword in call.keywords):
            return True
        if (name := called_name(call)) in _OLD_METHODS or (name in _SAVING and _saves_elsewhere(call, name)):
            return True
    return any(isinstance(node, ast.Attribute) and node.attr == "lr" for node in module.nodes)


def _saves_elsewhere(call: ast.Call, name: str) -> bool:
    """Return True if the path that something is saved to may not have the ending that Keras 3 asks for."""
    paths = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in ("filepath", "path"))]
    whole = (".weights.h5",) if name == "save_weights" else (".keras",)
    return any(not (isinstance(path, ast.Constant) and str(path.value).endswith(whole)) for path in paths)


def may_not_fit(module: Calls) -> bool:
    """Return True if a crossentropy or softmax may not fit the layer that it is applied to."""
    layers = [call for call in module.calls if called_name(call) in _WITH_UNITS]
    if any(map(_has_one_unit, layers)) and (_names(module, "softmax") or _names(module, "categorical_crossentropy")):
        return True
    if any(keyword.arg == "from_logits" for call in module.calls for keyword in call.keywords):
        return True
    softmax = _names(module, "softmax") + sum(called_name(call) == "Softmax" for call in module.calls)
    if any(called_name(call) == "Dense" and _has_no_activation(call, softmax) for call in layers):
        return _names(module, "categorical_crossentropy") > 0
    return softmax > 1 and any(called_name(call) in ("Softmax", "Activation", "softmax") for call in module.calls)


def _names(module: Calls, word: str) -> int:
    """The number of arguments that are a text or name with this word in it, or call something of that name."""
    plain, found = word.replace("_", ""), 0
    for call in module.calls:
        for value in _parts([*call.args, *(keyword.value for keyword in call.keywords)]):
            text = value.func if isinstance(value, ast.Call) else value
            name = text.value if isinstance(text, ast.Constant) else getattr(text, "attr", getattr(text, "id", ""))
            found += isinstance(name, str) and plain in name.lower().replace("_", "")
    return found


def _parts(values: list[ast.expr]) -> Iterator[ast.expr]:
    """The values, and in the place of a list, tuple or dict the values in it."""
    for value in values:
        if isinstance(value, (ast.List, ast.Tuple)):
            yield from value.elts
        elif isinstance(value, ast.Dict):
            yield from value.values
        else:
            yield value


def _has_one_unit(call: ast.Call) -> bool:
    units = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in ("units", "filters"))]
    return any(not isinstance(value, ast.Constant) or value.value == 1 for value in units)


def _has_no_activation(call: ast.Call, softmax: int) -> bool:
    """Return True if a layer may have no activation, or another one than softmax in a module that has none."""
    given = [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg in ("activation", None))]
    plain = all(isinstance(value, ast.Constant) and value.value in (None, "linear") for value in given)
    return plain or not softmax
