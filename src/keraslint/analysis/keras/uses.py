"""The uses of Keras: calls of its classes and of methods of its models, attributes of optimizers."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from typing import Literal

from keraslint.analysis.core.arguments import Arguments
from keraslint.analysis.core.interpreter_core import InterpreterCore
from keraslint.analysis.core.origins import Derived
from keraslint.analysis.core.parts import ModelPart
from keraslint.analysis.core.values import NONE, ApiResult, Const, Unknown, Value
from keraslint.analysis.facts import KerasUse

OPTIMIZER = "keras.optimizers.Optimizer"
"""The class under which the attributes of every optimizer of Keras are recorded."""

MODEL = "keras.Model"
"""The class under which the methods of every model of Keras are recorded."""

_OPTIMIZERS = "keras.optimizers"
_RECORDED = frozenset({_OPTIMIZERS, "keras.callbacks"})
_OF_MODEL = "the optimizer of a model"


def note_call(m: InterpreterCore, path: str, args: Arguments, *, legacy: bool = False) -> None:
    """Record a call of a class of Keras, or of a method of a model, if it is one that is recorded."""
    package, _, name = path.rpartition(".")
    if args.node is None or legacy or not (package == MODEL or (package in _RECORDED and name[:1].isupper())):
        return
    known = {place: value.value for place, value in enumerate(args.positional) if isinstance(value, Const)}
    by_name = {name: value.value for name, value in args.keywords.items() if isinstance(value, Const)}
    _note(m, KerasUse(path, "call", args.node, m.module, known=(*known.items(), *by_name.items())))


def note_use(
    m: InterpreterCore,
    path: str,
    how: Literal["applied", "split", "predicted"],
    node: ast.Call | None,
    value: Hashable = None,
) -> None:
    """Record another use, with one value."""
    if node is not None:
        _note(m, KerasUse(path, how, node, m.module, known=((0, value),)))


def note_attribute(
    m: InterpreterCore, owner: Value, node: ast.Attribute, how: Literal["read", "set"], new: Value = NONE
) -> None:
    """Record that an attribute is read or set, if it is one of an optimizer of Keras."""
    if is_optimizer(owner):
        known = ((0, new.value),) if isinstance(new, Const) and how == "set" else ()
        _note(m, KerasUse(f"{OPTIMIZER}.{node.attr}", how, node, m.module, known=known, owner=_made_with(owner)))


def _note(m: InterpreterCore, use: KerasUse) -> None:
    if not m.control.recording_suspended and not m.state.dead:
        tried = bool(m.control.guards)
        m.seen.uses[KerasUse(use.path, use.how, use.node, use.module, use.known, use.owner, tried=tried)] = None


def makes_optimizer(path: str) -> bool:
    """True for a class of Keras that is an optimizer."""
    package, _, name = path.rpartition(".")
    return package == _OPTIMIZERS and name[:1].isupper()


def is_optimizer(value: Value) -> bool:
    """True for an optimizer of Keras 3: one that the program makes, or that of a model."""
    if isinstance(value, ApiResult):
        return makes_optimizer(value.path) and value.state is not None
    origin = value.origin if isinstance(value, Unknown) else None
    return isinstance(origin, Derived) and origin.how == _OF_MODEL


def _made_with(owner: Value) -> tuple[str, str]:
    """How an optimizer was made: its class, and how its learning rate was given: "number", "text", "" or "unseen"."""
    if not isinstance(owner, ApiResult):
        return "", "text"
    rate = dict(owner.keywords).get("learning_rate", owner.args[0] if owner.args else None)
    if rate is None:
        return owner.path, ""
    number = isinstance(rate, Const) and isinstance(rate.value, (int, float))
    return owner.path, "number" if number else "unseen"


def optimizer_of(m: InterpreterCore, model: Value, part: ModelPart) -> Value:
    """``model.optimizer``: the one that the model was compiled with, where that is known."""
    if len(part.compiles) != 1 or part.legacy:
        return m.unknown("model.optimizer")
    given = m.seen.compiles[part.compiles[0]].values.get("optimizer", Const("rmsprop"))
    if is_optimizer(given):
        return given
    if m.text(given) is None:
        return m.unknown("model.optimizer")
    return Unknown("model.optimizer", Derived(_OF_MODEL, (model, part.compiles)))
