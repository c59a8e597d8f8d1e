"""environment.yml: conda packages, and the requirements that pip installs after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keraslint.pins.interface import ReadResult, Source, joined, skip
from keraslint.pins.requirement_line import Line
from keraslint.pins.sources.conda import conda_requirement
from keraslint.pins.sources.requirements_txt import requirement_line

if TYPE_CHECKING:
    import yaml

_ENVIRONMENT = re.compile(r"(?:.*[-_.])?(?:environment|conda|env)(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_NOT_ENVIRONMENT = re.compile(r"conda-lock\.ya?ml|(?:.*[-.])?conda-lock\.ya?ml", re.IGNORECASE)
_PYTHON = re.compile(r"python\s*={1,2}\s*(\d+\.\d+)")


class CondaEnvironment(Source):
    """Reads environment.yml."""

    build = re.compile(r"=[^=\s]|[ \t]+[\w*]")

    def claims(self, name: str) -> bool:
        """Return True for environment.yml and its usual variants; not for a conda-lock.yml."""
        return "/" not in name and bool(_ENVIRONMENT.fullmatch(name)) and not _NOT_ENVIRONMENT.fullmatch(name)

    def read(self, filename: str, text: str) -> ReadResult:
        """Read the conda packages, and the lines for pip; paths after ``-r`` are relative to the file."""
        # PyYAML takes 15 ms to import: only if there is such a file.
        from keraslint.pins.notation.yaml_text import read_yaml, value_of

        lines = text.split("\n")
        return read_yaml(
            filename, text, lambda root: joined(_dependencies(filename, lines, value_of(root, "dependencies")))
        )


def _dependencies(filename: str, lines: list[str], node: yaml.Node | None) -> Iterator[ReadResult]:
    import yaml

    from keraslint.pins.notation.yaml_text import row_of, value_of

    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        yield skip(filename, row_of(node), "dependencies is not a list")
        return
    for item in node.value:
        line = Line(filename, row_of(item), lines[row_of(item) - 1].strip())
        if isinstance(item, yaml.ScalarNode):
            python = _PYTHON.match(item.value)
            yield ReadResult(python=f"=={python.group(1)}.*") if python else conda_requirement(line, item.value)
        elif isinstance(pip := value_of(item, "pip"), yaml.SequenceNode):
            for entry in pip.value:
                line = Line(filename, row_of(entry), lines[row_of(entry) - 1].strip())
                if isinstance(entry, yaml.ScalarNode):
                    yield requirement_line(line, entry.value.strip())
                else:
                    yield line.skip("not a requirement: it is not a text")
        else:
            yield line.skip("neither a package nor the list for pip")
