"""KER106: a dict of losses leaves out an output, which newer releases refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from keraslint.behaviour.structure import Named
from keraslint.diagnostic import Diagnostic
from keraslint.fixes.compile_fixes import fixes_by_name
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.refusal import quoted, refusing, surveyed
from keraslint.rules.shared.wording import sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
main = keras.layers.Dense(1, name="main")(inputs)
aux = keras.layers.Dense(2, name="aux")(inputs)
model = keras.Model(inputs, [main, aux])
"""


class IncompleteLoss(Rule):
    """**What it does.** Finds a dict of losses that leaves out an output of a model with list or tuple outputs.

    **Why is this bad?** Until Keras 3.4.1 an output without a loss was simply not trained. Keras 3.5.0 and every
    later release up to 3.15.1 raises, and only when training starts.

    **Use instead.** A second model without that output for training, or a loss for it with a weight of `0.0`.

    **Fix safety.** No fix by default: a tuple with `None` for the output is misrouted or refused by several releases.
    The style `safe-compile` has one, which trains the named outputs alone.
    """

    code = "KER106"
    name = "incomplete-loss"
    summary = "a dict of losses leaves out an output"
    measured = ("list loss=first y=list",)
    examples = (
        Example(
            "No loss for one of two outputs",
            _MODEL
            + """
model.compile("adam", loss={"main": "mse"})
""",
            keras="3.7.0",
            finds=True,
        ),
        Example(
            "The same on an older release",
            _MODEL
            + """
model.compile("adam", loss={"main": "mse"})
""",
            keras="3.4.1",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The dicts of losses that a release that the project admits refuses for want of a loss."""
        for contexts in facts.sites():
            for call in contexts:
                found = _find(call, keras)
                if found is not None:
                    missing, releases = found
                    what = f"a dict of losses without {quoted(missing)}"
                    names = quoted(list(call.model.outputs.labels)) if call.model.outputs else ""
                    advice = "give every output a loss"
                    message = sentence(
                        keras, releases, f"raises for {what}", f"raise for {what}", f"the outputs are {names}", advice
                    )
                    level = severity(keras, releases)
                    fixes = fixes_by_name(document, facts, contexts)
                    yield self.diagnostic(document, call, call.loss, message, level, keras, fixes)
                    break


def _find(call: CompileCall, keras: KerasReleases) -> tuple[list[str], tuple[Version, ...]] | None:
    outputs, loss = surveyed(call), call.loss.structure
    if outputs is None or outputs.container not in ("list", "tuple") or not isinstance(loss, Named):
        return None
    missing = [name for name in outputs.labels if name not in loss.keys]
    if not missing or not loss.keys or not set(loss.keys) < set(outputs.labels):
        return None
    releases = refusing(outputs, loss, keras)
    return (missing, releases) if releases else None
