"""KER114: a sample weight of a dict reaches another output than the one it names, although the targets look right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.analysis.facts import Argument, CompileCall, TrainingCall
from keraslint.behaviour.structure import Leaf, Named, Unseen
from keraslint.diagnostic import Diagnostic, Fix
from keraslint.fixes.compile_fixes import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.misrouted_targets import TARGETS_WRONG
from keraslint.rules.shared.misrouting import Mismatch, Misrouting, Question, find_misrouting
from keraslint.rules.shared.wording import advise, in_tuple_or_dict, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
mean = keras.layers.Dense(1, name="mean")(inputs)
bound = keras.layers.Dense(1, name="bound")(inputs)
model = keras.Model(inputs, [mean, bound])
model.compile("adam", loss="mse")
"""


class MisroutedSampleWeights(Rule):
    """**What it does.** Finds a dict of sample weights whose weights reach other outputs than the ones they name, where
    that is not plain from the targets: these are the same for the outputs, or not seen.

    **Why is this bad?** On Keras 3.5.0 and 3.6.0 the sample weights of a list or tuple model are applied in the
    alphabetical order of their keys, together with a dict of targets. Where targets go astray, too, it is KER103 that
    fires, and its fix mends both. From 3.7.0 on Keras refuses sample weights beside a dict of targets for such a model.

    **Use instead.** Targets and sample weights as tuples in output order.

    **Fix safety.** As for KER103.
    """

    code = "KER114"
    name = "misrouted-sample-weights"
    summary = "a sample weight reaches another output than the one it names"
    measured = (
        "list loss=tuple y=dict sample_weight=dict",
        "list loss=dict y=dict sample_weight=dict",
    )
    examples = (
        Example(
            "One target for both outputs, with two weights",
            _MODEL + 'model.fit(x, {"mean": y, "bound": y}, sample_weight={"mean": w, "bound": v})\n',
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + "model.fit(x, (y, y), sample_weight=(w, v))\n",
        ),
        Example(
            "The same weight for both outputs",
            _MODEL + 'model.fit(x, {"mean": y, "bound": y}, sample_weight={"mean": w, "bound": w})\n',
            keras="3.6.0",
            finds=False,
        ),
        Example(
            "A release that refuses it",
            _MODEL + 'model.fit(x, {"mean": y, "bound": y}, sample_weight={"mean": w, "bound": v})\n',
            keras="3.7.0",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The dicts of sample weights that an admitted release sends elsewhere."""
        seen: set[tuple[int, int]] = set()
        for contexts in facts.sites():
            fix: tuple[Fix, ...] | None = None
            for call in contexts:
                for training, weights, alone in _dicts(call, facts.path):
                    assert weights.node is not None
                    place = (weights.node.lineno, weights.node.col_offset)
                    found = None if place in seen else _find(call, alone, keras)
                    if found is None:
                        continue
                    seen.add(place)
                    if fix is None:
                        fix = compile_fixes(document, facts, contexts)
                    level, message = severity(keras, found.releases), _message(call, found, weights, keras)
                    yield self.diagnostic(document, call, weights, message, level, keras, fix, at=training.call)


def _dicts(call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, Argument, TrainingCall]]:
    """The dict sample weights in this file that reach the losses of a call, each with a training call for it alone."""
    for training in call.trainings:
        if training.module != path:
            continue
        for alone in training.parts():
            weights = alone.sample_weight
            if isinstance(weights.structure, Named) and weights.node is not None:
                yield training, weights, alone


def _find(call: CompileCall, alone: TrainingCall, keras: KerasReleases) -> Misrouting | None:
    asked = replace(call, trainings=(alone,))
    if find_misrouting(asked, keras, TARGETS_WRONG) is not None:
        return None
    return find_misrouting(asked, keras, Question(lambda wrong, _: any(map(_is_wrong, wrong)), sample_weights=True))


def _is_wrong(pair: Mismatch) -> bool:
    want, have = pair.named.sample_weight, pair.delivered.sample_weight
    trained = pair.named.losses and pair.delivered.losses
    return bool(trained) and want != have and not isinstance(want, Unseen) and not isinstance(have, Unseen)


def _message(call: CompileCall, found: Misrouting, weights: Argument, keras: KerasReleases) -> str:
    wrong = [pair for pair in found.mismatches if _is_wrong(pair)]
    details = ", ".join(f"'{pair.output}' gets {_weight(pair, weights)}" for pair in wrong)
    advice = advise(in_tuple_or_dict(found.outputs, "targets and sample weights as tuples"), found.cure, call)
    what = "sample weights to other outputs"
    return sentence(keras, found.releases, f"sends {what}", f"send {what}", details, advice)


def _weight(pair: Mismatch, weights: Argument) -> str:
    """A sample weight in words: by the key that it stands under."""
    entries = weights.structure.entries if isinstance(weights.structure, Named) else ()
    key = next((key for key, value in entries if value == Leaf(pair.delivered.sample_weight)), None)
    return f"the sample weight of '{key}'" if key is not None else "no sample weight"
