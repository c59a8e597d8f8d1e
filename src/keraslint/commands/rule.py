"""``keraslint rule``: the documentation of a rule, from its docstring."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from keraslint.commands.parsers import rule_parser
from keraslint.config.parse import selector_problem
from keraslint.words import one_line


def run(arguments: Sequence[str]) -> int:
    """Print the documentation of one rule or of all; 2 where there is no such rule."""
    from keraslint.rules.registry import ALL_RULES

    args = rule_parser().parse_args(arguments)
    wanted = [
        rule for rule in ALL_RULES if args.all or args.rule.upper() == rule.code or args.rule.lower() == rule.name
    ]
    if not wanted:
        problem = selector_problem(args.rule) or f"{args.rule!r} names more than one rule"
        print(f"error: {one_line(str(problem))}", file=sys.stderr)
        return 2
    print("\n\n".join(rule.documentation().strip() for rule in wanted))
    return 0
