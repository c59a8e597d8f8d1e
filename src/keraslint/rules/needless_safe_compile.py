"""KER190: a safe_compile that every allowed release could do without."""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.analysis.facts import Argument, ModuleFacts
from keraslint.analysis.prefilter import Trigger
from keraslint.diagnostic import Applicability, Diagnostic, Severity
from keraslint.document import Document
from keraslint.fixes.safe_compile_style import plain_compile_fix
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.surely_right import is_surely_right
from keraslint.rules.shared.wording import evidence
from keraslint.rules.templates import CallRule

_MODEL = """\
import keras
from keraslint.runtime import safe_compile

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
"""
_LISTED = _MODEL + "model = keras.Model(inputs, [small, big])\n"
_KEYED = _MODEL + 'model = keras.Model(inputs, {"small": small, "big": big})\n'
_COMPILED = """\
safe_compile(model, "adam", loss={"small": "mse", "big": "mae"})
model.fit(x, {"small": y_small, "big": y_big})
"""


class NeedlessSafeCompile(CallRule):
    """**What it does.** Finds a `safe_compile` of `keraslint.runtime` (or of a copy of it) in a project that allows
    only Keras releases on which `model.compile` does the same.

    **Why is this bad?** It is not wrong: `safe_compile` is a plain `compile` there. But once the releases that need it
    are left behind, the program can do without the dependency.

    It fires only where the outputs are known, and all that the source shows is routed right on each allowed release;
    where it does not show the targets, with targets in a dict, too. A dict of sample weights for list outputs is
    refused by Keras from 3.7.0 on: `safe_compile` stays useful there.

    **Use instead.** `model.compile(...)`.

    **Fix safety.** The fix is safe where the source shows a call that trains the model, and no other code can train it:
    sample weights that are given elsewhere may need `safe_compile`. It takes out the import, too, where nothing
    else uses it.
    """

    code = "KER190"
    name = "needless-safe-compile"
    summary = "a safe_compile where every allowed release is right by itself"
    triggers = frozenset({Trigger.SAFE_COMPILE})
    opt_in = True
    examples = (
        Example(
            "A dict of losses on a dict of outputs",
            _KEYED + _COMPILED,
            keras="3.15.1",
            finds=True,
            fixed=_KEYED.replace("from keraslint.runtime import safe_compile\n", "")
            + _COMPILED.replace('safe_compile(model, "adam"', 'model.compile("adam"'),
        ),
        Example(
            "List outputs, on a release that sends the losses elsewhere", _LISTED + _COMPILED, "3.6.0", finds=False
        ),
        Example(
            "A loss for one output only, which Keras refuses",
            _LISTED + 'safe_compile(model, "adam", loss={"big": "mae"})\n',
            "3.15.1",
            finds=False,
        ),
        Example(
            "Metrics by name, on a release that gives them other targets",
            _LISTED + _COMPILED.replace('"mae"}', '"mae"}, metrics={"big": "mse"}'),
            "3.14.0",
            finds=False,
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The calls of safe_compile that no allowed release needs."""
        for contexts in facts.safe_sites() if keras.versioned else ():
            if all(is_surely_right(call, keras) for call in contexts):
                seen = all(call.trainings and not call.escapes for call in contexts)
                applicability = Applicability.SAFE if seen else Applicability.UNSAFE
                fix = plain_compile_fix(document, contexts[0].call, applicability)
                where = f" ({evidence(keras.evidence)})" if keras.evidence else ""
                message = f"model.compile does the same on each Keras that the project allows{where}; use model.compile"
                fixes = (fix,) if fix is not None else ()
                yield self.diagnostic(document, contexts[0], Argument(), message, Severity.WARNING, keras, fixes)
