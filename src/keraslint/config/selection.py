"""The rules that are on: selectors such as ``KER101``, ``KER1`` and ``ALL``, with Ruff's precedence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from keraslint.diagnostic import Selection

PREFIX = "KER"
ALL = "ALL"


class Selectable(Protocol):
    """The attributes of a rule that selectors depend on."""

    @property
    def code(self) -> str:
        """The rule's code."""

    @property
    def opt_in(self) -> bool:
        """True if the rule is off by default."""

    @property
    def certain_by_default(self) -> bool:
        """True if the rule reports only what is certain, unless it is selected by its own code or ALL."""


class Nameable(Protocol):
    """The attributes of a rule by which it is selected."""

    @property
    def code(self) -> str:
        """The rule's code."""

    @property
    def name(self) -> str:
        """The rule's name."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The selectors of one source: a configuration file or the command line. ``select`` None: it has none.

    A layer with ``select`` replaces the choice of the layers below it.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @property
    def selectors(self) -> tuple[str, ...]:
        """Every selector of the layer."""
        return (*(self.select or ()), *self.extend_select, *self.ignore)


def chosen(layers: Iterable[Layer], rules: Collection[Selectable]) -> Selection:
    """The rules that ``layers``, lowest first, leave on.

    Without any ``select`` all rules are on that are not opt-in. Within a layer the more specific selector
    wins whatever its kind, and ``ignore`` wins between equals.
    """
    every = tuple(layers)
    likely = [_Likely(rule.code) for rule in rules if rule.certain_by_default]
    return Selection(_chosen(every, rules), _chosen(every, likely))


@dataclass(frozen=True, slots=True)
class _Likely:
    """The rest of a rule: what it reports only where it is selected by its own code or ALL."""

    code: str
    opt_in: bool = True
    certain_by_default: bool = False


def _chosen(layers: Iterable[Layer], rules: Collection[Selectable]) -> frozenset[str]:
    on = {rule.code for rule in rules if not rule.opt_in}
    for layer in layers:
        if layer.select is not None:
            on = set()
        chosen_by = {rule.code: _specificity(rule, layer) for rule in rules}
        on |= {code for code, (select, ignore) in chosen_by.items() if select > ignore}
        on -= {code for code, (select, ignore) in chosen_by.items() if ignore >= select and ignore > 0}
    return frozenset(on)


def matching(selectors: Iterable[str], rules: Iterable[Selectable]) -> frozenset[str]:
    """The codes that any of ``selectors`` names, opt-in ones too: these are removed by an ``ignore``."""
    wanted = tuple(selectors)
    return frozenset(rule.code for rule in rules if any(_covers(selector, rule.code) for selector in wanted))


def selector_of(text: str, rules: Iterable[Nameable]) -> str | None:
    """The selector in a text: ``ALL``, the code of a rule, or a beginning of one; None for any other text.

    The name of a rule stands for its code, and capital and small letters make no difference.
    """
    every, upper = tuple(rules), text.upper()
    if upper == ALL or (upper.startswith(PREFIX) and any(rule.code.startswith(upper) for rule in every)):
        return upper
    return next((rule.code for rule in every if text and rule.name == text.lower()), None)


def _specificity(rule: Selectable, layer: Layer) -> tuple[int, int]:
    """How specific the best selector for and the best one against a rule are; 0: none."""
    selects = [
        _length(selector)
        for selector in (*(layer.select or ()), *layer.extend_select)
        if _covers(selector, rule.code) and (not rule.opt_in or selector in (rule.code, ALL))
    ]
    ignores = [_length(selector) for selector in layer.ignore if _covers(selector, rule.code)]
    return max(selects, default=0), max(ignores, default=0)


def _covers(selector: str, code: str) -> bool:
    return selector == ALL or code.startswith(selector)


def _length(selector: str) -> int:
    return 1 if selector == ALL else len(selector)
