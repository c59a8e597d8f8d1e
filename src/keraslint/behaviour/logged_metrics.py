"""The names under which a release logs the metrics of a model, and what comes of a callback that watches no log."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

from packaging.version import Version

from keraslint.behaviour.measured.table import load
from keraslint.behaviour.metrics_and_logs import metric_keys
from keraslint.behaviour.releases import measured
from keraslint.behaviour.routing.call import output_names
from keraslint.behaviour.routing.route import tree_of
from keraslint.behaviour.structure import Absent, Leaf, Named, Outputs, Positional, Structure, leaves

Unlogged = Literal["nothing", "saves", "raises"]
"""What comes of a callback that watches what is not logged: it does nothing, saves each time, or Keras raises."""

TO_MAXIMISE = frozenset(
    "auc binary_io_u concordance_correlation cosine_similarity f1_score fbeta_score io_u mean_io_u one_hot_io_u"
    " one_hot_mean_io_u pearson_correlation precision precision_at_recall r2_score recall recall_at_precision"
    " sensitivity_at_specificity specificity_at_sensitivity".split()
)
"""The metrics of Keras that are better the higher they are, but for accuracies: by what 3.15.1 says of each class."""


@cache
def name_of_metric(title: str, release: Version) -> tuple[str, bool] | None:
    """The name of the log of a class or function of keras.metrics, and True if Keras may add a number to it.

    None for what the release does not have, or what was not measured.
    """
    names = load().at("names", title, measured(release))
    return None if not names else (names[0], names[0] != names[-1])


@cache
def unlogged(release: Version, callback: str, mode: str, is_a_metric: bool) -> Unlogged:
    """What comes of a callback that watches what is not logged; ``is_a_metric``: a metric has that name by itself."""
    kind = "accuracy" if is_a_metric else "nowhere"
    found: Unlogged = load().at(
        "unlogged", f"{callback} {'auto' if mode == 'auto' else 'min'} {kind}", measured(release)
    )
    return found


def metric_logs(
    release: Version, outputs: Outputs, metrics: Structure, weighted_metrics: Structure
) -> tuple[str, ...] | None:
    """The names of the logs of metrics, given as structures whose leaves hold the name of each.

    None if they are not known, for a subclassed model, and where the release refuses them.
    """
    found: list[str] = []
    counts: dict[str, int] = {}
    for argument, weighted in ((metrics, ""), (weighted_metrics, "weighted_")):
        pairs = _pairs(release, outputs, argument)
        if pairs is None:
            return None
        for output, name in pairs:
            log = f"{output}{name}"
            if log in counts and weighted:
                log = f"{output}{weighted}{name}"
            counts[log] = counts.get(log, 0) + 1
            found.append(log if counts[log] == 1 else f"{log}_{counts[log] - 1}")
    return tuple(found)


def _pairs(release: Version, outputs: Outputs, metrics: Structure) -> list[tuple[str, str]] | None:
    """Each metric with what stands before its name: the name of its output, where there are several."""
    if isinstance(metrics, Absent):
        return []
    if len(outputs.names) == 1:
        return _with_names([("", metrics)])
    names = _names(release, outputs, metrics)
    if names is None:
        return None
    if isinstance(metrics, Positional) and len(metrics.items) == len(names):
        return _with_names((f"{name}_", item) for name, item in zip(names, metrics.items, strict=True))
    if isinstance(metrics, Named) and set(metrics.keys) <= set(names):
        entries = dict(metrics.entries)
        return _with_names((f"{name}_", entries[name]) for name in names if name in entries)
    return None


def _names(release: Version, outputs: Outputs, metrics: Structure) -> tuple[str, ...] | None:
    """The names of the outputs in the logs of these metrics, in the order in which a list of metrics is for them."""
    tree = tree_of(release)
    names = output_names(outputs, tree) if tree is not None and outputs.functional else None
    if names is None or not outputs.keys or set(names) == set(outputs.keys):
        return names
    known, keys = metric_keys(release, outputs), set(outputs.keys)
    by_layer = set(names) <= known
    if by_layer and not (isinstance(metrics, Named) and keys <= known and set(metrics.keys) <= keys):
        return names
    return outputs.keys if outputs.container == "odict" else tuple(sorted(keys))


def _with_names(shares: Iterator[tuple[str, Structure]] | list[tuple[str, Structure]]) -> list[tuple[str, str]] | None:
    found: list[tuple[str, str]] = []
    for output, share in shares:
        for leaf in leaves(share):
            if not isinstance(leaf, Leaf):
                return None
            found.append((output, str(leaf.token)))
    return found
