"""YAML with the row of every node. PyYAML is imported only if there is a YAML file: that takes 15 ms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from keraslint.pins.interface import ReadResult, skip

if TYPE_CHECKING:
    import yaml

Node: TypeAlias = "yaml.Node"

# PyYAML reads some 100,000 characters a second; the files read here are written by hand.
_LONGEST = 500_000


def read_yaml(filename: str, text: str, read: Callable[[Node | None], ReadResult]) -> ReadResult:
    """Return ``read`` of the root node, which is None in an empty document.

    A text that is not valid YAML, or too long to be written by hand, is skipped.
    """
    import yaml

    if len(text) > _LONGEST:
        return skip(filename, 0, f"longer than {_LONGEST} characters", too_large=True)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or error
        return skip(filename, mark.line + 1 if mark is not None else 0, f"not valid YAML: {problem}")
    except (RecursionError, ValueError) as error:
        return skip(filename, 0, f"not valid YAML: {type(error).__name__}")
    return read(root)


def value_of(node: Node | None, key: str) -> Node | None:
    """The node under a key of a mapping, None if there is none."""
    return next((value for name, value in entries(node) if name == key), None)


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The entries of a mapping whose keys are scalars; none if ``node`` is not a mapping."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, value


def items(node: Node | None) -> list[Node] | None:
    """The items of a sequence; None if ``node`` is not a sequence."""
    import yaml

    return node.value if isinstance(node, yaml.SequenceNode) else None


def row_of(node: Node) -> int:
    """The row in which a node begins."""
    return int(node.start_mark.line) + 1
