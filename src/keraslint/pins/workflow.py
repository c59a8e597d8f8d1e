"""GitHub workflows: what their steps install. A hint, for CI often tries what the project does not pin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from keraslint.pins.releases import Skipped
from keraslint.pins.shell import install_commands
from keraslint.pins.source import Found, Role, joined

if TYPE_CHECKING:
    import yaml

_EXPRESSION = re.compile(r"\$\{\{[^\n}]*\}\}")
_FOLDER = ".github/workflows/"


@dataclass(frozen=True)
class Workflow:
    """Reads the files in .github/workflows."""

    role: Role = field(default=Role.HINTS, init=False)

    def claims(self, name: str) -> bool:
        """Every YAML file in that folder."""
        return name.startswith(_FOLDER) and name.endswith((".yml", ".yaml"))

    def read(self, filename: str, text: str) -> Found:
        """The install commands in the ``run`` of each step; each job is a group."""
        if "keras" not in text and "tensorflow" not in text:
            return Found()
        from keraslint.pins.yaml_text import NotYaml, compose, entries, value_of

        try:
            root = compose(text)
        except NotYaml as error:
            return Found(skipped=(Skipped(filename, error.row, f"no YAML: {error}"),))
        lines = [line.strip() for line in text.split("\n")]
        return joined(
            # A literal block begins on the row after its "|".
            install_commands(filename, lines, _EXPRESSION.sub(_as_one_word, script), row, {}, f"job {name}")
            for name, job in entries(value_of(root, "jobs"))
            for script, row in _scripts(value_of(job, "steps"))
        )


def _as_one_word(expression: re.Match[str]) -> str:
    """``${{ matrix.keras }}`` without what would part it: nothing of it is known."""
    return re.sub(r"[^\w.${}-]", "", expression.group())


def _scripts(steps: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """The text of each step's ``run`` and the row of its first line."""
    from keraslint.pins.yaml_text import row_of, value_of

    for step in steps.value if steps is not None and isinstance(steps.value, list) else ():
        run = value_of(step, "run") if not isinstance(step, tuple) else None
        if run is not None and isinstance(run.value, str):
            yield run.value, row_of(run) + (1 if getattr(run, "style", None) in ("|", ">") else 0)
