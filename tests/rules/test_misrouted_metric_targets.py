from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER109"

COMPILE = 'model.compile("adam", "mse", metrics={"small": "mae", "big": "mse"})\n'
Y = '{"small": p, "big": q}'
FIT = f"model.fit(x, {Y})\n"
SWAP = "the metrics of 'small' get the target of 'big', the metrics of 'big' get the target of 'small'"
WHAT = "the metrics of an output the target of another one"
ADVICE = "pass a tuple in output order or use keras>=3.14.1"


@pytest.mark.parametrize(
    ("body", "requirement", "message"),
    [
        (COMPILE + FIT, "keras==3.14.0", f"Keras 3.14.0 (requirements.txt:1) gives {WHAT}: {SWAP}; {ADVICE}"),
        (
            COMPILE + FIT,
            "keras>=3.7",
            f"keras>=3.7 (requirements.txt:1) allows 3.14.0, which gives {WHAT}: {SWAP}; "
            f"a fresh install takes 3.15.1; {ADVICE}",
        ),
        (
            COMPILE.replace('"small": "mae", ', "") + f"model.evaluate(x, {Y})\n",
            "keras==3.14.0",
            f"Keras 3.14.0 (requirements.txt:1) gives {WHAT}: the metrics of 'big' get the target of 'small'; {ADVICE}",
        ),
        (
            'model.compile("adam", "mse", weighted_metrics=[["mae"], None])\n' + FIT,
            "keras==3.14.0",
            f"Keras 3.14.0 (requirements.txt:1) gives {WHAT}: the metrics of 'small' get the target of 'big'; {ADVICE}",
        ),
        (
            COMPILE + f"model.fit(x, [p, q], validation_data=(x, {Y}))\n",
            "keras==3.14.0",
            f"Keras 3.14.0 (requirements.txt:1) gives {WHAT}: {SWAP}; {ADVICE}",
        ),
    ],
)
def test_who_gets_what(check: Check, body: str, requirement: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.message == message


@pytest.mark.parametrize(
    "body",
    [
        COMPILE + "model.fit(x, [p, q])\n",
        COMPILE + "model.fit(x, y)\n",
        COMPILE + 'model.fit(x, {"small": p, "big": p})\n',
        COMPILE + "model.fit(x, OrderedDict(small=p, big=q))\n",
        COMPILE + f'model.fit(x, {Y}, sample_weight={{"small": v, "big": w}})\n',
        'model.compile("adam", "mse")\n' + FIT,
        'model.compile("adam", "mse", metrics=metrics)\n' + FIT,
        'model.compile("adam", "mse", metrics=[None, None])\n' + FIT,
        'model.compile("adam", "mse", metrics=["mae"])\n' + FIT,
        COMPILE.replace("model", "named") + FIT.replace("model", "named"),
    ],
)
def test_nothing_where_they_are_right_or_not_seen(check: Check, body: str) -> None:
    assert check(CODE, body, "keras==3.14.0") == []


@pytest.mark.parametrize("requirement", ["keras<3.14", "keras==3.13.2", "keras>=3.14.1", "keras!=3.14.0", "keras<3"])
def test_nothing_on_other_releases(check: Check, requirement: str) -> None:
    assert check(CODE, COMPILE + FIT, requirement) == []


def test_the_fix_is_a_tuple(check: Check) -> None:
    (diagnostic,) = check(CODE, COMPILE + FIT, "keras==3.14.0")
    assert [edit.content for edit in diagnostic.fixes[0].edits] == ["(p, q)"]


ORDERED = """\
ordered = keras.Model(inputs, OrderedDict(small=small, big=big))
ordered.compile("adam", "mse", metrics={"small": "mae", "big": ["mse"]})
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (COMPILE.replace("model", "named") + "named.fit(x, OrderedDict(small=p, big=q))\n", "pass a plain dict or use"),
        (ORDERED + f"ordered.fit(x, {Y})\n", "use a plain dict for the outputs, and for what goes to them, or"),
    ],
)
def test_outputs_and_targets_that_are_taken_apart_in_other_orders(check: Check, body: str, said: str) -> None:
    (diagnostic,) = check(CODE, body, "keras==3.14.0")
    assert diagnostic.message.endswith(f"{SWAP}; {said} keras>=3.14.1")
    assert check(CODE, body, "keras==3.15.1") == []


def test_both_in_one_order_are_right(check: Check) -> None:
    assert check(CODE, ORDERED + "ordered.fit(x, OrderedDict(small=p, big=q))\n", "keras==3.14.0") == []
    assert check(CODE, COMPILE.replace("model", "named") + f"named.fit(x, {Y})\n", "keras==3.14.0") == []


@pytest.mark.parametrize("fit", ["", "ordered.fit(x, [p, q])\n", f"ordered.fit(x, {Y})\n", "ordered.fit(x, y)\n"])
def test_metrics_of_ordered_outputs_are_taken_on_what_stands_under_their_keys(check: Check, fit: str) -> None:
    (diagnostic,) = check(CODE, ORDERED + fit, "keras>=3,<3.14")
    assert "allows 3.1.0 to 3.7.0, which compute the metrics of an output on another one" in diagnostic.message
    assert (
        "the metrics of 'small' are computed on 'big', the metrics of 'big' are computed on 'small'; "
        in diagnostic.message
    )
    # 3.14.0 gives them another target.
    bound = "3.8,!=3.14.0 (3.14.0 gives metrics the targets of other outputs)" if Y in fit else "3.8"
    assert diagnostic.message.endswith(f"; use a plain dict for the outputs, or keras>={bound}")
    assert check(CODE, ORDERED + fit, "keras>=3.8,<3.14") == []
    assert check(CODE, ORDERED.replace("small=small, big=big", "big=big, small=small") + fit, "keras==3.7.0") == []


def test_the_losses_of_ordered_outputs_may_be_refused(check: Check) -> None:
    body = ORDERED.replace('"mse", metrics', '{"small": "mse", "big": "mae"}, metrics') + f"ordered.fit(x, {Y})\n"
    (diagnostic,) = check(CODE, body, "keras>=3,<3.14")
    assert "allows 3.1.0 to 3.6.0, which compute" in diagnostic.message
