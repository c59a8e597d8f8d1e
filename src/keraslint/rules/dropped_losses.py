"""KER110: losses that are dropped, or moved up to other outputs, for a None among them or for want of a target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.behaviour.intent import intended
from keraslint.behaviour.structure import Named, Outputs, Positional, Routed, Unseen
from keraslint.diagnostic import Diagnostic
from keraslint.fixes.compile_fixes import fixes_by_name
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.meant_order import in_order
from keraslint.rules.shared.misrouting import (
    LOSSES_MOVED,
    Mismatch,
    Misrouting,
    Question,
    data_of,
    find_misrouting,
    has_none,
)
from keraslint.rules.shared.wording import advise, sentence, severity, who_trains_what, without_none

if TYPE_CHECKING:
    from keraslint.analysis.facts import CompileCall, ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

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
    """**What it does.** Finds losses of which some are lost or reach other outputs, for a `None` among them or for
    targets that leave out an output.

    **Why is this bad?** `None` says that an output has no loss. Until Keras 3.4.1 it is taken out of a list, so that
    each loss behind it moves up to an earlier output. Keras 3.5.0 and 3.6.0 drop as many losses from the end as there
    are `None`s before them: `[None, "mse", "mae"]` trains only the second output, and a dict is read in the
    alphabetical order of its keys. If no loss is left, JAX trains nothing, and the other backends raise. A `None` at
    the end is right on every release.

    Without a `None`, too, Keras up to 3.4.1 drops losses: it takes as many as there are targets, whatever their names,
    so that a dict of targets that leaves out an output costs another one its loss. Nor is anything trained where the
    keys of a dict of outputs are not the names of the layers.

    A dict whose losses reach outputs that they do not name is KER101's.

    **Use instead.** A loss for each output, with a loss weight of `0.0` for those that are not to be trained; or
    keras>=3.7.

    **Fix safety.** The fix, of the style `safe-compile`, calls `safe_compile`, which takes a `None` as meant on every
    release.
    """

    code = "KER110"
    name = "dropped-losses"
    summary = "a loss reaches no output, or another one, for a None or a missing target"
    measured = (
        "list loss=list-none-first y=list",
        "list-of-three loss=list-none-first y=list",
        "list-of-three loss=list-none-second y=list",
        "list-of-three loss=list-none-last y=list",
        "dict-of-three loss=first y=as-loss",
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
            "A target for some outputs only",
            _MODEL.replace("[head, mask, score]", '{"head": head, "mask": mask, "score": score}')
            + 'model.compile("adam", loss={"head": "mse", "score": "mae"})\n'
            + 'model.fit(x, {"head": y_head, "score": y_score})\n',
            keras="3.4.1",
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
                    fixes = fixes_by_name(document, facts, contexts) if has_none(call.loss.structure) else ()
                    yield self.diagnostic(document, call, call.loss, message, level, keras, fixes)
                    break


def _find(call: CompileCall, keras: KerasReleases) -> Misrouting | None:
    loss = call.loss.structure
    if not has_none(loss) and all(isinstance(y, Unseen) for y, _ in data_of(call)):
        return None
    if isinstance(loss, Named) and find_misrouting(call, keras, LOSSES_MOVED) is not None:
        return None
    asked = ((call, call), *_with_short_lists(call))
    return next((found for each, meant in asked if (found := _lost(each, keras, meant))), None)


def _lost(call: CompileCall, keras: KerasReleases, meant: CompileCall) -> Misrouting | None:
    loss, outputs = call.loss.structure, call.model.outputs
    question = _NONE_ASTRAY if has_none(loss) else _DROPPED
    found = find_misrouting(call, keras, question, meant)
    if found is None or outputs is None or not isinstance(loss, Positional) or not outputs.keys:
        return found
    # The order of the outputs may not be the one that was meant: what Keras makes of their keys has to be wrong, too.
    if outputs.container != "dict" or len(loss.items) != len(outputs.keys):
        return None
    by_key = replace(call.loss, structure=in_order(loss, sorted(outputs.keys)))
    both = replace(keras, versions=found.releases)
    return find_misrouting(call, both, question, replace(meant, loss=by_key))


def _with_short_lists(call: CompileCall) -> Iterator[tuple[CompileCall, CompileCall]]:
    """The call for each list of targets for just the listed outputs that have a loss, and what is meant by that."""
    outputs, meant = (
        call.model.outputs,
        intended(call.model.outputs, call.loss.structure) if call.model.outputs else None,
    )
    if outputs is None or outputs.keys or not isinstance(meant, Routed):
        return
    trained = [delivery.output for delivery in meant.deliveries if delivery.losses]
    for training in call.trainings:
        for alone in training.parts():
            y = alone.y.structure
            if isinstance(y, Positional) and len(y.items) == len(trained) < len(outputs.names):
                by_name = replace(alone, y=replace(alone.y, structure=in_order(y, trained)))
                yield replace(call, trainings=(alone,)), replace(call, trainings=(by_name,))


def _losses_differ(pair: Mismatch) -> bool:
    return pair.named.losses != pair.delivered.losses


def _is_dropped(pair: Mismatch) -> bool:
    """Whether an output is not trained, for which there are a loss and a target."""
    return bool(pair.named.losses) and not pair.delivered.losses and pair.named.target is not None


_NONE_ASTRAY = Question(lambda wrong, _: any(map(_losses_differ, wrong)), idle=True)
_DROPPED = Question(lambda wrong, _: any(map(_is_dropped, wrong)), idle=True)


def _message(call: CompileCall, found: Misrouting, keras: KerasReleases) -> str:
    none = has_none(call.loss.structure)
    wrong = [pair for pair in found.mismatches if (_losses_differ if none else _is_dropped)(pair)]
    reason = " for a None among them" if none else ""
    does, do = f"sends losses to other outputs{reason}", f"send losses to other outputs{reason}"
    if not any(pair.delivered.losses for pair in wrong):
        does, do = f"drops losses{reason}", f"drop losses{reason}"
    advice = advise(without_none(call) if none else _instead(found.outputs), found.cure, call)
    return sentence(keras, found.releases, does, do, who_trains_what(wrong), advice)


def _instead(outputs: Outputs) -> str:
    if outputs.keys and outputs.keys != outputs.names:
        return "give the layers that make the outputs the names of their keys"
    return "give a target for each output"
