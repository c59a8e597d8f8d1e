"""KER114: a sample weight of a dict reaches another output than the one it names, although the targets look right."""

from __future__ import annotations

from keraslint.analysis.facts import Argument, CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.misrouting import (
    SAMPLE_WEIGHTS_MOVED,
    TARGETS_MOVED,
    find_misrouting,
    sample_weight_differs,
)
from keraslint.rules.shared.wording import in_tuple_or_dict, under_key
from keraslint.rules.templates import DataRule, Finding, compile_fixes

_MODEL = example_model({"mean": 1, "bound": 1}) + 'model.compile("adam", loss="mse")\n'
_FIT = 'model.fit(x, {"mean": y, "bound": y}, sample_weight={"mean": w, "bound": v})\n'


class MisroutedSampleWeights(DataRule):
    """**What it does.** Finds a dict of sample weights whose weights reach other outputs than the ones they name, where
    the targets do not show it: they are the same for all outputs, or the source does not show them.

    **Why is this bad?** On Keras 3.5.0 and 3.6.0 the sample weights of a list or tuple model are applied in the
    alphabetical order of their keys, together with a dict of targets. Where targets are misrouted, too, KER103
    fires, and its fix is for both. From 3.7.0 on Keras refuses sample weights with a dict of targets for such a model.

    **Use instead.** Targets and sample weights as tuples in output order.

    **Fix safety.** As for KER103.
    """

    code = "KER114"
    name = "misrouted-sample-weights"
    summary = "a sample weight reaches another output than the one it names"
    draws = "sample weight"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING})
    misroutes_silently = True
    measured = (
        "list loss=tuple y=dict sample_weight=dict",
        "list loss=dict y=dict sample_weight=dict",
    )
    examples = (
        Example(
            "One target for both outputs, with two weights",
            _MODEL + _FIT,
            keras="3.6.0",
            finds=True,
            fixed=_MODEL + "model.fit(x, (y, y), sample_weight=(w, v))\n",
        ),
        Example("The same weight for both outputs", _MODEL + _FIT.replace("v}", "w}"), keras="3.6.0", finds=False),
        Example("A release that refuses it", _MODEL + _FIT, keras="3.7.0", finds=False),
    )

    data = "sample_weight"

    def find_in_data(self, call: CompileCall, argument: Argument, keras: KerasReleases) -> Finding | None:
        """A dict of sample weights that an allowed release sends to other outputs, with targets that look right."""
        if find_misrouting(call, keras, TARGETS_MOVED) is not None:
            return None
        found = find_misrouting(call, keras, SAMPLE_WEIGHTS_MOVED)
        if found is None:
            return None
        wrong = [pair for pair in found.mismatches if sample_weight_differs(pair)]
        what, nothing = "the sample weight", "no sample weight"
        words = {pair.output: under_key(pair.delivered.sample_weight, argument, what, nothing) for pair in wrong}
        details = ", ".join(f"'{name}' gets {weight}" for name, weight in words.items())
        advice = in_tuple_or_dict(found.outputs, "targets and sample weights as tuples")
        what = "sample weights to other outputs"
        return Finding(argument, found.releases, "send", what, details, advice, found.cure, compile_fixes)
