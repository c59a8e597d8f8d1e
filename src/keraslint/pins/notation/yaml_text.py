"""YAML with the row of every node. Imported only where there is a file in it: PyYAML takes 15 ms."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

# PyYAML reads some 100,000 characters a second; what is meant here is written by hand.
_LONGEST = 500_000


class InvalidYaml(ValueError):
    """The text is no YAML; ``row`` is where it stops to be (0 where that is not known)."""

    def __init__(self, reason: str, row: int) -> None:
        super().__init__(reason)
        self.row = row


def compose(text: str) -> yaml.Node | None:
    """The root node, None in an empty document. Raises InvalidYaml, also for a text too long to be hand-written."""
    if len(text) > _LONGEST:
        raise InvalidYaml(f"longer than {_LONGEST} characters", 0)
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = str(getattr(error, "problem", None) or error).partition("\n")[0]
        raise InvalidYaml(problem, mark.line + 1 if mark is not None else 0) from error
    except (RecursionError, ValueError) as error:
        raise InvalidYaml(type(error).__name__, 0) from error


def value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The node under a key of a mapping, None where there is none."""
    return next((value for name, value in entries(node) if name == key), None)


def entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """The entries of a mapping whose keys are plain."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, value


def row_of(node: yaml.Node) -> int:
    """The row in which a node begins."""
    return int(node.start_mark.line) + 1
