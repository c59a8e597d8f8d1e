"""KER101: a loss of a dict trains another output than the one it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from keraslint.behaviour.structure import Named
from keraslint.diagnostic import Diagnostic, Fix
from keraslint.fixes.compile_fixes import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.misrouting import LOSSES_MOVED, Misrouting, find_misrouting, has_none
from keraslint.rules.shared.wording import advise, in_tuple_or_dict, sentence, severity, who_trains_what, without_none

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, activation="sigmoid", name="output_small")(inputs)
big = keras.layers.Dense(64, activation="softmax", name="output_big")(inputs)
model = keras.Model(inputs, [small, big])
"""


class MisroutedLoss(Rule):
    """**What it does.** Finds a `compile` call whose dict of losses reaches other outputs than the ones it names,
    on a Keras release that the project admits.

    **Why is this bad?** Keras 3.5.0 and 3.6.0 apply a dict of losses to the outputs of a list or tuple model in
    the alphabetical order of the keys, not by name. Keras itself does not notice: where each loss can be computed for
    the output that it reaches, the model trains on the wrong objective without an error, and the logs show each value
    under the other output's name. Where it can't, for want of fitting shapes, the error is about shapes and names no
    cause. Loss weights in a dict move with the losses.
    The cause is keras-team/keras pull request 20015, the reports are issues 20346 and 20596.

    It fires only where something really goes wrong: names that happen to be sorted, an `OrderedDict` in output
    order, models with dict outputs, or a swap of equal losses are right and not reported.

    **Use instead.** A tuple in output order is right on every Keras 3 release; so is keras>=3.7.

    **Fix safety.** The fix makes a tuple of the dict, and of a dict of loss weights, targets or sample weights
    with it. It is safe where the source shows every training call and what reaches it, and unsafe where a part
    of that could not be seen. There is none where the rewrite could break what is right on another release.
    """

    code = "KER101"
    name = "misrouted-loss"
    summary = "a loss trains another output than the one it names"
    measured = (
        "list loss=dict y=list",
        "list loss=dict y=dict",
        "list-sorted loss=odict-reversed y=list",
        "dict loss=odict y=dict",
    )
    examples = (
        Example(
            "A dict of losses on list outputs",
            _MODEL
            + """
model.compile(
    optimizer="adam",
    loss={
        "output_small": "binary_crossentropy",
        "output_big": "categorical_crossentropy",
    },
)
model.fit(x, [y_small, y_big])
""",
            keras="3.5.0",
            finds=True,
            fixed=_MODEL
            + """
model.compile(
    optimizer="adam",
    loss=(
        "binary_crossentropy",
        "categorical_crossentropy",
    ),
)
model.fit(x, [y_small, y_big])
""",
        ),
        Example(
            "Losses in a variable, weights beside them",
            _MODEL
            + """
losses = {"output_small": "binary_crossentropy"}
losses["output_big"] = "categorical_crossentropy"
model.compile(optimizer="adam", loss=losses, loss_weights={"output_small": 1, "output_big": 0.2})
model.fit(x, {"output_small": y_small, "output_big": y_big})
""",
            keras="3.6.0",
            finds=True,
            fixed=_MODEL
            + """
losses = {"output_small": "binary_crossentropy"}
losses["output_big"] = "categorical_crossentropy"
model.compile(optimizer="adam", loss=(losses["output_small"], losses["output_big"]), loss_weights=(1.0, 0.2))
model.fit(x, (y_small, y_big))
""",
        ),
        Example(
            "An OrderedDict in output order",
            "from collections import OrderedDict\n\n"
            + _MODEL
            + """
losses = OrderedDict([("output_small", "binary_crossentropy"), ("output_big", "categorical_crossentropy")])
model.compile(optimizer="adam", loss=losses)
model.fit(x, [y_small, y_big])
""",
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "Equal losses change places",
            _MODEL
            + """
model.compile(optimizer="adam", loss={"output_small": "mse", "output_big": "mse"})
model.fit(x, [y_small, y_big])
""",
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "The names of the outputs are sorted",
            _MODEL.replace("output_small", "a_small").replace("output_big", "b_big")
            + """
model.compile(optimizer="adam", loss={"a_small": "binary_crossentropy", "b_big": "categorical_crossentropy"})
model.fit(x, [y_small, y_big])
""",
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "The same losses on dict outputs",
            _MODEL.replace("[small, big]", '{"output_small": small, "output_big": big}')
            + """
model.compile(optimizer="adam", loss={"output_small": "binary_crossentropy", "output_big": "categorical_crossentropy"})
model.fit(x, {"output_small": y_small, "output_big": y_big})
""",
            keras="3.5.0",
            finds=False,
        ),
        Example(
            "A release that goes by the names",
            _MODEL
            + """
model.compile(optimizer="adam", loss={"output_small": "binary_crossentropy", "output_big": "categorical_crossentropy"})
model.fit(x, [y_small, y_big])
""",
            keras="3.7.0",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The compile calls whose dict losses a release that the project admits sends elsewhere."""
        for contexts in facts.sites():
            found = next((pair for pair in self._find(contexts, keras)), None)
            if found is not None:
                call, misrouting = found
                fixes = compile_fixes(document, facts, contexts)
                yield self._diagnostic(document, call, misrouting, keras, fixes)

    def _find(
        self, contexts: tuple[CompileCall, ...], keras: KerasReleases
    ) -> Iterator[tuple[CompileCall, Misrouting]]:
        for call in contexts:
            if isinstance(call.loss.structure, Named):
                misrouting = find_misrouting(call, keras, LOSSES_MOVED)
                if misrouting is not None:
                    yield call, misrouting

    def _diagnostic(
        self,
        document: Document,
        call: CompileCall,
        found: Misrouting,
        keras: KerasReleases,
        fixes: tuple[Fix, ...],
    ) -> Diagnostic:
        whole = len(found.mismatches) == len(found.outputs.names)
        what = "each loss to another output" if whole else "losses to other outputs"
        if all(mismatch.named.losses == mismatch.delivered.losses for mismatch in found.mismatches):
            what = "each loss weight to another output"
        advice = advise(_instead(call, found), found.cure, call)
        details = who_trains_what(found.mismatches)
        message = sentence(keras, found.releases, f"sends {what}", f"send {what}", details, advice)
        return self.diagnostic(document, call, call.loss, message, severity(keras, found.releases), keras, fixes)


def _instead(call: CompileCall, found: Misrouting) -> str:
    if has_none(call.loss.structure):
        return without_none(call)  # a tuple with a None in it is shifted or cut short by the same and older releases
    return in_tuple_or_dict(found.outputs, "a tuple")
