"""Compile calls on several ways through a program: what is known of the model where not all ways may be possible."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace

from keraslint.analysis.core.recorder import Compiled

_WHY = "branches of the program build different models"


def settle_ways(compiles: list[Compiled]) -> None:
    """Take back what is known of models where conditions that hang together may have been answered apart.

    These calls were seen while each answer to some conditions was followed by itself. The conditions may be one in
    truth: if one decides the outputs and another the losses, a model would meet losses that were never meant for it.
    """
    sites: dict[Hashable, list[Compiled]] = {}
    for compiled in compiles:
        sites.setdefault((compiled.module, compiled.call.lineno, compiled.call.col_offset), []).append(compiled)
    for calls in sites.values():
        deciding = _deciding(calls, lambda one: one.facts.outputs)
        losses = _deciding(calls, lambda one: tuple(sorted(one.arguments.items(), key=lambda item: item[0])))
        several = len({one.facts.outputs for one in calls}) > 1
        if (several and any(one.strays for one in calls)) or (deciding - losses and losses - deciding):
            for one in calls:
                one.facts = replace(one.facts, outputs=None, why=_WHY)


def _deciding(calls: list[Compiled], what: Callable[[Compiled], object]) -> set[str]:
    """The conditions whose answer alone makes a difference to something."""
    found: set[str] = set()
    for one in calls:
        for other in calls:
            apart = set(one.way) ^ set(other.way)
            texts = {text for text, _ in apart}
            if len(texts) == 1 and what(one) != what(other):
                found |= texts
    return found
