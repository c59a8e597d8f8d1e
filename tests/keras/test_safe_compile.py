"""safe_compile and loss_routing on real Keras: nothing reaches another output than it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from textwrap import indent

import pytest

from ..summary import note
from .observation import SAFE_COMPILE_CELLS, SAFE_COMPILE_USES, Program, on_each, reports, told
from .safe_compile_cells import cells

pytestmark = pytest.mark.real_keras

USES = Path(__file__).with_name("safe_compile_uses.py")
DOCS = Path(__file__).parents[2] / "docs"
BOUNDARIES = ("3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.14.0", "3.15.1")
SHARE = 30

HEAD = """\
import json
import sys

sys.path[:0] = sys.argv[1:3]
failure = None
"""
TAIL = """
except Exception as error:
    failure = f"{type(error).__name__}: {error}"
print(json.dumps(failure))
"""

KEEP = "seen.append(round(history.history['loss'][0], 2))\n"

Outcomes = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest) -> Mapping[str, Outcomes]:
    """By release, what became of its share of the matrix: another share for each."""
    matrix = [cell.name for cell in cells()]

    def run(release: str) -> Outcomes:
        share = [Program(name) for name in matrix[BOUNDARIES.index(release) * 5 + 1 :: SHARE]]
        return {name: one for found in reports(SAFE_COMPILE_CELLS, release, share) for name, one in found.items()}

    found = on_each(BOUNDARIES, run)
    for release, share in found.items():
        counted = Counter(outcome["safe"] if outcome["safe"] == "right" else "refused" for outcome in share.values())
        wrong = sum(outcome["plain"] == "wrong" for outcome in share.values())
        note(
            request.config,
            "real Keras",
            f"safe_compile on {release}: {dict(counted)} of {len(share)} cells; model.compile: {wrong} wrong",
        )
    return found


@pytest.mark.parametrize("release", BOUNDARIES)
def test_nothing_is_led_astray_and_refusals_say_why(outcomes: Mapping[str, Outcomes], release: str) -> None:
    for cell, outcome in outcomes[release].items():
        assert outcome["safe"] != "wrong", cell
        if outcome["plain"] == "right" and outcome["safe"] != "right":
            # the only ones: places of what differs, where the outputs are a dict that is not in the order of its sorted
            # keys; and names for outputs of which only the places are known
            assert outcome["safe"].startswith("AmbiguousRouting"), (cell, outcome)
            advice = "return a dict of outputs" if "subclass, list" in cell else "give a dict with the keys"
            assert advice in outcome["safe"], (cell, outcome)


@pytest.mark.parametrize("release", ["3.5.0", "3.6.0"])
def test_it_mends_what_plain_keras_gets_wrong(outcomes: Mapping[str, Outcomes], release: str) -> None:
    fixed = [cell for cell, one in outcomes[release].items() if one["plain"] == "wrong" and one["safe"] == "right"]
    assert len(fixed) > 5


@pytest.mark.parametrize("release", BOUNDARIES)
def test_it_works_with_all_that_trains_a_model(release: str) -> None:
    uses = re.findall(r"^def (use_\w+)", USES.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(uses) >= 30
    problems = reports(SAFE_COMPILE_USES, release, [Program(use) for use in uses])
    for use, problem in zip(uses, problems, strict=True):
        assert problem is None, (use, problem)


def blocks(page: str, language: str = "python") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize(
    ("release", "loss"), [("3.4.1", 4.91), ("3.5.0", 0.08), ("3.6.0", 0.08), ("3.7.0", 4.91), ("3.15.1", 4.91)]
)
def test_the_bug_in_the_docs_trains_to_the_losses_that_they_say(release: str, loss: float) -> None:
    example, data, *_ = blocks("bug.md")
    (named,) = re.findall(r"loss=(\{.*\})", example)
    mended = example.replace(named, '("binary_crossentropy", "categorical_crossentropy")')
    runs = (f"{data}{one.replace('model.fit(', 'history = model.fit(')}{KEEP}" for one in (example, mended))
    assert told(f"{HEAD}seen = []\n{''.join(runs)}print(json.dumps(seen))\n", release) == [loss, 4.91]


def test_the_bug_in_the_docs_warns_as_they_say() -> None:
    example, data, *_ = blocks("bug.md")
    (quoted,) = re.findall(r"`(In loss [^`]*)`", (DOCS / "bug.md").read_text(encoding="utf-8"))
    catch = "import warnings\nwarnings.simplefilter('always')\nwith warnings.catch_warnings(record=True) as caught:\n"
    program = f"{HEAD}{catch}{indent(data + example, '    ')}print(json.dumps([str(one.message) for one in caught]))\n"
    assert any(one.startswith(" ".join(quoted.split())) for one in told(program, "3.5.0"))
    others = program.replace("binary_crossentropy", "mse").replace("categorical_crossentropy", "mae")
    assert not any("shape" in one for one in told(others, "3.5.0"))


def test_the_examples_of_the_runtime_print_what_the_docs_show() -> None:
    example, data, *_ = blocks("bug.md")
    model = example.partition("model.compile(")[0]
    safe, routing, *_ = blocks("runtime.md")
    plain = safe.partition("safe_compile(\n    model,")[2].partition("model.fit")[0]
    program = f"{HEAD}{data}{model}{safe}model.compile({plain}{routing.replace('print(', 'shown = str(')}"
    (shown,) = blocks("runtime.md", "text")
    assert told(f"{program}print(json.dumps(shown))\n", "3.5.0").strip() == shown.strip()


@pytest.mark.parametrize(("release", "fails"), [("3.5.0", True), ("3.6.0", True), ("3.7.0", False)])
def test_the_assertion_in_the_docs_fails_on_the_releases_that_they_say(release: str, fails: bool) -> None:
    example, *_ = blocks("bug.md")
    (assertion,) = (block for block in blocks("runtime.md") if "\nassert_loss_routing(\n" in block)
    program = example.replace("model.fit(x, [y_small, y_big])\n", "") + assertion
    assert "model.fit" not in program
    assert "assert_loss_routing(" in program
    failure = told(f"{HEAD}try:\n{indent(program, '    ')}{TAIL}", release)
    assert (failure is not None) is fails, failure
    said = "AssertionError: output_small: expected loss binary_crossentropy, but categorical_crossentropy reaches it"
    assert (said in str(failure)) is fails
    assert (f"Keras {release}\noutput " in str(failure)) is fails
