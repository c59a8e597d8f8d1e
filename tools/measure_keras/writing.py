"""Makes the table from the observations of each release: ranges of releases, each distinct outcome once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from keraslint.behaviour.measured.cases import Case

JSON = dict[str, Any]


def table(seen: Mapping[str, JSON], cases: Sequence[Case], models: Sequence[str], *, measured: str, jax: str) -> str:
    """The text of the data file. ``seen``: by release, ascending, the results of ``training.seen_on``."""
    numbers: dict[str, int] = {}
    cells: dict[str, list[list[Any]]] = {}
    for place, case in enumerate(cases):
        outcomes = [outcome(case, answer["seen"][place]) for answer in seen.values()]
        texts = (json.dumps(one, separators=(",", ":")) for one in outcomes)
        cells[str(case)] = runs([numbers.setdefault(text, len(numbers)) for text in texts])
    called = {model: [answer["outputs"][place] for answer in seen.values()] for place, model in enumerate(models)}
    parts = {
        "measured": json.dumps(measured),
        "jax": json.dumps(jax),
        "releases": json.dumps(list(seen)),
        "outcomes": _lines(numbers),
        "called": json.dumps(called, separators=(",", ":")),
        "names": entries(_by_release([answer["names"] for answer in seen.values()])),
        "unlogged": entries(_by_release([answer["unlogged"] for answer in seen.values()])),
        "cells": entries(cells),
    }
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {value}" for key, value in parts.items()) + "\n}\n"


def outcome(case: Case, seen: JSON) -> JSON:
    """The observations of the worker in the terms of the table: outputs and tokens as indices of the case's keys."""
    if "raises" in seen:
        return seen
    place = {key: number for number, key in enumerate(case.keys)}
    arrivals = [[place.get(token, token), *rest] for token, *rest in seen["arrivals"]]
    logs = {
        name: None if call is None else arrivals[call][1]
        for name, call in sorted(seen["logs"].items())
        if name in place or name in case.outputs.addresses
    }
    shown = {call: name.replace("recording", "*") for name, call in seen["metric_logs"].items() if call is not None}
    metrics = [[place.get(token, token), *rest, shown.get(call)] for call, (token, *rest) in enumerate(seen["metrics"])]
    found: JSON = {"arrivals": sorted(arrivals, key=lambda arrival: arrival[1])}
    if logs:
        found["logs"] = logs
    if metrics:
        found["metrics"] = sorted(metrics, key=lambda metric: (str(metric[0]), metric[1]))
    return found


def _lines(numbers: Mapping[str, int]) -> str:
    return "[\n" + ",\n".join(numbers) + "\n]"


def _by_release(answers: Sequence[JSON]) -> dict[str, list[list[Any]]]:
    """By key, the answers of the releases: each with the index of the first of those that gave it, None without any."""
    keys = dict.fromkeys(key for answer in answers for key in answer)
    return {key: runs([answer.get(key) for answer in answers]) for key in keys}


def runs(values: Sequence[Any]) -> list[list[Any]]:
    """The values of the releases in turn, each once while it stays the same, with the index of its first release."""
    return [[release, value] for release, value in enumerate(values) if not release or values[release - 1] != value]


def entries(cells: Mapping[str, list[list[Any]]]) -> str:
    """The text of an object with a line for each key."""
    rows = (f"{json.dumps(case)}: {json.dumps(runs, separators=(',', ':'))}" for case, runs in cells.items())
    return "{\n" + ",\n".join(rows) + "\n}"
