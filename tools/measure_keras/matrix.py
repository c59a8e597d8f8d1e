"""The case matrix: the calls trained on every release, and those trained on the boundary releases in each CI run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from keraslint.behaviour.measured.cases import Case


def cases() -> tuple[Case, ...]:
    """All cases, each once, in the order of the table."""
    whole = (_whole_lists, _whole_dicts, _shared_names)
    parts = (*whole, _partial, _targets, _loss_weights, _metrics, _sample_weights, _single_outputs)
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


def _cases(models: str, losses: str, ys: str, **others: str) -> Iterator[Case]:
    """The cases with every combination of the forms; those of one argument are separated by spaces."""
    for model, loss, y, *rest in product(*(text.split() for text in (models, losses, ys, *others.values()))):
        yield Case(model, loss, y, **dict(zip(others, rest, strict=True)))


def _whole_lists() -> Iterator[Case]:
    """Cases with outputs in a list or tuple: a loss for each output, or one for all, and a target for each."""
    yield from _cases("list", "dict dict-reversed odict odict-reversed list tuple one", "dict odict list")
    yield from _cases("list", "dict tuple one", "dict-reversed tuple")
    yield from _cases("list", "dict odict", "odict-reversed")
    yield from _cases("list-sorted", "dict odict odict-reversed tuple", "dict odict-reversed list")
    yield from _cases("list-of-three", "dict odict odict-reversed tuple one", "dict list")
    yield from _cases("list-of-three", "dict tuple", "odict")
    yield from _cases("list-of-three-sorted", "dict", "dict list")
    yield from _cases("tuple", "dict tuple one", "dict tuple")
    for model in ("list-capitals", "list-numbers", "list-of-models", "list-unnamed"):
        yield from _cases(model, "dict", "dict list")
        yield from _cases(model, "tuple", "dict")
    yield from _cases("subclass-list", "dict tuple one", "dict list")
    yield from _cases("subclass-tuple", "dict tuple", "dict tuple")


def _whole_dicts() -> Iterator[Case]:
    """Cases with outputs in a dict: a loss for each output, or one for all, and a target for each."""
    yield from _cases("dict", "dict odict odict-reversed tuple tuple-by-key one", "dict odict list list-by-key")
    yield from _cases("dict", "dict-reversed list", "dict")
    yield from _cases("dict", "dict", "dict-reversed odict-reversed")
    yield from _cases("dict-sorted", "dict odict-reversed tuple", "dict odict-reversed list")
    yield from _cases("dict-of-three", "dict odict tuple tuple-by-key", "dict list-by-key")
    yield from _cases("odict", "dict odict tuple one", "dict odict list")
    yield from _cases("odict-sorted", "dict odict odict-reversed tuple", "dict odict")
    yield from _cases("dict-renamed dict-renamed-sorted", "dict tuple by-layer", "dict by-layer")
    yield from _cases("dict-exchanged", "dict tuple", "dict")
    yield from _cases("subclass-dict", "dict odict tuple one", "dict list")
    yield from _cases("subclass-dict-sorted", "dict tuple", "dict list")
    yield from _cases("subclass-odict", "dict odict tuple", "dict odict")


def _shared_names() -> Iterator[Case]:
    """Cases with two outputs under one name: those of a model that is called as a layer."""
    yield from _cases("list-shared", "dict by-layer tuple one", "dict by-layer list")
    yield from _cases("list-shared", "tuple one by-layer", "list", loss_weights="dict by-layer list")
    yield from _cases("list-shared", "tuple", "dict by-layer list", metrics="dict by-layer list two-lists")
    yield from _cases("list-shared", "tuple", "list", weighted_metrics="by-layer")
    yield from _cases("list-shared", "tuple", "dict", sample_weight="dict")
    yield from _cases("list-shared", "tuple by-layer", "by-layer", sample_weight="by-layer")
    yield from _cases("list-shared-sorted", "dict tuple", "dict")
    yield from _cases("list-shared-sorted", "tuple", "list", loss_weights="dict")
    yield from _cases("list-shared-of-three", "dict by-layer tuple", "dict by-layer list")
    yield from _cases("list-shared-of-three", "tuple by-layer", "list", loss_weights="dict by-layer")
    yield from _cases("dict-shared", "dict by-layer tuple one", "dict by-layer list")
    yield from _cases("dict-shared", "dict tuple", "dict", loss_weights="dict")
    yield from _cases("dict-shared", "dict one", "dict", metrics="dict by-layer list")
    yield from _cases("dict-shared", "dict", "dict", sample_weight="dict")


def _partial() -> Iterator[Case]:
    """Cases with a loss missing or too many, with None, with a misspelt key, or with lists of losses."""
    named = "first second none-first none-second typo extra lists two-lists"
    yield from _cases("list", f"{named} list-none-first list-none-second list-of-dicts", "list")
    yield from _cases("list", "first none-first list-none-first", "as-loss")
    yield from _cases("list", "none-first two-lists", "dict")
    yield from _cases("list-sorted", "none-first list-none-first list-none-second", "list")
    three = "none-first none-second list-none-first list-none-second list-none-last"
    yield from _cases("list-of-three", f"first not-first {three}", "list")
    yield from _cases("list-of-three", "none-second list-none-second", "dict as-loss")
    yield from _cases("list-of-three-sorted", "none-first list-none-first list-none-second list-none-last", "list")
    yield from _cases("dict", f"{named} list-none-first list-none-second", "dict")
    yield from _cases("dict", "first second none-first", "as-loss")
    yield from _cases("dict-of-three", "first not-first none-first list-none-second", "dict as-loss")
    yield from _cases("subclass-dict", "first none-first typo extra", "dict")
    yield from _cases("subclass-dict", "first", "as-loss")
    yield from _cases("subclass-list", "list-none-first list-none-second", "list")


def _targets() -> Iterator[Case]:
    """Cases with a target missing or too many, under a misspelt key, or None."""
    yield from _cases("list dict", "dict tuple one", "first typo extra")
    yield from _cases("list-sorted", "dict", "first extra")
    yield from _cases("list dict", "none-first", "none-first")
    yield from _cases("list", "list-none-first", "list-none-first")
    yield from _cases("list list-of-three dict", "dict tuple one", "one")


def _loss_weights() -> Iterator[Case]:
    weights = "dict list odict last typo extra integers none-first"
    yield from _cases("list", "dict tuple one", "list", loss_weights=weights)
    yield from _cases("list", "dict tuple one", "dict", loss_weights="dict list")
    yield from _cases("list-of-three", "dict tuple one", "list", loss_weights="dict list last")
    yield from _cases("list-sorted", "dict tuple", "list", loss_weights="dict odict-reversed")
    yield from _cases("list-sorted", "one", "list", loss_weights="last")
    yield from _cases("tuple", "tuple one", "tuple", loss_weights="dict tuple")
    yield from _cases("dict", "dict tuple one", "dict", loss_weights="dict list odict last typo")
    yield from _cases("dict", "dict", "dict", loss_weights="extra integers none-first")
    yield from _cases("dict-of-three", "dict", "dict", loss_weights="dict list last")
    yield from _cases("dict-of-three", "tuple", "dict", loss_weights="dict")
    yield from _cases("odict", "dict odict", "dict", loss_weights="dict odict list")
    yield from _cases("list", "dict tuple one", "list", loss_weights="texts dict-of-texts dict-of-lists-of-texts")
    yield from _cases("dict", "dict one", "dict", loss_weights="texts dict-of-texts dict-of-lists-of-texts")
    yield from _cases("subclass-list", "tuple", "list", loss_weights="dict list")
    yield from _cases("subclass-dict", "dict tuple", "dict", loss_weights="dict list")


def _metrics() -> Iterator[Case]:
    forms = "dict list odict first typo none-first"
    yield from _cases("list", "tuple", "dict list", metrics=forms)
    yield from _cases("list", "dict", "dict list", metrics="dict list")
    yield from _cases("list", "one", "dict", metrics="dict")
    yield from _cases("list", "tuple", "odict dict-reversed extra", metrics="dict")
    yield from _cases("list", "dict tuple", "dict list", weighted_metrics="dict")
    yield from _cases("list-sorted list-of-three tuple list-capitals subclass-list", "tuple", "dict", metrics="dict")
    yield from _cases("list-sorted list-of-three", "dict", "dict list", metrics="dict")
    yield from _cases("dict", "dict", "dict", metrics=f"{forms} list-by-key")
    yield from _cases("dict", "tuple first", "dict", metrics="dict")
    yield from _cases("dict", "second", "dict", metrics="second")
    yield from _cases("dict", "dict", "dict", weighted_metrics="dict list")
    yield from _cases("dict-sorted odict subclass-dict subclass-odict", "dict", "dict", metrics="dict list")
    yield from _cases("dict-of-three", "dict not-first", "dict", metrics="dict")
    yield from _cases("dict-renamed dict-renamed-sorted", "dict", "dict", metrics="dict by-layer list")
    yield from _cases("dict-exchanged", "dict", "dict", metrics="dict")
    yield from _cases("list dict-renamed", "one", "dict", metrics="two-lists", weighted_metrics="lists list")
    yield from _cases("tensor", "one", "one", metrics="dict list lists", weighted_metrics="list two-lists")
    yield from _cases("list dict", "one", "dict", metrics="list-one")


def _sample_weights() -> Iterator[Case]:
    yield from _cases("list", "dict tuple one", "dict list", sample_weight="dict list one")
    yield from _cases("list", "tuple", "dict", sample_weight="odict first typo")
    yield from _cases("list", "tuple", "list", sample_weight="list-none-first")
    yield from _cases("list-sorted", "dict tuple", "dict", sample_weight="dict one")
    yield from _cases("list-of-three", "dict tuple", "dict", sample_weight="dict")
    yield from _cases("list-of-three", "dict tuple", "list", sample_weight="list")
    yield from _cases("dict", "dict tuple one", "dict", sample_weight="dict list one")
    yield from _cases("dict", "dict", "dict", sample_weight="odict first")
    yield from _cases("odict subclass-dict", "dict", "dict", sample_weight="dict one")
    yield from _cases("subclass-list", "tuple", "list", sample_weight="list")
    yield from _cases("list", "dict tuple", "dict", sample_weight="dict", weighted_metrics="dict")
    yield from _cases("list", "dict tuple", "list", sample_weight="list", weighted_metrics="dict")
    yield from _cases("dict", "dict", "dict", sample_weight="dict", weighted_metrics="dict")
    yield from _cases("list", "dict tuple", "list", loss_weights="list", sample_weight="list")
    yield from _cases("list dict", "dict", "dict", loss_weights="dict", metrics="dict")
    yield from _cases("list dict", "dict", "dict", class_weight="dict")
    yield from _cases("list", "dict", "list", class_weight="dict")


def _single_outputs() -> Iterator[Case]:
    """Cases with one output: nothing can be misrouted, but releases differ in the arguments that they accept."""
    yield from _cases("tensor", "dict list one typo", "one")
    yield from _cases("tensor", "one", "dict list")
    yield from _cases("tensor", "one", "one", loss_weights="one dict list texts dict-of-texts dict-of-lists-of-texts")
    yield from _cases("list-of-one", "dict list one", "list")
    yield from _cases("list-of-one", "list", "list", loss_weights="dict list")
    yield from _cases("dict-of-one", "dict list one", "dict")
    yield from _cases("dict-of-one", "dict", "dict", loss_weights="dict list")
