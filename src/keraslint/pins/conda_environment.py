"""environment.yml: conda packages, and what pip installs after them. Imported only where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from keraslint.pins.conda import conda_requirement
from keraslint.pins.line import Line
from keraslint.pins.releases import Skipped
from keraslint.pins.requirement import requirement_line
from keraslint.pins.source import Found, joined
from keraslint.pins.yaml_text import NotYaml, compose, row_of, value_of

_PYTHON = re.compile(r"python\s*={1,2}\s*(\d+\.\d+)")


def read_environment(filename: str, text: str) -> Found:
    """What the dependencies say; paths after ``-r`` are relative to the file, as conda takes them."""
    try:
        root = compose(text)
    except NotYaml as error:
        return Found(skipped=(Skipped(filename, error.row, f"no YAML: {error}"),))
    return joined(_dependencies(filename, text.split("\n"), value_of(root, "dependencies")))


def _dependencies(filename: str, lines: list[str], node: yaml.Node | None) -> Iterator[Found]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        yield Found(skipped=(Skipped(filename, row_of(node), "dependencies is no list"),))
        return
    for item in node.value:
        line = Line(filename, row_of(item), lines[row_of(item) - 1].strip())
        if isinstance(item, yaml.ScalarNode):
            python = _PYTHON.match(item.value)
            yield Found(python=f"=={python.group(1)}.*") if python else conda_requirement(line, item.value)
        elif isinstance(pip := value_of(item, "pip"), yaml.SequenceNode):
            for entry in pip.value:
                line = Line(filename, row_of(entry), lines[row_of(entry) - 1].strip())
                if isinstance(entry, yaml.ScalarNode):
                    yield requirement_line(line, entry.value.strip())
                else:
                    yield line.skip("no requirement: it is no text")
        else:
            yield line.skip("neither a package nor the list for pip")
