"""KER109: metrics of an output get the target of another one, or are taken on another one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from keraslint.analysis.facts import Argument, CompileCall, TrainingCall
from keraslint.behaviour.metrics_and_logs import called_values, metric_targets
from keraslint.behaviour.releases import MEASURED, first_after, groups, measured
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import ABSENT, Leaf, Named, Outputs, Positional, Routed, Structure, Unseen
from keraslint.diagnostic import Diagnostic, Fix
from keraslint.fixes.compile_fixes import compile_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.shared.refusal import surveyed
from keraslint.rules.shared.wording import advise, in_tuple_or_dict, sentence, severity

if TYPE_CHECKING:
    from keraslint.analysis.facts import ModuleFacts
    from keraslint.document import Document
    from keraslint.pins.keras_releases import KerasReleases

_MODEL = """\
import keras

inputs = keras.Input((8,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(64, name="big")(inputs)
model = keras.Model(inputs, [small, big])
"""
_ORDERED = "from collections import OrderedDict\n\n" + _MODEL.replace(
    "[small, big]", "OrderedDict(small=small, big=big)"
)
_COMPILED = 'model.compile("adam", loss=("mse", "mae"), metrics={"small": "mae", "big": "mse"})\n'
_FIT = 'model.fit(x, {"small": y_small, "big": y_big})\n'


class MisroutedMetricTargets(Rule):
    """**What it does.** Finds a dict of targets from which the metrics of an output get the target of another one.

    **Why is this bad?** On Keras 3.14.0 the metrics of a list or tuple model take a dict of targets in the alphabetical
    order of its keys, while the losses take it by name: the training is right, and the metrics show something else.
    With them go early stopping and the choice of a checkpoint. The report is
    keras-team/keras issue 22308. The same holds for an `OrderedDict` of targets beside a dict of outputs.

    From Keras 3.1.0 to 3.7.0 it also finds metrics of a Functional model whose outputs are an `OrderedDict`, with keys
    that are not in alphabetical order: they are taken on the output that stands under another key (KER111).

    **Use instead.** Targets as a tuple in output order for listed outputs, a plain dict of outputs and of targets for
    others; or another release.

    **Fix safety.** As for KER103.
    """

    code = "KER109"
    name = "misrouted-metric-targets"
    summary = "metrics of an output get the target of another one, or are taken on another one"
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
        Example(
            "Metrics of outputs in an OrderedDict",
            _ORDERED + 'model.compile("adam", loss="mse", metrics={"small": "mae", "big": "mse"})\n' + _FIT,
            keras="3.7.0",
            finds=True,
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
                    level, message = (
                        severity(keras, tuple(found)),
                        _message(found, y, _cure(max(found), alone), call, keras),
                    )
                    yield self.diagnostic(document, call, y, message, level, keras, fix, at=training.call)
            yield from self._on_other_outputs(document, contexts, keras)

    def _on_other_outputs(
        self, document: Document, contexts: tuple[CompileCall, ...], keras: KerasReleases
    ) -> Iterator[Diagnostic]:
        """The finding about the metrics of a compile call that an admitted release takes on other outputs."""
        for call in contexts:
            found = {
                release: wrong
                for release in keras.versions
                if (wrong := _taken_on(release, call)) and all(_trains(release, each) for each in _alone(call))
            }
            if found:
                details = ", ".join(f"those of '{key}' on '{other}'" for key, other in found[max(found)].items())
                cure = first_after(release for release in MEASURED if _taken_on(release, call))
                what, instead = "the metrics of an output on another one", "use a plain dict for the outputs"
                message = sentence(
                    keras, tuple(found), f"takes {what}", f"take {what}", details, advise(instead, cure, call)
                )
                argument = call.metrics if call.metrics.given else call.weighted_metrics
                yield self.diagnostic(document, call, argument, message, severity(keras, tuple(found)), keras)
                return


def _dicts(call: CompileCall, path: str) -> Iterator[tuple[TrainingCall, Argument, CompileCall]]:
    """The dict targets in this file of a call with metrics, each with the call as it is trained on these alone."""
    outputs = surveyed(call)
    if outputs is None or outputs.container == "tensor" or None in outputs.names:
        return
    if not (call.metrics.given or call.weighted_metrics.given):
        return
    for training in call.trainings:
        if training.module == path:
            for alone in training.parts():
                if isinstance(alone.y.structure, Named) and alone.y.node is not None:
                    yield training, alone.y, replace(call, trainings=(alone,))


def _alone(call: CompileCall) -> tuple[CompileCall, ...]:
    """The call as it is trained by each training call in view, on data that are not seen where there is none."""
    unseen = TrainingCall("fit", call.call, call.module, Argument(Unseen()), Argument())
    return tuple(replace(call, trainings=(training,)) for training in call.trainings or (unseen,))


def _taken_on(release: Version, call: CompileCall) -> dict[str, str]:
    """By output, the other one on which a release takes its metrics: what stands under its key."""
    outputs = surveyed(call)
    if outputs is None or not outputs.functional or outputs.container != "odict":
        return {}
    watched = _watched(outputs, call.metrics.structure) | _watched(outputs, call.weighted_metrics.structure)
    return {key: other for key, other in called_values(release, outputs).items() if key in watched and other != key}


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
        labels = sorted(outputs.labels) if outputs.container == "dict" else outputs.labels
        return {label for label, value in zip(labels, metrics.items, strict=True) if _is_some(value)}
    return set()


def _is_some(metric: Structure) -> bool:
    if isinstance(metric, Positional):
        return any(map(_is_some, metric.items))
    return metric != ABSENT and not isinstance(metric, Unseen)


def _message(
    found: dict[Version, dict[str, Hashable]],
    y: Argument,
    cure: Version | None,
    call: CompileCall,
    keras: KerasReleases,
) -> str:
    wrong = found[max(found)]
    details = ", ".join(f"those of '{label}' get {_target(target, y)}" for label, target in wrong.items())
    what = "the metrics of an output the target of another one"
    assert call.model.outputs is not None
    advice = advise(in_tuple_or_dict(call.model.outputs, "a tuple"), cure, call)
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
