from __future__ import annotations

import pytest

from keraslint import check_source

from .conftest import MODEL, Check

CODE = "KER115"
SAYS = "Keras 3.15.1 (requirements.txt:1) stops with an error for metrics in the place of loss_weights: "
BY_PLACE = SAYS + "the third argument of compile is loss_weights, in Keras 2 it was metrics; pass metrics by name"


@pytest.mark.parametrize(
    ("call", "fixed"),
    [
        ('model.compile("adam", "mse", ["acc"])', 'model.compile("adam", "mse", metrics=["acc"])'),
        (
            'named.compile("adam", "mse", {"small": ["acc"]}, {"small": 1.0, "big": 2.0})',
            'named.compile("adam", "mse", metrics={"small": ["acc"]}, loss_weights={"small": 1.0, "big": 2.0})',
        ),
        (
            'keras.Sequential([keras.layers.Dense(1)]).compile("adam", "mse", [keras.metrics.AUC(), own])',
            'keras.Sequential([keras.layers.Dense(1)]).compile("adam", "mse", metrics=[keras.metrics.AUC(), own])',
        ),
        (
            'watched = ["mae"]\nmodel.compile("adam", "mse", watched, run_eagerly=True)',
            'watched = ["mae"]\nmodel.compile("adam", "mse", metrics=watched, run_eagerly=True)',
        ),
        ('model.compile("adam", "mse", ["acc"], metrics=["mae", "mae"])', None),
        ('model.compile("adam", "mse", ["acc"], **options)', None),
    ],
)
def test_metrics_by_place_are_found_and_named(check: Check, call: str, fixed: str | None) -> None:
    (found,) = check(CODE, call + "\n", "keras==3.15.1")
    assert found.message == BY_PLACE
    texts = []
    for fix in found.fixes:
        text = MODEL + call
        lines = text.splitlines()
        for edit in sorted(fix.edits, key=lambda one: one.span, reverse=True):
            row = edit.span.start.row - 1
            line = lines[row]
            lines[row] = line[: edit.span.start.column - 1] + edit.content + line[edit.span.end.column - 1 :]
        texts.append("\n".join(lines).removeprefix(MODEL))
    assert texts == ([fixed] if fixed else [])


def test_metrics_that_are_called_loss_weights_are_found(check: Check) -> None:
    (found,) = check(CODE, 'model.compile("adam", "mse", loss_weights=["acc", "mae"])\n', "keras==3.15.1")
    assert found.message == SAYS + "a loss weight is a number; pass metrics by name"
    assert found.fixes == ()


@pytest.mark.parametrize(
    "body",
    [
        'model.compile("adam", "mse", [1.0, 2.0])',
        'model.compile("adam", "mse", weights)',
        'model.compile("adam", "mse", [weight, other])',
        'model.compile("adam", "mse", None, ["mae", "acc"])',
        'model.compile("adam", "mse", [])',
        'found.compile("adam", "mse", ["acc"])',
        "class Own(keras.Model):\n    def compile(self, optimizer, loss, metrics):\n"
        "        super().compile(optimizer, loss, metrics=metrics)\n\n\n"
        'Own(inputs, [small, big]).compile("adam", "mse", ["a"])',
    ],
)
def test_numbers_and_what_is_not_known_are_right(check: Check, body: str) -> None:
    assert check(CODE, body + "\n", "keras") == []


def test_keras_2_takes_them() -> None:
    assert [one.code for one in check_source(MODEL + 'model.compile("adam", "mse", ["acc"])\n', "a.py", "2.15.0")] == []
