"""KER307: a model is trained that was frozen for another one after it was compiled."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, ModuleFacts, TrainingCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.known_bad_calls import known_bad_call
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example
from keraslint.rules.shared.by_run import surely_wrong, within
from keraslint.rules.templates import CallRule, Finding

_TRAINS = frozenset({"fit", "train_on_batch"})

_MODELS = """\
import keras

judge = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
maker = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
judge.trainable = False
noise = keras.Input((3,))
both = keras.Model(noise, judge(maker(noise)))
both.compile("adam", "binary_crossentropy")
"""
_TRAIN = """\
for _ in range(1000):
    judge.train_on_batch(x, y)
    both.train_on_batch(z, y)
"""


class FrozenAfterCompile(CallRule):
    """**What it does.** Finds a model that is compiled, then frozen by `trainable = False` for a combined model that
    holds it, and then trained by itself: the usual way to write a GAN in Keras 2.

    **Why is this bad?** In Keras 2 a model trained what was trainable when it was compiled. Keras 3 looks when it is
    trained: the discriminator never learns, and its loss stays where it began. JAX says nothing, TensorFlow and PyTorch
    warn once; 3.6.0 and 3.7.0 raise an error.

    It fires only where both compile calls, the assignment and both trainings are seen, and the model was not trained
    before it was frozen.

    **Use instead.** One model class whose `train_step` trains both parts with an optimizer each, as in the example of
    a GAN in the documentation of Keras.

    **Fix safety.** There is no fix.
    """

    code = "KER307"
    name = "frozen-after-compile"
    summary = "a model is trained that was frozen after it was compiled, so that it never learns"
    of_all_callers = True
    triggers = frozenset({Trigger.FROZEN_MODEL})
    measured = ("known-bad: frozen_after_compile",)
    examples = (
        Example("A discriminator that never learns", _MODELS + _TRAIN, keras="3.15.1", finds=True),
        Example(
            "Frozen for good, and not trained by itself",
            _MODELS + _TRAIN.replace("    judge.train_on_batch(x, y)\n", ""),
            keras="3.15.1",
            finds=False,
        ),
        Example(
            "Compiled again",
            f'{_MODELS}judge.trainable = True\njudge.compile("adam", "binary_crossentropy")\n{_TRAIN}',
            keras="3.15.1",
            finds=False,
        ),
    )

    def check_calls(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The training calls of a frozen model that is a part of another one."""
        bad, seen = {*known_bad_call("frozen_after_compile").releases()}, set[tuple[int, int]]()
        for call, training in facts.trainings():
            place = (training.call.lineno, training.call.col_offset)
            if place in seen or not _is_wrong(facts, call, training):
                continue
            seen.add(place)
            twins = [(one, other) for one in facts.compiles for other in one.trainings if other.call is training.call]
            if all(_is_wrong(facts, one, other) for one, other in twins):
                found = ((one.run, bad & {*within(keras, one.run).versions}) for one, _ in twins)
                if releases := surely_wrong(facts.runs, found):
                    yield self.report(document, call, _finding(training, releases), keras, at=training.call)


def _finding(training: TrainingCall, releases: frozenset[Version]) -> Finding:
    why = "it was frozen (trainable=False) before its first training"
    instead = "train both models in a train_step of your own"
    at = Argument(node=training.call.func)
    return Finding(at, tuple(sorted(releases)), "train", "no weight of this model", why, instead)


def _is_wrong(facts: ModuleFacts, call: CompileCall, training: TrainingCall) -> bool:
    """True if a model of Keras is trained by itself while it is frozen for another one, which is trained, too."""
    if not training.frozen or training.method not in _TRAINS or not call.within or call.otherwise:
        return False
    if not call.model.keras or call.model.legacy or call.model.overrides:
        return False
    others = (one for one in facts.compiles if one.call is not call.call and one.run == call.run)
    return any(other.method in _TRAINS for one in others for other in one.trainings)
