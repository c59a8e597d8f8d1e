"""What a rule declares as its triggers is in every file in which it finds something: else it would never run there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.analysis.prefilter import Trigger, has_candidate, may_matter, triggers_in
from keraslint.rules.base import Example, Rule
from keraslint.rules.registry import ALL_RULES

PROGRAMS = sorted((Path(__file__).parents[1] / "programs").glob("*.py"))
CALL_RULES = {rule.code: rule for rule in ALL_RULES if type(rule).check_calls is not Rule.check_calls}
EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}: {example.title}")
    for rule in CALL_RULES.values()
    for example in rule.examples
    if example.finds
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_contains_a_trigger(rule: Rule, example: Example) -> None:
    assert may_matter(example.code.encode())
    assert has_candidate(ast.parse(example.code), rule.triggers)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_rule_finds_the_same_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    together = check_source(text, keras=">=3", select=["ALL"])
    triggers = set(triggers_in(ast.parse(text)))
    for code in {item.code for item in together} & set(CALL_RULES):
        assert triggers & CALL_RULES[code].triggers, code
        assert check_source(text, keras=">=3", select=[code]) == [item for item in together if item.code == code]


def test_every_trigger_is_declared_by_a_rule() -> None:
    assert {trigger for rule in CALL_RULES.values() for trigger in rule.triggers} == set(Trigger)


def test_only_the_wanted_triggers_are_looked_for() -> None:
    tree = ast.parse('model.compile("adam", ["mse", "mae"])\nmodel.fit(x, {"a": 1, "b": 2})\n')
    assert set(triggers_in(tree)) == {Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING}
    assert has_candidate(tree, {Trigger.DICT_FOR_TRAINING})
    assert not has_candidate(tree, {Trigger.SAFE_COMPILE})
    assert not has_candidate(tree, ())


def test_a_rule_about_calls_without_triggers_can_not_be_declared() -> None:
    with pytest.raises(TypeError, match="Mute declares no triggers"):
        type("Mute", (Rule,), {"code": "KER999", "check_calls": lambda *_: ()})
    assert "KER999" not in Rule.declared
