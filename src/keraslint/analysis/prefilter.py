"""The two cheap steps before the interpreter: bytes, then ``ast``. Each drops almost every file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from typing import TypeAlias

from keraslint.analysis.training_candidates import (
    MODELS,
    Calls,
    counts_steps_by_length,
    freezes_something,
    has_old_calls,
    has_several_outputs,
    has_such_an_argument,
    may_not_fit,
    may_share_an_optimizer,
    names_backend_after_import,
    predicts_shuffled_data,
    reuses_a_callback,
    scales_images,
    takes_parts,
    watches_without_validation,
)
from keraslint.files.dependency_names import is_utf16
from keraslint.syntax import called_name, may_spell

# The text that all of these have comes first, so that a search goes from one of its places to the next.
_OTHER_COMPILE = re.compile(rb"\.compile(?:(?<=\bre\.compile)|(?<=\bregex\.compile)|(?<=\btorch\.compile))")
_NAMED_COMPILE = (b'"compile"', b"'compile'", b"safe_compile")
# A method that is asked for by a name that is put together: getattr(model, "com" + "pile").
_ASKS = rb"\b(?:getattr|attrgetter|methodcaller)\s*\([^()]{0,200}?"
_SPELLED = re.compile(_ASKS + rb"(?:[\"']\s*[+\"']|\+\s*[\"']|\bf[\"']|\.join\b)")
_BUILDS = re.compile(rb"\b(?:Model|Sequential|Functional)\s*[(),]")
_TRAINS = re.compile(rb"\.(?:fit|evaluate|train_on_batch|test_on_batch|fit_generator)\b")
_COMPILING = frozenset({"compile"})
_TRAINING = frozenset("fit evaluate train_on_batch test_on_batch fit_generator search".split())  # the last of a tuner
METHODS = _COMPILING | _TRAINING | {"safe_compile"}
_MAKING_DICTS = frozenset({"dict", "OrderedDict", "defaultdict", "fromkeys", "asdict", "_asdict", "vars", "locals"})
_WHOLE = ("loss", "val_loss", "accuracy", "val_accuracy")
_FIELD = re.compile(r"\{(?!epoch|batch|loss|val_loss)")
_PLACE_OF_MONITOR = {"EarlyStopping": 0, "ReduceLROnPlateau": 0, "ModelCheckpoint": 1, "Objective": 0}
_PLACE_OF_MONITOR |= {"BayesianOptimization": 1, "GridSearch": 1, "Hyperband": 1, "RandomSearch": 1}
_METRICS = frozenset({"metrics", "weighted_metrics"})
_NOTMODELS = frozenset({"re", "regex", "torch", "builtins"})


def mentions_keras(data: bytes) -> bool:
    """Return True if a file names Keras."""
    return b"keras" in data or b"Keras" in data


def may_matter(data: bytes) -> bool:
    """Return True if a file can contain a trigger: it compiles something other than a regular expression.

    Or it may make a model with an OrderedDict of outputs, or name the variable that chooses Keras' backend.
    """
    if b"keras" in data and (b"OrderedDict" in data or b"KERAS_BACKEND" in data):
        return True
    return may_compile(data)


def may_compile(data: bytes) -> bool:
    """Return True if a file compiles something other than a regular expression, or names a method that compiles.

    Or, if it is about Keras, it puts the name of a method together.
    """
    if b"compile" in data:
        count = data.count(b".compile")
        if any(name in data for name in _NAMED_COMPILE) or (count and count > len(_OTHER_COMPILE.findall(data))):
            return True
    asks = b"attr" in data or b"methodcaller" in data
    return asks and mentions_keras(data) and _SPELLED.search(data) is not None


def may_train(data: bytes) -> bool:
    """Return True if a file may train a model, which one of the modules that it imports may compile."""
    if b".fit" not in data and b".evaluate" not in data and b"_on_batch" not in data:  # one is in all that it matches
        return False
    if b"import" not in data:
        return False
    return _TRAINS.search(data) is not None


def may_build(data: bytes) -> bool:
    """Return True if a file names Keras and may build a model."""
    if b"Model" not in data and b"Sequential" not in data and b"Functional" not in data:
        return False
    return mentions_keras(data) and _BUILDS.search(data) is not None


def is_about_models(data: bytes) -> bool:
    """Return True if a file names Keras and may build, compile or train a model: what it says matters, if it parses."""
    data = data.decode("utf-16", "replace").encode("utf-8", "replace") if is_utf16(data) else data
    return mentions_keras(data) and (may_matter(data) or may_train(data) or may_build(data))


class Trigger(Enum):
    """A form of call that makes a file a candidate for a rule, as far as the syntax tree alone shows it.

    A rule declares those that its findings need; a file without any of them is never interpreted. ``may_matter`` and
    ``may_train`` come before: a trigger in a file of another kind needs a test of the bytes there, too.
    """

    SAFE_COMPILE = "a call of safe_compile"
    ORDERED_OUTPUTS = "an OrderedDict and a model"
    SEVERAL_LOSSES = "a compile call with losses that may be several, or weighted, or with a dict of metrics"
    WATCHED_OUTPUT = "a compile call, and a callback that watches, or has in its path, another log than the whole loss"
    UNVALIDATED = "a compile call, a callback that watches a log, and a fit without validation data"
    STATEFUL_CALLBACK = "a compile call, a training call, and an EarlyStopping or ReduceLROnPlateau for several of them"
    STEPS_BY_LENGTH = "a compile call, and a number of steps that is a length"
    CROSSENTROPY = "a compile call, and a crossentropy or softmax that may not fit the last layer"
    LAYER_ARGUMENT = "a compile call, and a layer with an argument that some releases take otherwise than it is meant"
    LATE_BACKEND = "an import of Keras, and KERAS_BACKEND after it"
    KEPT_OPTIMIZER = "a compile call with an optimizer that has a name, and another one, or one in a block"
    SCALED_IMAGES = "a compile call, a Rescaling layer and a network that scales its images itself"
    SPLIT_DATA = "a compile call, validation data, and calls of take and skip, or a folder that is read"
    PREDICTED_DATA = "a compile call, a call of predict, and data that may be shuffled"
    FROZEN_MODEL = "a compile call, and an attribute `trainable` that is set"
    OLD_CALL = "a compile call, and an argument, attribute, method or path that Keras 3 refuses"
    ONE_TARGET = "a compile call, a training call, and a model with outputs in a container"
    LISTED_METRICS = "a compile call with metrics that may be a list, and a model with outputs in a container"
    DICT_FOR_TRAINING = "a compile call, a training call and a dict that may hold its data"


Words: TypeAlias = Callable[[], Collection[str]]
"""Returns those of ``WORDS`` that the modules contain which a module imports from its project."""

WORDS = ("compile", "Model", "Functional")
_NOTHING: Words = frozenset


def has_candidate(tree: ast.Module, wanted: Collection[Trigger] = tuple(Trigger), imported: Words = _NOTHING) -> bool:
    """Return True if a module contains one of the wanted triggers."""
    return any(True for _ in triggers_in(tree, wanted, imported))


def triggers_in(
    tree: ast.Module, wanted: Collection[Trigger] = tuple(Trigger), imported: Words = _NOTHING
) -> Iterator[Trigger]:
    """Yield those of the wanted triggers that a module contains, the cheapest to find first."""
    module = _Module(_nodes(tree), imported)
    return (trigger for trigger, contains in _TESTS if trigger in wanted and contains(module))


@dataclass
class _Module:
    """A module by its nodes.

    imported: the words in the modules of its project that it imports.
    """

    nodes: list[ast.AST]
    imported: Words

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call."""
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def compiles(self) -> list[ast.Call]:
        """The calls that compile something."""
        return [call for call in self.calls if _is_method(call.func, _COMPILING)]

    @cached_property
    def keeps_compile(self) -> bool:
        """True if it names a method that compiles, to be called elsewhere."""
        return self._keeps(_COMPILING)

    @cached_property
    def compiles_somewhere(self) -> bool:
        """True if it compiles something, or a module does that it imports."""
        return bool(self.compiles) or self.keeps_compile or "compile" in self.imported()

    @cached_property
    def trains(self) -> bool:
        """True if it passes data to a training call, or names a method that trains, to be called elsewhere."""
        calls = [call for call in self.calls if _takes_data(call)]
        return any(id(call) not in self._own_calls for call in calls) or self._keeps(_TRAINING)

    def _keeps(self, methods: frozenset[str]) -> bool:
        called = {id(call.func) for call in self.calls}
        if any(id(node) not in called and _is_method(node, methods) for node in self.nodes):
            return True
        if any(may_spell(name, methods) for name in self._asked_for if not isinstance(name, ast.Constant)):
            return True
        return self._calls_by_name and any(
            isinstance(node, ast.Constant) and node.value in methods for node in self.nodes
        )

    @cached_property
    def _calls_by_name(self) -> bool:
        """True if it may get a method by its name."""
        names = [call.args[1] for call in self.calls if called_name(call) == "getattr" and len(call.args) > 1]
        if any(not isinstance(name, ast.Constant) or name.value in METHODS for name in names):
            return True
        return self.names("attrgetter", "methodcaller")

    @cached_property
    def _asked_for(self) -> list[ast.expr]:
        """The names of the attributes and methods that it asks for by a name."""
        places = {"getattr": 1, "attrgetter": 0, "methodcaller": 0}
        calls = [(call, places.get(called_name(call))) for call in self.calls]
        return [call.args[place] for call, place in calls if place is not None and len(call.args) > place]

    @cached_property
    def _own_calls(self) -> set[int]:
        """The ``id`` of each call on ``self`` of a method that the class around it defines, so it is not Keras'."""
        found: set[int] = set()
        for node in self.nodes:
            if isinstance(node, ast.ClassDef):
                own = _TRAINING.intersection(getattr(item, "name", "") for item in node.body)
                calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)] if own else []
                found.update(id(call) for call in calls if _is_method(call.func, own) and _owner(call.func) == "self")
        return found

    def names(self, *words: str) -> bool:
        """Return True if it uses one of these names, or imports all names of another module."""
        return not self._names.isdisjoint((*words, "*"))

    @cached_property
    def _names(self) -> set[str]:
        names = {called_name(call) for call in self.calls}
        for node in self.nodes:
            if isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.alias):
                names.add(node.name)
        return names


@lru_cache(maxsize=1)
def branching_nodes(tree: ast.Module) -> list[ast.AST]:
    """Every node of a module, in no particular order, but constants, operators, Load and Store. Not to be changed."""
    found: list[ast.AST] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        found.append(node)
        left += children(node)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """The child nodes, but for constants and nodes without fields. This takes much of the time."""
    found: list[ast.AST] = []
    for name in node._fields:  # not vars(): other tools set attributes on nodes
        value = getattr(node, name, None)
        if type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST) and type(item) is not ast.Constant]
        elif isinstance(value, ast.AST) and value._fields and type(value) is not ast.Constant:
            found.append(value)
    return found


def _nodes(tree: ast.Module) -> list[ast.AST]:
    """Every node, but most names. This takes most of the time for a file without a candidate, so leaves are skipped."""
    found: list[ast.AST] = []
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        found.append(node)
        for name in node._fields:  # not vars(): other tools set attributes on nodes
            value = getattr(node, name, None)
            if type(value) is list:
                left += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and value._fields and type(value) is not ast.Name:
                left.append(value)
    return found


def _is_method(node: ast.AST, methods: frozenset[str]) -> bool:
    """Return True for an expression that names one of these methods, but of nothing that is known to be no model."""
    return isinstance(node, ast.Attribute) and node.attr in methods and _owner(node) not in _NOTMODELS


def _owner(node: ast.AST) -> str:
    """The name of which an expression is an attribute; "" for any other expression."""
    return node.value.id if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) else ""


def _may_route(call: ast.Call) -> bool:
    """Return True if the losses of a compile call may be several, or weighted, or its metrics are in a dict."""
    keywords = {keyword.arg for keyword in call.keywords}
    if None in keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
        return True
    if "loss_weights" in keywords or len(call.args) > 2:
        return True
    metrics = [keyword.value for keyword in call.keywords if keyword.arg in _METRICS]
    if not all(isinstance(value, (ast.List, ast.Tuple, ast.Constant)) for value in metrics):
        return True
    loss = next((keyword.value for keyword in call.keywords if keyword.arg == "loss"), None)
    if loss is None and len(call.args) >= 2:
        loss = call.args[1]
    return loss is not None and not isinstance(loss, ast.Constant)


def routing_places(nodes: list[ast.AST]) -> set[tuple[int, int]]:
    """The places of the compile calls whose losses may be several, or weighted, or whose metrics are in a dict."""
    calls = (node for node in nodes if isinstance(node, ast.Call) and _is_method(node.func, _COMPILING))
    return {(call.lineno, call.col_offset) for call in calls if _may_route(call)}


def _orders_outputs(module: _Module) -> bool:
    """Return True if a module makes both an OrderedDict and a model, or reads what models give that others make so."""
    return module.names("OrderedDict") and module.names(*MODELS)


def _has_several_losses(module: _Module) -> bool:
    return module.keeps_compile or any(map(_may_route, module.compiles))


def _watches_an_output(module: _Module) -> bool:
    return any(map(_monitors_an_output, module.calls)) and module.compiles_somewhere


def _lists_metrics(module: _Module) -> bool:
    """Return True if a module compiles with metrics that may be a list, and makes a model of several outputs."""
    keywords = [keyword for call in module.compiles for keyword in call.keywords if keyword.arg in _METRICS]
    if all(isinstance(keyword.value, (ast.Constant, ast.Dict, ast.DictComp)) for keyword in keywords):
        return False
    return has_several_outputs(Calls(module.calls, module.nodes))


def _trains_several_outputs(module: _Module) -> bool:
    return module.compiles_somewhere and module.trains and has_several_outputs(Calls(module.calls, module.nodes))


def _trains_on_a_dict(module: _Module) -> bool:
    if not module.trains or not module.compiles_somewhere:
        return False
    if not (any(map(_makes_dict, module.nodes)) or module.imported()):
        return False
    return module.names(*MODELS) or not MODELS.isdisjoint(module.imported())


def _monitors_an_output(call: ast.Call) -> bool:
    """Return True if a callback or tuner watches a log other than those of the whole model, or has one in its path."""
    watched = [keyword.value for keyword in call.keywords if keyword.arg in ("monitor", "objective")]
    if (place := _PLACE_OF_MONITOR.get(called_name(call))) is not None:
        watched += call.args[place : place + 1]
    if called_name(call) == "ModelCheckpoint" and any(map(_has_fields, [*call.args, *call.keywords])):
        return True
    return any(not (isinstance(value, ast.Constant) and value.value in _WHOLE) for value in watched)


def _has_fields(argument: ast.AST) -> bool:
    """Return True if a text in an argument has a field other than the epoch and the whole loss."""
    texts = (node.value for node in ast.walk(argument) if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and _FIELD.search(text) is not None for text in texts)


def _takes_data(call: ast.Call) -> bool:
    """Return True if a training call is passed something that may hold a dict of targets."""
    if not _is_method(call.func, _TRAINING):
        return False
    keywords = {keyword.arg for keyword in call.keywords}
    return bool(call.args) or not keywords.isdisjoint({"x", "y", "validation_data", "sample_weight", "generator", None})


def _makes_dict(node: ast.AST) -> bool:
    """Return True for a node that makes a dict, whatever it is filled with later."""
    if isinstance(node, ast.Call):
        return called_name(node) in _MAKING_DICTS
    return isinstance(node, (ast.DictComp, ast.Dict)) or (isinstance(node, ast.arguments) and node.kwarg is not None)


def _compiling(test: Callable[[Calls], bool]) -> Callable[[_Module], bool]:
    """A test of the calls of a module that compiles something."""
    return lambda module: bool(module.compiles) and test(Calls(module.calls, module.nodes))


_TESTS: tuple[tuple[Trigger, Callable[[_Module], bool]], ...] = (
    (Trigger.SAFE_COMPILE, lambda module: module.names("safe_compile")),
    (Trigger.ORDERED_OUTPUTS, _orders_outputs),
    (Trigger.SEVERAL_LOSSES, _has_several_losses),
    (Trigger.WATCHED_OUTPUT, _watches_an_output),
    (Trigger.UNVALIDATED, _compiling(watches_without_validation)),
    (Trigger.STATEFUL_CALLBACK, _compiling(reuses_a_callback)),
    (Trigger.STEPS_BY_LENGTH, _compiling(counts_steps_by_length)),
    (Trigger.CROSSENTROPY, _compiling(may_not_fit)),
    (Trigger.LAYER_ARGUMENT, _compiling(has_such_an_argument)),
    (Trigger.KEPT_OPTIMIZER, _compiling(may_share_an_optimizer)),
    (Trigger.SCALED_IMAGES, _compiling(scales_images)),
    (Trigger.SPLIT_DATA, _compiling(takes_parts)),
    (Trigger.PREDICTED_DATA, _compiling(predicts_shuffled_data)),
    (Trigger.LATE_BACKEND, lambda module: names_backend_after_import(module.nodes)),
    (Trigger.FROZEN_MODEL, _compiling(freezes_something)),
    (Trigger.OLD_CALL, _compiling(has_old_calls)),
    (Trigger.LISTED_METRICS, _lists_metrics),
    (Trigger.ONE_TARGET, _trains_several_outputs),
    (Trigger.DICT_FOR_TRAINING, _trains_on_a_dict),
)
