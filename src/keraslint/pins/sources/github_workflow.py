"""GitHub workflows: the packages that their steps install. Only a hint: CI often tries other versions, too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from keraslint.pins.interface import ReadResult, Role, Source, VersionCondition, joined
from keraslint.pins.sources.install_command import BUILD_IN_COMMAND, install_commands
from keraslint.pins.specifier_sets import unite

if TYPE_CHECKING:
    import yaml

_EXPRESSION = re.compile(r"\$\{\{(?:\s*(?P<context>matrix|env)\.(?P<name>[\w.-]+)\s*|[^\n}]*)\}\}")
_FOLDER = ".github/workflows/"


class Workflow(Source):
    """Reads the files in .github/workflows."""

    role = Role.HINTS
    build = BUILD_IN_COMMAND
    in_shell = True

    def claims(self, name: str) -> bool:
        """Return True for every YAML file in that folder."""
        return name.startswith(_FOLDER) and name.endswith((".yml", ".yaml"))

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the install commands in the ``run`` of each step, for each run of the matrix; each job is a group."""
        if "keras" not in text and "tensorflow" not in text:
            return ReadResult()
        from keraslint.pins.notation.yaml_text import read_yaml

        lines = [line.strip() for line in text.split("\n")]
        return read_yaml(filename, text, lambda root: joined(_steps(filename, lines, root)))


def _steps(filename: str, lines: Sequence[str], root: yaml.Node | None) -> Iterator[ReadResult]:
    from keraslint.pins.notation.yaml_text import entries, value_of
    from keraslint.pins.sources.github_matrix import matrix_runs

    for name, job in entries(value_of(root, "jobs")):
        for step, script, row in _scripts(value_of(job, "steps")):
            yield _united(
                install_commands(filename, lines, _filled(script, values, known), row, known, f"job {name}")
                for values in matrix_runs(job)
                for known in [_environment((root, job, step), values)]
            )


def _environment(levels: Iterable[yaml.Node | None], values: Mapping[str, str]) -> dict[str, str]:
    """The variables under ``env``; a step's win over its job's, and those over the workflow's."""
    from keraslint.pins.notation.yaml_text import entries, value_of
    from keraslint.pins.sources.github_matrix import scalar

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
    """The results of the runs of one step as one: a line admits all releases that it asks for in any run."""
    found = joined(runs)
    lines: dict[tuple[str, int, str, str], VersionCondition] = {}
    for item in found.conditions:
        key = (item.distribution, item.row, item.marker, item.group)
        same = lines.get(key)
        lines[key] = (
            item if same is None else replace(same, alternatives=unite((*same.alternatives, *item.alternatives)))
        )
    return replace(found, conditions=tuple(lines.values()), includes=tuple(dict.fromkeys(found.includes)))


def _scripts(steps: yaml.Node | None) -> Iterator[tuple[yaml.Node, str, int]]:
    """Each step with a ``run``, its text and the row of its first line."""
    from keraslint.pins.notation.yaml_text import row_of, value_of

    for step in steps.value if steps is not None and isinstance(steps.value, list) else ():
        run = value_of(step, "run") if not isinstance(step, tuple) else None
        if run is not None and isinstance(run.value, str):
            # A literal block begins on the row after its "|".
            yield step, run.value, row_of(run) + (1 if getattr(run, "style", None) in ("|", ">") else 0)
