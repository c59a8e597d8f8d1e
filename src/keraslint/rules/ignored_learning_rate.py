"""KER305: a learning rate is set that no optimizer of Keras reads."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.document import Document
from keraslint.fixes.one_argument import is_in_parametrised_function
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse, one_edit, renamed_attribute
from keraslint.rules.templates import UseRule

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.001), "mse")
model.fit(x, y, epochs=5)
"""
_SET = "model.optimizer.lr = 0.0001\n"
_AGAIN = "model.fit(x, y, epochs=5)\n"


class IgnoredLearningRate(UseRule):
    """**What it does.** Finds `optimizer.lr = …` for an optimizer of Keras.

    **Why is this bad?** In Keras 2 `lr` was another name of `learning_rate`. No optimizer of Keras 3 has it: the
    assignment makes a new attribute that nothing reads, and training goes on with the old learning rate. Nothing says
    so.

    It fires only where the optimizer is seen to be one of Keras, and where the program sets no `learning_rate` itself.

    **Use instead.** `optimizer.learning_rate = …`, which Keras 2 has, too.

    **Fix safety.** The fix writes `learning_rate`. It is safe where the optimizer is seen to have a number for its
    learning rate, outside of functions that take arguments: a schedule can't be replaced.
    """

    code = "KER305"
    name = "ignored-learning-rate"
    summary = "`optimizer.lr` is set, which no optimizer reads"
    triggers = frozenset({Trigger.OLD_CALL})
    measured = ("known-bad: optimizer_lr",)
    examples = (
        Example(
            "A lower rate for the second training",
            _MODEL + _SET + _AGAIN,
            keras="3.15.1",
            finds=True,
            fixed=_MODEL + _SET.replace(".lr", ".learning_rate") + _AGAIN,
        ),
        Example("The whole name", _MODEL + _SET.replace(".lr", ".learning_rate") + _AGAIN, keras="3.15.1", finds=False),
        Example("Something else with this name", _MODEL + "model.lr = 0.0001\n" + _AGAIN, keras="3.15.1", finds=False),
    )

    def find_use(self, document: Document, facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """An assignment to ``lr`` in a program that does not read it."""
        if use.path != "keras.optimizers.Optimizer.lr" or use.how != "set" or not isinstance(use.node, ast.Attribute):
            return None
        if _sets_whole_name(document) or any(one.path == use.path and one.how == "read" for one in facts.uses):
            return None
        if is_in_parametrised_function(document, use.node):
            unsafe = "other code may pass another optimizer"
        else:
            unsafe = "its learning rate may be a schedule" * (use.owner[1] == "unseen")
        edit = renamed_attribute(document, use.node, "learning_rate")
        return WrongUse(
            "optimizer_lr",
            use.node,
            "ignore",
            "`lr` of an optimizer",
            "training goes on with the old learning rate",
            "set learning_rate",
            one_edit("Write learning_rate", edit, unsafe=unsafe),
        )


def _sets_whole_name(document: Document) -> bool:
    """Return True if a program also sets a ``learning_rate``, by an assignment or a call."""
    for node in ast.walk(document.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "learning_rate":
            return True
        if isinstance(node, ast.Call):
            parts = [node.func, *node.args]
            if any(isinstance(part, ast.Attribute) and part.attr == "learning_rate" for part in parts):
                return True
            owner = node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(owner, ast.Attribute) and owner.attr == "learning_rate":
                return True
    return False
