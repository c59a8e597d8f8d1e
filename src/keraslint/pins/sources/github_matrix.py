"""The matrix of a GitHub job: the values in each of its runs, by GitHub's rules for ``include`` and ``exclude``."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

_MOST_RUNS = 256
"""GitHub's own limit."""

Run = Mapping[str, str]
"""The values by key, as expressions give them; a value in a mapping goes by its path: ``keras.version``."""


def matrix_runs(job: yaml.Node) -> tuple[Run, ...]:
    """The runs of a job; one without values if it has no matrix, or if that is an expression or too large."""
    from keraslint.pins.notation.yaml_text import entries, value_of

    matrix = value_of(value_of(job, "strategy"), "matrix")
    axes = {
        name: [dict(_flat(name, item)) for item in _items(node)]
        for name, node in entries(matrix)
        if name not in ("include", "exclude")
    }
    axes = {name: values for name, values in axes.items() if values}
    if prod(map(len, axes.values())) > _MOST_RUNS:
        return ({},)
    excluded = [_values(item) for item in _items(value_of(matrix, "exclude"))]
    runs = [_merged(parts) for parts in itertools.product(*axes.values())] if axes else []
    runs = [run for run in runs if not any(item and item.items() <= run.items() for item in excluded)]
    original, added = [dict(run) for run in runs], []
    for item in (_values(item) for item in _items(value_of(matrix, "include"))):
        fitting = [
            run
            for run, own in zip(runs, original, strict=True)
            if all(own.get(key, item[key]) == item[key] for key in item)
        ]
        for run in fitting:
            run.update(item)
        if not fitting:
            added.append(item)
    return (*runs, *added) or ({},)


def scalar(node: yaml.Node) -> str | None:
    """The value of a scalar as an expression gives it, else None: ``3.10`` without quotes is the number 3.1."""
    if not isinstance(node.value, str):
        return None
    if node.tag.endswith(":float"):
        try:
            return f"{float(node.value):g}"
        except ValueError:
            return node.value
    return node.value


def _values(node: yaml.Node) -> dict[str, str]:
    from keraslint.pins.notation.yaml_text import entries

    return _merged(tuple(dict(_flat(name, value)) for name, value in entries(node)))


def _flat(name: str, node: yaml.Node) -> Iterator[tuple[str, str]]:
    from keraslint.pins.notation.yaml_text import entries

    value = scalar(node)
    if value is not None:
        yield name, value
    for inner, below in entries(node):
        yield from _flat(f"{name}.{inner}", below)


def _items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a sequence; none if ``node`` is not a sequence."""
    if node is None or not isinstance(node.value, list):
        return []
    return [item for item in node.value if not isinstance(item, tuple)]


def _merged(parts: tuple[dict[str, str], ...]) -> dict[str, str]:
    return {key: value for part in parts for key, value in part.items()}
