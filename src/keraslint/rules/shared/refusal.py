"""Where a release refuses a compile call whatever it is trained on: the predicate of the rules about keys."""

from __future__ import annotations

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.releases import groups
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import ABSENT, Outputs, Raises, Structure
from keraslint.pins.keras_releases import KerasReleases
from keraslint.words import listed


def refusing(
    outputs: Outputs, loss: Structure, keras: KerasReleases, weights: Structure = ABSENT
) -> tuple[Version, ...]:
    """The admitted releases that raise for such losses and weights on a model with these outputs."""
    bad: list[Version] = []
    for run in groups(keras.versions):
        if isinstance(route(run[0], outputs, loss, weights), Raises):
            bad.extend(run)
    return tuple(bad)


def surveyed(call: CompileCall) -> Outputs | None:
    """The outputs of a compile call that Keras itself checks: known ones, on a class that overrides nothing."""
    if call.model.overrides or call.model.legacy or not call.model.keras:
        return None
    return call.model.outputs


def known_names(outputs: Outputs) -> frozenset[str]:
    """Everything by which a key can name an output: its dict key, or the name of its layer."""
    return frozenset(outputs.labels) | {name for name in outputs.names if name is not None}


def quoted(names: list[str]) -> str:
    """Names in words: "'a'", "'a' and 'b'"."""
    return listed(f"'{name}'" for name in names)
