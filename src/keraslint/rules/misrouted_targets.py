"""KER103: a target of a dict reaches another output than the one it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.analysis.facts import Argument, CompileCall, TrainingCall
from keraslint.behaviour.structure import Leaf, Named, Outputs, Unseen
from keraslint.diagnostic import Diagnostic, Fix
from keraslint.fixes.compile_fixes import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.misrouting import Mismatch, Misrouting, Question, find_misrouting
from keraslint.rules.shared.wording import advise, in_tuple_or_dict, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="output_small")(inputs)
big = keras.layers.Dense(64, name="output_big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile("adam", loss="mse")
"""


class MisroutedTargets(Rule):
    """**What it does.** Finds a dict of targets, given to `fit`, `evaluate`, `train_on_batch` or `test_on_batch` or
    within `validation_data`, whose targets reach other outputs than the ones they name.

    **Why is this bad?** On Keras 3.5.0 and 3.6.0 a dict of targets is applied to the outputs of a list or tuple
    model in the alphabetical order of its keys, whatever the losses are: also beside a tuple of losses, and beside
    one loss for all outputs.

    **Use instead.** Targets as a tuple in output order, or keras>=3.7.

    **Fix safety.** The targets become a tuple, and with them a dict of sample weights, and the dict of losses and
    weights of the `compile` call where that is one; safe and unsafe as for KER101.
    """

    code = "KER103"
    name = "misrouted-targets"
    summary = "a target reaches another output than the one it names"
    measured = (
        "list loss=tuple y=dict",
        "list loss=one y=dict",
    )
    examples = (
        Example(
            "A dict of targets on list outputs",
            _MODEL
            + """
model.fit(x, {"output_small": y_small, "output_big": y_big})
""",
            keras="3.6.0",
            finds=True,
            fixed=_MODEL
            + """
model.fit(x, (y_small, y_big))
""",
        ),
        Example(
            "A list of targets",
            _MODEL
            + """
model.fit(x, [y_small, y_big])
""",
            keras="3.6.0",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The dicts of targets that a release that the project admits sends elsewhere."""
        seen: set[tuple[int, int]] = set()
        for contexts in facts.sites():
            fix: tuple[Fix, ...] | None = None
            for call in contexts:
                for training, data in _dicts(call, facts.path):
                    assert data.node is not None
                    place = (data.node.lineno, data.node.col_offset)
                    found = None if place in seen else _find(call, training, data, keras)
                    if found is None:
                        continue
                    seen.add(place)
                    if fix is None:
                        fix = compile_fixes(document, facts, contexts)
                    level, message = severity(keras, found.releases), _message(call, found, data, keras)
                    yield self.diagnostic(document, call, data, message, level, keras, fix, at=training.call)


def _dicts(call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, Argument]]:
    """The dict targets in this file that reach the losses of a compile call."""
    for training in call.trainings:
        if training.module == path:
            for data in (training.y, training.validation_y):
                if isinstance(data.structure, Named) and data.node is not None:
                    yield training, data


def _find(call: CompileCall, training: TrainingCall, data: Argument, keras: KerasReleases) -> Misrouting | None:
    return find_misrouting(replace(call, trainings=(training.only(data),)), keras, TARGETS_WRONG)


def _is_wrong(pair: Mismatch) -> bool:
    want, have = pair.named.target, pair.delivered.target
    trained = pair.named.losses and pair.delivered.losses  # else it is the loss that goes astray
    return bool(trained) and want != have and not isinstance(want, Unseen) and not isinstance(have, Unseen)


TARGETS_WRONG = Question(lambda mismatches, _: any(map(_is_wrong, mismatches)), targets=True)
"""Does a target reach another output than the one it is named for?"""


def _message(call: CompileCall, found: Misrouting, data: Argument, keras: KerasReleases) -> str:
    wrong = [pair for pair in found.mismatches if _is_wrong(pair)]
    details = ", ".join(f"'{pair.output}' is trained on {_target(pair, data)}" for pair in wrong)
    whole = len(wrong) == len(found.outputs.names)
    what = "each target to another output" if whole else "targets to other outputs"
    advice = advise(_instead(found.outputs, data), found.cure, call)
    return sentence(keras, found.releases, f"sends {what}", f"send {what}", details, advice)


def _instead(outputs: Outputs, data: Argument) -> str:
    whole = isinstance(data.structure, Named) and set(outputs.labels) <= set(data.structure.keys)
    return in_tuple_or_dict(outputs, "a tuple") + ("" if whole else " with a target for each output")


def _target(pair: Mismatch, data: Argument) -> str:
    """A target in words: by the key that it stands under."""
    entries = data.structure.entries if isinstance(data.structure, Named) else ()
    key = next((key for key, value in entries if value == Leaf(pair.delivered.target)), None)
    return f"the target of '{key}'" if key is not None else "no target"
