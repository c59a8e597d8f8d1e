"""KER109: metrics of an output get the target of another one, or are computed on another one."""

from __future__ import annotations

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall
from keraslint.analysis.prefilter import Trigger
from keraslint.behaviour.releases import MEASURED, first_after, measured
from keraslint.pins.keras_releases import KerasReleases
from keraslint.rules.base import Example, example_model
from keraslint.rules.shared.metrics import trains, wrong_outputs, wrong_targets
from keraslint.rules.shared.wording import in_tuple_or_dict, under_key
from keraslint.rules.templates import DataRule, Finding, compile_fixes

_MODEL = example_model({"small": 1, "big": 64})
_ORDERED = "from collections import OrderedDict\n\n" + _MODEL.replace(
    "[small, big]", "OrderedDict(small=small, big=big)"
)
_METRICS = 'metrics={"small": "mae", "big": "mse"})\n'
_COMPILED = 'model.compile("adam", loss=("mse", "mae"), ' + _METRICS
_ONE_LOSS = 'model.compile("adam", loss="mse", ' + _METRICS
_FIT = 'model.fit(x, {"small": y_small, "big": y_big})\n'


class MisroutedMetricTargets(DataRule):
    """**What it does.** Finds a dict of targets from which the metrics of an output get the target of another one.

    **Why is this bad?** On Keras 3.14.0 the metrics of a list or tuple model take a dict of targets in the alphabetical
    order of its keys, while the losses take it by name: the training is right, and the metrics show something else.
    With them go early stopping and the choice of a checkpoint. The report is
    keras-team/keras issue 22308. The same holds for an `OrderedDict` of targets for a dict of outputs.

    From Keras 3.1.0 to 3.7.0 it also finds metrics of a Functional model whose outputs are an `OrderedDict`, with keys
    that are not in alphabetical order: they are taken on the output of another key (KER111).

    **Use instead.** Targets as a tuple in output order for listed outputs, a plain dict of outputs and of targets for
    others; or another release.

    **Fix safety.** As for KER103.
    """

    code = "KER109"
    name = "misrouted-metric-targets"
    summary = "metrics of an output get the target of another one, or are computed on another one"
    draws = "metric"
    triggers = frozenset({Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING, Trigger.ORDERED_OUTPUTS})
    measured = (
        "metrics: list loss=tuple y=dict metrics=dict",
        "metrics: list loss=dict y=dict metrics=list",
        "metrics: list loss=tuple y=dict weighted_metrics=dict",
        "metrics: odict loss=dict y=dict metrics=dict",
    )
    examples = (
        Example(
            "Metrics, and a dict of targets for list outputs",
            _MODEL + _COMPILED + _FIT,
            keras="3.14.0",
            finds=True,
            fixed=_MODEL + _COMPILED + "model.fit(x, (y_small, y_big))\n",
        ),
        Example(
            "A list of targets",
            _MODEL + _COMPILED + "model.fit(x, [y_small, y_big])\n",
            keras="3.14.0",
            finds=False,
        ),
        Example("Metrics of outputs in an OrderedDict", _ORDERED + _ONE_LOSS + _FIT, keras="3.7.0", finds=True),
        Example("Another release", _MODEL + _COMPILED + _FIT, keras="3.14.1", finds=False),
    )

    def find(self, call: CompileCall, keras: KerasReleases) -> Finding | None:
        """Metrics that an allowed release takes on other outputs, because it exchanges those of an OrderedDict."""
        found = {
            release: wrong
            for release in keras.versions
            if (wrong := wrong_outputs(release, call)) and trains(release, call)
        }
        if not found:
            return None
        what, advice = "the metrics of an output on another one", "use a plain dict for the outputs"
        details = ", ".join(
            f"the metrics of '{key}' are computed on '{other}'" for key, other in found[max(found)].items()
        )
        cure = first_after(release for release in MEASURED if wrong_outputs(release, call))
        argument = call.metrics if call.metrics.given else call.weighted_metrics
        return Finding(argument, tuple(found), "compute", what, details, advice, cure)

    def find_in_data(self, call: CompileCall, argument: Argument, keras: KerasReleases) -> Finding | None:
        """A dict of targets of which an allowed release gives the metrics of an output that of another one."""
        y = argument.structure
        found = {
            release: wrong
            for release in keras.versions
            if (wrong := wrong_targets(release, call, y)) and trains(release, call)
        }
        if not found or call.model.outputs is None:
            return None
        words = {name: under_key(target, argument, "the target", "none") for name, target in found[max(found)].items()}
        details = ", ".join(f"the metrics of '{name}' get {target}" for name, target in words.items())
        what, cure = "the metrics of an output the target of another one", _cure(max(found), call, argument)
        advice = in_tuple_or_dict(call.model.outputs, "a tuple")
        return Finding(argument, tuple(found), "give", what, details, advice, cure, compile_fixes)


def _cure(last: Version, call: CompileCall, argument: Argument) -> Version | None:
    """The first measured release after an affected one, if all later ones are right."""
    known = measured(last)
    later = [release for release in MEASURED if known is not None and release > known]
    right = all(trains(release, call) and not wrong_targets(release, call, argument.structure) for release in later)
    return later[0] if later and right else None
