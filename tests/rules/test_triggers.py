"""Every file in which a rule finds something has one of its triggers: else the rule would never run there."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from keraslint import check_source
from keraslint.analysis.prefilter import Trigger, has_candidate, may_matter, triggers_in
from keraslint.rules.base import Example, Rule
from keraslint.rules.registry import ALL_RULES

from .conftest import MODEL

PROGRAMS = sorted((Path(__file__).parents[1] / "programs").glob("*.py"))
FIXTURES = sorted(Path(__file__).parents[1].joinpath("analysis", "fixtures").rglob("*.py"))
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


@pytest.mark.slow
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_rule_finds_the_same_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    together = check_source(text, keras=">=3", select=["ALL"])
    triggers = set(triggers_in(ast.parse(text)))
    for code in {item.code for item in together} & set(CALL_RULES):
        assert triggers & CALL_RULES[code].triggers, code
        assert check_source(text, keras=">=3", select=[code]) == [item for item in together if item.code == code]


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ('keras.callbacks.EarlyStopping("val_small_loss")', Trigger.WATCHED_OUTPUT),
        ('keras.callbacks.ModelCheckpoint("m.keras", "val_small_loss")', Trigger.WATCHED_OUTPUT),
        ('ReduceLROnPlateau(monitor="small_loss")', Trigger.WATCHED_OUTPUT),
        ('EarlyStopping("val_loss", monitor="loss")', None),
        ('ModelCheckpoint("m.keras")', None),
        ('model.compile("adam", "mse", metrics={"small": "mae"})', Trigger.SEVERAL_LOSSES),
        ('model.compile("adam", "mse", metrics=["mae"])', None),
        ('model.compile("adam", "mse", metrics=METRICS)', Trigger.SEVERAL_LOSSES),
        ("prepare = model.compile", Trigger.SEVERAL_LOSSES),
        ('prepare = operator.methodcaller("compile", loss=losses)', Trigger.SEVERAL_LOSSES),
        ("model = Model(i, o)\ny = {}\nmodel.fit(x, y)", Trigger.DICT_FOR_TRAINING),
        ("model = Model(i, o)\ny = {}\nlearn = model.fit", Trigger.DICT_FOR_TRAINING),
        ("model = Model(i, o)\nmodel.fit(x, y)", None),
        ("model = Sequential()\ny = {}\nmodel.fit(x, y)", None),
    ],
)
def test_what_contains_a_trigger(text: str, trigger: Trigger | None) -> None:
    tree = ast.parse(f'model.compile("adam", "mse")\n{text}\n')
    assert next(triggers_in(tree), None) == trigger


@pytest.mark.parametrize(
    ("rest", "keras", "code"),
    [
        ('stop = keras.callbacks.EarlyStopping("val_small_loss", mode="min")\n', "3.4.1", "KER112"),
        ('model.compile("adam", "mse", metrics={"tiny": "mae"})\nstop = None\n', "3.7.0", "KER105"),
    ],
)
def test_one_loss_for_all_outputs_is_enough(rest: str, keras: str, code: str) -> None:
    fit = "model.fit(x, [p, q], validation_data=(v, [p, q]), callbacks=[stop])\n"
    found = check_source(f'{MODEL}model.compile("adam", "mse")\n{rest}{fit}', keras=keras)
    assert [item.code for item in found] == [code]


def test_every_trigger_is_declared_by_a_rule() -> None:
    assert {trigger for rule in CALL_RULES.values() for trigger in rule.triggers} == set(Trigger)


def test_only_the_wanted_triggers_are_looked_for() -> None:
    tree = ast.parse('model = Model(i, o)\nmodel.compile("adam", ["mse", "mae"])\nmodel.fit(x, {"a": 1, "b": 2})\n')
    assert set(triggers_in(tree)) == {Trigger.SEVERAL_LOSSES, Trigger.DICT_FOR_TRAINING}
    assert has_candidate(tree, {Trigger.DICT_FOR_TRAINING})
    assert not has_candidate(tree, {Trigger.SAFE_COMPILE})
    assert not has_candidate(tree, ())


@pytest.mark.parametrize(("imported", "found"), [({"compile", "Model"}, True), ({"compile"}, False), (set(), False)])
def test_what_imported_modules_contain_counts(imported: set[str], found: bool) -> None:
    assert has_candidate(ast.parse("net.fit(x, {'a': 1, 'b': 2})\n"), imported=lambda: imported) is found


@pytest.mark.parametrize("path", [*PROGRAMS, *FIXTURES], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_dropped_before_it_is_interpreted_has_no_findings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    if may_matter(text.encode()) and has_candidate(tree):
        return
    for name in ("may_matter", "has_candidate"):
        monkeypatch.setattr(f"keraslint.analysis.prefilter.{name}", lambda *_: True)
    assert [one for release in ("3.4.1", "3.6.0", "3.15.1") for one in check_source(text, str(path), release)] == []


def test_a_rule_about_calls_without_triggers_can_not_be_declared() -> None:
    with pytest.raises(TypeError, match="Mute declares no triggers"):
        type("Mute", (Rule,), {"code": "KER999", "check_calls": lambda *_: ()})
    assert "KER999" not in Rule.declared
