from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER110"

FIT = "model.fit(x, [p, q])\n"
FIT_THREE = "three.fit(x, [p, q, r])\n"
THREE = f'three.compile("adam", [None, "mse", "mae"])\n{FIT_THREE}'
ADVICE = "give each output a loss, with loss weight 0.0 where you want none, or use keras>=3.7"


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (
            THREE,
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) sends losses to other outputs because of a None among them: "
            f"'mse' trains 'small', 'mae' trains 'big', nothing trains 'a'; {ADVICE}",
        ),
        (
            THREE,
            "keras>=3.5,<3.7",
            "Keras 3.5.0 and 3.6.0 (requirements.txt:1) drop losses because of a None among them: nothing trains 'a'; "
            + ADVICE,
        ),
        (
            f'model.compile("adam", {{"small": "mse", "big": None}})\n{FIT}',
            "keras==3.6.0",
            "Keras 3.6.0 (requirements.txt:1) drops losses because of a None among them: nothing trains 'small'; "
            "pass a tuple in output order with a loss for each output, with loss weight 0.0 where you want none, "
            "or use keras>=3.7",
        ),
        (
            'named.compile("adam", {"small": "mse", "big": None})\nnamed.fit(x, {"small": p, "big": q})\n',
            "keras==3.5.0",
            "Keras 3.5.0 (requirements.txt:1) drops losses because of a None among them: nothing trains "
            f"'small'; {ADVICE}",
        ),
        (
            f'three.compile("adam", (None, lambda y, p: p, "mse"))\n{FIT_THREE}',
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) sends losses to other outputs because of a None among them: "
            f"'lambda y, p: p' trains 'small', 'mse' trains 'big', nothing trains 'a'; {ADVICE}",
        ),
        (
            'three.compile("adam", ["mse", None, "mae"])\nthree.fit(x, [p, r])\n',
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) sends losses to other outputs because of a None among them: "
            f"'mae' trains 'big', nothing trains 'a'; {ADVICE}",
        ),
        (
            'three.compile("adam", {"small": "mse", "a": "mae"})\nthree.fit(x, [p, r])\n',
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) drops losses: nothing trains 'a'; give a target for each output",
        ),
        (
            'named.compile("adam", {"small": "mse"})\nnamed.fit(x, {"small": p})\n',
            "keras>=3",
            "keras>=3 (requirements.txt:1) allows 3.0.0 to 3.4.1, which drop losses: nothing trains 'small'; "
            "a fresh install takes 3.15.1; give a target for each output or use keras>=3.5",
        ),
        (
            'other = keras.Model(inputs, {"s": small, "b": big})\n'
            'other.compile("adam", "mse")\nother.fit(x, {"s": p, "b": q})\n',
            "keras==3.4.1",
            "Keras 3.4.1 (requirements.txt:1) drops losses: nothing trains 's', nothing trains 'b'; "
            "give the layers that make the outputs the names of their keys or use keras>=3.5",
        ),
    ],
)
def test_who_is_trained(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.message == message


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        (THREE, "keras>=3.7"),
        (f'three.compile("adam", ["mse", "mae", None])\n{FIT_THREE}', "keras"),
        (f'three.compile("adam", ["mse", "mae", "mse"])\n{FIT_THREE}', "keras"),
        (f'model.compile("adam", [None, None])\n{FIT}', "keras"),
        (f'model.compile("adam", {{"small": None, "big": "mse"}})\n{FIT}', "keras<3.5"),
        (f'three.compile("adam", [loss, "mse", "mae"])\n{FIT_THREE}', "keras"),
        ('named.compile("adam", {"small": None, "big": "mse"})\nnamed.fit(x, {"small": p, "big": q})\n', "keras"),
        ('named.compile("adam", {"small": "mse"})\nnamed.fit(x, {"small": p})\n', "keras>=3.5"),
        ('named.compile("adam", {"big": "mse"})\nnamed.fit(x, {"big": q})\n', "keras"),
        ('named.compile("adam", {"small": "mse"})\nnamed.fit(x, {"small": p, "big": q})\n', "keras"),
        ('named.compile("adam", {"small": "mse"})\nnamed.fit(x, y)\n', "keras"),
        ('three.compile("adam", ["mse", "mae", None])\nthree.fit(x, [p, q])\n', "keras"),
        ('model.compile("adam", {"small": "mse", "big": "mae"})\nmodel.fit(x, {"small": p})\n', "keras"),
    ],
)
def test_nothing_where_the_losses_are_right(check: Check, body: str, requirement: str) -> None:
    assert check(CODE, body, requirement) == []


def test_a_list_for_outputs_in_a_dict_has_to_be_wrong_in_either_order(check: Check) -> None:
    fit = 'named.fit(x, {"small": p, "big": q})\n'
    assert check(CODE, f'named.compile("adam", [None, "mse"])\n{fit}', "keras>=3.7") == []
    assert check(CODE, f'named.compile("adam", ["mse", None])\n{fit}', "keras") == []
    assert check(CODE, f'named.compile("adam", [None, "mse"])\n{fit}', "keras==3.4.1") == []
    (found,) = check(CODE, f'named.compile("adam", [None, "mse"])\n{fit}', "keras>=3")
    assert (
        "allows 3.5.0 and 3.6.0, which drop losses because of a None among them: nothing trains 'small'"
        in found.message
    )


def test_losses_under_other_names_are_one_finding(check: Check) -> None:
    body = f'model.compile("adam", {{"small": None, "big": "mse"}})\n{FIT}'
    assert check(CODE, body) == []
    (found,) = check("KER101", body)
    assert "pass a tuple in output order with a loss for each output, with loss weight 0.0" in found.message


def test_the_fix_is_safe_compile(check: Check) -> None:
    (diagnostic,) = check(CODE, THREE)
    assert [fix.style for fix in diagnostic.fixes] == ["safe-compile"]
