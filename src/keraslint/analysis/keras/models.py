"""Keras models: how they are made, compiled and trained."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_make_layers
from keraslint.analysis.core.functions import ancestors, find_in_class, own_methods
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.raising import note_attempt, note_use
from keraslint.analysis.core.recorder import UNSEEN, Compiled, Trained
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import NONE, Api, Const, Function, Ref, Unknown, Value, options, without_none
from keraslint.analysis.core.varying import decided_arguments
from keraslint.analysis.facts import Argument, ModelFacts, TrainingCall
from keraslint.analysis.keras.arguments import argument, data_argument, data_structure, note_unrecorded, structure
from keraslint.analysis.keras.callbacks import monitors, reused, run_callbacks, validates
from keraslint.analysis.keras.datasets import batches
from keraslint.analysis.keras.delegation import delegating
from keraslint.analysis.keras.given_names import explicit_name
from keraslint.analysis.keras.heads import heads_of
from keraslint.analysis.keras.losses import names_loss
from keraslint.analysis.keras.names import is_optimizer
from keraslint.analysis.keras.shared_optimizers import built_for_another
from keraslint.analysis.keras.shuffling import note_overlap
from keraslint.analysis.keras.tensors import NoOutputs, outputs_of, renamed, result_on_symbolic_input
from keraslint.behaviour.structure import ABSENT, Named, Outputs, Structure, Unseen
from keraslint.syntax import called_name

CALLED = ("call", "__call__")
"""The methods that decide how losses are routed, also on a Functional model."""

LOGGING = ("metrics", "get_metrics_result", "evaluate")
"""The methods by which a class of the program may log more than its metrics at compile."""

OVERRIDABLE = ("compile", "compute_loss", "compute_metrics", "train_step", "test_step")

_COMPILE = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
COMPILE_KEYWORDS = frozenset(
    {*_COMPILE, "run_eagerly", "steps_per_execution", "jit_compile", "auto_scale_loss", "sample_weight_mode"}
)
# The positions of the arguments callbacks and sample_weight, in Keras 3.0.0 to 3.15.1.
_CALLBACKS = 5
_SAMPLE_WEIGHT = {"fit": 10, "evaluate": 4, "train_on_batch": 2, "test_on_batch": 2}


def opaque(why: str, *, legacy: bool = False) -> ModelPart:
    """A Keras model whose outputs the source does not show."""
    return ModelPart("opaque", None, None, why, Unknown(why), legacy=legacy)


def functional(m: InterpreterCore, args: Arguments, *, legacy: bool = False, prefix: str = "functional") -> ModelPart:
    """The model that ``keras.Model(inputs, outputs)`` makes."""
    name, _ = explicit_name(m, args, prefix, 2)
    inputs, outputs = args.get(0, "inputs") or args.keywords.get("input"), args.get(1, "outputs")
    outputs = outputs or args.keywords.get("output")
    if outputs is None:
        why = "its outputs are passed in a way that is not seen"
        return replace(opaque(why, legacy=legacy), name=name)
    found = outputs_of(m, without_none(outputs))
    place = (m.module, args.node.lineno) if args.node is not None else None
    made = ModelPart("functional", name, None, "", without_none(outputs), inputs or NONE, legacy=legacy, place=place)
    if isinstance(found, NoOutputs):
        return replace(made, why=found.why, nested=found.nested)
    return replace(made, outputs=found)


def without_outputs(part: ModelPart, why: str) -> ModelPart:
    """A copy of a model whose outputs are not known."""
    return replace(part, outputs=None, why=why, structure=Unknown(why), nested=False)


def subclass(m: InterpreterCore, cls: Ref, *, legacy: bool) -> ModelPart:
    """An instance of a class of the program that derives from keras.Model, before its ``__init__`` runs."""
    thing = m.look(cls)
    title = thing.name if isinstance(thing, ClassObject) else "model"
    why = f"what {title}.call returns is not known"
    return ModelPart("subclass", None, None, why, Unknown(why), overrides=overridden(m, cls), legacy=legacy)


def overridden(m: InterpreterCore, cls: Value, methods: tuple[str, ...] = OVERRIDABLE) -> frozenset[str]:
    """The methods of Keras' training that a class of the program defines itself, or may inherit from elsewhere."""
    names: set[str] = set()
    for current in ancestors(m, cls):
        thing = m.look(current)
        if isinstance(thing, ClassObject):
            names.update(methods if "__getattribute__" in thing.attributes else ())
            names.update(name for name in methods if name in thing.attributes)
        elif not (isinstance(current, Api) and current.path.startswith(("keras.", "builtins.", "abc."))):
            names.update(methods)  # a base that is not seen may override any of them
    return frozenset(names)


def subclass_outputs(m: InterpreterCore, model: Value, part: ModelPart) -> ModelPart:
    """The outputs of a subclassed model, found by interpreting its ``call``."""
    instance = m.look(model)
    if part.kind != "subclass" or part.outputs is not None or not isinstance(instance, Instance):
        return part
    call = find_in_class(m, instance.cls, "call")
    if not isinstance(call, Function):
        return part
    counters = None if m.state.counters is None else dict(m.state.counters)
    result = result_on_symbolic_input(m, model, call)
    if m.state.counters != counters:
        may_make_layers(m)  # layers that it makes take numbers when the model is called
    found = outputs_of(m, without_none(renamed(m, result, "output", "")))
    if isinstance(found, NoOutputs):
        return replace(part, why=f"{part.why}: {found.why}")
    listed = instance.attributes.get("output_names")
    names = [m.text(item) for item in (m.sequence(listed) or ())] if listed is not None else []
    known = tuple(names) if len(names) == len(found.names) else (None,) * len(found.names)
    if listed is not None and None in known:
        return replace(part, why="the output_names that it sets are not known")
    return replace(part, outputs=Outputs(found.container, known, found.keys, functional=False), why="")


def _with_listed_names(m: InterpreterCore, model: Value, part: ModelPart) -> ModelPart:
    """The outputs of a Functional model under the names that the program gives them in ``model.output_names``.

    Measured on 3.4.1, 3.5.0, 3.6.0, 3.7.0 and 3.15.1: losses are routed by its value at compile.
    """
    instance, outputs = m.look(model), part.outputs
    listed = instance.attributes.get("output_names") if isinstance(instance, Instance) else None
    if listed is None or outputs is None or part.kind == "subclass":
        return part
    names = tuple(m.text(item) for item in (m.sequence(listed) or ()))
    if names == outputs.names:
        return part
    if len(names) == len(outputs.names) == len({*names} - {None}) and outputs.container in ("list", "tuple"):
        return replace(part, outputs=replace(outputs, names=names))
    return without_outputs(part, "the program sets .output_names of the model")


def compile_model(m: InterpreterCore, receiver: Value, args: Arguments, *, safe: bool = False) -> Value:
    """``model.compile(...)``: record it, and use its losses from here on. ``safe``: safe_compile routes it."""
    args = decided_arguments(m, args)
    models = [option for option in options(receiver) if option != NONE]
    parts = [m.part(option) for option in models]
    known = [part for part in parts if isinstance(part, ModelPart)]
    arguments = {name: argument(m, args.get(i, name), args.expression(i, name)) for i, name in enumerate(_COMPILE)}
    del arguments["optimizer"]
    facts = _model_facts(m, models, parts)
    if not known and not _looks_like_keras(args, arguments["loss"].structure):
        note_unrecorded(m, args)
        return NONE
    if any(isinstance(one, Function) and isinstance(one.node, ast.Lambda) for one in m.control.acting):
        m.seen.note_later([one.number for one in models if isinstance(one, Ref)], len(m.seen.trainings), UNSEEN)
    if facts is None or args.node is None or m.control.recording_suspended or m.state.dead:
        return NONE
    if args.open:
        facts = replace(facts, outputs=None, why="unknown keyword arguments are passed to compile", nested=False)
    if not known and not m.control.alone and _is_surely_keras(m, args):
        facts = replace(facts, keras=True)
    numbers = tuple(model.number for model in models if isinstance(model, Ref))
    escaped = any(part.escaped for part in known)
    values = {name: value for i, name in enumerate(_COMPILE) if (value := args.get(i, name)) is not None}
    compiled = Compiled(
        args.node,
        m.module,
        numbers,
        facts,
        arguments,
        values,
        escaped,
        safe,
        path_conditions=m.control.path_conditions,
        in_uncertain_branch=m.in_uncertain_branch,
        alone=m.control.alone,
        by_class=-1 in args.nodes,
        at=m.next_number(),
    )
    _mark_replaced(m, parts)
    _mark_within(m, numbers)
    m.seen.loss_readers.update(number for number in numbers if _class_reads_loss(m, number))
    optimizer = m.text(args.get(0, "optimizer"))
    if optimizer is not None and not is_optimizer(optimizer):
        m.may_raise()
    number = m.seen.add_compile(compiled)
    note_attempt(m, number, {old for part in known for old in part.compiles})
    for model, part in zip(models, parts, strict=True):
        if isinstance(part, ModelPart):
            earlier = part.compiles if len(models) > 1 else ()
            m.set_part(model, replace(part, compiles=(*earlier, number), trained=False, in_turns=False, frozen=False))
    return NONE


def _class_reads_loss(m: InterpreterCore, number: int) -> bool:
    """True if a method of the class of a model, such as ``__repr__``, reads the model's losses."""
    thing = m.state.objects.get(number)
    classes = [m.look(cls) for cls in ancestors(m, thing.cls)] if isinstance(thing, Instance) else []
    methods = [one for cls in classes if isinstance(cls, ClassObject) for one in own_methods(cls)]
    return any(
        isinstance(node, ast.Attribute) and node.attr in ("loss", "loss_weights") and isinstance(node.ctx, ast.Load)
        for method in methods
        for node in ast.walk(method.node)
    )


def _mark_replaced(m: InterpreterCore, parts: list[LayerPart | ModelPart | None]) -> None:
    """Mark the compile calls that have no effect: the model is compiled again, and was not used until now."""
    part = parts[0] if len(parts) == 1 else None
    if m.control.uncertain_depth or not isinstance(part, ModelPart) or part.trained or part.escaped:
        return
    used = {number for one in m.seen.trainings for number in one.compiles}
    for number in part.compiles:
        m.seen.compiles[number].replaced |= number not in used


def _mark_within(m: InterpreterCore, numbers: tuple[int, ...]) -> None:
    """Mark the compile calls of other models that were called until now: the model that is compiled may hold them."""
    for number in {number for compiled in m.seen.compiles for number in compiled.models} - {*numbers}:
        part = m.part(Ref(number))
        for earlier in part.compiles if isinstance(part, ModelPart) and part.called else ():
            m.seen.compiles[earlier].within = True


def _model_facts(
    m: InterpreterCore,
    models: list[Value],
    parts: list[LayerPart | ModelPart | None],
) -> ModelFacts | None:
    found = []
    for model, part in zip(models, parts, strict=True):
        if isinstance(part, ModelPart):
            thing, known = m.look(model), _with_listed_names(m, model, subclass_outputs(m, model, part))
            if m.state.renamed:
                known = without_outputs(known, "layers are renamed after they were made")
            found.append(
                ModelFacts(
                    known.outputs,
                    known.why,
                    kind=known.kind,
                    overrides=known.overrides,
                    legacy=known.legacy,
                    place=known.place,
                    nested=known.nested,
                    delegates=delegating(m, model, known.overrides),
                    heads=heads_of(m, known),
                    own_logs=isinstance(thing, Instance) and bool(overridden(m, thing.cls, LOGGING)),
                )
            )
        elif part is None and not isinstance(model, Ref):
            why = model.why if isinstance(model, Unknown) else "where the model comes from is not known"
            found.append(ModelFacts(None, why, keras=False, kind="unresolved"))
        else:
            return None
    if not found:
        return None
    if len({(fact.outputs, fact.overrides, fact.legacy) for fact in found}) == 1:
        return found[0] if len({fact.heads for fact in found}) == 1 else replace(found[0], heads=())
    hidden = next((fact for fact in found if fact.why), None)
    return ModelFacts(
        None,
        hidden.why if hidden is not None else "branches of the program build different models",
        keras=all(fact.keras for fact in found),
        kind="several",
        overrides=frozenset().union(*(fact.overrides for fact in found)),
        legacy=any(fact.legacy for fact in found),
        nested=hidden is not None and hidden.nested,
    )


def _looks_like_keras(args: Arguments, loss: Structure) -> bool:
    """True if a compile call on an unresolved receiver can only be Keras': by its keywords and its dict loss."""
    return isinstance(loss, Named) and len(loss.entries) > 1 and set(args.keywords) <= COMPILE_KEYWORDS


def _is_surely_keras(m: InterpreterCore, args: Arguments) -> bool:
    """True if a compile call is given an optimizer and a dict of losses whose texts are names of Keras' losses."""
    losses = [entry.value for entry in (m.mapping(args.get(1, "loss") or NONE) or {}).values()]
    texts = [value for value in losses if m.text(value) is not None]
    return args.get(0, "optimizer") is not None and bool(texts) and all(map(names_loss, texts))


def train(m: InterpreterCore, receiver: Value, method: str, args: Arguments) -> Value:
    """``model.fit(...)`` and similar calls: record the targets of the current losses."""
    args = decided_arguments(m, args)
    models = [option for option in options(receiver) if isinstance(m.part(option), ModelPart)]
    parts = [part for part in (m.part(model) for model in models) if isinstance(part, ModelPart)]
    callbacks = args.get(_CALLBACKS, "callbacks") if method == "fit" else args.keywords.get("callbacks")
    alone = method == "fit" and len(models) == 1 and not args.open
    again = reused(m, models[0], callbacks, _epochs(args), validated=validates(args)) if alone else ()
    built = method in ("fit", "train_on_batch") and len(models) == 1 and built_for_another(m, models[0], parts[0])
    if args.node is None or m.control.recording_suspended or not parts or m.state.dead:
        return m.unknown(f"the result of {method}()")
    known = range(len(m.seen.compiles))  # calls in a loop that is run again are not
    compiles = tuple(dict.fromkeys(number for part in parts for number in part.compiles if number in known))
    first = not all(part.trained for part in parts)
    note_use(m, compiles)
    for model, part in zip(models, parts, strict=True):
        m.set_part(model, replace(part, trained=True))
    run_callbacks(m, receiver, callbacks)
    weighted = any(one.weighted for one in map(m.part, models) if isinstance(one, ModelPart))
    again = again if not weighted else ()
    later = {number for one in models if isinstance(one, Ref) for _, number in m.seen.later.get(one.number, ())}
    if first or later:
        _look_again(m, (*compiles, *sorted(later.intersection(known) - {*compiles})))
    weight_index = _SAMPLE_WEIGHT[method]
    y = data_argument(m, args.get(1, "y"), args.expression(1, "y"))
    weights = data_argument(m, args.get(weight_index, "sample_weight"), args.expression(weight_index, "sample_weight"))
    if args.get(1, "y") is None:
        y, weights_within = _targets_within(m, args.get(0, "x"), args.expression(0, "x"))
        weights = weights if weights.given else weights_within
    validation = _validation(m, args) if method == "fit" else (Argument(), Argument())
    if args.open:
        hidden = Argument(Unseen("it may be among keyword arguments that are not known"))
        weights = weights if weights.given else hidden
        validation = validation if validation[0].given or method != "fit" else (hidden, hidden)
    if method == "fit":
        note_overlap(m, args)
    m.seen.trains_copies |= any(part.kind == "opaque" for part in parts) and any(
        isinstance(one.structure, (Named, Unseen)) for one in (y, weights, *validation)
    )
    watched = monitors(m, callbacks) if method == "fit" and not args.open else ()
    given = args.expression(_CALLBACKS, "callbacks") if watched or again else None
    frozen = all(part.frozen and not part.escaped for part in parts)
    facts = TrainingCall(method, args.node, m.module, y, weights, *validation, watched, given, again, _epochs(args))
    alone = alone and called_name(args.node) == method and not validates(args)
    facts = replace(facts, expects=bool(m.control.guards), frozen=frozen, built_for_another=built, unvalidated=alone)
    numbers = tuple(model.number for model in models if isinstance(model, Ref))
    m.seen.add_training(Trained(numbers, compiles, facts))
    return m.unknown(f"the result of {method}()")


def _epochs(args: Arguments) -> int | None:
    """The number of epochs that ``fit`` is asked for; None where it is not known."""
    epochs = args.get(3, "epochs") or Const(None if args.open else 1)
    if "initial_epoch" in args.keywords:
        return None
    return epochs.value if isinstance(epochs, Const) and isinstance(epochs.value, int) else None


def _look_again(m: InterpreterCore, compiles: Iterable[int]) -> None:
    """Read losses and weights again: Keras uses them as they are when training begins.

    Measured on 3.4.1, 3.6.0 and 3.15.1: CompileLoss keeps the dict itself until it is built.
    """
    for number in compiles:
        compiled = m.seen.compiles[number]
        for name, value in compiled.values.items():
            if name in compiled.arguments and structure(m, value) != compiled.arguments[name].structure:
                again = argument(m, value, compiled.arguments[name].node)
                if again.structure != compiled.arguments[name].structure:
                    changed = Unseen("it is changed between compile and training")
                    m.seen.compiles[number].arguments[name] = Argument(changed, again.node)


def not_in_force(m: InterpreterCore) -> None:
    """Carry out that code which is not known ran: it may have changed what models that are not trained yet learn."""
    trained = {number for one in m.seen.trainings for number in one.compiles}
    waiting = [number for number in range(len(m.seen.compiles)) if number not in trained]
    _look_again(m, waiting)
    for number in waiting:
        m.seen.note_later(m.seen.compiles[number].models, len(m.seen.trainings), UNSEEN)


def _targets_within(m: InterpreterCore, data: Value | None, node: ast.expr | None) -> tuple[Argument, Argument]:
    """The targets and sample weights in a generator or dataset passed as x, if all have one form."""
    found = {_behind_x(m, item) for item in batches(m, data)} if data is not None else set()
    if len(found) == 1:
        y, weights = found.pop()
        given = Argument(weights, node, is_produced_by_node=True) if weights != ABSENT else Argument()
        return Argument(y, node, is_produced_by_node=True), given
    why = data.why if isinstance(data, Unknown) else "the targets come with x"
    return argument(m, Unknown(why), None), Argument()


def _behind_x(m: InterpreterCore, item: Value) -> tuple[Structure, Structure]:
    items = m.sequence(item)
    if items is None or not 2 <= len(items) <= 3:
        return Unseen("the targets of a batch are not seen"), ABSENT
    return data_structure(m, items[1]), data_structure(m, items[2]) if len(items) == 3 else ABSENT


def _validation(m: InterpreterCore, args: Arguments) -> tuple[Argument, Argument]:
    value, node = args.get(7, "validation_data"), args.expression(7, "validation_data")
    if value is None or value == NONE:
        return Argument(), Argument()
    items = m.sequence(without_none(value))
    if items is None or not 2 <= len(items) <= 3:
        return _targets_within(m, without_none(value), node)
    nodes: list[ast.expr] | list[None] = (
        node.elts if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) == len(items) else [None] * 3
    )
    weights = data_argument(m, items[2], nodes[2]) if len(items) == 3 else Argument()
    return data_argument(m, items[1], nodes[1]), weights
