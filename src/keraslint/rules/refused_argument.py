"""KER401: an argument that Keras 3 refuses, or does not use any more."""

from __future__ import annotations

import ast

from keraslint.analysis.facts import KerasUse, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.diagnostic import Edit, Span
from keraslint.document import Document
from keraslint.fixes.one_argument import is_in_parametrised_function, without_keyword
from keraslint.rules.base import Example
from keraslint.rules.shared.wrong_uses import WrongUse, one_edit
from keraslint.rules.templates import UseRule

_OF_TRAINING = frozenset({"workers", "use_multiprocessing", "max_queue_size"})
_TRAINING = frozenset({"keras.Model.fit", "keras.Model.evaluate", "keras.Model.predict"})

_MODEL = """\
import keras

model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(keras.optimizers.Adam({rate}), "mse")
model.fit(x, y, epochs=5)
"""
_WORKERS = _MODEL.format(rate="0.001").replace("epochs=5", "epochs=5, workers=4")


class RefusedArgument(UseRule):
    """**What it does.** Finds `lr=` and `decay=` of an optimizer, and `workers=`, `use_multiprocessing=` and
    `max_queue_size=` of `fit`, `evaluate` and `predict`.

    **Why is this bad?** Keras 3 raises an error for all of them but `decay`: that one it ignores with a warning, and
    trains with a learning rate that never falls.

    It fires only where the optimizer or model is seen to be one of Keras. It is silent in a block whose exceptions are
    handled, and in a program that asks for the version.

    **Use instead.** `learning_rate=`, and `learning_rate=keras.optimizers.schedules.InverseTimeDecay(…)` for `decay`.
    A `PyDataset` takes `workers` and the others itself.

    **Fix safety.** The fix writes `learning_rate`, or takes the argument of `fit` out. It is safe outside of functions
    that take arguments. There is no fix for `decay`.
    """

    code = "KER401"
    name = "refused-argument"
    summary = "an argument that Keras 3 refuses, or ignores"
    triggers = frozenset({Trigger.OLD_CALL})
    measured = (
        "known-bad: optimizer_lr_argument",
        "known-bad: optimizer_decay_argument",
        "known-bad: workers_of_fit",
    )
    examples = (
        Example(
            "The old name of the learning rate",
            _MODEL.format(rate="lr=0.001"),
            keras="3.15.1",
            finds=True,
            fixed=_MODEL.format(rate="learning_rate=0.001"),
        ),
        Example("Workers of fit", _WORKERS, keras="3.15.1", finds=True, fixed=_WORKERS.replace(", workers=4", "")),
        Example("A decay that is ignored", _MODEL.format(rate="0.001, decay=1e-6"), keras="3.15.1", finds=True),
        Example("The new name", _MODEL.format(rate="learning_rate=0.001"), keras="3.15.1", finds=False),
    )

    def find_use(self, document: Document, _facts: ModuleFacts, use: KerasUse) -> WrongUse | None:
        """The first such argument of a call."""
        call, known = use.node, dict(use.known)
        if use.how != "call" or not isinstance(call, ast.Call):
            return None
        unsafe = "other code may pass another object" * is_in_parametrised_function(document, call)
        for keyword in call.keywords:
            name = keyword.arg or ""
            if use.path.startswith("keras.optimizers.") and name == "lr":
                start = document.span(keyword).start
                renamed = Edit(
                    Span(start, document.position(keyword.lineno, keyword.col_offset + len(name))), "learning_rate"
                )
                return _wrong("optimizer_lr_argument", keyword, use, "write learning_rate=", renamed, unsafe)
            if use.path.startswith("keras.optimizers.") and name == "decay" and known.get(name, True):
                why = "the learning rate never falls"
                instead = "pass a schedule as learning_rate"
                return WrongUse(
                    "optimizer_decay_argument", keyword.value, "ignore", "`decay` with a warning", why, instead
                )
            if use.path in _TRAINING and name in _OF_TRAINING:
                edit = without_keyword(document, call, keyword)
                return _wrong("workers_of_fit", keyword, use, f"leave {name} out", edit, unsafe)
        return None


def _wrong(entry: str, keyword: ast.keyword, use: KerasUse, instead: str, edit: Edit | None, unsafe: str) -> WrongUse:
    taker = use.path.removeprefix("keras.").removeprefix("optimizers.")
    why = f"{taker} of Keras 3 does not have it"
    fixes = one_edit(instead[:1].upper() + instead[1:], edit, unsafe=unsafe)
    return WrongUse(entry, keyword.value, "raise", f"for the argument {keyword.arg}", why, instead, fixes)
