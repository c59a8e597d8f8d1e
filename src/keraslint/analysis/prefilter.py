"""The two cheap steps before the interpreter: bytes, then ``ast``. Each drops almost every file."""

from __future__ import annotations

import ast
import re

from keraslint.syntax import called_name

_OTHER_COMPILE = re.compile(rb"(?<!\w)(?:re|regex|torch)\.compile")
_METHODS = frozenset({"compile", "safe_compile", "fit", "evaluate", "train_on_batch", "test_on_batch", "fit_generator"})
_WHOLE = ("loss", "val_loss", "accuracy", "val_accuracy")
_NOT_MODELS = frozenset({"re", "regex", "torch", "builtins"})


def mentions_keras(data: bytes) -> bool:
    """Whether a file names Keras at all."""
    return b"keras" in data or b"Keras" in data


def may_matter(data: bytes) -> bool:
    """Whether a file can hold a call that a rule is about: it compiles something other than a regular expression.

    Or it may make a model with an OrderedDict of outputs.
    """
    if b"OrderedDict" in data and b"keras" in data:
        return True
    return data.count(b".compile") > len(_OTHER_COMPILE.findall(data)) or b"safe_compile" in data


def has_candidate(tree: ast.Module) -> bool:
    """Whether a module compiles a model in a way that could route something by name or weight."""
    every = _calls(tree)
    if any(isinstance(node.func, ast.Name) and node.func.id == "safe_compile" for node in every):
        return True
    if _orders_outputs(every):
        return True
    calls = [node for node in every if isinstance(node.func, ast.Attribute)]
    compiles = [call for call in calls if _compiles(call)]
    if any(_may_route(call) for call in compiles):
        return True
    if compiles and any(_monitors_an_output(call) for call in every):
        return True
    trains = any(_may_take_named_targets(call) for call in calls)
    return bool(compiles) and trains and any(_is_named(node) for node in branching_nodes(tree))


def relevant_functions(tree: ast.Module) -> frozenset[int]:
    """The ``id`` of each function that compiles or trains something, itself or through a name that may do so."""
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef] = []
    classes: list[ast.ClassDef] = []
    uses: dict[int, set[str]] = {}
    _collect(tree, [], functions, classes, uses)
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
    functions = [
        node
        for node in nodes
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and _has_parameters(node.args)
    ]
    return frozenset(_start(call) for call in calls if any(_within(call, function) for function in functions))


def _start(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _within(node: ast.expr, around: ast.expr | ast.stmt) -> bool:
    end = (node.end_lineno or 0, node.end_col_offset or 0)
    return _start(around) < _start(node) and end <= (around.end_lineno or 0, around.end_col_offset or 0)


def _has_parameters(args: ast.arguments) -> bool:
    return bool(args.posonlyargs or args.args or args.kwonlyargs or args.vararg or args.kwarg)


def branching_nodes(tree: ast.Module) -> list[ast.AST]:
    """Every node of a module but constants, operators and the marks of load and store, in no particular order."""
    found: list[ast.AST] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        found.append(node)
        left += _children(node)
    return found


def reads_losses(nodes: list[ast.AST]) -> bool:
    """Whether a module reads ``model.loss`` or ``model.loss_weights``, by the look of it: a callback may do so."""
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("loss", "loss_weights") and isinstance(node.ctx, ast.Load):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if owner.lower().endswith("model"):
                return True
    return False


def _collect(
    node: ast.AST,
    around: list[set[str]],
    functions: list[ast.FunctionDef | ast.AsyncFunctionDef],
    classes: list[ast.ClassDef],
    uses: dict[int, set[str]],
) -> None:
    """Gather the functions and classes below a node, and the names that a function uses, by functions within it too."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        functions.append(node)
        around = [*around, uses.setdefault(id(node), set())]
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
            _collect(child, around, functions, classes, uses)


def _children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below one, but for constants and those without fields. Much of the time goes to this."""
    found: list[ast.AST] = []
    for name in node._fields:  # not vars(): other tools leave their marks on a tree
        value = getattr(node, name, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST) and type(item) is not ast.Constant]
        elif isinstance(value, ast.AST) and value._fields and type(value) is not ast.Constant:
            found.append(value)
    return found


def _owners(classes: list[ast.ClassDef], methods: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> set[str]:
    """The classes whose constructor or call is among these methods: naming the class may run it."""
    special = {id(method) for method in methods if method.name in ("__init__", "__call__", "__post_init__")}
    return {node.name for node in classes if any(id(item) in special for item in node.body)}


def _calls(tree: ast.Module) -> list[ast.Call]:
    """Every call. This is what most of the time for a file without a candidate goes to: so leaves are passed over."""
    found: list[ast.Call] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Call):
            found.append(node)
        for name in node._fields:  # not vars(): other tools leave their marks on a tree
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
    """Whether the losses of a compile call may be several, or weighted."""
    keywords = {keyword.arg for keyword in call.keywords}
    if None in keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
        return True
    if "loss_weights" in keywords or len(call.args) > 2:
        return True
    loss = next((keyword.value for keyword in call.keywords if keyword.arg == "loss"), None)
    if loss is None and len(call.args) >= 2:
        loss = call.args[1]
    return loss is not None and not isinstance(loss, ast.Constant)


def _orders_outputs(calls: list[ast.Call]) -> bool:
    """Whether a module makes both an OrderedDict and a model."""
    names = {getattr(call.func, "attr", None) or getattr(call.func, "id", None) for call in calls}
    return "OrderedDict" in names and not names.isdisjoint({"Model", "Functional"})


def _monitors_an_output(call: ast.Call) -> bool:
    """Whether a callback watches a loss other than the whole one."""
    for keyword in call.keywords:
        if keyword.arg == "monitor" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value in _WHOLE):
            return True
    return False


def _may_take_named_targets(call: ast.Call) -> bool:
    """Whether a training call is passed something that may be a dict of targets."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS - {"compile", "safe_compile"}:
        return False
    keywords = {keyword.arg for keyword in call.keywords}
    generator = bool(call.args) and isinstance(call.args[0], (ast.Name, ast.Call, ast.Attribute))
    return generator or len(call.args) > 1 or not keywords.isdisjoint({"x", "y", "validation_data", None})


def _is_named(node: ast.AST) -> bool:
    """Whether an expression makes a dict that may have several text keys."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("dict", "OrderedDict")
    return isinstance(node, ast.DictComp) or (isinstance(node, ast.Dict) and len(node.keys) > 1)
