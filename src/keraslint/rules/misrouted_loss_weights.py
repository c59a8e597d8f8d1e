"""KER104: a loss weight of a dict reaches another output than the one it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keraslint.behaviour.structure import Named, Positional
from keraslint.diagnostic import Diagnostic
from keraslint.fixes.compile_fixes import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.misrouting import Mismatch, Misrouting, Question, find_misrouting
from keraslint.rules.shared.refusal import known_names
from keraslint.rules.shared.wording import advise, in_tuple_or_dict, number, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="output_small")(inputs)
big = keras.layers.Dense(64, name="output_big")(inputs)
model = keras.Model(inputs, [small, big])
"""


class MisroutedLossWeights(Rule):
    """**What it does.** Finds a dict of `loss_weights` whose weights reach other outputs than the ones they name:
    beside a list or tuple of losses, or beside one loss for all outputs.

    **Why is this bad?** From Keras 3.5.0 on, up to and including 3.15.1, a dict of weights beside a list or tuple
    of losses is applied in the alphabetical order of its keys. Beside one loss for all outputs it is so on
    3.5.0 and 3.6.0; from 3.7.0 on such a call raises, but a dict with one key multiplies every output by that
    weight. Until 3.4.1 all of these raise.

    **Use instead.** Weights as a tuple in output order, beside a tuple of losses.

    **Fix safety.** As for KER101: the weights, and dict targets with them, become tuples. A missing weight becomes
    `1.0`, and integers become floats, which Keras before 3.5.0 insists on.
    """

    code = "KER104"
    name = "misrouted-loss-weights"
    summary = "a loss weight reaches another output than the one it names"
    measured = (
        "list loss=tuple y=list loss_weights=dict",
        "list loss=one y=list loss_weights=dict",
        "list loss=one y=list loss_weights=last",
    )
    examples = (
        Example(
            "A dict of weights beside a tuple of losses",
            _MODEL
            + """
model.compile("adam", loss=("mse", "mae"), loss_weights={"output_small": 1.0, "output_big": 0.2})
model.fit(x, [y_small, y_big])
""",
            keras="3.15.1",
            finds=True,
            fixed=_MODEL
            + """
model.compile("adam", loss=("mse", "mae"), loss_weights=(1.0, 0.2))
model.fit(x, [y_small, y_big])
""",
        ),
        Example(
            "A dict of weights beside one loss for all outputs",
            _MODEL
            + """
model.compile("adam", loss="mse", loss_weights={"output_small": 1.0, "output_big": 0.2})
model.fit(x, [y_small, y_big])
""",
            keras="3.6.0",
            finds=True,
            fixed=_MODEL
            + """
model.compile("adam", loss=("mse", "mse"), loss_weights=(1.0, 0.2))
model.fit(x, [y_small, y_big])
""",
        ),
        Example(
            "A dict of weights beside a dict of losses",
            _MODEL
            + """
losses = {"output_small": "mse", "output_big": "mae"}
model.compile("adam", loss=losses, loss_weights={"output_small": 1.0, "output_big": 0.2})
""",
            keras="3.15.1",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The compile calls whose weights a release that the project admits sends elsewhere."""
        for contexts in facts.sites():
            for call in contexts:
                if not isinstance(call.loss_weights.structure, Named) or _has_unknown_name(call):
                    continue
                found = find_misrouting(call, keras, Question(_only_weights))
                if found is not None:
                    fixes = compile_fixes(document, facts, contexts)
                    message = _message(call, found, keras)
                    level = severity(keras, found.releases)
                    yield self.diagnostic(document, call, call.loss_weights, message, level, keras, fixes)
                    break


def _message(call: CompileCall, found: Misrouting, keras: KerasReleases) -> str:
    wrong = [pair for pair in found.mismatches if pair.named.weight != pair.delivered.weight]
    details = ", ".join(
        f"'{pair.output}' gets {number(pair.delivered.weight)} instead of {number(pair.named.weight)}" for pair in wrong
    )
    what = "loss weights to other outputs"
    advice = advise(_instead(call, found), found.cure, call)
    return sentence(keras, found.releases, f"sends {what}", f"send {what}", details, advice)


def _instead(call: CompileCall, found: Misrouting) -> str:
    if found.outputs.container in ("list", "tuple"):
        alone = isinstance(call.loss.structure, Positional)
    else:
        alone = isinstance(call.loss.structure, Named)
    return in_tuple_or_dict(found.outputs, "loss_weights as a tuple" if alone else "losses and loss_weights as tuples")


def _has_unknown_name(call: CompileCall) -> bool:
    """Whether a weight beside a dict of losses names no output: that is KER105's finding."""
    outputs, weights = call.model.outputs, call.loss_weights.structure
    if outputs is None or not isinstance(weights, Named) or not isinstance(call.loss.structure, Named):
        return False
    return not set(weights.keys) <= known_names(outputs)


def _only_weights(mismatches: tuple[Mismatch, ...], moved: bool) -> bool:
    """Weights go astray while every loss stays where it belongs; moved losses are KER101's."""
    return not moved and all(pair.named.losses == pair.delivered.losses for pair in mismatches)
