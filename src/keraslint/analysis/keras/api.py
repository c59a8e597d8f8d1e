"""Models of the Keras API: constructors, functions, and methods of layers and models."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments, replace_positional
from keraslint.analysis.core.draws import state_of_keras, without_owners
from keraslint.analysis.core.effects import may_make_layers, may_run
from keraslint.analysis.core.functions import ancestors, find_in_class
from keraslint.analysis.core.handing import has_own_object
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import ApiCall, Derived, MethodCall
from keraslint.analysis.core.parts import LayerPart, ModelPart
from keraslint.analysis.core.state import ClassObject, Instance
from keraslint.analysis.core.values import (
    NONE,
    Api,
    ApiResult,
    Bound,
    Const,
    Function,
    Method,
    ModelLayers,
    Partial,
    Ref,
    Sequence,
    Tensor,
    Unknown,
    Value,
    without_none,
)
from keraslint.analysis.core.varying import decided_arguments
from keraslint.analysis.facts import TRAINING_METHODS
from keraslint.analysis.keras.callbacks import KEEPS_STATE
from keraslint.analysis.keras.called_models import batch_values, note_result
from keraslint.analysis.keras.copies import LOADERS, cloned, loaded, rebuilt
from keraslint.analysis.keras.datasets import pipeline_of_keras
from keraslint.analysis.keras.given_names import explicit_name
from keraslint.analysis.keras.heads import layer_part
from keraslint.analysis.keras.known_bad_layers import note_layer
from keraslint.analysis.keras.losses import compiled_with
from keraslint.analysis.keras.model_layers import get_layer
from keraslint.analysis.keras.models import (
    CALLED,
    compile_model,
    functional,
    train,
    without_outputs,
)
from keraslint.analysis.keras.names import snake_case
from keraslint.analysis.keras.rescaling import layers_before, note_applied, scales_images
from keraslint.analysis.keras.sequential import after_method, built, sequential
from keraslint.analysis.keras.shuffling import note_predicted
from keraslint.analysis.keras.tensors import (
    auto_name,
    is_symbolic,
    layer_output,
    made_from,
    operation,
    renamed,
    result_on_symbolic_input,
    returned_tensor,
    returns_several,
)
from keraslint.analysis.keras.uses import MODEL, makes_optimizer, note_call, optimizer_of
from keraslint.analysis.keras.weights import note_weights

# The classes whose methods are called on a model or layer that is their first argument.
_BASES = frozenset({"keras.Model", "keras.Functional", "keras.Sequential", "keras.Layer", "keras.layers.Layer"})

# Methods and attributes that return the losses or weights as they were passed.
READ_LOSSES = frozenset(
    {"loss", "loss_weights", "compiled_loss", "_compile_loss", "_compile_config", "get_compile_config"}
)

INNER_LOSS = "_compile_loss"
"""The attribute with which a program can change the losses of a compiled model."""

# Methods that use targets as they are passed, besides training calls.
_CALL_LOSSES = frozenset({"compute_loss", "stateless_compute_loss", "compute_metrics", "train_step", "test_step"})

# Attributes of a class that decide how the losses of its Functional models are routed, and by which names.
_DECIDING = (*CALLED, "output_names")

# Lower-case functions of keras.layers that make a merging layer, with the class they make.
_MERGES = frozenset({"add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract"})

# The ends of the names of layers that may return several tensors.
_MAY_RETURN_MORE = (
    *("Attention", "Layer", "RNN", "LSTM", "GRU", "Cell", "Cells", "Bidirectional", "TimeDistributed", "Wrapper"),
    *("Lambda", "LSTM1D", "LSTM2D", "LSTM3D", "Identity", "Pipeline", "Normalization"),
)

# Layers that make other, unnamed layers when they are first called, and layers that make
# operations then and later (masks): measured on Keras 3.4.1, 3.6.0 and 3.15.1.
_MAKES_INSIDE = {"MultiHeadAttention": ("softmax", "dropout"), "GroupedQueryAttention": ("softmax", "dropout")}
_MAKES_MORE = frozenset({"TextVectorization"})

# Operations without a name that a mask makes, then and in the layers that it passes through.
_OF_MASKS = "not_equal any logical_or broadcast_to concatenate expand_dims zeros_like convert_to_tensor".split()

# Parts of the API whose functions make no layers and keep no reference to a model that they get.
_HARMLESS = tuple(
    f"keras.{name}"
    for name in (
        "losses metrics optimizers callbacks utils initializers regularizers constraints datasets config random saving"
        " preprocessing backend mixed_precision distribution activations tree dtype_policies visualization version"
    ).split()
)


def call_keras(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    """The result of calling a function or class of Keras."""
    args = decided_arguments(m, args)
    given = args.every()
    if any(isinstance(value, (Function, Method, Partial, Bound)) for value in given) or has_own_object(m, given):
        may_run(m, args.every(), may_pass=args.every())
    note_call(m, api.path, args, legacy=api.legacy)
    if not _succeeds(api, args):
        m.may_raise()
    maker = _MAKERS.get(api.path)
    if maker is not None:
        return maker(m, api, args)
    if (data := pipeline_of_keras(m, api.path, args)) is not None:
        return data
    if api.path in LOADERS:
        return loaded(m, api, args)
    package, _, name = api.path.rpartition(".")
    if package in _BASES and args.positional and (m.part(args.positional[0]) is not None or name == "compile"):
        rest = replace_positional(args, args.positional[1:])
        if name == "compile":
            return compile_model(m, args.positional[0], rest)
        return call_method(m, args.positional[0], name, rest)
    if package == "keras.layers" or api.path in ("keras.Layer", "keras.InputLayer"):
        return _layer(m, api, name, args)
    if package in ("keras.ops", "keras.activations") and name not in ("get", "serialize", "deserialize"):
        return operation(m, api.path, args)
    if package.startswith("keras.applications") and name[:1].isupper():
        return _application(m, api, name, args)
    if package.startswith(_HARMLESS):
        return _harmless(m, api, args)
    may_make_layers(m)
    return m.unknown(f"the result of {api.path}()", ApiCall(api.path, tuple(args.every())))


def _succeeds(api: Api, args: Arguments) -> bool:
    """True for an optimizer, loss or metric that is made of numbers, or of nothing."""
    package, _, name = api.path.rpartition(".")
    numbers = all(isinstance(one, Const) and isinstance(one.value, (int, float)) for one in args.every())
    return package in ("keras.optimizers", "keras.losses", "keras.metrics") and name[:1].isupper() and numbers


def _harmless(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    if api.path in ("keras.backend.clear_session", "keras.utils.clear_session"):
        m.state.counters = {}
        return NONE
    if api.path.rpartition(".")[2].startswith("_"):  # a method that is called on its class, such as __init__
        m.seen.touched.update(one for one in args.every() if isinstance(one, ApiResult))
    if api.path.endswith(".set_image_data_format"):
        m.state.reactivated = True  # the units of a convolution may stand on another axis
        return NONE
    if api.path in ("keras.backend.int_shape", "keras.backend.shape"):
        return m.unknown("a shape")
    if any(is_symbolic(m, value) for value in args.every()):
        may_make_layers(m)
        return Tensor(None, f"the name of what {api.path} gives", m.fresh(), many=returns_several(api.path))
    if args.open:
        return m.unknown(f"the result of {api.path}()")
    own = api.path in KEEPS_STATE or (makes_optimizer(api.path) and not api.legacy)
    state = m.next_number() if own else state_of_keras(m, api.path, args)
    keywords = tuple((name, without_owners(value)) for name, value in sorted(args.keywords.items()))
    return ApiResult(api.path, tuple(map(without_owners, args.positional)), keywords, state)


def _input(m: InterpreterCore, _: Api, args: Arguments) -> Value:
    name, why = explicit_name(m, args, "input_layer", 5)
    made_up = args.get(5, "name") in (None, NONE)  # then a clone has it by the name of its tensor, "keras_tensor_3"
    return Tensor(name, why, m.fresh(), renumbered=made_up, sources=())


def _layer(m: InterpreterCore, api: Api, name: str, args: Arguments) -> Value:
    if name in _MERGES and args.positional:
        given, why = explicit_name(m, args, name)
        return Tensor(given, why, m.fresh(), sources=made_from(m, Arguments(args.positional)))
    if not name[:1].isupper():
        may_make_layers(m)
        return m.unknown(f"the result of {api.path}()")
    given, why = explicit_name(m, args, snake_case(name))
    if name in _MAKES_MORE:
        may_make_layers(m)
    if name == "Masking" or args.keywords.get("mask_zero", Const(False)) != Const(False):
        for prefix in _OF_MASKS:
            may_make_layers(m, prefix)
    kept = {key: value for key, value in args.keywords.items() if key in ("return_state", "trainable")}
    if any(key in args.keywords for key in ("input_shape", "input_dim", "batch_input_shape")):
        kept["input_shape"] = Const(True)
    if name == "Rescaling" and (scale := args.get(0, "scale")) is not None:
        kept["scale"] = scale
    wrapped = m.look(args.positional[0]) if args.positional else None
    if isinstance(wrapped, Instance) and "return_state" in wrapped.attributes:
        kept.setdefault("return_state", wrapped.attributes["return_state"])
    if not api.legacy:
        note_layer(m, name, args)
    return m.new(Instance(api, kept, layer_part(m, name, args, LayerPart(given, why))))


def _application(m: InterpreterCore, api: Api, name: str, args: Arguments) -> Value:
    """A ready-made network with one output, which numbers its layers in a way that is not followed."""
    given = m.text(args.keywords.get("name"))
    may_make_layers(m)
    why = f"the last layer of {name} is not known"
    tensor = Tensor(None, why, m.fresh(), sources=())
    part = ModelPart("opaque", given or name.lower(), None, why, tensor, legacy=api.legacy)
    part = replace(part, scales_images=scales_images(api.path, args))
    return m.new(Instance(api, {}, part))


def _model(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    return m.new(Instance(api, {}, functional(m, args, legacy=api.legacy)))


def _sequential(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    return m.new(Instance(api, {}, sequential(m, args, legacy=api.legacy)))


def _on_several_devices(m: InterpreterCore, _: Api, args: Arguments) -> Value:
    """``multi_gpu_model(model)``: the model, as far as its outputs go."""
    return args.get(0, "model") or m.unknown("a model that is not seen")


_MAKERS: dict[str, Callable[[InterpreterCore, Api, Arguments], Value]] = {
    "keras.utils.multi_gpu_model": _on_several_devices,
    "keras.Input": _input,
    "keras.Model": _model,
    "keras.Functional": _model,
    "keras.Sequential": _sequential,
    "keras.models.clone_model": cloned,
    "keras.models.model_from_json": rebuilt,
    "keras.Model.from_config": rebuilt,
}


def call_instance(m: InterpreterCore, value: Value, part: LayerPart | ModelPart, args: Arguments) -> Value:
    """The result of calling a layer or model."""
    if isinstance(part, LayerPart):
        return _called_layer(m, value, part, args)
    name_why = "" if part.name else "the name of a model that is called as a layer is not known"
    if part.kind == "sequential":
        m.set_part(value, built(m, part))
    _mark_called(m, value)
    if args.positional:
        note_applied(m, value, layers_before(args.positional[0]), args)
    if part.kind == "subclass":
        return _own_call(m, value, part.name, name_why)
    if isinstance(part.structure, Unknown):
        return m.unknown(part.why or "the outputs of a model that is called are not known")
    result = renamed(m, part.structure, part.name, name_why)
    if isinstance(result, Tensor) and isinstance(value, Ref):
        result = replace(result, sources=made_from(m, args), layer=value.number)
    note_result(m, value, part, args, result)
    return result


def _called_layer(m: InterpreterCore, value: Value, part: LayerPart, args: Arguments) -> Value:
    thing = m.look(value)
    _mark_called(m, value)
    if isinstance(thing, Instance) and isinstance(thing.cls, Ref):
        return _own_call(m, value, part.name, part.why)
    return layer_output(m, value, part, args)


def _mark_called(m: InterpreterCore, value: Value) -> None:
    """Note that a layer or model was called; the first time ``build`` of its class runs."""
    part, thing = m.part(value), m.look(value)
    if isinstance(part, LayerPart) and part.called and not part.shared:
        m.set_part(value, replace(part, shared=True))
    if part is None or part.called or not isinstance(thing, Instance):
        return
    m.set_part(value, replace(part, called=True))
    if isinstance(thing.cls, Api):
        for prefix in _MAKES_INSIDE.get(thing.cls.path.rpartition(".")[2], ()):
            auto_name(m, prefix)
    build = find_in_class(m, thing.cls, "build")
    functional_model = isinstance(part, ModelPart) and part.kind == "functional"
    if isinstance(build, Function) and len(build.node.args.args) > 1 and not functional_model:
        m.call(Method(build, value), Arguments([m.unknown("the shape of an input")]))


def _own_call(m: InterpreterCore, value: Value, name: str | None, why: str) -> Value:
    """The result of calling a layer or model of the program: its ``call`` decides the number of tensors."""
    thing = m.look(value)
    call = find_in_class(m, thing.cls, "call") if isinstance(thing, Instance) else None
    if not isinstance(call, Function):
        return Tensor(name, why, m.fresh())
    result = without_none(result_on_symbolic_input(m, value, call))
    return returned_tensor(m, result, name, why) or m.unknown("what a layer's call returns")


def call_method(m: InterpreterCore, receiver: Value, name: str, args: Arguments) -> Value:
    """The result of a method that Keras gives to a layer or model."""
    note_weights(m, receiver, name)
    part, args = m.part(receiver), decided_arguments(m, args)
    if name == "__init__":
        return _initialize(m, receiver, args)
    if isinstance(part, ModelPart):
        note_call(m, f"{MODEL}.{name}", args, legacy=part.legacy)
        note_predicted(m, name, args, legacy=part.legacy)
        if part.kind == "sequential":
            m.set_part(receiver, after_method(m, part, name, args))
        if name == "compile":
            return compile_model(m, receiver, args)
        if name in TRAINING_METHODS:
            return train(m, receiver, name, args)
        if name == "predict_on_batch" and (result := batch_values(m, receiver, part)) is not None:
            return result
        if name == "get_layer":
            return get_layer(m, receiver, args)
        if name in ("fit_generator", "evaluate_generator"):
            return train(m, receiver, name.removesuffix("_generator"), args)
        if name == "__call__":
            return call_instance(m, receiver, part, args)
    if isinstance(part, LayerPart) and name == "__call__":
        return _called_layer(m, receiver, part, args)
    if isinstance(part, LayerPart) and name == "call" and _returns_one(m, receiver):
        return Tensor(None, "what a layer's base returns", m.fresh())
    may_run(m, args.every(), may_pass=args.every())  # such as print_fn of summary()
    return m.unknown(f"the result of .{name}()", MethodCall(receiver, name, tuple(args.every())))


def _returns_one(m: InterpreterCore, layer: Value) -> bool:
    """True if ``super().call`` of a layer of the program is that of a class of Keras that always returns one tensor."""
    thing = m.look(layer)
    classes = ancestors(m, thing.cls) if isinstance(thing, Instance) else ()
    base = next((one.path.rpartition(".") for one in classes if isinstance(one, Api)), ("", "", ""))
    return base[0] == "keras.layers" and not base[2].endswith(_MAY_RETURN_MORE)


def _initialize(m: InterpreterCore, receiver: Value, args: Arguments) -> Value:
    """Run Keras' ``super().__init__(...)``: it can name the layer, or make a Functional model."""
    part, thing = m.part(receiver), m.look(receiver)
    cls = m.look(thing.cls) if isinstance(thing, Instance) else None
    prefix = snake_case(cls.name) if isinstance(cls, ClassObject) else "layer"
    if isinstance(part, ModelPart) and args.get(1, "outputs") is not None:
        made = functional(m, args, legacy=part.legacy, prefix=prefix)
        if isinstance(thing, Instance) and any(find_in_class(m, thing.cls, name) for name in _DECIDING):
            made = without_outputs(made, "its class has a call or output_names of its own")
        m.set_part(receiver, replace(made, overrides=part.overrides))
    elif isinstance(part, ModelPart):
        m.set_part(receiver, replace(part, name=explicit_name(m, args, prefix)[0]))
    elif isinstance(part, LayerPart):
        m.set_part(receiver, LayerPart(*explicit_name(m, args, prefix)))
    return NONE


def attribute(m: InterpreterCore, value: Ref, part: LayerPart | ModelPart, name: str) -> Value | None:
    """An attribute that Keras gives to a layer or model; None for its methods."""
    if name == "name":
        return Const(part.name) if part.name is not None else m.unknown("a name that is not known")
    if isinstance(part, LayerPart):
        if name == "output":
            return Tensor(part.name, part.why, Derived("output", (value,)))
        return m.unknown(f"a layer's .{name}") if name in ("input", "trainable", "units", "weights") else None
    _note_call_of_loss(m, value, name)
    if name in READ_LOSSES:
        m.seen.loss_readers.add(value.number)
        m.seen.reads_unknown_loss |= part.kind == "opaque"
        return compiled_with(m, part, name) or m.unknown(f"model.{name}")
    if name in ("output", "outputs"):
        return _listed(m, part) if name == "outputs" else part.structure
    if name in ("input", "inputs"):
        return part.inputs if part.inputs != NONE else m.unknown("a model's inputs")
    if name == "output_names" and part.outputs is not None and None not in part.outputs.names:
        names = m.new_list([Const(output) for output in part.outputs.names])
        m.state.writable(value.number, Instance).attributes[name] = names  # changes to this list count
        return names
    if name == "layers":
        return ModelLayers(value)
    if name == "optimizer":
        return optimizer_of(m, value, part)
    if name in ("trainable", "metrics_names", "stop_training", "weights", "history"):
        return m.unknown(f"model.{name}")
    return None


def _note_call_of_loss(m: InterpreterCore, model: Ref, name: str) -> None:
    """Note that an attribute is one with which a program computes the losses itself, or changes them."""
    if name in _CALL_LOSSES:
        m.seen.loss_callers.add(model.number)
    if name == INNER_LOSS:
        m.seen.inner_losses.add(model.number)


def _listed(m: InterpreterCore, part: ModelPart) -> Value:
    items: list[Value] | None = [part.structure] if isinstance(part.structure, Tensor) else m.sequence(part.structure)
    if items is None:
        return m.unknown(part.why or "model.outputs")
    return m.new_list(items) if isinstance(part.structure, (Tensor, Sequence)) else part.structure
