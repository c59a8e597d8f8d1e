"""Calls of what is not code of the program: names of modules outside it, and values that are not known."""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments, replace_positional
from keraslint.analysis.core.draws import method_of
from keraslint.analysis.core.effects import unseen_call
from keraslint.analysis.core.forgetting import reached
from keraslint.analysis.core.functions import ancestors
from keraslint.analysis.core.origins import AttributeOf, CallOf
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import DictObject, Instance
from keraslint.analysis.core.values import NONE, Api, ApiResult, Partial, Sequence, Unknown, Value
from keraslint.analysis.facts import TRAINING_METHODS
from keraslint.analysis.interpreter import module_table
from keraslint.analysis.interpreter.code_as_text import run_by_method
from keraslint.analysis.interpreter.interpreter import Interpreter
from keraslint.analysis.interpreter.introspection import copied, reaching_in, super_object
from keraslint.analysis.interpreter.targets import set_item
from keraslint.analysis.keras import api as keras_api
from keraslint.analysis.keras import models as keras_models
from keraslint.analysis.keras.feature_tests import note_question
from keraslint.analysis.keras.installed_versions import version_call
from keraslint.analysis.keras.names import is_keras
from keraslint.analysis.keras.tuners import make_tuning, tuning_method
from keraslint.analysis.keras.weights import note_weights
from keraslint.analysis.python import builtin_functions as python_api
from keraslint.analysis.python import library as library_api
from keraslint.analysis.python.items import subscript
from keraslint.analysis.python.version_objects import call_maker

_REGISTERS = ".register_keras_serializable"
_BY_NAME = frozenset({"operator.attrgetter", "operator.methodcaller"})


def call_api(m: Interpreter, api: Api, args: Arguments) -> Value:
    """The result of calling a name that a module outside the program defines."""
    if (version := version_call(m, api, args) or call_maker(api, args)) is not None:
        return version
    if is_keras(api):
        return keras_api.call_keras(m, api, args)
    if api.path == "builtins.super":
        return super_object(m, args)
    special = module_table.table_method(m, api.path, args) or reaching_in(m, api.path, args)
    if special is not None:
        return special
    if api.path.startswith("builtins."):
        return python_api.call_builtin(m, api.path.removeprefix("builtins."), args)
    if api.path in ("os.environ.setdefault", "os.putenv") and len(args.positional) == 2:
        set_item(m, Api("os.environ"), args.positional[0], args.positional[1])
        return NONE
    if api.path == "functools.partial" and args.positional:
        return Partial(args.positional[0], tuple(args.positional[1:]), tuple(args.keywords.items()))
    if (made := _by_name(m, api, args)) is not None:
        return made
    if api.path == "keraslint.runtime.safe_compile" and (model := args.get(0, "model")) is not None:
        return keras_models.compile_model(m, model, replace_positional(args, args.positional[1:]), safe=True)
    if (made := _made_container(m, api.path, args) or library_api.call_library(m, api.path, args)) is not None:
        return made
    if (made := make_tuning(m, api.path, args)) is not None:
        return made
    return note_question(m, api.path, args.positional, call_unseen(m, api, args))


def _by_name(m: Interpreter, api: Api, args: Arguments) -> Value | None:
    """A getter of an attribute, or a caller of a method, by its name, and what it gives; None for all other calls."""
    *others, last = args.positional or [NONE]
    if api.path in _BY_NAME and args.positional and not args.open:
        return Partial(Api(f"{api.path}()"), tuple(args.positional), tuple(args.keywords.items()))
    name = m.text(others[0]) if others and api.path.removesuffix("()") in _BY_NAME else None
    if name is None or args.open or (len(others) > 1 and api.path == "operator.attrgetter()"):
        return None
    for part in name.split("."):
        last = m.attribute(last, part)
    if api.path == "operator.attrgetter()":
        return last
    return m.call(last, Arguments(others[1:], dict(args.keywords), args.node))


def _made_container(m: Interpreter, path: str, args: Arguments) -> Value | None:
    """A copy, or the result of calling a class of mappings other than dict; None for all other calls."""
    if path in ("copy.copy", "copy.deepcopy"):
        deep = path != "copy.copy"
        if len(args.every()) > 1:
            return m.unknown("a copy with a memo", of=args.every())
        return copied(m, args.get(0, "x") or NONE, 8 if deep else 1, {} if deep else None)
    if path in ("collections.OrderedDict", "typing.OrderedDict"):
        return python_api.make_dict(m, args, ordered=True)
    if path in ("collections.OrderedDict.fromkeys", "typing.OrderedDict.fromkeys"):
        return python_api.fromkeys(m, args, ordered=True)
    if path == "collections.defaultdict":
        factory = args.get(0, "")
        made = python_api.make_dict(m, replace_positional(args, args.positional[1:]), ordered=False)
        m.state.writable(made.number, DictObject).default = None if factory == NONE else factory
        return made
    return None


def call_unseen(m: Interpreter, function: Value, args: Arguments) -> Value:
    """The result of an unseen call; a training call on an unknown model is recorded, too."""
    owner, name = method_of(function)
    if owner is not None:
        note_weights(m, owner, name)
    if owner is not None and (made := tuning_method(m, owner, name, args)) is not None:
        return made
    if (run := run_by_method(m, owner, name, args)) is not None:
        return run
    if isinstance(function, ApiResult) and function.path.endswith(_REGISTERS) and len(args.positional) == 1:
        return args.positional[0]
    origin = function.origin if isinstance(function, Unknown) else None
    if isinstance(origin, CallOf) and origin.path == "operator.itemgetter" and len(args.positional) == 1:
        items = tuple(subscript(m, args.positional[0], index) for index in origin.arguments)
        return items[0] if len(items) == 1 else Sequence(items)
    if isinstance(origin, AttributeOf):
        if origin.name == "compile":
            keras_models.compile_model(m, origin.owner, args)
            if "loss" in args.keywords and args.keywords.keys() <= keras_models.COMPILE_KEYWORDS:
                return NONE  # Keras' own, whatever model it is: it changes no dict that it is given
        elif _ends(m, origin):
            m.end()
        elif origin.name in TRAINING_METHODS and args.node is not None and not m.control.recording_suspended:
            m.seen.add_unresolved_training(args.node)
            m.seen.trains_copies |= _may_train_copy(m, origin.owner, args)
    _note_modules(m, function, name, args)
    return unseen_call(m, function, args)


def _note_modules(m: Interpreter, function: Value, name: str, args: Arguments) -> None:
    """Carry out that an unseen method may be given modules, or run one."""
    if not isinstance(function, Api):
        module_table.passed(m, name, args)
        if name in ("exec_module", "load_module"):
            module_table.run_unseen(m)


def _may_train_copy(m: Interpreter, owner: Value, args: Arguments) -> bool:
    """True if what trains may be a copy of a model in view, and its targets may be a dict."""
    targets = args.get(1, "y")
    named = targets is not None and (isinstance(targets, Unknown) or m.mapping(targets) is not None)
    return named and any(isinstance(m.part(one), ModelPart) for one in reached(m, [owner]))


def _ends(m: Interpreter, method: AttributeOf) -> bool:
    """True if nothing runs after an unseen method: it skips a test, or ends a program with bad arguments."""
    owner, thing = method.owner, m.look(method.owner)
    if isinstance(owner, Unknown) and isinstance(owner.origin, CallOf):
        return owner.origin.path == "argparse.ArgumentParser" and method.name in ("error", "exit")
    bases = ancestors(m, thing.cls) if isinstance(thing, Instance) else ()
    return Api("unittest.TestCase") in bases and method.name in ("fail", "skipTest")
