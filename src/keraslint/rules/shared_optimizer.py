"""KER306: one optimizer object for the training of several models."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.templates import CallRule, Finding
from keraslint.syntax import called_name

# Methods of an optimizer by which the program itself makes it ready for other weights.
_RESETS = frozenset({"build", "set_weights", "load_own_variables", "apply_gradients", "apply"})

_CLASSES = frozenset("Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lion Muon Nadam RMSprop SGD".split())
_JAX = re.compile(r"""KERAS_BACKEND["'\])]*\s*[,=]\s*["']jax["']""")

_MAKE = """\
import keras


def make_model(optimizer):
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    return model


"""
_ONE = "adam = keras.optimizers.Adam(0.001)\n"
_LOOP = "for fold in range(5):\n"
_FIT = "    make_model(adam).fit(x, y)\n"


class SharedOptimizer(CallRule):
    """**What it does.** Finds an optimizer object that trains one model and then another one with other weights, such
    as the one that is made before the loop over the folds of a cross-validation, or that of both models of a GAN.

    **Why is this bad?** An optimizer of Keras 3 makes its variables for the first model that it trains. With TensorFlow
    and PyTorch the training of the second model raises an error, after that of the first. With JAX it goes on with
    the momenta and the number of steps of the first model, and nothing says so.

    It fires only where both trainings are seen, and a layer of the second model that the first does not have. On JAX
    an `SGD` at a fixed rate without momentum has no state to go on with.

    **Use instead.** An optimizer of its own for each model.

    **Fix safety.** There is no fix.
    """

    code = "KER306"
    name = "shared-optimizer"
    summary = "one optimizer trains two models, which raises an error or goes on with the state of the first"
    of_all_callers = True
    triggers = frozenset({Trigger.KEPT_OPTIMIZER})
    measured = ("known-bad: optimizer_of_two_models",)
    examples = (
        Example("One for all folds", _MAKE + _ONE + _LOOP + _FIT, keras="3.15.1", finds=True),
        Example("One for each fold", f"{_MAKE}{_LOOP}    {_ONE}{_FIT}", keras="3.15.1", finds=False),
        Example(
            "The same model again",
            f"{_MAKE}{_ONE}model = make_model(adam)\n{_LOOP}{_FIT.replace('make_model(adam)', 'model')}",
            keras="3.15.1",
            finds=False,
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The compile calls with an optimizer that trained another model before this one is trained."""
        bad = {*known_bad_call("optimizer_of_two_models").releases()}
        for contexts in facts.sites():
            wrong = [call for call in contexts if _is_wrong(call)]
            found = ((call.run, bad & {*within(keras, call.run).versions}) for call in wrong)
            releases = tuple(sorted(surely_wrong(facts.runs, found)))
            if releases and not _resets(document) and not _has_no_state(document):
                call = wrong[0]
                what = "this model with the state of another one, or raise an error"
                what = what if len(releases) > 1 else what.replace("raise", "raises")
                why = "the optimizer has already trained another model"
                at = Argument(node=_optimizer_at(call.call))
                finding = Finding(at, releases, "train", what, why, "make an optimizer for each model")
                yield self.report(document, call, finding, keras)


def _is_wrong(call: CompileCall) -> bool:
    if not call.model.keras or call.model.legacy or call.model.overrides or call.otherwise:
        return False
    return any(training.built_for_another and not training.expects for training in call.trainings)


def _optimizer_at(call: ast.Call) -> ast.expr | None:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "optimizer"]
    return next(iter(given or call.args), None)


def _has_no_state(document: Document) -> bool:
    """Return True if a program chooses JAX, and each of its optimizers is SGD at a fixed rate, without state."""
    if not _JAX.search(document.text):
        return False
    made = [node for node in ast.walk(document.tree) if isinstance(node, ast.Call) and called_name(node) in _CLASSES]
    return bool(made) and all(called_name(call) == "SGD" and _is_plain(call) for call in made)


def _is_plain(call: ast.Call) -> bool:
    """Return True for ``SGD(0.1)``, ``SGD(learning_rate=rate)``: neither a momentum nor a schedule is seen."""
    rate = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "learning_rate")]
    named = {keyword.arg for keyword in call.keywords} <= {"learning_rate", "name"}
    return named and len(rate) <= 1 and not any(isinstance(one, ast.Call) for one in rate)


def _resets(document: Document) -> bool:
    """Return True if a program may make an optimizer ready for other weights by itself."""
    for node in ast.walk(document.tree):
        if not isinstance(node, ast.Call):
            continue
        name = called_name(node)
        if name in ("copy", "deepcopy") and node.args:
            return True
        if name in _RESETS and "opt" in ast.unparse(node).lower():
            return True
    return False
