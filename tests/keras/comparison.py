"""Compares what the interpreter and the rules say of a program with what a real Keras did with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from keraslint import check_source
from keraslint.analysis import analyze
from keraslint.analysis.facts import CompileCall
from keraslint.behaviour.structure import Outputs, Unseen
from keraslint.document import Document

from .routing import Site, format_table, read_run

Shape = tuple[str, tuple[Any, ...]]
"""The container of a model's outputs and their names in order; for a dict the pairs of key and name, sorted."""

Place = tuple[str, int]
"""A diagnostic: its code, and the row of the call that it is about."""


@dataclass(frozen=True)
class Difference:
    """Where something else is said of a compile call than was seen, or nothing at all ("unknown")."""

    kind: Literal["outputs", "verdict", "targets", "unknown"]
    row: int
    text: str


def compare(text: str, report: dict[str, Any], release: str) -> Iterator[Difference]:
    """Yield the differences between what is said of a program and the report of it on a release."""
    alike = _given_alike(text)
    facts = {group[0].call.lineno: group for group in analyze(Document("program.py", text)).sites()}
    said = _said_at(text, release)
    run = read_run(report)
    for raw in report["sites"]:
        row, calls = raw["row"], facts.get(raw["row"], ())
        shapes = [_shape(model) for model in raw["models"]]
        yield from _compare_outputs(row, calls, shapes, complete=run.end == "ok")
        why = _unknown(calls)
        if why is not None:
            yield Difference("unknown", row, why)
        elif not any(_ambiguous(model) for model in raw["models"]):
            yield from _compare_verdict(run.site(row), said)
            yield from _compare_targets(run.site(row), said, _unseen_targets(calls), alike)


def _compare_outputs(
    row: int, calls: tuple[CompileCall, ...], real: list[Shape | None], *, complete: bool
) -> Iterator[Difference]:
    said = [_said(call.model.outputs) for call in calls]
    for shape in real:
        if calls and shape is not None and shape not in said and None not in said:
            yield Difference("outputs", row, f"it has {shape}, and is said to have {said}")
    for shape in said:
        if complete and shape is not None and shape not in real and None not in real:
            yield Difference("outputs", row, f"it is said to have {shape}, and has {real}")


def _said(outputs: Outputs | None) -> Shape | None:
    if outputs is None or not outputs.functional:
        return None
    if outputs.keys:
        return "dict", tuple(sorted(zip(outputs.keys, outputs.names, strict=True)))
    return outputs.container, outputs.names


def _shape(model: dict[str, Any] | None) -> Shape | None:
    """The outputs of a real model; None for one that is not Functional, and for nested ones."""
    if model is None or any(len(path) > 1 for path, _ in model["outputs"]):
        return None
    if model["container"] in ("dict", "OrderedDict"):
        return "dict", tuple(sorted((path[0], name) for path, name in model["outputs"]))
    container = "tensor" if model["container"] == "leaf" else model["container"]
    return container, tuple(name for _, name in model["outputs"])


def _unknown(calls: tuple[CompileCall, ...]) -> str | None:
    """Why no verdict can be expected; None where one is."""
    if not calls:
        return "the compile call is not seen"
    for call in calls:
        if call.model.outputs is None:
            return call.model.why
        for argument in (call.loss, call.loss_weights):
            if isinstance(argument.structure, Unseen):
                return argument.structure.why
    return None


def _ambiguous(model: dict[str, Any] | None) -> bool:
    """True if the record itself can't tell which output is which.

    Two outputs with one name; or an OrderedDict of outputs that is not sorted, whose values Keras 3.1.0 to 3.7.0
    hands to the losses under exchanged keys.
    """
    if model is None:
        return False
    keys = [str(path) for path, _ in model["outputs"]]
    names = [name for _, name in model["outputs"]]
    if model["container"] == "OrderedDict":
        return keys != sorted(keys)
    return model["container"] != "dict" and len(set(names)) < len(names)


def _compare_verdict(site: Site, said: set[Place]) -> Iterator[Difference]:
    codes = {code for code, row in said if row == site.row}
    wrong = codes & {"KER101", "KER104", "KER110"}
    right = [wrong == wanted for wanted in _codes_for(site)]
    if (site.rounds or (site.error is not None and wrong)) and not any(right):
        text = f"reported {sorted(codes)}, seen {site.verdict}\n{format_table(site)}"
        yield Difference("verdict", site.row, text)
    if codes & {"KER105", "KER106"} and site.error is None:
        yield Difference("verdict", site.row, f"reported {sorted(codes)}, seen {site.verdict}")


def _codes_for(site: Site) -> list[set[str]]:
    """The codes that may be reported for a compile call that did what was seen.

    Weights of named losses can go with these; KER110 is about losses that a None leads astray.
    """
    if "misrouted-loss" in site.issues:
        return [{"KER101"}, {"KER110"}]
    if "misrouted-weights" in site.issues:
        return [{"KER101"}, {"KER104"}] if site.loss_is_named else [{"KER104"}]
    return [set()]


def _unseen_targets(calls: tuple[CompileCall, ...]) -> set[int]:
    """The rows of the training calls whose targets the interpreter does not see."""
    return {
        training.call.lineno
        for call in calls
        for training in call.trainings
        if any(isinstance(y.structure, Unseen) for y in (training.y, training.validation_y))
    }


def _compare_targets(
    site: Site, said: set[Place], unseen: set[int], alike: dict[int, set[str]]
) -> Iterator[Difference]:
    rounds = [each for each in site.rounds if each.call is not None and len(each.table) > 1]
    issues = {(each.call.row, issue) for each in rounds if each.call for issue in each.issues}
    issues = {(row, issue) for row, issue in issues if issue not in alike.get(row, ())}
    wrong = {row for row, issue in issues if issue == "misrouted-target"}
    astray = {row for row, issue in issues if issue == "misrouted-sample-weight"}
    for row in {each.call.row for each in rounds if each.call} - unseen:
        codes = sorted(code for code, place in said if place == row)
        # A call like an earlier one is not traced again by JAX, and so not seen: there it may be said unseen.
        missed = (row in wrong and "KER103" not in codes) or (row in astray and not {"KER103", "KER114"} & set(codes))
        invented = ("KER103" in codes and not wrong) or ("KER114" in codes and not astray)
        if missed or invented:
            yield Difference("targets", row, f"reported {codes}\n{format_table(site)}")


def _given_alike(text: str) -> dict[int, set[str]]:
    """By the rows of training calls, what can't be misrouted: one and the same array is given for all outputs."""
    found: dict[int, set[str]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = dict(zip(("x", "y"), node.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
            for argument, issue in (("y", "misrouted-target"), ("sample_weight", "misrouted-sample-weight")):
                values = getattr(given.get(argument), "values", ())
                names = {value.id if isinstance(value, ast.Name) else place for place, value in enumerate(values)}
                if values and len(names) == 1:
                    found.setdefault(node.lineno, set()).add(issue)
    return found


def _said_at(text: str, release: str) -> set[Place]:
    """The diagnostics of a program, each at the call in which it stands."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return {
        (one.code, min(calls, key=lambda call: _distance(call, one.span.start.row)).lineno)
        for one in check_source(text, "program.py", release)
    }


def _distance(call: ast.Call, row: int) -> tuple[bool, int]:
    """How well a row belongs to a call of a model's method that spans it."""
    methods = ("compile", "fit", "evaluate", "train_on_batch", "test_on_batch")
    inside = isinstance(call.func, ast.Attribute) and call.func.attr in methods
    return not (inside and call.lineno <= row <= (call.end_lineno or row)), row - call.lineno
