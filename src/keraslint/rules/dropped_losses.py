"""KER110: losses that are dropped, or moved up to other outputs, for a None among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.behaviour.structure import Named, Positional
from keraslint.diagnostic import Diagnostic
from keraslint.fixes.styles import fixes_by_name
from keraslint.rules.base import Example, Rule
from keraslint.rules.meant_order import in_order
from keraslint.rules.misrouting import LOSSES_MOVED, Mismatch, Misrouting, Question, find_misrouting, has_none
from keraslint.rules.wording import advise, sentence, severity, who_trains_what, without_none

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
{}model = keras.Model(inputs, [head, mask, score])
"""
_MODEL = _MODEL.format(
    "".join(
        f'{name} = keras.layers.Dense({width}, name="{name}")(inputs)\n'
        for name, width in (("head", 1), ("mask", 2), ("score", 3))
    )
)
_FIT = "model.fit(x, [y_head, y_mask, y_score])\n"


class DroppedLosses(Rule):
    """**What it does.** Finds a list, tuple or dict of losses with a `None` for some output, by which losses of other
    outputs are lost or reach other outputs.

    **Why is this bad?** `None` says that an output has no loss. Until Keras 3.4.1 it is taken out of a list, so that
    each loss behind it moves up to an earlier output. Keras 3.5.0 and 3.6.0 drop as many losses from the end as there
    are `None`s before them: `[None, "mse", "mae"]` trains only the second output, and a dict is read in the
    alphabetical order of its keys. If no loss is left, JAX trains nothing, and the other backends raise. A `None` at
    the end is right on every release.

    A dict whose losses reach outputs that they do not name is KER101's.

    **Use instead.** A loss for each output, with a loss weight of `0.0` for those that are not to be trained; or
    keras>=3.7.

    **Fix safety.** The fix, of the style `safe-compile`, calls `safe_compile`, which takes a `None` as meant on every
    release.
    """

    code = "KER110"
    name = "dropped-losses"
    summary = "a None among the losses makes others reach no output, or another one"
    measured = (
        "list loss=list-none-first y=list",
        "list-of-three loss=list-none-first y=list",
        "list-of-three loss=list-none-second y=list",
        "list-of-three loss=list-none-last y=list",
    )
    examples = (
        Example(
            "A None before other losses",
            _MODEL + 'model.compile("adam", loss=[None, "mse", "mae"])\n' + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL.replace("import keras\n", "import keras\nfrom keraslint.runtime import safe_compile\n")
            + 'safe_compile(model, "adam", loss=[None, "mse", "mae"])\n'
            + _FIT,
            style="safe-compile",
        ),
        Example(
            "A None in a dict",
            _MODEL + 'model.compile("adam", loss={"head": None, "mask": "mse", "score": "mae"})\n' + _FIT,
            keras="3.5.0",
            finds=True,
        ),
        Example(
            "A None behind all losses",
            _MODEL + 'model.compile("adam", loss=["mse", "mae", None])\n' + _FIT,
            keras="3.6.0",
            finds=False,
        ),
        Example(
            "A release that takes it as it is meant",
            _MODEL + 'model.compile("adam", loss=[None, "mse", "mae"])\n' + _FIT,
            keras="3.7.0",
            finds=False,
        ),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The compile calls with a None among the losses that an admitted release does not take as it is meant."""
        for contexts in facts.sites():
            for call in contexts:
                found = _find(call, keras)
                if found is not None:
                    message, level = _message(call, found, keras), severity(keras, found.releases)
                    fixes = fixes_by_name(document, facts, contexts)
                    yield self.diagnostic(document, call, call.loss, message, level, keras, fixes)
                    break


def _find(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    loss, outputs = call.loss.structure, call.model.outputs
    if outputs is None or not has_none(loss):
        return None
    if isinstance(loss, Named) and find_misrouting(call, keras, LOSSES_MOVED) is not None:
        return None
    found = find_misrouting(call, keras, _LOST)
    if found is None or not isinstance(loss, Positional) or not outputs.keys:
        return found
    # The order of the outputs may not be the one that was meant: what Keras makes of their keys has to be wrong, too.
    if outputs.container != "dict" or len(loss.items) != len(outputs.keys):
        return None
    by_key = replace(call.loss, structure=in_order(loss, sorted(outputs.keys)))
    both = replace(keras, versions=found.releases)
    return find_misrouting(call, both, _LOST, replace(call, loss=by_key))


def _losses_differ(pair: Mismatch) -> bool:
    return pair.named.losses != pair.delivered.losses


_LOST = Question(lambda wrong, _: any(map(_losses_differ, wrong)), idle=True)


def _message(call: CompileCall, found: Misrouting, keras: KerasReleases) -> str:
    wrong = [pair for pair in found.mismatches if _losses_differ(pair)]
    advice = advise(without_none(call), found.cure)
    what = "losses to other outputs for a None among them"
    does, do = f"sends {what}", f"send {what}"
    if not any(pair.delivered.losses for pair in wrong):
        does, do = "drops losses for a None among them", "drop losses for a None among them"
    return sentence(keras, found.releases, does, do, who_trains_what(wrong), advice)
