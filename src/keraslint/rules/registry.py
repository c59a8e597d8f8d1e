"""All rules, in the order of their codes: those in the modules of this folder."""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module

from keraslint import rules
from keraslint.diagnostic import Selection
from keraslint.rules.base import Rule

for _module in pkgutil.iter_modules(rules.__path__):
    if not _module.ispkg and _module.name != "registry":
        import_module(f"keraslint.rules.{_module.name}")

ALL_RULES: tuple[Rule, ...] = tuple(rule() for _, rule in sorted(Rule.declared.items()))


@lru_cache(maxsize=64)
def rules_in(selection: Selection) -> tuple[Rule, ...]:
    """The rules that are on, in the order of their codes."""
    return tuple(rule for rule in ALL_RULES if rule.code in selection)
