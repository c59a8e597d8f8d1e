"""What the chosen rules ask for, and what they say of a text that is not analysed, or not to its end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from keraslint.diagnostic import Diagnostic, Selection

if TYPE_CHECKING:
    from keraslint.analysis.facts import Unfinished
    from keraslint.analysis.prefilter import Trigger
    from keraslint.rules.base import Rule


@dataclass(frozen=True)
class ChosenRules:
    """The rules of a selection, which are loaded when the first of them is asked."""

    select: Selection

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in the order of their codes."""
        from keraslint.rules.registry import rules_in

        return rules_in(self.select)

    @property
    def triggers(self) -> frozenset[Trigger]:
        """The triggers that make a file a candidate for one of the rules."""
        return frozenset(trigger for rule in self.rules for trigger in rule.triggers)

    @property
    def tell_ends(self) -> bool:
        """True if a rule reports places from which on a file was not looked at."""
        return any(rule.reads_ends for rule in self.rules)

    def about_ends(self, path: str, ends: tuple[Unfinished, ...]) -> list[Diagnostic]:
        """The findings about places from which on a file was not looked at."""
        return [one for rule in self.rules for one in rule.check_end(path, ends)]

    def about_text(self, path: str, data: bytes, error: Exception) -> list[Diagnostic]:
        """The findings about Python that can't be decoded or parsed."""
        return [one for rule in self.rules for one in rule.check_text(path, data, error)]
