from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.version import Version

from keraslint import Diagnostic, check_source
from keraslint.behaviour.releases import MEASURED
from keraslint.diagnostic import Evidence
from keraslint.rules.registry import ALL_RULES
from keraslint.rules.shared.wording import advise, evidence, releases

from .conftest import MODEL

PROGRAMS = sorted((Path(__file__).parents[1] / "programs").glob("*.py"))
LOSSES = '{"small": "mse", "big": "mae"}'
METRICS = ', metrics={"big": ["acc"]}'
WATCHED = f"""\
model.compile("adam", loss={LOSSES})
stop = keras.callbacks.EarlyStopping("val_small_loss", mode="min")
model.fit(x, [p, q], validation_data=(v, [p, q]), callbacks=[stop])
"""
BY_NAME = WATCHED.replace("[p, q]", '{"small": p, "big": q}')


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (["3.5.0"], "3.5.0"),
        (["3.6.0", "3.5.0"], "3.5.0 and 3.6.0"),
        (["3.5.0", "3.6.0", "3.7.0"], "3.5.0 to 3.7.0"),
        (["3.4.1", "3.6.0"], "3.4.1 and 3.6.0"),
        (["3.3.3", "3.5.0", "3.6.0", "3.7.0", "3.14.0"], "3.3.3, 3.5.0 to 3.7.0 and 3.14.0"),
    ],
)
def test_releases(versions: list[str], words: str) -> None:
    assert releases([Version(version) for version in versions]) == words


def test_all_releases() -> None:
    assert releases(MEASURED) == f"{MEASURED[0]} to {MEASURED[-1]}"


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ([], ""),
        ([("a.txt", 2)], "a.txt:2"),
        ([("a.txt", 2), ("a.txt", 2)], "a.txt:2"),
        ([("--keras-version", 0)], "--keras-version"),
        ([("a.txt", 1), ("a.txt", 2), ("b.txt", 1)], "a.txt:1, a.txt:2, b.txt:1"),
        ([("a.txt", row) for row in range(1, 6)], "a.txt:1, a.txt:2, a.txt:3, …"),
    ],
)
def test_evidence(places: list[tuple[str, int]], words: str) -> None:
    assert evidence([Evidence(name, row, "keras") for name, row in places]) == words


@pytest.mark.parametrize(
    ("what", "cure", "words"),
    [
        ("pass a tuple", Version("3.7.0"), "pass a tuple or use keras>=3.7"),
        ("pass a tuple", None, "pass a tuple"),
        ("", Version("3.7.0"), "use keras>=3.7"),
        ("", Version("3.14.1"), "use keras>=3.14.1"),
        ("", None, ""),
    ],
)
def test_advice(what: str, cure: Version | None, words: str) -> None:
    assert advise(what, cure, None) == words


@pytest.mark.parametrize(
    ("body", "keras", "bound"),
    [
        (WATCHED.replace(LOSSES, '("mse", "mae")'), "3.4.1", "3.5"),
        (WATCHED, "3.4.1", "3.7"),
        (WATCHED, ">=3.4", "3.7"),
        (BY_NAME.replace(LOSSES, '("mse", "mae")'), "3.4.1", "3.7"),
        (WATCHED.replace("})", f"}}{METRICS})"), ">=3.4", "3.7"),
        (BY_NAME.replace("})", f"}}{METRICS})", 1), ">=3.4", "3.14.1"),
        (BY_NAME.replace("})", f"}}{METRICS})", 1), "3.4.1", "3.14.1"),
        (BY_NAME.replace("})", f"}}{METRICS})", 1), "3.6.0", "3.14.1"),
        (WATCHED.replace(LOSSES, '("mse", "mae"), loss_weights={"small": 1.0, "big": 2.0}'), ">=3.4", None),
        (
            BY_NAME.replace(LOSSES, f'("mse", "mae"), loss_weights={{"small": 1.0, "big": 2.0}}{METRICS}'),
            "3.14.0",
            None,
        ),
    ],
)
def test_all_findings_about_a_call_advise_the_release_on_which_it_is_right(
    body: str, keras: str, bound: str | None
) -> None:
    found = check_source(MODEL + body, "train.py", keras=keras)
    assert found
    assert {one for each in found for one in advised(each.message)} == ({bound} if bound else set())


@pytest.mark.parametrize("path", [None, *PROGRAMS], ids=lambda path: path.stem if path else "examples")
def test_nothing_is_found_on_the_releases_that_are_advised(path: Path | None) -> None:
    examples = [example.code for rule in ALL_RULES for example in rule.examples if example.path.endswith(".py")]
    for text in [path.read_text(encoding="utf-8")] if path else examples:
        messages = [one.message for keras in ("3.0.0", "3.4.1", "3.6.0", ">=3") for one in check(text, keras)]
        for bound in {bound for message in messages for bound in advised(message)}:
            assert [one.message for one in check(text, f">={bound}")] == []


def check(text: str, keras: str) -> list[Diagnostic]:
    return check_source(text, "train.py", keras=keras)


def advised(message: str) -> list[str]:
    return re.findall(r"keras>=([\d.]+\d)(?:$|,| or | with )", message)
