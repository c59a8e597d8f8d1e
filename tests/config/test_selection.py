from __future__ import annotations

from dataclasses import dataclass

import pytest

from keraslint.config.selection import Layer, chosen, matching, selector_of
from keraslint.diagnostic import Selection


@dataclass
class Rule:
    code: str
    opt_in: bool = False
    certain_by_default: bool = False
    name: str = ""


RULES = (
    Rule("KER001"),
    Rule("KER101", name="misrouted-loss"),
    Rule("KER102"),
    Rule("KER107", opt_in=True),
    Rule("KER201"),
)
ON = frozenset({"KER108"})
DEFAULT = {"KER001", "KER101", "KER102", "KER201"}


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([], DEFAULT),
        ([Layer()], DEFAULT),
        ([Layer(select=("KER1",))], {"KER101", "KER102"}),
        ([Layer(select=("KER101",))], {"KER101"}),
        ([Layer(select=("KER",))], DEFAULT),
        ([Layer(select=("ALL",))], DEFAULT | {"KER107"}),
        ([Layer(select=("KER107",))], {"KER107"}),
        ([Layer(select=())], set()),
        ([Layer(extend_select=("KER107",))], DEFAULT | {"KER107"}),
        ([Layer(ignore=("KER1",))], {"KER001", "KER201"}),
        ([Layer(ignore=("ALL",))], set()),
        # the more specific selector wins, whatever its kind; ignore wins between equals
        ([Layer(select=("KER1",), ignore=("KER101",))], {"KER102"}),
        ([Layer(select=("KER101",), ignore=("KER1",))], {"KER101"}),
        ([Layer(select=("KER101",), ignore=("KER101",))], set()),
        ([Layer(select=("ALL",), ignore=("KER",))], set()),
        ([Layer(select=("ALL",), ignore=("KER107",))], DEFAULT),
        # a layer with select forgets the layers below it, one without goes on from them
        ([Layer(select=("KER101",)), Layer(select=("KER201",))], {"KER201"}),
        ([Layer(select=("KER101",)), Layer(extend_select=("KER201",))], {"KER101", "KER201"}),
        ([Layer(ignore=("KER101",)), Layer(select=("KER101",))], {"KER101"}),
        ([Layer(select=("KER101", "KER102")), Layer(ignore=("KER1",))], set()),
    ],
)
def test_chosen(layers: list[Layer], expected: set[str]) -> None:
    assert chosen(layers, RULES) == Selection(frozenset(expected))


@pytest.mark.parametrize("text", ["ALL", "KER", "KER1", "KER10", "KER101", "KER107"])
def test_selectors(text: str) -> None:
    assert selector_of(text, RULES) == text
    assert selector_of(text.lower(), RULES) == text


@pytest.mark.parametrize("text", ["misrouted-loss", "Misrouted-Loss"])
def test_the_name_of_a_rule_selects_it(text: str) -> None:
    assert selector_of(text, RULES) == "KER101"


@pytest.mark.parametrize("text", ["", "K", "KER9", "KER1011", "E501", "misrouted", "KER101 "])
def test_not_selectors(text: str) -> None:
    assert selector_of(text, RULES) is None


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([], Selection(ON)),
        ([Layer(select=("KER1",))], Selection(ON)),
        ([Layer(select=("KER108",))], Selection(ON, ON)),
        ([Layer(extend_select=("KER108",))], Selection(ON, ON)),
        ([Layer(select=("ALL",))], Selection(ON, ON)),
        ([Layer(select=("ALL",), ignore=("KER108",))], Selection()),
        ([Layer(select=("KER108",)), Layer(select=("KER1",))], Selection(ON)),
        ([Layer(select=("KER108",)), Layer(ignore=("KER1",))], Selection()),
    ],
)
def test_a_rule_that_reports_only_what_is_certain_by_default(layers: list[Layer], expected: Selection) -> None:
    assert chosen(layers, [Rule("KER108", certain_by_default=True)]) == expected


def test_without() -> None:
    both = frozenset({"KER101", "KER108"})
    assert Selection(both, both).without({"KER108"}) == Selection(frozenset({"KER101"}), frozenset({"KER101"}))


def test_matching_takes_opt_in_rules_too() -> None:
    assert matching(("KER10",), RULES) == {"KER101", "KER102", "KER107"}
    assert matching((), RULES) == frozenset()
