"""KER109: metrics of an output get the target of another one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, TrainingCall
from keraslint.behaviour.beside import metric_targets
from keraslint.behaviour.releases import MEASURED, groups, measured
from keraslint.behaviour.route import route
from keraslint.behaviour.structure import ABSENT, Leaf, Named, Outputs, Positional, Routed, Structure, Unseen
from keraslint.diagnostic import Diagnostic, Fix
from keraslint.fixes.styles import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.refusal import surveyed
from keraslint.rules.wording import advise, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
_COMPILED = 'model.compile("adam", loss=("mse", "mae"), metrics={"small": "mae", "big": "mse"})\n'
_FIT = 'model.fit(x, {"small": y_small, "big": y_big})\n'


class MisroutedMetricTargets(Rule):
    """**What it does.** Finds a dict of targets from which the metrics of an output get the target of another one.

    **Why is this bad?** On Keras 3.14.0 the metrics of a list or tuple model take a dict of targets in the alphabetical
    order of its keys, while the losses take it by name: the training is right, and the metrics show something else.
    With them go early stopping and the choice of a checkpoint. The report is
    keras-team/keras issue 22308.

    **Use instead.** Targets as a tuple in output order, or another release.

    **Fix safety.** As for KER103.
    """

    code = "KER109"
    name = "misrouted-metric-targets"
    summary = "metrics of an output get the target of another one"
    measured = (
        "metrics: list loss=tuple y=dict metrics=dict",
        "metrics: list loss=dict y=dict metrics=list",
        "metrics: list loss=tuple y=dict weighted_metrics=dict",
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
        Example("Another release", _MODEL + _COMPILED + _FIT, keras="3.14.1", finds=False),
    )

    def check(self, document: Document, facts: ModuleFacts, keras: KerasReleases) -> Iterator[Diagnostic]:
        """The dicts of targets that an admitted release gives to other outputs' metrics."""
        seen: set[tuple[int, int]] = set()
        for contexts in facts.sites():
            fix: tuple[Fix, ...] | None = None
            for call in contexts:
                for training, y, alone in _dicts(call, facts.path):
                    assert y.node is not None
                    place = (y.node.lineno, y.node.col_offset)
                    found = {} if place in seen else _find(alone, keras)
                    if not found:
                        continue
                    seen.add(place)
                    if fix is None:
                        fix = compile_fixes(document, facts, contexts)
                    level, message = severity(keras, tuple(found)), _message(found, y, alone, keras)
                    yield self.diagnostic(document, call, y, message, level, keras, fix, at=training.call)


def _dicts(call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, Argument, CompileCall]]:
    """The dict targets in this file of a call with metrics, each with the call as it is trained on these alone."""
    outputs = surveyed(call)
    if outputs is None or outputs.container not in ("list", "tuple") or None in outputs.names:
        return
    if not (call.metrics.given or call.weighted_metrics.given):
        return
    for training in call.trainings:
        if training.module == path:
            for alone in training.parts():
                if isinstance(alone.y.structure, Named) and alone.y.node is not None:
                    yield training, alone.y, replace(call, trainings=(alone,))


def _find(call: CompileCall, keras: KerasReleases) -> dict[Version, dict[str, Hashable]]:
    """By admitted release, the wrong target of each output whose metrics get one."""
    return {
        release: wrong
        for run in groups(keras.versions)
        if _trains(run[0], call)
        for release in run
        if (wrong := _wrong(release, call))
    }


def _trains(release: Version, call: CompileCall) -> bool:
    (training,) = call.trainings
    assert call.model.outputs is not None
    arguments = (call.loss.structure, call.loss_weights.structure)
    data = (training.y.structure, training.sample_weight.structure)
    return isinstance(route(release, call.model.outputs, *arguments, *data), Routed)


def _wrong(release: Version, call: CompileCall) -> dict[str, Hashable]:
    outputs, y = call.model.outputs, call.trainings[0].y.structure
    assert outputs is not None
    assert isinstance(y, Named)
    if set(y.keys) != set(outputs.labels) or not all(isinstance(value, Leaf) for _, value in y.entries):
        return {}
    meant, given = dict(y.entries), metric_targets(release, outputs, y)
    watched = _watched(outputs, call.metrics.structure) | _watched(outputs, call.weighted_metrics.structure)
    return {label: given[label] for label in outputs.labels if label in watched and meant[label] != Leaf(given[label])}


def _watched(outputs: Outputs, metrics: Structure) -> set[str]:
    """The outputs that surely have a metric."""
    if isinstance(metrics, Named) and set(metrics.keys) <= set(outputs.labels):
        return {key for key, value in metrics.entries if _is_some(value)}
    if isinstance(metrics, Positional) and len(metrics.items) == len(outputs.labels):
        return {label for label, value in zip(outputs.labels, metrics.items, strict=True) if _is_some(value)}
    return set()


def _is_some(metric: Structure) -> bool:
    if isinstance(metric, Positional):
        return any(map(_is_some, metric.items))
    return metric != ABSENT and not isinstance(metric, Unseen)


def _message(found: dict[Version, dict[str, Hashable]], y: Argument, call: CompileCall, keras: KerasReleases) -> str:
    wrong = found[max(found)]
    details = ", ".join(f"those of '{label}' get {_target(target, y)}" for label, target in wrong.items())
    what = "the metrics of an output the target of another one"
    advice = advise("pass a tuple in output order", None)
    cure = _cure(max(found), call)
    advice += f" or use keras>={cure}" if cure is not None else ""
    return sentence(keras, tuple(found), f"gives {what}", f"give {what}", details, advice)


def _cure(last: Version, call: CompileCall) -> Version | None:
    """The first measured release after an affected one, where all later ones are right."""
    known = measured(last)
    later = [release for release in MEASURED if known is not None and release > known]
    right = all(_trains(release, call) and not _wrong(release, call) for release in later)
    return later[0] if later and right else None


def _target(target: Hashable, y: Argument) -> str:
    entries = y.structure.entries if isinstance(y.structure, Named) else ()
    return next((f"that of '{key}'" for key, value in entries if value == Leaf(target)), "none")
