"""Tuners of keras-tuner: they build the program's models with hyperparameters, and train what it passes to search().

Measured on keras-tuner 1.4.8 with Keras 3.5.0, 3.6.0 and 3.15.1: ``search(...)`` passes its arguments on to ``fit`` of
the hypermodel, which is that of the model where the program defines no other.
"""

from __future__ import annotations

from keraslint.analysis.core.arguments import Arguments, replace_positional
from keraslint.analysis.core.effects import any_number_of_times, may_make_layers
from keraslint.analysis.core.functions import ancestors, own_method
from keraslint.analysis.core.handing import handed_out
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import NONE, Api, Bound, Const, Function, Method, Partial, Ref, Unknown, Value

PACKAGES = ("keras_tuner.", "kerastuner.")

# The classes of tuners, with the position of the argument hypermodel.
TUNERS = {"BayesianOptimization": 0, "GridSearch": 0, "Hyperband": 0, "RandomSearch": 0}
TUNERS |= {"BaseTuner": 1, "MultiExecutionTuner": 1, "Tuner": 1}

_HYPERPARAMETERS = frozenset({"Boolean", "Choice", "Float", "Int", "get", "__getitem__"})
_OVERRIDES = ("loss", "optimizer", "metrics")
_REPEATED = "a tuner may build and train it any number of times"
_BEST = "best model"  # the attribute of a tuner that keeps the model it trained: no program can read it
_OBJECTIVE = "compared by"
_RECOMPILES = "recompiles"  # true for a tuner that compiles the models again


def make_tuning(m: InterpreterCore, path: str, args: Arguments) -> Value | None:
    """The tuner or the hyperparameters that a class of keras-tuner makes; None for anything else."""
    if not path.startswith(PACKAGES):
        return None
    cls = Api(f"keras_tuner.{path.rpartition('.')[2]}")
    if cls.path == "keras_tuner.HyperParameters":
        return m.new(Instance(cls))
    if cls.path == "keras_tuner.Objective":
        return m.new(Instance(cls, {"name": args.get(0, "name") or NONE}))
    made = m.new(Instance(cls))
    return made if initialize_tuner(m, made, args) else None


def initialize_tuner(m: InterpreterCore, receiver: Value, args: Arguments) -> bool:
    """Carry out the ``__init__`` of a tuner or hypermodel, which builds a model once; False for other objects."""
    kind = _kind(m, receiver)
    if kind not in TUNERS or not isinstance(receiver, Ref):
        return kind == "HyperModel"
    model = args.get(TUNERS[kind], "hypermodel")
    if isinstance(model, (Bound, Function, Method, Partial)):
        model = m.new(Instance(Api("keras_tuner.HyperModel"), {"build": model}))
    attributes = m.state.writable(receiver.number, Instance).attributes
    attributes["hypermodel"] = model or m.unknown("the hypermodel of a tuner")
    if TUNERS[kind] == 0:  # the others are given an oracle, which holds it
        attributes[_OBJECTIVE] = args.get(1, "objective") or NONE
    recompiles = args.open or any(args.keywords.get(name, NONE) != NONE for name in _OVERRIDES)
    attributes[_RECOMPILES] = Const(recompiles)
    builder = m.attribute(attributes["hypermodel"], "build")

    def build() -> None:
        _build(m, receiver, _hyperparameters(m))

    with m.control.suspended():
        any_number_of_times(m, _REPEATED, build)
    if isinstance(builder, (Function, Method)):
        m.control.waiting.append(builder)  # it is run alone where no search() in view trains what it builds
    return True


def tuning_method(m: InterpreterCore, receiver: Value, name: str, args: Arguments) -> Value | None:
    """The result of a method of a tuner, a hypermodel or hyperparameters; None for anything else."""
    kind = _kind(m, receiver)
    if kind == "HyperParameters":
        return _hyperparameter(receiver, name, args)
    if kind == "HyperModel" and name == "fit" and len(args.positional) > 1:
        return m.call(m.attribute(args.positional[1], "fit"), replace_positional(args, args.positional[2:]))
    if kind not in TUNERS:
        return None
    if name == "search":
        any_number_of_times(m, _REPEATED, lambda: _try(m, receiver, args))
        may_make_layers(m)
        return NONE
    if name == "run_trial" and args.positional:
        hyperparameters = m.attribute(args.positional[0], "hyperparameters")
        return _run(m, receiver, hyperparameters, replace_positional(args, args.positional[1:]))
    if name == "get_best_hyperparameters":
        return m.new_list([_hyperparameters(m)]) if not args.every() else m.unknown("the best hyperparameters")
    if name == "get_best_models":
        return _best(m, receiver)
    return NONE if name in ("results_summary", "search_space_summary", "reload") else None


def _objectives(m: InterpreterCore, tuner: Value) -> tuple[str, ...]:
    """The names of the logs by which a tuner of keras-tuner itself compares models, if they are known."""
    thing = m.look(tuner)
    given = (
        thing.attributes.get(_OBJECTIVE, NONE) if isinstance(thing, Instance) and isinstance(thing.cls, Api) else NONE
    )
    found: list[str] = []
    for value in m.sequence(given) or [given]:
        objective = m.look(value)
        name = m.text(objective.attributes.get("name") if isinstance(objective, Instance) else value)
        found += [] if name is None else [name]
    return tuple(found)


def _kind(m: InterpreterCore, value: Value) -> str:
    """The name of the class of keras-tuner of which a value is an instance, or derives; "" for others."""
    thing = m.look(value)
    line = ancestors(m, thing.cls) if isinstance(thing, Instance) and thing.part is None else ()
    paths = [base.path for base in line if isinstance(base, Api) and base.path.startswith(PACKAGES)]
    return paths[0].rpartition(".")[2] if paths else ""


def _hyperparameters(m: InterpreterCore) -> Ref:
    return m.new(Instance(Api("keras_tuner.HyperParameters")))


def _hyperparameter(receiver: Value, name: str, args: Arguments) -> Value | None:
    """A value that the tuner chooses: one for each name, which is not known."""
    if name == "Fixed":
        return args.get(1, "value")
    title = args.get(0, "name") or NONE
    if name not in _HYPERPARAMETERS:
        return None
    return Unknown("a tuner chooses it", Derived("hyperparameter", (receiver, title)))


def _try(m: InterpreterCore, tuner: Value, args: Arguments) -> None:
    """Carry out one trial of a search: ``run_trial`` of the program, if there is one."""
    hyperparameters = _hyperparameters(m)
    own = own_method(m, tuner, "run_trial")
    if own is None:
        with m.control.tuned_for(_objectives(m, tuner)):
            _run(m, tuner, hyperparameters, args)
        return
    trial = m.new(Instance(Api("keras_tuner.Trial"), {"hyperparameters": hyperparameters}))
    m.call(own, replace_positional(args, [trial, *args.positional]))


def _run(m: InterpreterCore, tuner: Value, hyperparameters: Value, args: Arguments) -> Value:
    """Build a model and train it with these arguments."""
    model, hypermodel = _build(m, tuner, hyperparameters), m.attribute(tuner, "hypermodel")
    if isinstance(tuner, Ref):
        m.state.writable(tuner.number, Instance).attributes[_BEST] = model
    if m.attribute(tuner, _RECOMPILES) != Const(False):
        handed_out(m, model)
        return m.unknown("the result of a trial")
    own = own_method(m, hypermodel, "fit")
    if own is None:
        return m.call(m.attribute(model, "fit"), args)
    passed = replace_positional(args, [hyperparameters, model, *args.positional])
    passed.keywords.setdefault("callbacks", m.new_list(None, "a tuner adds callbacks"))
    with m.control.tuned_for(()):
        return m.call(own, passed)


def _build(m: InterpreterCore, tuner: Value, hyperparameters: Value) -> Value:
    """The model that a tuner builds; Keras numbers its layers from the beginning in each trial."""
    counters = m.state.counters
    m.state.counters = {}
    model = m.call(m.attribute(m.attribute(tuner, "hypermodel"), "build"), Arguments([hyperparameters]))
    m.state.counters = counters
    return model


def _best(m: InterpreterCore, tuner: Value) -> Value:
    """``get_best_models()``: a list with the model that was trained in view, else an unknown one."""
    thing = m.look(tuner)
    model = thing.attributes.get(_BEST) if isinstance(thing, Instance) else None
    return m.unknown("the best models") if model is None else m.new_list([model])
