from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER111"

BUILD = "import numpy as np\nordered = keras.Model(inputs, OrderedDict(small=small, big=big, a=tiny))\n"
READ = 'print(ordered(np.ones((2, 8)))["small"])\n'
ADVICE = "give the model a plain dict of outputs or use keras>=3.8"


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (
            READ,
            "keras==3.7.0",
            "Keras 3.7.0 (requirements.txt:1) exchanges outputs of an OrderedDict when the model is called: "
            f"the key 'small' gives 'a'; {ADVICE}",
        ),
        (
            READ.replace("ordered(", "ordered.predict_on_batch("),
            "keras>=3.6",
            "keras>=3.6 (requirements.txt:1) allows 3.6.0 and 3.7.0, which exchange outputs of an OrderedDict when the "
            f"model is called: the key 'small' gives 'a'; a fresh install takes 3.15.1; {ADVICE}",
        ),
    ],
)
def test_what_stands_there(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, BUILD + body, requirement)
    assert diagnostic.message == message
    assert diagnostic.outputs == ("small", "big", "a")


def test_three_keys_may_leave_one_in_place(check: Check) -> None:
    assert check(CODE, BUILD + READ.replace('"small"', '"big"'), "keras==3.7.0") == []


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        (READ, "keras>=3.8"),
        (READ, "keras<3.1"),
        (READ.replace("ordered(", "ordered.predict("), "keras"),
        (READ.replace("ordered", "named"), "keras"),
        (READ.replace("np.ones((2, 8))", "keras.Input((8,))"), "keras"),
        (READ.replace("np.ones((2, 8))", "inputs"), "keras"),
        (READ.replace('["small"]', ""), "keras"),
        ("def read(data):\n    return ordered(data)['small']\n", "keras"),
        (
            "class Own(keras.Model):\n    def call(self, x):\n        return act(x)\n"
            "own = Own(inputs, OrderedDict(small=small, big=big))\nprint(own(np.ones((2, 8)))['small'])\n",
            "keras",
        ),
    ],
)
def test_nothing_where_the_keys_are_right_or_in_doubt(check: Check, body: str, requirement: str) -> None:
    assert check(CODE, BUILD + body, requirement) == []


def test_a_comment_suppresses_it(check: Check) -> None:
    assert check(CODE, BUILD + READ.rstrip() + "  # noqa: KER111\n", "keras==3.7.0") == []
