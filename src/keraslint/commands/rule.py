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
    """Print the list of the rules, or the documentation of some or of all; 2 where there is no such rule."""
    from keraslint.rules.registry import ALL_RULES

    args = rule_parser().parse_args(arguments)
    if not args.rule and not args.all:
        print("\n".join(f"{rule.code}  {rule.name:<32}{_summary(rule)}" for rule in ALL_RULES))
        return 0
    wanted = [*ALL_RULES] if args.all else []
    for text in args.rule:
        found = [rule for rule in ALL_RULES if text.upper() == rule.code or text.lower() == rule.name]
        if not found:
            print(f"error: {one_line(_problem(text))}", file=sys.stderr)
            return 2
        wanted += found
    print("\n\n".join(rule.documentation().strip() for rule in wanted))
    return 0


def _problem(text: str) -> str:
    """The reason why a text is not the code or name of one rule."""
    from keraslint.rules.registry import ALL_RULES

    try:
        prefix = rule_selector(text)
    except ValueError as error:
        return str(error)
    codes = [rule.code for rule in ALL_RULES if prefix == "ALL" or rule.code.startswith(prefix)]
    return f"{prefix!r} names more than one rule: {', '.join(codes)}"


def _summary(rule: Rule) -> str:
    return f"{rule.summary} (off by default)" if rule.opt_in else rule.summary
