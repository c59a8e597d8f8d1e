"""``keraslint rule``: the list of the rules, and the documentation of one, from its docstring."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from keraslint.commands.parsers import rule_parser
from keraslint.config.parse import rule_selector
from keraslint.words import one_line

if TYPE_CHECKING:
    from keraslint.rules.base import Rule


def run(arguments: Sequence[str]) -> int:
    """Print the list of the rules, or the documentation of one or of all; 2 where there is no such rule."""
    from keraslint.rules.registry import ALL_RULES

    args = rule_parser().parse_args(arguments)
    if args.rule is None and not args.all:
        print("\n".join(f"{rule.code}  {rule.name:<32}{_summary(rule)}" for rule in ALL_RULES))
        return 0
    wanted = [
        rule for rule in ALL_RULES if args.all or args.rule.upper() == rule.code or args.rule.lower() == rule.name
    ]
    if not wanted:
        try:
            problem = f"{rule_selector(args.rule)!r} names more than one rule"
        except ValueError as error:
            problem = str(error)
        print(f"error: {one_line(problem)}", file=sys.stderr)
        return 2
    print("\n\n".join(rule.documentation().strip() for rule in wanted))
    return 0


def _summary(rule: Rule) -> str:
    return f"{rule.summary} (off by default)" if rule.opt_in else rule.summary
