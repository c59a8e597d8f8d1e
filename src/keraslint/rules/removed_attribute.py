"""KER402: a method of models, or an attribute of optimizers, that Keras 3 does not have."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.diagnostic import Edit
from keraslint.document import Document
from keraslint.fixes.one_argument import is_in_parametrised_function
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse, one_edit, renamed_attribute
from keraslint.rules.templates import UseRule

_GENERATORS = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
_CLASSES = {
    "predict_classes": "call predict, and argmax of its result",
    "predict_proba": "call predict",
}
_SHARED = frozenset({"steps", "verbose", "callbacks"})
# The arguments that both methods have, by the new one.
_KEPT = {
    "fit": frozenset(
        "steps_per_epoch epochs verbose callbacks validation_data validation_steps validation_freq class_weight"
        " shuffle initial_epoch".split()
    ),
    "evaluate": _SHARED,
    "predict": _SHARED,
}

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.001), "mse")
"""
_FIT = "model.fit_generator(batches, steps_per_epoch=10, epochs=5)\n"
_RATE = "model.fit(x, y)\nprint(float(model.optimizer.lr))\n"


class RemovedAttribute(UseRule):
    """**What it does.** Finds `fit_generator`, `evaluate_generator`, `predict_generator`, `predict_classes` and
    `predict_proba` of a model, and an optimizer's `lr` that is read.

    **Why is this bad?** Keras 3 has none of them, and raises an AttributeError there, which may be late: after a
    training, or in a callback at the end of an epoch.

    It fires only where the model or optimizer is seen to be one of Keras. It is silent in a block whose exceptions are
    handled, in a program that asks for the version or for attributes, and about a `lr` that the program sets itself.

    **Use instead.** `fit`, `evaluate` and `predict`, which take generators, too; `optimizer.learning_rate`.

    **Fix safety.** The fix writes the new name, where all arguments are those of the new method. It is safe outside of
    functions that take arguments. There is no fix for `predict_classes` and `predict_proba`.
    """

    code = "KER402"
    name = "removed-attribute"
    summary = "a method of models or an attribute of optimizers that Keras 3 does not have"
    triggers = frozenset({Trigger.OLD_CALL})
    measured = ("known-bad: fit_generator", "known-bad: predict_classes", "known-bad: optimizer_lr_read")
    examples = (
        Example(
            "Training by a generator",
            _MODEL + _FIT,
            keras="3.15.1",
            finds=True,
            fixed=_MODEL + _FIT.replace("fit_generator", "fit"),
        ),
        Example(
            "The learning rate after training",
            _MODEL + _RATE,
            keras="3.15.1",
            finds=True,
            fixed=_MODEL + _RATE.replace(".lr", ".learning_rate"),
        ),
        Example("A generator for fit", _MODEL + _FIT.replace("fit_generator", "fit"), keras="3.15.1", finds=False),
    )

    def find_use(self, document: Document, facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """A method or attribute that is not there."""
        unsafe = is_in_parametrised_function(document, use.node)
        reason = "other code may pass another object" * unsafe
        name = use.path.rpartition(".")[2]
        if isinstance(use.node, ast.Attribute):
            if use.how != "read" or use.path != "keras.optimizers.Optimizer.lr" or _is_set(facts, use.path):
                return None
            whole = renamed_attribute(document, use.node, "learning_rate")
            return _wrong("optimizer_lr_read", use.node, "`lr` of an optimizer", "read learning_rate", whole, reason)
        if not use.path.startswith("keras.Model.") or not isinstance(use.node.func, ast.Attribute):
            return None
        if use.node.func.attr != name:
            return None
        if name in _CLASSES:
            return _wrong("predict_classes", use.node.func, f"model.{name}", _CLASSES[name], None, reason)
        if name not in _GENERATORS:
            return None
        new = _GENERATORS[name]
        edit = renamed_attribute(document, use.node.func, new) if _fits(use.node, new) else None
        return _wrong("fit_generator", use.node.func, f"model.{name}", f"call {new}", edit, reason)


def _wrong(entry: str, at: ast.expr, what: str, instead: str, edit: Edit | None, unsafe: str) -> WrongUse:
    fixes = one_edit(instead[:1].upper() + instead[1:], edit, unsafe=unsafe)
    return WrongUse(entry, at, "raise", f"an AttributeError for {what}", "Keras 3 does not have it", instead, fixes)


def _is_set(facts: ModuleFacts, path: str) -> bool:
    """True if a program sets an attribute somewhere otherwise than by a change of what it reads."""
    reads = {(use.node.lineno, use.node.col_offset) for use in facts.uses if use.path == path and use.how == "read"}
    places = ((use.node.lineno, use.node.col_offset) for use in facts.uses if use.path == path and use.how == "set")
    return any(place not in reads for place in places)


def _fits(call: ast.Call, new: str) -> bool:
    """True if the new method takes the arguments of a call as they are meant."""
    if len(call.args) != 1 or isinstance(call.args[0], ast.Starred):
        return False
    return all(keyword.arg in _KEPT[new] for keyword in call.keywords)
