"""The targets of metrics, the values of called models and the logs on a release: all that is not in route()."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache

from packaging.version import Version

from keraslint.behaviour.measured.table import load
from keraslint.behaviour.releases import measured
from keraslint.behaviour.routing.call import predictions, token
from keraslint.behaviour.routing.route import tree_of
from keraslint.behaviour.structure import Leaf, Named, Outputs


def metric_targets(release: Version, outputs: Outputs, y: Named) -> Mapping[str, Hashable]:
    """By output, the target that its metrics get from a dict of targets with one for each output.

    It is the target under the output's name, except on those releases of the table that flatten the dict in the order
    of its keys and the outputs in their own: a plain dict of targets for outputs in a list or an OrderedDict, an
    OrderedDict of targets for outputs in a plain dict.
    """
    tree = tree_of(release)
    target_of = {key: token(value) for key, value in y.entries if key in outputs.labels}
    if (
        tree is None
        or not _exchanges_targets(release)
        or outputs.container == "tensor"
        or set(y.keys) != set(target_of)
    ):
        return target_of
    labels = tuple(Leaf(label) for label in outputs.labels)
    ordered = Named(tuple(zip(outputs.labels, labels, strict=True)), outputs.container == "odict")
    flat = tree.flatten(ordered) if outputs.keys else labels
    return {str(token(label)): token(target) for label, target in zip(flat, tree.flatten(y), strict=False)}


def called_values(release: Version, outputs: Outputs) -> Mapping[str, str]:
    """The values of a called Functional model with a dict of outputs: by key the output whose value is really there.

    Measured on all releases from 3.0.0 to 3.15.1, for ``model(x)`` and ``predict_on_batch`` alike; ``predict``, and a
    call on symbolic inputs, are right.
    """
    tree = tree_of(release)
    shown = predictions(outputs, tree) if tree is not None else None
    if not isinstance(shown, Named):
        return {}
    places = {key: token(value) for key, value in shown.entries}
    return {key: outputs.labels[place] for key, place in places.items() if isinstance(place, int)}


def metric_keys(release: Version, outputs: Outputs) -> frozenset[str]:
    """The keys that a release takes in a dict of metrics: for outputs in a dict their own keys, or names of layers."""
    by_key, by_layer = _keys_of_metrics(release)
    names = frozenset(name for name in outputs.names if name is not None)
    if not outputs.keys:
        return names
    return (frozenset(outputs.keys) if by_key else frozenset()) | (names if by_layer else frozenset())


@cache
def _keys_of_metrics(release: Version) -> tuple[bool, bool]:
    """True if a release takes the keys of outputs in a dict for their metrics; and if it takes the layers' names."""
    trained = [measured(release) in load().releases_that_take_metrics(form) for form in ("dict", "by-layer")]
    return trained[0], trained[1] or not trained[0]


@cache
def _exchanges_targets(release: Version) -> bool:
    return measured(release) in load().releases_that_exchange_metric_targets()


@cache
def logs_losses(release: Version) -> bool:
    """Return True if the history holds a ``<name>_loss`` for each output with a loss, where there are several."""
    return measured(release) not in load().releases_without_loss_logs()


def trains_compiled_parts(release: Version) -> bool:
    """Return True if a compiled model can be trained that holds another model compiled with metrics.

    Measured on 3.4.1, 3.5.0, 3.6.0, 3.7.0, 3.8.0, 3.14.0 and 3.15.1: 3.6.0 and 3.7.0 raise an AttributeError.
    """
    return measured(release) not in _REFUSES_COMPILED_PARTS


_REFUSES_COMPILED_PARTS = (Version("3.6.0"), Version("3.7.0"))
