"""GitHub workflows: what their steps install. A hint, for CI often tries what the project does not pin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from keraslint.pins.interface import ReadResult, Role, VersionCondition, joined
from keraslint.pins.releases import Skipped
from keraslint.pins.sources.install_command import install_commands
from keraslint.pins.specifier_sets import unite

if TYPE_CHECKING:
    import yaml

_EXPRESSION = re.compile(r"\$\{\{(?:\s*(?P<context>matrix|env)\.(?P<name>[\w.-]+)\s*|[^\n}]*)\}\}")
_FOLDER = ".github/workflows/"


@dataclass(frozen=True)
class Workflow:
    """Reads the files in .github/workflows."""

    role: Role = field(default=Role.HINTS, init=False)

    def claims(self, name: str) -> bool:
        """Every YAML file in that folder."""
        return name.startswith(_FOLDER) and name.endswith((".yml", ".yaml"))

    def read(self, filename: str, text: str) -> ReadResult:
        """The install commands in the ``run`` of each step, for each run of the job's matrix; each job is a group."""
        if "keras" not in text and "tensorflow" not in text:
            return ReadResult()
        from keraslint.pins.notation.yaml_text import InvalidYaml, compose, entries, value_of
        from keraslint.pins.sources.github_matrix import matrix_runs

        try:
            root = compose(text)
        except InvalidYaml as error:
            return ReadResult(skipped=(Skipped(filename, error.row, f"no YAML: {error}"),))
        lines = [line.strip() for line in text.split("\n")]
        return joined(
            _united(
                install_commands(filename, lines, _filled(script, values, known), row, known, f"job {name}")
                for values in matrix_runs(job)
                for known in [_environment((root, job, step), values)]
            )
            for name, job in entries(value_of(root, "jobs"))
            for step, script, row in _scripts(value_of(job, "steps"))
        )


def _environment(levels: Iterable[yaml.Node | None], values: Mapping[str, str]) -> dict[str, str]:
    """The variables that ``env`` sets, those of the step over those of the job over those of the workflow."""
    from keraslint.pins.notation.yaml_text import entries, value_of
    from keraslint.pins.sources.github_matrix import scalar

    known: dict[str, str] = {}
    for level in levels:
        texts = {name: scalar(node) for name, node in entries(value_of(level, "env"))}
        told = {name: _filled(text, values, known) for name, text in texts.items() if text is not None}
        known = {name: text for name, text in {**known, **told}.items() if "${{" not in text}
    return known


def _filled(text: str, matrix: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """A text with the values of its expressions; one that is not known without what would part it."""

    def value(match: re.Match[str]) -> str:
        known = matrix if match.group("context") == "matrix" else environment
        told = known.get(match.group("name") or "")
        return re.sub(r"[^\w.${}-]", "", match.group()) if told is None else told.replace("\n", " ")

    return _EXPRESSION.sub(value, text)


def _united(runs: Iterable[ReadResult]) -> ReadResult:
    """What the runs of one step say: of a line that asks for another release in each, that it takes any of them."""
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
