"""The case matrix: which calls are trained on every release, and which on the boundary releases in each CI run."""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.behaviour.cases import Case


def cases() -> tuple[Case, ...]:
    """Every case, each once, in the order of the table."""
    parts = (_whole, _partial, _loss_weights, _metrics, _sample_weights, _single_outputs)
    return tuple(dict.fromkeys(case for part in parts for case in part()))


def boundary_cases() -> tuple[Case, ...]:
    """A few cases that differ between the groups of releases."""
    return tuple(map(Case.parse, (
        "list loss=dict y=dict", "list loss=dict y=list", "list loss=tuple y=dict", "list loss=one y=dict",
        "list loss=tuple y=list loss_weights=dict", "list loss=one y=list loss_weights=last",
        "list loss=dict y=list loss_weights=dict", "list loss=dict y=dict metrics=dict",
        "list loss=first y=list", "list loss=list-none-first y=list", "list-of-three loss=list-none-first y=list",
        "list loss=dict y=dict sample_weight=dict", "dict loss=tuple y=dict", "dict loss=dict y=dict",
        "dict-renamed loss=dict y=dict metrics=dict", "odict loss=odict y=dict", "subclass-list loss=tuple y=dict",
    )))  # fmt: skip


def _whole() -> Iterator[Case]:
    """A loss for each output, or one for all, and a target for each."""
    for loss in ("dict", "odict", "tuple", "one"):
        for y in ("dict", "list"):
            yield Case("list", loss, y)
    for loss in ("dict", "tuple", "tuple-by-key"):
        yield Case("dict", loss, "dict")
    yield Case("dict", "dict", "list")
    yield Case("dict", "odict", "dict")
    yield Case("dict", "dict", "odict")
    for model in ("list-sorted", "list-of-three", "tuple", "list-of-models"):
        yield Case(model, "dict", "dict")
    yield Case("list-sorted", "odict-reversed", "list")
    for loss in ("dict", "odict"):
        yield Case("odict", loss, "dict")
    for loss in ("dict", "by-layer"):
        yield Case("dict-renamed", loss, "dict")
    yield Case("subclass-list", "tuple", "dict")
    for loss in ("dict", "tuple"):
        yield Case("subclass-dict", loss, "dict")


def _partial() -> Iterator[Case]:
    """A key, or a loss, too few or too many; None."""
    for loss in ("first", "none-first", "typo", "extra", "list-none-first", "list-none-second"):
        yield Case("list", loss, "list")
    for loss in ("first", "none-first"):
        yield Case("dict", loss, "dict")
    yield Case("dict", "first", "as-loss")
    yield Case("dict-of-three", "not-first", "as-loss")
    for loss in ("list-none-first", "list-none-second", "list-none-last"):
        yield Case("list-of-three", loss, "list")
    yield Case("list-of-three", "list-none-second", "as-loss")
    yield Case("list-of-three-sorted", "list-none-first", "list")
    yield Case("list", "dict", "extra")


def _loss_weights() -> Iterator[Case]:
    for loss in ("dict", "tuple", "one"):
        for weights in ("dict", "list", "last", "typo"):
            yield Case("list", loss, "list", loss_weights=weights)
    yield Case("list", "dict", "list", loss_weights="integers")
    yield Case("list", "dict", "list", loss_weights="extra")
    yield Case("list", "tuple", "list", loss_weights="odict")
    for weights in ("dict", "list", "last", "odict"):
        yield Case("dict", "dict", "dict", loss_weights=weights)


def _metrics() -> Iterator[Case]:
    for y in ("dict", "list"):
        yield Case("list", "tuple", y, metrics="dict")
    yield Case("list", "dict", "dict", metrics="dict")
    yield Case("list", "tuple", "dict", metrics="list")
    yield Case("list", "tuple", "dict", metrics="typo")
    yield Case("list", "tuple", "dict", weighted_metrics="dict")
    yield Case("list-sorted", "tuple", "dict", metrics="dict")
    for metrics in ("dict", "list", "typo"):
        yield Case("dict", "dict", "dict", metrics=metrics)
    yield Case("dict", "first", "dict", metrics="dict")
    for metrics in ("dict", "by-layer"):
        yield Case("dict-renamed", "dict", "dict", metrics=metrics)


def _sample_weights() -> Iterator[Case]:
    for loss in ("dict", "tuple"):
        yield Case("list", loss, "dict", sample_weight="dict")
        yield Case("list", loss, "list", sample_weight="list")
    yield Case("list", "tuple", "list", sample_weight="dict")
    yield Case("list", "tuple", "dict", sample_weight="one")
    yield Case("dict", "dict", "dict", sample_weight="dict")
    yield Case("list", "dict", "list", class_weight="dict")


def _single_outputs() -> Iterator[Case]:
    """One output: nothing can go elsewhere, but releases differ in what they take."""
    for loss in ("dict", "list"):
        yield Case("tensor", loss, "one")
    yield Case("tensor", "one", "one", loss_weights="one")
    yield Case("list-of-one", "list", "list", loss_weights="list")
