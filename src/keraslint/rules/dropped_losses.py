"""KER110: losses that are dropped, or moved up to other outputs, because of a None among them or a missing target."""

from __future__ import annotations

from keraslint.analysis.facts import CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.structure import Outputs, has_none
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.lost_losses import find_lost
from keraslint.rules.shared.misrouting import is_dropped, losses_differ
from keraslint.rules.shared.wording import who_trains_what, without_none
from keraslint.rules.templates import CallRule, Finding, fixes_by_name, no_fixes

_MODEL = example_model({"head": 1, "mask": 2, "score": 3})
_FIT = "model.fit(x, [y_head, y_mask, y_score])\n"
_NONE_FIRST = 'model.compile("adam", loss=[None, "mse", "mae"])\n'
_IN_A_DICT = 'model.compile("adam", loss={"head": None, "mask": "mse", "score": "mae"})\n'
_NONE_LAST = 'model.compile("adam", loss=["mse", "mae", None])\n'


class DroppedLosses(CallRule):
    """**What it does.** Finds losses that are lost or reach other outputs, because of a `None` among them or
    because of targets that leave out an output.

    **Why is this bad?** `None` says that an output has no loss. Until Keras 3.4.1 it is taken out of a list, so that
    each loss behind it moves up to an earlier output. Keras 3.5.0 and 3.6.0 drop as many losses from the end as there
    are `None`s before them: `[None, "mse", "mae"]` trains only the second output, and a dict is read in the
    alphabetical order of its keys. If no loss is left, JAX trains nothing, and the other backends raise. A `None` at
    the end is right on every release.

    Without a `None`, too, Keras up to 3.4.1 drops losses: it takes as many as there are targets, whatever their names,
    so that a dict of targets that leaves out an output costs another one its loss. Nor is anything trained where the
    keys of a dict of outputs are not the names of the layers. One array of targets for all outputs, as Keras 2 takes
    it, trains the first output alone until Keras 3.6.0; later releases raise.

    A dict whose losses reach outputs that they do not name is KER101's.

    **Use instead.** A loss for each output, with a loss weight of `0.0` for those that are not to be trained; or
    keras>=3.7.

    **Fix safety.** The fix, of the style `safe-compile`, calls `safe_compile`, which takes a `None` as meant on every
    release.
    """

    code = "KER110"
    name = "dropped-losses"
    summary = "a loss reaches no output, or another one, because of a None or a missing target"
    draws = "loss"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING, Trigger.ONE_TARGET})
    misroutes_silently = True
    measured = (
        "list loss=list-none-first y=list",
        "list-of-three loss=list-none-first y=list",
        "list-of-three loss=list-none-second y=list",
        "list-of-three loss=list-none-last y=list",
        "dict-of-three loss=first y=as-loss",
        "list loss=one y=one",
        "list loss=dict y=one",
        "list loss=tuple y=one",
    )
    examples = (
        Example(
            "A None before other losses",
            _MODEL + _NONE_FIRST + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL.replace("import keras\n", "import keras\nfrom keraslint.runtime import safe_compile\n")
            + _NONE_FIRST.replace("model.compile(", "safe_compile(model, ")
            + _FIT,
            style="safe-compile",
        ),
        Example("A None in a dict", _MODEL + _IN_A_DICT + _FIT, keras="3.5.0", finds=True),
        Example(
            "A target for some outputs only",
            _MODEL.replace("[head, mask, score]", '{"head": head, "mask": mask, "score": score}')
            + 'model.compile("adam", loss={"head": "mse", "score": "mae"})\n'
            + 'model.fit(x, {"head": y_head, "score": y_score})\n',
            keras="3.4.1",
            finds=True,
        ),
        Example(
            "One array of targets for all outputs",
            "import numpy as np\n" + _MODEL + 'model.compile("adam", loss="mse")\nmodel.fit(x, np.zeros((8, 1)))\n',
            keras="3.6.0",
            finds=True,
        ),
        Example("A None behind all losses", _MODEL + _NONE_LAST + _FIT, keras="3.6.0", finds=False),
        Example("A release that takes it as it is meant", _MODEL + _NONE_FIRST + _FIT, keras="3.7.0", finds=False),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """Losses of which an allowed release loses some, or moves them to other outputs."""
        found, none = find_lost(call, keras), has_none(call.loss.structure)
        if found is None:
            return None
        wrong = [pair for pair in found.mismatches if (losses_differ if none else is_dropped)(pair)]
        moved = any(pair.delivered.losses for pair in wrong)
        what = ("losses to other outputs" if moved else "losses") + (" because of a None among them" if none else "")
        advice = without_none(call) if none else _instead(found.outputs)
        fixes = fixes_by_name if none else no_fixes
        verb, details = "send" if moved else "drop", who_trains_what(wrong)
        return Finding(call.loss, found.releases, verb, what, details, advice, found.cure, fixes)


def _instead(outputs: Outputs) -> str:
    if outputs.keys and outputs.keys != outputs.names:
        return "give the layers that make the outputs the names of their keys"
    return "give a target for each output"
