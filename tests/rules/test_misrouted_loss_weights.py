from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER104"

FIT = "model.fit(x, [p, q])\n"
WEIGHTS = 'loss_weights={"small": 1.0, "big": 0.5}'
LIST = f'model.compile("adam", ["mse", "mae"], {WEIGHTS})\n{FIT}'
ONE = f'model.compile("adam", "mse", {WEIGHTS})\n{FIT}'
ONE_KEY = f'model.compile("adam", "mse", loss_weights={{"small": 3.0}})\n{FIT}'
SWAP = "'small' gets 0.5 instead of 1.0, 'big' gets 1.0 instead of 0.5"


@pytest.mark.parametrize(
    ("body", "requirement", "severity", "message"),
    [
        (
            LIST,
            "keras==3.15.1",
            "error",
            f"Keras 3.15.1 (requirements.txt:1) sends loss weights to other outputs: {SWAP}; "
            "pass loss_weights as a tuple in output order",
        ),
        (
            LIST,
            "keras>=3.7",
            "error",
            f"Keras 3.7.0 to 3.15.1 (requirements.txt:1) send loss weights to other outputs: {SWAP}; "
            "pass loss_weights as a tuple in output order",
        ),
        (
            LIST,
            "keras>=3.4",
            "warning",
            "keras>=3.4 (requirements.txt:1) allows 3.5.0 to 3.15.1, which send loss weights to other outputs: "
            f"{SWAP}; a fresh install takes 3.15.1; pass loss_weights as a tuple in output order",
        ),
        (
            LIST,
            "numpy",
            "warning",
            f"no Keras pin found: Keras 3.5.0 to 3.15.1 send loss weights to other outputs: {SWAP}; "
            "pass loss_weights as a tuple in output order",
        ),
        (
            ONE,
            "keras==3.6.0",
            "error",
            f"Keras 3.6.0 (requirements.txt:1) sends loss weights to other outputs: {SWAP}; "
            "pass losses and loss_weights as tuples in output order",
        ),
        (
            ONE_KEY,
            "keras==3.7.0",
            "error",
            "Keras 3.7.0 (requirements.txt:1) sends loss weights to other outputs: 'big' gets 3.0 instead of 1.0; "
            "pass losses and loss_weights as tuples in output order",
        ),
    ],
)
def test_severity_and_message(check: Check, body: str, requirement: str, severity: str, message: str) -> None:
    (diagnostic,) = check(CODE, body, requirement)
    assert diagnostic.severity.value == severity
    assert diagnostic.message == message


@pytest.mark.parametrize(
    ("body", "requirement"),
    [
        (LIST, "keras==3.4.1"),
        (ONE, "keras==3.7.0"),
        (ONE_KEY, "keras==3.5.0"),
        (f'model.compile("adam", ["mse", "mae"], loss_weights={{"small": 0.5, "big": 0.5}})\n{FIT}', "keras==3.5.0"),
        (
            f'model.compile("adam", ["mse", "mae"], loss_weights=OrderedDict(small=1.0, big=0.5))\n{FIT}',
            "keras==3.15.1",
        ),
        (f'model.compile("adam", ["mse", "mae"], loss_weights=[1.0, 0.5])\n{FIT}', "keras==3.5.0"),
        (f'model.compile("adam", {{"small": "mse", "big": "mae"}}, {WEIGHTS})\n{FIT}', "keras==3.15.1"),
        (f'named.compile("adam", {{"small": "mse", "big": "mae"}}, {WEIGHTS})\n', "keras>=3.5"),
        (f'keras.Model(inputs, [big, small]).compile("adam", ["mse", "mae"], {WEIGHTS})\n', "keras>=3.5"),
    ],
)
def test_nothing_where_the_weights_are_right_or_refused(check: Check, body: str, requirement: str) -> None:
    assert check(CODE, body, requirement) == []


def test_where_the_losses_move_too_it_is_one_finding(check: Check) -> None:
    body = f'model.compile("adam", {{"small": "mse", "big": "mae"}}, {WEIGHTS})\n{FIT}'
    assert check(CODE, body) == []
    assert len(check("KER101", body)) == 1


def test_it_stands_at_the_weights(check: Check) -> None:
    (diagnostic,) = check(
        CODE, f'model.compile(\n    "adam",\n    ["mse", "mae"],\n    {WEIGHTS},\n)\n{FIT}', "keras==3.5.0"
    )
    assert diagnostic.span.start.column == len("    loss_weights=") + 1
    assert (
        check(CODE, f'model.compile(\n    "adam",\n    ["mse", "mae"],\n    {WEIGHTS},  # noqa: KER104\n)\n{FIT}') == []
    )


def test_a_dict_of_outputs_is_not_told_to_take_a_tuple(check: Check) -> None:
    """An OrderedDict of weights on dict outputs is misrouted from 3.5.0 to 3.7.0."""
    body = (
        'named.compile("adam", {"small": "mse", "big": "mae"}, loss_weights=OrderedDict(small=1.0, big=0.5))\n'
        'named.fit(x, {"small": p, "big": q})\n'
    )
    (diagnostic,) = check(CODE, body, "keras==3.7.0")
    assert diagnostic.message.endswith("pass loss_weights as a plain dict or use keras>=3.8")
    assert [fix.style for fix in diagnostic.fixes] == ["safe-compile"]
