"""The outputs that Keras itself checks, the keys that name them, and the releases that raise for a loss."""

from __future__ import annotations

from packaging.version import Version

from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.releases import groups
from keraslint.behaviour.routing.route import route
from keraslint.behaviour.structure import Outputs, Raises, Structure
from keraslint.pins.keras_releases import KerasReleases


def releases_that_raise(outputs: Outputs, loss: Structure, keras: KerasReleases) -> tuple[Version, ...]:
    """The admitted releases that raise for such losses on a model with these outputs, whatever it is trained on."""
    runs = [run for run in groups(keras.versions) if isinstance(route(run[0], outputs, loss), Raises)]
    return tuple(release for run in runs for release in run)


def checkable_outputs(call: CompileCall) -> Outputs | None:
    """The outputs of a compile call, if they are known and Keras 3 itself, not a subclass, goes by them."""
    if call.model.overrides or call.model.legacy or not call.model.keras:
        return None
    return call.model.outputs


def known_names(outputs: Outputs) -> frozenset[str]:
    """Everything by which a key can name an output: its dict key, or the name of its layer."""
    return frozenset(outputs.labels) | {name for name in outputs.names if name is not None}
