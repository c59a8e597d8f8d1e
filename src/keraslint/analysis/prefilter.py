"""The two cheap steps before the interpreter: bytes, then ``ast``. Each drops almost every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from keraslint.syntax import called_name

_OTHER_COMPILE = re.compile(rb"(?<!\w)(?:re|regex|torch)\.compile")
_METHODS = frozenset(
    "compile safe_compile fit evaluate train_on_batch test_on_batch fit_generator search".split()  # the last of a tuner
)
_WHOLE = ("loss", "val_loss", "accuracy", "val_accuracy")
_FIELD = re.compile(r"\{(?!epoch|batch|loss|val_loss)")
_PLACE_OF_MONITOR = {"EarlyStopping": 0, "ReduceLROnPlateau": 0, "ModelCheckpoint": 1}
_WITH_UNITS = frozenset({"Dense", *(f"Conv{d}D{more}" for d in "123" for more in ("", "Transpose"))})
_ARGUMENTS = frozenset({"recurrent_dropout", "activity_regularizer", "output_padding"})
_STATEFUL = frozenset({"EarlyStopping", "ReduceLROnPlateau"})
_METRICS = frozenset({"metrics", "weighted_metrics"})
_MODELS = frozenset({"Model", "Functional"})
_NOT_MODELS = frozenset({"re", "regex", "torch", "builtins"})


def mentions_keras(data: bytes) -> bool:
    """Return True if a file names Keras."""
    return b"keras" in data or b"Keras" in data


def may_matter(data: bytes) -> bool:
    """Return True if a file can contain a trigger: it compiles something other than a regular expression.

    Or it may make a model with an OrderedDict of outputs.
    """
    if b"OrderedDict" in data and b"keras" in data:
        return True
    return data.count(b".compile") > len(_OTHER_COMPILE.findall(data)) or b"safe_compile" in data


class Trigger(Enum):
    """A form of call that makes a file a candidate for a rule, as far as the syntax tree alone shows it.

    A rule declares those that its findings need; a file without any of them is never interpreted. ``may_matter`` comes
    before: a trigger that neither compiles anything nor names an OrderedDict needs a test of the bytes there, too.
    """

    SAFE_COMPILE = "a call of safe_compile"
    ORDERED_OUTPUTS = "an OrderedDict and a model"
    SEVERAL_LOSSES = "a compile call with losses that may be several, or weighted, or with a dict of metrics"
    WATCHED_OUTPUT = "a compile call, and a callback that watches, or has in its path, another log than the whole loss"
    STATEFUL_CALLBACK = "a compile call, a training call, and an EarlyStopping or ReduceLROnPlateau for several of them"
    STEPS_BY_LENGTH = "a compile call, and a number of steps that is a length"
    CROSSENTROPY = "a compile call, and a crossentropy or softmax that may not fit the last layer"
    LAYER_ARGUMENT = "a compile call, and a layer with an argument that some releases take otherwise than it is meant"
    LISTED_METRICS = "a compile call with metrics that may be a list, and a model with outputs in a container"
    DICT_FOR_TRAINING = "a compile call, a training call and a dict that may hold its data"


def has_candidate(tree: ast.Module, wanted: Collection[Trigger] = tuple(Trigger)) -> bool:
    """Return True if a module contains one of the wanted triggers."""
    return any(True for _ in triggers_in(tree, wanted))


def triggers_in(tree: ast.Module, wanted: Collection[Trigger] = tuple(Trigger)) -> Iterator[Trigger]:
    """Yield those of the wanted triggers that a module contains, the cheapest to find first."""
    calls = _calls(tree)
    module = _Module(tree, calls, [call for call in calls if _compiles(call)])
    return (trigger for trigger, contains in _TESTS if trigger in wanted and contains(module))


@dataclass(frozen=True, slots=True)
class _Module:
    """A module with all of its calls, and those of them that compile something."""

    tree: ast.Module
    calls: list[ast.Call]
    compiles: list[ast.Call]


def relevant_functions(tree: ast.Module) -> frozenset[int]:
    """The ``id`` of each function that compiles or trains something, itself or through a name that may do so."""
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
    classes: list[ast.ClassDef] = []
    uses: dict[int, set[str]] = {}
    _collect(tree, functions, classes, uses)
    words = set(_METHODS)
    relevant: set[int] = set()
    while fresh := [node for node in functions if id(node) not in relevant and uses[id(node)] & words]:
        relevant.update(id(node) for node in fresh)
        words.update(node.name for node in fresh)
        words.update(_owners(classes, fresh))
    return frozenset(relevant)


def places_that_take_arguments(nodes: list[ast.AST]) -> frozenset[tuple[int, int]]:
    """The places (row, byte column) of the compile calls in functions and methods that have a parameter."""
    calls = [node for node in nodes if isinstance(node, ast.Call) and called_name(node) in ("compile", "safe_compile")]
    functions = _with_parameters(nodes)
    return frozenset(_start(call) for call in calls if any(_within(call, function) for function in functions))


def is_in_function_with_parameters(nodes: list[ast.AST], call: ast.Call) -> bool:
    """Return True if a call stands in one of these nodes that is a function, method or lambda with a parameter."""
    return any(_within(call, function) for function in _with_parameters(nodes))


def _with_parameters(nodes: list[ast.AST]) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]:
    functions = (node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)))
    return [function for function in functions if _has_parameters(function.args)]


def _start(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _within(node: ast.expr, around: ast.expr | ast.stmt) -> bool:
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return _start(around) < _start(node) and end <= (around.end_lineno or 0, around.end_col_offset or 0)


def _has_parameters(args: ast.arguments) -> bool:
    return bool(args.posonlyargs or args.args or args.kwonlyargs or args.vararg or args.kwarg)


def branching_nodes(tree: ast.Module) -> list[ast.AST]:
    """Every node of a module, in no particular order, but constants, operators, Load and Store."""
    found: list[ast.AST] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        found.append(node)
        left += _children(node)
    return found


def reads_losses(nodes: list[ast.AST]) -> bool:
    """Return True if a module reads ``.loss`` or ``.loss_weights`` of anything, as a callback may do."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("loss", "loss_weights") and isinstance(node.ctx, ast.Load):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if owner.lower().endswith("model"):
                return True
    return False


def _collect(
    tree: ast.Module,
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef],
    classes: list[ast.ClassDef],
    uses: dict[int, set[str]],
) -> None:
    """Collect the functions and classes of a module, and the names that each function uses, inner ones included."""
    left: list[tuple[ast.AST, tuple[set[str], ...]]] = [(tree, ())]
    while left:
        node, around = left.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions.append(node)
            around = (*around, uses.setdefault(id(node), set()))
        elif isinstance(node, ast.ClassDef):
            classes.append(node)
        elif isinstance(node, ast.Attribute):
            for names in around:
                names.add(node.attr)
        for child in _children(node):
            if type(child) is ast.Name:
                for names in around:
                    names.add(child.id)
            else:
                left.append((child, around))


def _children(node: ast.AST) -> list[ast.AST]:
    """The child nodes, but for constants and nodes without fields. This takes much of the time."""
    found: list[ast.AST] = []
    for name in node._fields:  # not vars(): other tools set attributes on nodes
        value = getattr(node, name, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST) and type(item) is not ast.Constant]
        elif isinstance(value, ast.AST) and value._fields and type(value) is not ast.Constant:
            found.append(value)
    return found


def _owners(classes: list[ast.ClassDef], methods: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    """The classes whose ``__init__`` or ``call`` is among these methods: naming the class may run it."""
    special = {id(method) for method in methods if method.name in ("__init__", "__call__", "__post_init__")}
    return {node.name for node in classes if any(id(item) in special for item in node.body)}


def _calls(tree: ast.Module) -> list[ast.Call]:
    """Every call. This takes most of the time for a file without a candidate, so leaves are skipped."""
    found: list[ast.Call] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Call):
            found.append(node)
        for name in node._fields:  # not vars(): other tools set attributes on nodes
            value = getattr(node, name, None)
            if type(value) is list:
                left += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields and type(value) is not ast.Name:
                left.append(value)
    return found


def _compiles(call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "compile":
        return False
    return not (isinstance(function.value, ast.Name) and function.value.id in _NOT_MODELS)


def _may_route(call: ast.Call) -> bool:
    """Return True if the losses of a compile call may be several, or weighted, or its metrics are in a dict."""
    keywords = {keyword.arg for keyword in call.keywords}
    if None in keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
        return True
    if "loss_weights" in keywords or len(call.args) > 2:
        return True
    metrics = [keyword.value for keyword in call.keywords if keyword.arg in _METRICS]
    if any(isinstance(value, (ast.Dict, ast.DictComp)) for value in metrics):
        return True
    loss = next((keyword.value for keyword in call.keywords if keyword.arg == "loss"), None)
    if loss is None and len(call.args) >= 2:
        loss = call.args[1]
    return loss is not None and not isinstance(loss, ast.Constant)


def _calls_safe_compile(module: _Module) -> bool:
    return any(isinstance(node.func, ast.Name) and node.func.id == "safe_compile" for node in module.calls)


def _orders_outputs(module: _Module) -> bool:
    """Return True if a module makes both an OrderedDict and a model."""
    names = {called_name(call) for call in module.calls}
    return "OrderedDict" in names and not names.isdisjoint(_MODELS)


def _has_several_losses(module: _Module) -> bool:
    return any(map(_may_route, module.compiles))


def _watches_an_output(module: _Module) -> bool:
    return bool(module.compiles) and any(map(_monitors_an_output, module.calls))


def _reuses_a_callback(module: _Module) -> bool:
    """Return True if a callback that keeps state is made, and training calls are several, or one in a block."""
    if not module.compiles or not any(called_name(call) in _STATEFUL for call in module.calls):
        return False
    fits = [call for call in module.calls if called_name(call) == "fit"]
    if len(fits) != 1:
        return bool(fits)
    blocks = (node for node in module.tree.body if not isinstance(node, (ast.Expr, ast.Assign, ast.Import)))
    return any(node.lineno < fits[0].lineno <= (node.end_lineno or 0) for node in blocks)


def _counts_steps_by_length(module: _Module) -> bool:
    keywords = (keyword for call in module.calls if called_name(call) == "fit" for keyword in call.keywords)
    steps = (keyword.value for keyword in keywords if keyword.arg in ("steps_per_epoch", "validation_steps"))
    return bool(module.compiles) and any(isinstance(one, ast.Call) and called_name(one) == "len" for one in steps)


def _has_such_an_argument(module: _Module) -> bool:
    keywords = {keyword.arg for call in module.calls for keyword in call.keywords}
    return bool(module.compiles) and not keywords.isdisjoint(_ARGUMENTS)


def _may_not_fit(module: _Module) -> bool:
    """Return True if a module compiles, and its crossentropy or softmax may not fit the layer that it is applied to."""
    if not module.compiles:
        return False
    layers = [call for call in module.calls if called_name(call) in _WITH_UNITS]
    if any(map(_has_one_unit, layers)) and (_names(module, "softmax") or _names(module, "categorical_crossentropy")):
        return True
    if any(keyword.arg == "from_logits" for call in module.calls for keyword in call.keywords):
        return True
    softmax = _names(module, "softmax") + sum(called_name(call) == "Softmax" for call in module.calls)
    if any(called_name(call) == "Dense" and _has_no_activation(call, softmax) for call in layers):
        return _names(module, "categorical_crossentropy") > 0
    return softmax > 1 and any(called_name(call) in ("Softmax", "Activation", "softmax") for call in module.calls)


def _names(module: _Module, word: str) -> int:
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


def _lists_metrics(module: _Module) -> bool:
    """Return True if a module compiles with metrics that may be a list, and makes a model of several outputs."""
    keywords = [keyword for call in module.compiles for keyword in call.keywords if keyword.arg in _METRICS]
    if all(isinstance(keyword.value, (ast.Constant, ast.Dict, ast.DictComp)) for keyword in keywords):
        return False
    outputs = [value for call in module.calls if called_name(call) in _MODELS for value in _outputs(call)]
    if any(map(_holds_several, outputs)):
        return True
    names = {value.id for value in outputs if isinstance(value, ast.Name)}
    nodes = branching_nodes(module.tree) if names else []
    bound = (node for node in nodes if isinstance(node, ast.Assign) and _holds_several(node.value))
    return any(isinstance(target, ast.Name) and target.id in names for node in bound for target in node.targets)


def _outputs(call: ast.Call) -> list[ast.expr]:
    """The expression for the outputs of a model that a call makes."""
    return [*call.args[1:2], *(keyword.value for keyword in call.keywords if keyword.arg == "outputs")]


def _holds_several(value: ast.expr) -> bool:
    """Return True if an expression is a comprehension, or a display of a list, tuple or dict that may become long."""
    if isinstance(value, (ast.List, ast.Tuple)):
        return len(value.elts) != 1
    return isinstance(value, (ast.ListComp, ast.DictComp)) or (isinstance(value, ast.Dict) and len(value.keys) != 1)


def _trains_on_a_dict(module: _Module) -> bool:
    if not module.compiles or not any(map(_may_take_named_targets, module.calls)):
        return False
    return any(map(_is_named, branching_nodes(module.tree)))


def _monitors_an_output(call: ast.Call) -> bool:
    """Return True if a callback watches a log other than those of the whole model, or has one in its path."""
    watched = [keyword.value for keyword in call.keywords if keyword.arg == "monitor"]
    if (place := _PLACE_OF_MONITOR.get(called_name(call))) is not None:
        watched += call.args[place : place + 1]
    if called_name(call) == "ModelCheckpoint" and any(map(_has_fields, [*call.args, *call.keywords])):
        return True
    return any(not (isinstance(value, ast.Constant) and value.value in _WHOLE) for value in watched)


def _has_fields(argument: ast.AST) -> bool:
    """Return True if a text in an argument has a field other than the epoch and the whole loss."""
    texts = (node.value for node in ast.walk(argument) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and _FIELD.search(text) is not None for text in texts)


def _may_take_named_targets(call: ast.Call) -> bool:
    """Return True if a training call is passed something that may be a dict of targets."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS - {"compile", "safe_compile"}:
        return False
    if isinstance(call.func.value, ast.Name) and call.func.value.id in _NOT_MODELS:
        return False
    keywords = {keyword.arg for keyword in call.keywords}
    generator = bool(call.args) and isinstance(call.args[0], (ast.Name, ast.Call, ast.Attribute))
    return generator or len(call.args) > 1 or not keywords.isdisjoint({"x", "y", "validation_data", None})


def _is_named(node: ast.AST) -> bool:
    """Return True if an expression makes a dict that may have several text keys."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("dict", "OrderedDict")
    return isinstance(node, ast.DictComp) or (isinstance(node, ast.Dict) and len(node.keys) > 1)


_TESTS: tuple[tuple[Trigger, Callable[[_Module], bool]], ...] = (
    (Trigger.SAFE_COMPILE, _calls_safe_compile),
    (Trigger.ORDERED_OUTPUTS, _orders_outputs),
    (Trigger.SEVERAL_LOSSES, _has_several_losses),
    (Trigger.WATCHED_OUTPUT, _watches_an_output),
    (Trigger.STATEFUL_CALLBACK, _reuses_a_callback),
    (Trigger.STEPS_BY_LENGTH, _counts_steps_by_length),
    (Trigger.CROSSENTROPY, _may_not_fit),
    (Trigger.LAYER_ARGUMENT, _has_such_an_argument),
    (Trigger.LISTED_METRICS, _lists_metrics),
    (Trigger.DICT_FOR_TRAINING, _trains_on_a_dict),
)
