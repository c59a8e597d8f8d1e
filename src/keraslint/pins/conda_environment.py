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

_PYTHON = re.compile(r"python\s*={1,2}\s*(\d+\.\d+)")


def read_environment(filename: str, text: str) -> Found:
    """What the dependencies say; paths after ``-r`` are relative to the file, as conda takes them."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return Found(skipped=(Skipped(filename, _row_of(error), f"no YAML: {_problem(error)}"),))
    except (RecursionError, ValueError) as error:
        return Found(skipped=(Skipped(filename, 0, f"no YAML: {type(error).__name__}"),))
    return joined(_dependencies(filename, text.split("\n"), _value(root, "dependencies")))


def _dependencies(filename: str, lines: list[str], node: yaml.Node | None) -> Iterator[Found]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        yield Found(skipped=(Skipped(filename, _row(node), "dependencies is no list"),))
        return
    for item in node.value:
        line = Line(filename, _row(item), lines[_row(item) - 1].strip())
        if isinstance(item, yaml.ScalarNode):
            python = _PYTHON.match(item.value)
            yield Found(python=f"=={python.group(1)}.*") if python else conda_requirement(line, item.value)
        elif isinstance(pip := _value(item, "pip"), yaml.SequenceNode):
            for entry in pip.value:
                line = Line(filename, _row(entry), lines[_row(entry) - 1].strip())
                if isinstance(entry, yaml.ScalarNode):
                    yield requirement_line(line, entry.value.strip())


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The node under a key of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _row(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _row_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 0


def _problem(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).partition("\n")[0]
