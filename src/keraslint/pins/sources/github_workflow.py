"""GitHub workflows: the packages that their steps install. Only a hint: CI often tries other versions, too."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

from keraslint.pins.interface import ReadResult, Role, Source, VersionCondition, joined
from keraslint.pins.notation.yaml_text import Node, entries, items, read_yaml, row_of, value_of
from keraslint.pins.sources.install_command import BUILD_IN_COMMAND, install_commands
from keraslint.pins.specifier_sets import unite

_EXPRESSION = re.compile(r"\$\{\{(?:\s*(?P<context>matrix|env)\.(?P<name>[\w.-]+)\s*|[^\n}]*)\}\}")
_MOST_RUNS = 256
"""GitHub's own limit."""

Run = Mapping[str, str]
"""The values by key, as expressions give them; a value in a mapping goes by its path: ``keras.version``."""


def _read(filename: str, text: str) -> ReadResult:
    """Read the install commands in the ``run`` of each step, for each run of the matrix; each job is a group."""
    if "keras" not in text and "tensorflow" not in text:
        return ReadResult()
    lines = [line.strip() for line in text.split("\n")]
    return read_yaml(filename, text, lambda root: joined(_steps(filename, lines, root)))


def _steps(filename: str, lines: Sequence[str], root: Node | None) -> Iterator[ReadResult]:
    for name, job in entries(value_of(root, "jobs")):
        for step, script, row in _scripts(value_of(job, "steps")):
            yield _united(
                install_commands(filename, lines, _filled(script, values, known), row, known, f"job {name}")
                for values in matrix_runs(job)
                for known in [_environment((root, job, step), values)]
            )


def _environment(levels: Iterable[Node | None], values: Mapping[str, str]) -> dict[str, str]:
    """The variables under ``env``; a step's win over its job's, and those over the workflow's."""
    known: dict[str, str] = {}
    for level in levels:
        texts = {name: scalar(node) for name, node in entries(value_of(level, "env"))}
        told = {name: _filled(text, values, known) for name, text in texts.items() if text is not None}
        known = {name: text for name, text in {**known, **told}.items() if "${{" not in text}
    return known


def _filled(text: str, matrix: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """A text with the values of its expressions; an expression that is not known stays as one word."""

    def value(match: re.Match[str]) -> str:
        known = matrix if match.group("context") == "matrix" else environment
        told = known.get(match.group("name") or "")
        return re.sub(r"[^\w.${}-]", "", match.group()) if told is None else told.replace("\n", " ")

    return _EXPRESSION.sub(value, text)


def _united(runs: Iterable[ReadResult]) -> ReadResult:
    """The results of the runs of one step as one: a line allows all releases that it asks for in any run."""
    found = joined(runs)
    lines: dict[tuple[str, int, str, str], VersionCondition] = {}
    for item in found.conditions:
        key = (item.distribution, item.row, item.marker, item.group)
        same = lines.get(key)
        lines[key] = (
            item if same is None else replace(same, alternatives=unite((*same.alternatives, *item.alternatives)))
        )
    return replace(found, conditions=tuple(lines.values()), includes=tuple(dict.fromkeys(found.includes)))


def _scripts(steps: Node | None) -> Iterator[tuple[Node, str, int]]:
    """Each step with a ``run``, its text and the row of its first line."""
    for step in items(steps) or ():
        run = value_of(step, "run")
        if run is not None and isinstance(run.value, str):
            # A literal block begins on the row after its "|".
            yield step, run.value, row_of(run) + (1 if getattr(run, "style", None) in ("|", ">") else 0)


def matrix_runs(job: Node) -> tuple[Run, ...]:
    """The runs of a job; one without values if it has no matrix, or if that is an expression or too large."""
    matrix = value_of(value_of(job, "strategy"), "matrix")
    axes = {
        name: [dict(_flat(name, item)) for item in items(node) or ()]
        for name, node in entries(matrix)
        if name not in ("include", "exclude")
    }
    axes = {name: values for name, values in axes.items() if values}
    if prod(map(len, axes.values())) > _MOST_RUNS:
        return ({},)
    excluded = [_values(item) for item in items(value_of(matrix, "exclude")) or ()]
    combined = itertools.product(*axes.values()) if axes else ()
    runs = [{key: value for part in parts for key, value in part.items()} for parts in combined]
    runs = [run for run in runs if not any(item and item.items() <= run.items() for item in excluded)]
    original, added = [dict(run) for run in runs], []
    for item in map(_values, items(value_of(matrix, "include")) or ()):
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


def scalar(node: Node) -> str | None:
    """The value of a scalar as an expression gives it, else None: ``3.10`` without quotes is the number 3.1."""
    if not isinstance(node.value, str):
        return None
    if node.tag.endswith(":float"):
        with contextlib.suppress(ValueError):
            return f"{float(node.value):g}"
    return node.value


def _values(node: Node) -> dict[str, str]:
    return {path: value for name, below in entries(node) for path, value in _flat(name, below)}


def _flat(name: str, node: Node) -> Iterator[tuple[str, str]]:
    value = scalar(node)
    if value is not None:
        yield name, value
    for inner, below in entries(node):
        yield from _flat(f"{name}.{inner}", below)


WORKFLOW = Source(_read, re.compile(r"\.github/workflows/.*\.ya?ml"), Role.HINTS, BUILD_IN_COMMAND, in_shell=True)
