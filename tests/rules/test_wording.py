from __future__ import annotations

import re
from pathlib import Path

import pytest
from packaging.version import Version

from keraslint import Diagnostic, check_paths, check_source
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
    ("body", "keras", "pins"),
    [
        (WATCHED.replace(LOSSES, '("mse", "mae")'), "3.4.1", [">=3.5"]),
        (WATCHED, "3.4.1", [">=3.7"]),
        (WATCHED, ">=3.4", [">=3.7"]),
        (BY_NAME.replace(LOSSES, '("mse", "mae")'), "3.4.1", [">=3.7"]),
        (WATCHED.replace("})", f"}}{METRICS})"), ">=3.4", [">=3.7"]),
        (BY_NAME.replace("})", f"}}{METRICS})", 1), ">=3.4", [">=3.7,!=3.14.0", ">=3.14.1"]),
        (BY_NAME.replace("})", f"}}{METRICS})", 1), "3.4.1", [">=3.7,!=3.14.0"]),
        (BY_NAME.replace("})", f"}}{METRICS})", 1), "3.6.0", [">=3.7,!=3.14.0"]),
        (WATCHED.replace(LOSSES, '("mse", "mae"), loss_weights={"small": 1.0, "big": 2.0}'), ">=3.4", []),
        (
            BY_NAME.replace(LOSSES, f'("mse", "mae"), loss_weights={{"small": 1.0, "big": 2.0}}{METRICS}'),
            "3.14.0",
            [],
        ),
    ],
)
def test_all_findings_about_a_call_advise_the_release_on_which_it_is_right(
    body: str, keras: str, pins: list[str]
) -> None:
    found = check_source(MODEL + body, "train.py", keras=keras)
    assert found
    assert {one for each in found for one in advised(each.message)} == set(pins)


@pytest.mark.slow
@pytest.mark.parametrize("path", [None, *PROGRAMS], ids=lambda path: path.stem if path else "examples")
def test_nothing_is_found_on_the_releases_that_are_advised(path: Path | None) -> None:
    examples = [example.code for rule in ALL_RULES for example in rule.examples if example.path.endswith(".py")]
    for text in [path.read_text(encoding="utf-8")] if path else examples:
        messages = [one.message for keras in ("3.0.0", "3.4.1", "3.6.0", ">=3") for one in check(text, keras)]
        for pin in {pin for message in messages for pin in advised(message)}:
            assert [one.message for one in check(text, pin)] == []


def check(text: str, keras: str) -> list[Diagnostic]:
    return check_source(text, "train.py", keras=keras)


def advised(message: str) -> list[str]:
    """The pins that a message advises, such as ">=3.7,!=3.14.0"."""
    return re.findall(r"use keras(>=[\d.]*\d(?:,!=[\d.]*\d)*)", message)


WITHIN = """
model.compile("adam", loss={"small": "mse", "big": "mae"}, metrics={"small": "mae"})
noise = keras.Input((2,))
whole = keras.Model(noise, model(keras.layers.Dense(8)(noise)))
whole.compile("adam", loss=["mse", "mae"])
model.train_on_batch(x, [p, q])
whole.train_on_batch(x, [p, q])
"""


def test_a_release_that_refuses_a_compiled_part_is_not_advised() -> None:
    (found,) = check_source(MODEL + WITHIN, "train.py", keras="3.6.0")
    reason = "(3.7.0 stops with an error where a model with metrics is a part of another one)"
    assert found.message.endswith(f"; pass a tuple in output order or use keras>=3.8 {reason}")
    (found,) = check_source(MODEL + WITHIN.replace(', metrics={"small": "mae"}', ""), "train.py", keras="3.6.0")
    assert found.message.endswith("; pass a tuple in output order or use keras>=3.7")


def test_a_later_release_is_advised_with_the_reason() -> None:
    body = BY_NAME.replace("})", f"}}{METRICS})", 1)
    messages = [one.message for one in check_source(MODEL + body, "train.py", keras="3.6.0")]
    reason = "use keras>=3.7,!=3.14.0 (3.14.0 gives metrics the targets of other outputs)"
    assert any(message.endswith(reason) for message in messages)


@pytest.mark.parametrize(
    "model", ['keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, "sigmoid")])', "keras.Model(inputs, [small])"]
)
def test_one_target_of_one_output_goes_to_no_other_metric(model: str) -> None:
    body = """
import numpy
x, y = numpy.ones((200, 4)), numpy.random.randint(0, 2, 200)
model.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
best = keras.callbacks.ModelCheckpoint("best.keras", monitor="val_auc", save_best_only=True)
model.fit(x, y, epochs=3, validation_data=(x, y), callbacks=[best])
"""
    (found,) = check_source(f"{MODEL}model = {model}{body}", "train.py", keras="3.6.0")
    assert found.message.endswith('; pass mode="max" or use keras>=3.11')


def test_targets_of_the_validation_data_are_named_so() -> None:
    body = 'model.compile("adam", loss=("mse", "mae"))\n'
    y = '{"small": p, "big": q}'
    found = check_source(f"{MODEL}{body}model.fit(x, {y}, validation_data=(v, {y}))\n", "train.py", keras="3.6.0")
    trained, validated = (one.message for one in found)
    assert "sends each target to another output: 'small' is trained on the target of 'big'" in trained
    assert "sends each target of the validation data to another output: 'small' is validated on the" in validated


def test_a_tensorflow_that_brings_keras_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("tensorflow==2.18.0\n")
    (tmp_path / "train.py").write_text(f'{MODEL}model.compile("adam", loss={LOSSES})\nmodel.fit(x, [p, q])\n')
    monkeypatch.chdir(tmp_path)
    (found,) = check_paths(["train.py"], isolated=True)
    said = "tensorflow==2.18.0 (requirements.txt:1) brings keras>=3.5.0 and so allows 3.5.0 and 3.6.0, which send each"
    assert found.message.startswith(said)


@pytest.mark.parametrize(
    ("more", "data", "advice"),
    [
        ("", "[p, q]", "pass a tuple in output order"),
        ("", '{"small": p, "big": q}', "pass losses and targets as tuples in output order"),
        (', loss_weights={"small": 1, "big": 2}', "[p, q]", "pass losses and loss weights as tuples in output order"),
        (
            ', loss_weights={"small": 1, "big": 2}',
            '{"small": p, "big": q}, sample_weight={"small": v, "big": w}',
            "pass losses, loss weights, targets and sample weights as tuples in output order",
        ),
    ],
)
def test_the_advice_names_each_dict_that_has_to_change_with_the_losses(more: str, data: str, advice: str) -> None:
    body = f"model.compile('adam', loss={LOSSES}{more})\nmodel.fit(x, {data})\n"
    found = check_source(MODEL + body, "train.py", keras="3.5.0")
    (message,) = (one.message for one in found if one.code == "KER101")
    assert re.search(f"; {advice}($| or use keras>=)", message)


@pytest.mark.parametrize(
    ("keras", "metrics", "reason"),
    [("3.5.0", '{"small": "mae", "big": "mse"}', "3.14.0 gives metrics the targets of other outputs")],
)
def test_why_a_later_release_is_left_out_is_said_behind_it(keras: str, metrics: str, reason: str) -> None:
    body = f"model.compile('adam', loss={LOSSES}, metrics={metrics})\nmodel.fit(x, {{'small': p, 'big': q}})\n"
    found = check_source(MODEL + body, "train.py", keras=keras)
    assert {one.code for one in found} == {"KER101", "KER103"}
    assert all(one.message.endswith(f"use keras>=3.7,!=3.14.0 ({reason})") for one in found)
    (other,) = check_source(MODEL + body, "train.py", keras="3.14.0")
    assert other.code == "KER109"
