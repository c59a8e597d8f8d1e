"""KER305: a learning rate is set that no optimizer of Keras reads."""

from __future__ import annotations

import ast
import re

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.document import Document
from keraslint.fixes.one_argument import is_in_parametrised_function
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse, one_edit, renamed_attribute
from keraslint.rules.templates import UseRule
from keraslint.syntax import called_name

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam(0.001), "mse")
model.fit(x, y, epochs=5)
"""
_SET = "model.optimizer.lr = 0.0001\n"
_AGAIN = "model.fit(x, y, epochs=5)\n"
_READERS = frozenset({"getattr", "hasattr", "attrgetter", "getattr_static"})
_LISTERS = frozenset({"vars", "dir", "getmembers", "dump", "dumps"})
_REPEATED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.For, ast.While)
_TRAINING = re.compile("fit|train|search|run|main|step|epoch|learn|^$")


class IgnoredLearningRate(UseRule):
    """**What it does.** Finds `optimizer.lr = …` for an optimizer of Keras.

    **Why is this bad?** In Keras 2 `lr` was another name of `learning_rate`. No optimizer of Keras 3 has it: the
    assignment makes a new attribute that nothing reads, and training goes on with the old learning rate. Nothing says
    so.

    It fires only where the optimizer is seen to be one of Keras, where training may follow, and where the program
    neither reads `lr` nor sets a `learning_rate` itself.

    **Use instead.** `optimizer.learning_rate = …`, which Keras 2 has, too.

    **Fix safety.** The fix writes `learning_rate`. It is safe where the optimizer is seen to have a number for its
    learning rate, outside of functions that take arguments: a schedule can't be replaced. It is unsafe in a program
    that reads attributes by names that are not seen, as by `vars`.
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
        if _is_read_by_name(document) or not _may_train_after(document, use.node):
            return None
        if is_in_parametrised_function(document, use.node):
            unsafe = "other code may pass another optimizer"
        elif _reads_attributes(document):
            unsafe = "the program may read `lr` by its name"
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


def _is_read_by_name(document: Document) -> bool:
    """Return True if a program reads ``lr`` by a text: the attribute is a note of its own."""
    return any(
        isinstance(node, ast.Call) and called_name(node) in _READERS and any(_is_text(one, "lr") for one in node.args)
        for node in ast.walk(document.tree)
    )


def _reads_attributes(document: Document) -> bool:
    """Return True if a program may read any attribute of an object."""
    for node in ast.walk(document.tree):
        if isinstance(node, ast.Attribute) and node.attr == "__dict__":
            return True
        if not isinstance(node, ast.Call):
            continue
        if called_name(node) in _LISTERS:
            return True
        named = node.args[1:2] if called_name(node) in _READERS else []
        if any(not isinstance(one, ast.Constant) for one in named):
            return True
    return False


def _is_text(node: ast.expr, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _may_train_after(document: Document, node: ast.Attribute) -> bool:
    """Return False if a statement runs once, and nothing that follows it in the file trains a model."""
    for around in ast.walk(document.tree):
        if isinstance(around, _REPEATED) and any(child is node for child in ast.walk(around)):
            return True
    own = {one.name for one in ast.walk(document.tree) if isinstance(one, (ast.FunctionDef, ast.ClassDef))}
    later = (one for one in ast.walk(document.tree) if isinstance(one, ast.Call) and one.lineno >= node.lineno)
    return any(called_name(one) in own or _TRAINING.search(called_name(one)) for one in later)


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
