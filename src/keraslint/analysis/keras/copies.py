"""Models that are made from others: loaded from files, cloned, and rebuilt from a config."""

from __future__ import annotations

import ast
from dataclasses import replace

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.effects import may_make_layers
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import MethodCall
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.state import Instance
from keraslint.analysis.core.values import NONE, Api, Ref, Tensor, Unknown, Value, without_none
from keraslint.analysis.keras.models import opaque
from keraslint.analysis.keras.tensors import flat_tensors

LOADERS = frozenset(
    {
        "keras.models.load_model",
        "keras.saving.load_model",
        "keras.models.model_from_yaml",
        "keras.models.model_from_config",
        "keras.models.clone_and_build_model",
    }
)


def loaded(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    """A model that is loaded from a file or text, with unknown outputs."""
    may_make_layers(m)
    path = m.text(args.get(0, "filepath"))
    shown = f"'{path}'" if path is not None else "…"
    why = f"{api.path.rpartition('.')[2]}({shown}) at line {args.node.lineno if args.node else m.control.row}"
    return m.new(Instance(api, {}, opaque(why, legacy=api.legacy)))


def cloned(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    """``clone_model``: the same outputs, not compiled; a clone function may rename its layers.

    Until Keras 3.7.0 some operations get new numbers in the copy (concatenate does, add does not), and all
    unnamed layers in it take new numbers.
    """
    may_make_layers(m)
    part = m.part(without_none(args.get(0, "model") or NONE))
    if not isinstance(part, ModelPart) or part.outputs is None or args.get(2, "clone_function") not in (None, NONE):
        return m.new(Instance(api, {}, opaque("clone_model of a model that is not known", legacy=api.legacy)))
    if any(isinstance(tensor, Tensor) and tensor.renumbered for tensor in flat_tensors(m, part.structure) or ()):
        why = "clone_model numbers the operations that are its outputs anew"
        return m.new(Instance(api, {}, opaque(why, legacy=api.legacy)))
    return _copy_of(m, part)


def rebuilt(m: InterpreterCore, api: Api, args: Arguments) -> Value:
    """``Model.from_config(model.get_config())`` and ``model_from_json(model.to_json())``: the outputs as they were.

    Measured on 3.4.1, 3.5.0, 3.6.0, 3.7.0 and 3.15.1: layers and operations keep their names. Until 3.5.0 a
    tuple of outputs becomes a list, which is routed alike; a single output in a list differs by release, too.
    """
    may_make_layers(m)
    given = args.positional[0] if args.positional else None
    origin = given.origin if isinstance(given, Unknown) else None
    method = "to_json" if api.path == "keras.models.model_from_json" else "get_config"
    written = method == "to_json" or isinstance(args.nodes.get(0), ast.Call)  # a config in a variable may be changed
    source = origin.receiver if isinstance(origin, MethodCall) and origin.name == method else None
    part = m.part(source) if written and isinstance(source, Ref) else None
    outputs = part.outputs if isinstance(part, ModelPart) and part.kind == "functional" else None
    several = outputs is not None and len(outputs.names) > 1 and outputs.container in ("list", "tuple")
    if not isinstance(part, ModelPart) or not several:
        return loaded(m, api, args)
    return _copy_of(m, part)


def _copy_of(m: InterpreterCore, part: ModelPart) -> Value:
    made = ModelPart(part.kind, part.name, part.outputs, part.why, part.structure, part.inputs)
    return m.new(Instance(Api("keras.Model"), {}, replace(made, legacy=part.legacy, place=part.place)))
