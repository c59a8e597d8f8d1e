"""Every rule: its texts, and its own examples run."""

from __future__ import annotations

import re

import pytest
from packaging.version import Version

from keraslint import check_source
from keraslint.diagnostic import Diagnostic
from keraslint.document import Document
from keraslint.fixes.apply import FixedText, apply_fixes
from keraslint.rules.base import Example, Rule
from keraslint.rules.registry import ALL_RULES
from keraslint.rules.shared.measured import verdicts

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.code}: {example.title}") for rule in ALL_RULES for example in rule.examples
]
FIXED = [parameter for parameter in EXAMPLES if parameter.values[1].fixed is not None]
RULES = [pytest.param(rule, id=rule.code) for rule in ALL_RULES]


def found(text: str, keras: str | None, path: str = "example.py", *select: str) -> list[Diagnostic]:
    return check_source(text, path, keras=keras, select=select or ["ALL"])


def after_fixes(text: str, example: Example, rule: Rule) -> FixedText:
    """The text after its fixes, with the rule on beside those that are on by default."""

    def recheck(changed: str) -> list[Diagnostic]:
        return found(changed, example.keras, example.path, "KER", rule.code)

    return apply_fixes(
        Document(example.path, text),
        recheck(text),
        unsafe=True,
        style=example.style,
        recheck=recheck,
    )


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_shows_what_it_says(rule: Rule, example: Example) -> None:
    codes = [diagnostic.code for diagnostic in found(example.code, example.keras, example.path)]
    assert codes.count(rule.code) == example.finds


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_fix_of_an_example_gives_the_text_it_shows(rule: Rule, example: Example) -> None:
    result = after_fixes(example.code, example, rule)
    assert result.text == (example.code if example.fixed is None else example.fixed)
    assert result.refused == ()


@pytest.mark.parametrize(("rule", "example"), FIXED)
def test_a_fixed_example_is_right_on_every_release_and_not_fixed_again(rule: Rule, example: Example) -> None:
    assert example.fixed is not None
    assert found(example.fixed, ">=3", example.path) == []
    assert after_fixes(example.fixed, example, rule).text == example.fixed


@pytest.mark.parametrize("what", ["code", "name", "summary"])
def test_rules_can_be_told_apart(what: str) -> None:
    values = [getattr(rule, what) for rule in ALL_RULES]
    assert len(set(values)) == len(values)


def test_rules_stand_in_the_order_of_their_codes() -> None:
    codes = [rule.code for rule in ALL_RULES]
    assert codes == sorted(codes)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_named_and_documented(rule: Rule) -> None:
    assert re.fullmatch(r"KER\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.__class__.__module__.rpartition(".")[2].replace("_", "-") in {rule.name, "unparsable"}
    headings = re.findall(r"^\*\*([^*]+)\*\*", rule.documentation(), flags=re.MULTILINE)
    assert headings[:2] == ["What it does.", "Why is this bad?"]
    assert headings[-1] == "Fix safety."


# Rules about no release, about calls that are right, or about what is the same on every release.
NOT_MEASURED = {"KER001", "KER002", "KER003", "KER190"}
# What is not an output has no loss on any release, and data that is not given has no logs.
WRONG_EVERYWHERE = {
    "The loss of something that is not an output",
    "A metric without the name of its output",
    "No validation data",
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_about_releases_names_what_was_measured_and_the_newest_release_tried(rule: Rule) -> None:
    assert (rule.code in NOT_MEASURED) == (not rule.measured)
    whole = "Measured on each Keras release from 3.0.0 to 3.15.1, the newest tried, on "
    programs = r"Measured on \d+ Keras releases from [\d.]+ to 3\.15\.1, the newest tried, with (JAX|TensorFlow) "
    alone = bool(rule.measured) and all(fact.startswith("known-bad: ") for fact in rule.measured)
    assert (whole in rule.documentation()) == (bool(rule.measured) and not alone)
    assert (re.search(programs, rule.documentation()) is not None) == alone


@pytest.mark.parametrize("rule", RULES)
def test_what_an_example_finds_on_a_release_was_measured_to_go_wrong_there(rule: Rule) -> None:
    if not rule.measured:
        return
    for example in rule.examples:
        if example.finds and example.keras is not None and example.title not in WRONG_EVERYWHERE:
            release = Version(example.keras)
            assert any(verdicts(fact)[release] != "right" for fact in rule.measured), example.title


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_shows_what_it_finds_and_what_it_does_not(rule: Rule) -> None:
    assert {example.finds for example in rule.examples} == {True, False}
    titles = [example.title for example in rule.examples]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("rule", RULES)
def test_the_documentation_holds_the_examples(rule: Rule) -> None:
    text = rule.documentation()
    assert text.startswith(f"# {rule.name} ({rule.code})\n")
    for example in rule.examples:
        assert f"## {example.title}\n" in text
        assert example.code.strip() in text
        assert (example.fixed or "").strip() in text
