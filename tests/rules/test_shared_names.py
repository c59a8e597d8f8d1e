"""Outputs under one name: those of a model that is called as a layer, or of a layer that is called twice."""

from __future__ import annotations

import pytest

from .conftest import Check

CALLED = """
ear = keras.Input((5,))
onset = keras.layers.Dense(1, name="{first}")(ear)
level = keras.layers.Dense(1, name="{second}")(ear)
hearing = keras.Model(ear, [onset, level], name="hearing")
listener = keras.Model(inputs, list(hearing(keras.layers.Dense(5)(inputs))))
listener.compile("adam", loss={loss})
listener.fit(x, {y})
"""
WEIGHED = '["mse", "mae"], loss_weights={"onset": 1.0, "level": 9.0}'
NAMED = '{"onset": p, "level": q}'


def program(first: str = "onset", second: str = "level", loss: str = '["mse", "mae"]', y: str = "[p, q]") -> str:
    return CALLED.format(first=first, second=second, loss=loss, y=y)


@pytest.mark.parametrize(
    ("code", "body", "requirement", "message"),
    [
        (
            "KER104",
            program(loss=WEIGHED),
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) sends loss weights to other outputs: 'onset' gets 9.0 instead of 1.0, "
            "'level' gets 1.0 instead of 9.0; pass loss_weights as a tuple in output order",
        ),
        (
            "KER103",
            program(y=NAMED),
            "keras==3.7.0",
            "Keras 3.7.0 (requirements.txt:1) sends each target to another output: 'onset' is trained on the target of "
            "'level', 'level' is trained on the target of 'onset'; pass a tuple in output order",
        ),
        (
            "KER105",
            program(loss='{"onset": "mse", "level": "mae"}'),
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) stops with an error for the loss keys 'onset' and 'level': "
            "the outputs are 'hearing' "
            "and 'hearing'; pass a tuple in output order",
        ),
        (
            "KER105",
            program(loss='["mse", "mae"], metrics={"onset": "mae"}'),
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) stops with an error for the metrics key 'onset': the outputs "
            "are 'hearing' and "
            "'hearing'; pass a tuple in output order",
        ),
        (
            "KER106",
            program(loss='{"hearing": "mse"}'),
            "keras>=3.4",
            "keras>=3.4 (requirements.txt:1) allows 3.5.0 and 3.6.0, which stop with an error for one loss "
            "for all outputs under "
            "the name 'hearing': the outputs are 'hearing' and 'hearing'; a fresh install takes 3.15.1; pass a tuple "
            "in output order or use keras>=3.7",
        ),
    ],
)
def test_what_is_told(check: Check, code: str, body: str, requirement: str, message: str) -> None:
    assert [found.message for found in check(code, body, requirement)] == [message]


@pytest.mark.parametrize("code", ["KER101", "KER102", "KER103", "KER104", "KER105", "KER106", "KER110", "KER114"])
def test_names_inside_that_are_sorted_go_right(check: Check, code: str) -> None:
    """The release gives weights and targets out in this very order."""
    sorted_names = program("level", "onset", WEIGHED, NAMED)
    assert check(code, sorted_names, "keras==3.6.0") == []


@pytest.mark.parametrize(
    "body", [program(loss='{"hearing": "mse"}'), program(loss='["mse", "mae"]', y='{"hearing": p}')]
)
def test_one_name_for_both_is_no_unknown_one(check: Check, body: str) -> None:
    assert check("KER105", body, "keras") == []
