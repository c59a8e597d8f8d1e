from __future__ import annotations

from dataclasses import dataclass

import pytest

from keraslint.config.selection import Layer, chosen, is_selector, matching
from keraslint.diagnostic import in_full


@dataclass
class Rule:
    code: str
    opt_in: bool = False
    partly: bool = False


RULES = (Rule("KER001"), Rule("KER101"), Rule("KER102"), Rule("KER107", opt_in=True), Rule("KER201"))
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
    assert chosen(layers, RULES) == expected


@pytest.mark.parametrize("text", ["ALL", "KER", "KER1", "KER10", "KER101", "KER107"])
def test_selectors(text: str) -> None:
    assert is_selector(text, RULES)


@pytest.mark.parametrize("text", ["", "K", "KER9", "KER1011", "E501", "all", "KER101 "])
def test_not_selectors(text: str) -> None:
    assert not is_selector(text, RULES)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([], {"KER108"}),
        ([Layer(select=("KER1",))], {"KER108"}),
        ([Layer(select=("KER108",))], {"KER108", in_full("KER108")}),
        ([Layer(extend_select=("KER108",))], {"KER108", in_full("KER108")}),
        ([Layer(select=("ALL",))], {"KER108", in_full("KER108")}),
        ([Layer(select=("ALL",), ignore=("KER108",))], set()),
        ([Layer(select=("KER108",)), Layer(select=("KER1",))], {"KER108"}),
        ([Layer(select=("KER108",)), Layer(ignore=("KER1",))], set()),
    ],
)
def test_a_rule_that_is_on_in_part(layers: list[Layer], expected: set[str]) -> None:
    assert chosen(layers, [Rule("KER108", partly=True)]) == expected


def test_matching_takes_opt_in_rules_too() -> None:
    assert matching(("KER10",), RULES) == {"KER101", "KER102", "KER107"}
    assert matching((), RULES) == frozenset()
