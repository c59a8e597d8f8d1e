from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER113"

FIT = 'named.fit(x, {"small": p, "big": q})\n'
LOSS = '{"small": "mse", "big": "mae"}'
BUG = f'named.compile("adam", {LOSS}, loss_weights=[1.0, 0.5])\n{FIT}'
SWAP = "'small' gets 0.5 instead of 1.0, 'big' gets 1.0 instead of 0.5"


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (
            BUG,
            "keras>=3.5",
            "Keras 3.5.0 to 3.15.1 (requirements.txt:1) give a list of loss weights to the outputs by their "
            f"sorted keys: {SWAP}; pass loss_weights as a plain dict",
        ),
        (
            BUG.replace("[1.0, 0.5]", "(1.0, 0.5)"),
            "keras>=3.4,<3.6",
            "keras>=3.4,<3.6 (requirements.txt:1) allows 3.5.0, which gives a list of loss weights to the outputs by "
            f"their sorted keys: {SWAP}; a fresh install takes 3.5.0; pass loss_weights as a plain dict",
        ),
        (
            f'named.compile("adam", {{"big": "mae", "small": "mse"}}, loss_weights=[w.small, w.big])\n{FIT}',
            "keras==3.15.1",
            "Keras 3.15.1 (requirements.txt:1) gives a list of loss weights to the outputs by their sorted keys: "
            "'small' gets w.big instead of w.small, 'big' gets w.small instead of w.big; "
            "pass loss_weights as a plain dict",
        ),
    ],
)
def test_who_gets_what(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.message == message


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        (BUG, "keras<3.5"),
        (BUG.replace("[1.0, 0.5]", "[0.5, 0.5]"), "keras"),
        (BUG.replace(LOSS, '{"big": "mae", "small": "mse"}'), "keras"),
        (BUG.replace("[1.0, 0.5]", "[1.0]"), "keras"),
        (BUG.replace("[1.0, 0.5]", "weights"), "keras"),
        (BUG.replace("[1.0, 0.5]", '{"small": 1.0, "big": 0.5}'), "keras"),
        (BUG.replace("named", "model"), "keras"),
    ],
)
def test_nothing_where_it_is_right_or_refused_or_in_doubt(check: Check, body: str, requirement: str) -> None:
    assert check(CODE, body, requirement) == []


def test_outputs_in_an_ordered_dict_are_in_its_order(check: Check) -> None:
    ordered = "named = keras.Model(inputs, OrderedDict(small=small, big=big))\n"
    (diagnostic,) = check(CODE, ordered + BUG, "keras>=3")
    assert "allows 3.5.0 and 3.6.0, which give a list of loss weights" in diagnostic.message
    assert SWAP in diagnostic.message
    assert diagnostic.message.endswith("; use a plain dict for the outputs, and for what goes to them")


def test_weights_for_the_outputs_that_have_a_loss(check: Check) -> None:
    model = 'many = keras.Model(inputs, {"small": small, "a": tiny, "big": big})\n'
    compiled = f'many.compile("adam", {LOSS}, loss_weights=[1.0, 0.5])\nmany.fit(x, {{"small": p, "big": q, "a": r}})\n'
    (diagnostic,) = check(CODE, model + compiled, "keras>=3.6")
    assert SWAP in diagnostic.message
    assert check(CODE, model + compiled.replace("[1.0, 0.5]", "[1.0, 0.5, 1.0]"), "keras>=3.6") == []
