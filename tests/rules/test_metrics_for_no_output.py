from __future__ import annotations

import pytest

from .conftest import Check

CODE = "KER116"


@pytest.mark.parametrize(
    ("call", "length", "outputs", "fixed"),
    [
        ('model.compile("adam", "mse", metrics=["acc"])', 1, 2, '[["acc"]] * 2'),
        ('named.compile("adam", "mse", metrics=["acc", "mae", "mse"])', 3, 2, '[["acc", "mae", "mse"]] * 2'),
        ('three.compile("adam", ["mse"] * 3, metrics=["acc", "mae"])', 2, 3, '[["acc", "mae"]] * 3'),
        ('model.compile("adam", ["mse", "mse"], metrics=[keras.metrics.AUC()])', 1, 2, None),
        ('watched = ["acc"]\nmodel.compile("adam", "mse", metrics=watched)', 1, 2, None),
    ],
)
def test_too_few_or_too_many(check: Check, call: str, length: int, outputs: int, fixed: str | None) -> None:
    (found,) = check(CODE, call + "\n", "keras==3.15.1")
    assert found.message == (
        "Keras 3.15.1 (requirements.txt:1) stops with an error for a list of metrics of length "
        f"{length}: the model has {outputs} "
        "outputs; give a list of metrics for each output"
    )
    assert [edit.content for fix in found.fixes for edit in fix.edits] == ([fixed] if fixed else [])


@pytest.mark.parametrize(
    "call",
    [
        'model.compile("adam", "mse", metrics=["acc", "mae"])',
        'model.compile("adam", "mse", metrics=[["acc"], []])',
        'model.compile("adam", "mse", metrics={"small": ["acc"]})',
        'model.compile("adam", "mse", metrics=watched)',
        'model.compile("adam", "mse", metrics=[])',
        'keras.Model(inputs, small).compile("adam", "mse", metrics=["acc", "mae"])',
        'keras.Model(inputs, [small]).compile("adam", "mse", metrics=["acc", "mae"])',
        'keras.Model(inputs, outputs).compile("adam", "mse", metrics=["acc"])',
    ],
)
def test_one_for_each_or_not_known(check: Check, call: str) -> None:
    assert check(CODE, call + "\n", "keras") == []
