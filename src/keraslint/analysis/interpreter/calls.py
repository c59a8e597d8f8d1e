"""Calls: following the program's own functions and classes, and leaving the rest to their models."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable

from keraslint.analysis.core.bounds import MAX_DEPTH, MAX_STEPS_ALONE
from keraslint.analysis.core.functions import bind_parameters, find_in_class, is_generator
from keraslint.analysis.core.machine import Arguments, Jumps, OutOfBounds, replace_positional
from keraslint.analysis.core.state import ClassObject, DictObject, Instance, ListObject, Scope, join_all
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Bound,
    Const,
    Function,
    Method,
    OneOf,
    Partial,
    Ref,
    Sequence,
    Suspended,
    Tensor,
    Unknown,
    Value,
    one_of,
    options,
    settle,
)
from keraslint.analysis.interpreter.classes import Instances
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras import datasets
from keraslint.analysis.keras import models as keras_models
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.python import builtin_functions as python_api
from keraslint.analysis.python import containers as python_methods
from keraslint.analysis.python import dataclass_types as records
from keraslint.analysis.python import library as library_api

# Packages whose functions are taken not to change a list or dict that they are handed.
_BENIGN = frozenset(
    "numpy tensorflow keras jax torch pandas sklearn scipy matplotlib seaborn wandb mlflow tqdm absl yaml PIL cv2 rich"
    " tensorboard tensorflow_datasets tensorflow_addons keras_tuner optuna h5py builtins abc argparse collections"
    " contextlib csv dataclasses datetime enum functools gc glob hashlib inspect io itertools json logging math os"
    " pathlib pickle platform pprint re shutil statistics string subprocess sys tempfile textwrap time timeit typing"
    " uuid warnings".split()
)
_BENIGN_METHODS = frozenset({"info", "debug", "warning", "error", "log", "print", "write", "critical", "exception"})


class Calls(Instances):
    """Carries out calls."""

    def __init__(self) -> None:
        super().__init__()
        self.executed: set[int] = set()
        self.relevant: frozenset[int] = frozenset()  # functions in which there is something to observe
        self.waiting: list[Function] = []  # functions of finished scopes that nothing has called yet
        self.handed_out: set[int] = set()  # functions that something unseen may call, with arguments of its own
        self.cached: dict[Hashable, Value] = {}  # results of functions that keep them, by function and arguments
        self._lazy: dict[ast.AST, bool] = {}  # whether calling a function runs nothing of it
        self.entered: dict[int, int] = {}  # functions that are running, and how unsure it was when they began

    def call(self, function: Value, args: Arguments) -> Value:
        """The result of a call, with its effects on the state."""
        function = settle(function)
        if isinstance(function, OneOf):
            return self._call_alternatives(function, args)
        if isinstance(function, Function):
            return self.call_function(function, args)
        if isinstance(function, Method):
            bound = replace_positional(args, [function.receiver, *args.positional])
            return self.call_function(function.function, bound, receiver=function.receiver)
        if isinstance(function, Partial):
            merged = replace_positional(args, [*function.args, *args.positional])
            merged.keywords = {**dict(function.keywords), **args.keywords}
            return self.call(function.function, merged)
        if isinstance(function, Bound):
            return self._call_bound(function, args)
        if isinstance(function, Api):
            return self._call_api(function, args)
        thing = self.look(function)
        if isinstance(function, Ref) and isinstance(thing, ClassObject):
            return self.instantiate(function, thing, args)
        if isinstance(function, Ref) and isinstance(thing, Instance):
            return self._call_instance(function, thing, args)
        return self._call_unseen(function, args)

    def _call_alternatives(self, function: OneOf, args: Arguments) -> Value:
        if all(isinstance(option, Bound) for option in function.options):
            names = {option.name for option in function.options if isinstance(option, Bound)}
            receivers = [option.receiver for option in function.options if isinstance(option, Bound)]
            if names == {"compile"} or (len(names) == 1 and keras_models.is_training(next(iter(names)))):
                return self._keras_method(one_of(receivers), names.pop(), args)
        before, results, ends = self.state, [], []
        self.unsure += 1
        for option in function.options:
            self.state = before.fork()
            results.append(self.call(option, args))
            ends.append(self.state)
        self.unsure -= 1
        self.state = join_all(ends) or before
        return one_of(results)

    def _keras_method(self, receiver: Value, name: str, args: Arguments) -> Value:
        if name == "compile":
            return keras_models.compile_model(self, receiver, args)
        return keras_models.train(self, receiver, name, args)

    def call_function(self, function: Function, args: Arguments, receiver: Value | None = None) -> Value:
        """Follow a call of one of the program's own functions."""
        lazy = self._lazy.get(function.node)
        if lazy is None:
            lazy = isinstance(function.node, ast.AsyncFunctionDef) or is_generator(function.node)
            self._lazy[function.node] = lazy
        if function.flavour == "contextmanager" or lazy:
            return Suspended(function, tuple(args.positional), tuple(args.keywords.items()))
        if not function.cached:
            return self._run(function, args, Jumps(), receiver)
        key = (id(function.node), tuple(args.positional), tuple(args.keywords.items()))
        known = self.cached.get(key)
        if known is None or (isinstance(known, Ref) and known.number not in self.state.objects):
            known = self.cached[key] = self._run(function, args, Jumps(), receiver)
        return known

    def resume(self, value: Suspended, on_yield: Callable[[Value], None]) -> None:
        """Run the body of a generator, handing on what it yields."""
        self._go_on(value, Jumps(on_yield=on_yield))

    def awaited(self, value: Value) -> Value:
        """What awaiting a coroutine gives; its body runs now."""
        return self._go_on(value, Jumps()) if isinstance(value, Suspended) else value

    def _go_on(self, value: Suspended, jumps: Jumps) -> Value:
        """Run the body of a call that was put off; its result."""
        args = Arguments(list(value.args), dict(value.keywords))
        receiver = value.args[0] if value.function.owner is not None and value.args else None
        return self._run(value.function, args, jumps, receiver)

    def preview(self, value: Suspended) -> list[Value]:
        """Things that a generator yields; nothing is observed on the way, and its effects are taken back."""
        items: list[Value] = []
        counters, before = self.state.counters, self.state
        self.state = before.fork()
        self.silent += 1
        level = self.silent  # deeper down, a loop is only tried: what it made is taken back
        self.resume(value, lambda item: items.append(item) if self.silent == level else None)
        self.silent -= 1
        self.state = before.joined(self.state)  # the objects that it made stay: what it yields refers to them
        self.state.counters = counters
        return items

    def _run(self, function: Function, args: Arguments, jumps: Jumps, receiver: Value | None) -> Value:
        key = id(function.node)
        before = self.entered.get(key)
        if self.depth >= MAX_DEPTH or (before is not None and self.unsure > before):
            self.lose_count()
            return self.unknown("calls are nested too deeply here")
        self.step()
        if not self.silent:
            self.executed.add(key)
        parameters = bind_parameters(self, function, args)
        scope = Scope(function.scope, function.module, parameters, owner=function.owner, receiver=receiver)
        outer, outer_jumps, number = self.scope, self.jumps, self.new(scope).number
        self.scope, self.jumps, self.depth = number, jumps, self.depth + 1
        self.entered[key] = self.unsure
        if self.state.facts:
            self.hand_on(args, outer, function)
        try:
            return self._run_body(function, number)
        finally:
            self.scope, self.jumps, self.depth = outer, outer_jumps, self.depth - 1
            if before is None:
                del self.entered[key]
            else:
                self.entered[key] = before

    def _run_body(self, function: Function, number: int) -> Value:
        if isinstance(function.node, ast.Lambda):
            return self.evaluate(function.node.body)
        entry = self.state
        self.execute(function.node.body)
        returns = self.jumps.returns
        if not self.state.dead:
            returns = [*returns, (NONE, self.state)]
        elif not returns:
            self.state = self.state.fork()  # it always raises: the caller goes no further
            return self.unknown("a function that never returns")
        self.state = join_all([state for _, state in returns]) or entry
        self.state.narrowed = entry.narrowed
        result = one_of([value for value, _ in returns])
        self.run_unused(number)
        frame = self.state.objects.get(number)
        if isinstance(frame, Scope) and not frame.captured:
            self.state.drop(number)
        return result

    def run_unused(self, number: int) -> None:
        """Have the functions looked into, at the end, that a finished scope defines and nothing will have called."""
        frame = self.state.objects.get(number)
        if not isinstance(frame, Scope) or self.silent or self.depth >= MAX_DEPTH:
            return
        for value in list(frame.variables.values()):
            if isinstance(value, Function) and value.scope == number and self.is_unused(value):
                self.waiting.append(value)

    def run_waiting(self) -> None:
        """Look into the functions of finished scopes that nothing in view has called until now."""
        while self.waiting:
            value = self.waiting.pop(0)
            if self.is_unused(value) and value.scope in self.state.objects:
                self.try_out(value)

    def is_unused(self, function: Function) -> bool:
        """Whether nothing in view has called a function in which there is something to observe."""
        return id(function.node) not in self.executed and id(function.node) in self.relevant

    def try_out(self, function: Value, receiver: Value | None = None) -> None:
        """Run a function with unseen arguments on a copy of the state, for what can be observed in it."""
        method = Method(function, receiver) if isinstance(function, Function) and receiver is not None else function

        def run() -> None:
            result = self.call(method, Arguments(open=True))
            if isinstance(result, Suspended):
                self.resume(result, self.escape)
            self.escape(result)

        self.alone(run)

    def alone(self, run: Callable[[], None]) -> None:
        """Run something on a copy of the state, with a bound of its own, for what can be observed in it."""
        before, limit, silent, unsure = self.state, self.limit, self.silent, self.unsure
        ways = self.way, self.unsure_before
        first = len(self.seen.compiles)
        outer, self.waiting = self.waiting, []
        self.state = before.fork()
        self.lose_count()
        self.limit = min(limit, self.steps + MAX_STEPS_ALONE)
        try:
            run()
            self.run_waiting()
        except (OutOfBounds, RecursionError):
            self.seen.mark_escape(tuple(range(first, len(self.seen.compiles))))
            if limit < self.steps:
                raise
        finally:
            self.state, self.limit, self.silent, self.unsure = before, limit, silent, unsure
            self.way, self.unsure_before = ways
            self.waiting = outer

    def peek(self, receiver: Value, function: Function) -> Value:
        """What a method returns for symbolic tensors; nothing is observed on the way.

        Keras hands it no symbolic tensors: operations in it take no numbers, but layers that it makes do.
        """
        self.silent += 1
        self.inside += 1
        tensor = Tensor(None, "an input", self.unknown("").token)
        result = self.call(Method(function, receiver), Arguments([tensor]))
        self.silent -= 1
        self.inside -= 1
        return result

    def _call_instance(self, value: Ref, thing: Instance, args: Arguments) -> Value:
        if thing.part is not None:
            return keras_api.call_instance(self, value, thing.part, args)
        call = find_in_class(self, thing.cls, "__call__")
        if isinstance(call, Function):
            return self.call(Method(call, value), args)
        return self._call_unseen(value, args)

    def _call_bound(self, function: Bound, args: Arguments) -> Value:
        receiver = function.receiver
        thing = self.look(receiver)
        if function.name == "__getitem__" and args.positional and not isinstance(thing, Instance):
            return python_api.subscript(self, receiver, args.positional[0])
        if isinstance(thing, Instance):
            if thing.part is not None:
                return keras_api.call_method(self, receiver, function.name, args)
            if function.name == "__init__":
                return NONE
            made = records.replaced(self, receiver, args) if function.name == "_replace" else None
            made = records.as_dict(self, receiver) if function.name == "_asdict" else made
            return made if made is not None else self._call_unseen(function, args)
        if isinstance(receiver, ApiResult):
            if datasets.is_pipeline(receiver):
                return datasets.pipeline_method(self, receiver, function.name, args)
            return library_api.array_method(self, receiver, function.name)
        if isinstance(receiver, Bound) and receiver.name == "__dict__":
            return self.namespace_method(receiver.receiver, function.name, args)
        if isinstance(receiver, (Const, Sequence)) or isinstance(thing, (ListObject, DictObject)):
            return python_methods.call_method(self, receiver, function.name, args)
        return self._call_unseen(function, args)

    def _call_api(self, api: Api, args: Arguments) -> Value:
        if is_keras(api):
            return keras_api.call_keras(self, api, args)
        if api.path == "builtins.super":
            return self.enclosing_super()
        special = self.reaching_in(api.path, args)
        if special is not None:
            return special
        if api.path.startswith("builtins."):
            return python_api.call_builtin(self, api.path.removeprefix("builtins."), args)
        if api.path in ("os.environ.setdefault", "os.putenv") and len(args.positional) == 2:
            self.set_item(Api("os.environ"), args.positional[0], args.positional[1])
            return NONE
        if api.path == "functools.partial" and args.positional:
            return Partial(args.positional[0], tuple(args.positional[1:]), tuple(args.keywords.items()))
        if api.path == "keraslint.runtime.safe_compile" and (model := args.get(0, "model")) is not None:
            return keras_models.compile_model(self, model, replace_positional(args, args.positional[1:]), safe=True)
        if (mapping := self._made_mapping(api.path, args)) is not None:
            return mapping
        if api.path in ("copy.copy", "copy.deepcopy"):
            return self.copied(args.get(0, "x") or NONE, depth=1 if api.path == "copy.copy" else 4)
        if (made := library_api.call_library(self, api.path, args)) is not None:
            return made
        return self._call_unseen(api, args)

    def _made_mapping(self, path: str, args: Arguments) -> Value | None:
        """A dict of a class of its own; None for all other calls."""
        if path in ("collections.OrderedDict", "typing.OrderedDict"):
            return python_api.make_dict(self, args, ordered=True)
        if path in ("collections.OrderedDict.fromkeys", "typing.OrderedDict.fromkeys"):
            return python_api.fromkeys(self, args, ordered=True)
        if path == "collections.defaultdict":
            factory = args.positional[0] if args.positional else None
            return self.new(DictObject({}, default=factory))
        return None

    def _call_unseen(self, function: Value, args: Arguments) -> Value:
        """A call of something that is not in view: it may keep and change what it is handed."""
        package = function.path.partition(".")[0] if isinstance(function, Api) else ""
        quiet = package in _BENIGN and not (isinstance(function, Api) and ".random." in function.path)
        name = function.name if isinstance(function, Bound) else ""
        if isinstance(function, Unknown) and isinstance(function.token, tuple) and function.token[0] == "attribute":
            name = str(function.token[2])
            if name == "compile":
                keras_models.compile_model(self, function.token[1], args)
            elif keras_models.is_training(name) and args.node is not None and not self.silent:
                self.seen.add_unresolved_training(args.node)
        if self.state.facts and not quiet and name not in _BENIGN_METHODS:
            self._forget_facts(function, args)
        quiet_call = isinstance(function, Api) and function.path.startswith(("builtins.", "functools.wraps"))
        for value in args.every():
            for option in options(value):
                if isinstance(option, (Function, Method)) and not self.silent and not quiet_call:
                    self._call_back(option)
                if not quiet and name not in _BENIGN_METHODS:
                    self.forget(option, "something that is not seen may have changed it")
                    self._forget_settings(option)
                    self.escape(option)
        if package not in _BENIGN:
            self.lose_count()
        return self._unseen_result(function, args)

    def _forget_facts(self, function: Value, args: Arguments) -> None:
        """What is not seen may change what it is called on and what it is handed, itself or in a container."""
        touched = [option for value in args.every() for option in options(value)]
        if any(isinstance(value, Sequence) or self.look(value) is not None for value in touched):
            self.state.forget_facts_within()
            return
        owner: Hashable = function
        while isinstance(owner, Unknown) and isinstance(owner.token, tuple) and owner.token[0] in ("attribute", "item"):
            owner = owner.token[1]
            touched += [owner] if isinstance(owner, Unknown) else []
        self.state.forget_facts_within([*touched, *([function.receiver] if isinstance(function, Bound) else [])])

    def _forget_settings(self, value: Value) -> None:
        """What is not seen may set attributes of an instance that it is handed; models in it stay what they are."""
        thing = self.look(value)
        if isinstance(value, Ref) and isinstance(thing, Instance) and thing.part is None:
            instance = self.state.writable(value.number, Instance)
            attributes, instance.open = instance.attributes, True
            for name, item in attributes.items():
                held = self.look(item)
                if isinstance(item, (Const, Sequence)) or isinstance(held, (ListObject, DictObject)):
                    attributes[name] = self.unknown("something that is not seen may have changed it")

    def _call_back(self, function: Function | Method) -> None:
        node = function.node if isinstance(function, Function) else function.function.node
        if id(node) in self.relevant and id(node) not in self.handed_out and self.depth < MAX_DEPTH:
            self.handed_out.add(id(node))
            self.try_out(function)

    def _unseen_result(self, function: Value, args: Arguments) -> Value:
        given = (tuple(args.every()), tuple(args.keywords))
        if name := self._shown(function):
            return Unknown(f"returned by {name}, which is not followed", ("call", function, given))
        why = function.why if isinstance(function, Unknown) else "the result of a call that is not followed"
        return Unknown(why, ("call", function, given))

    def _shown(self, function: Value) -> str:
        return function.path.removeprefix("builtins.") if isinstance(function, Api) else ""
