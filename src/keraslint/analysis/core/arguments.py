"""The arguments of a call."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from keraslint.analysis.core.values import Value


@dataclass(slots=True)
class Arguments:
    """The evaluated arguments of a call. ``open``: there are further ones that the source does not show.

    may_pass: values of which these further ones may be parts.
    """

    positional: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    node: ast.Call | None = None
    open: bool = False
    nodes: dict[int | str, ast.expr] = field(default_factory=dict)
    may_pass: tuple[Value, ...] = ()

    def get(self, index: int, name: str) -> Value | None:
        """The argument at a position or with a name; None where it is not given."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[index] if 0 <= index < len(self.positional) else None

    def expression(self, index: int, name: str) -> ast.expr | None:
        """The expression that gave this argument at the call."""
        return self.nodes.get(name) if name in self.keywords else self.nodes.get(index)

    def every(self) -> list[Value]:
        """All values that are passed."""
        return [*self.positional, *self.keywords.values()]


def replace_positional(args: Arguments, positional: list[Value]) -> Arguments:
    """A copy of ``args`` with these positional arguments in front; expressions keep their places."""
    shift = len(positional) - len(args.positional)
    nodes = {key + shift if isinstance(key, int) else key: node for key, node in args.nodes.items()}
    return Arguments(positional, dict(args.keywords), args.node, args.open, nodes, args.may_pass)
