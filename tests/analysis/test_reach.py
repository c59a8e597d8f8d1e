"""Functions that are not followed any more: what they can reach is not known, and everything else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import check_paths

HELPERS = """\
import random

GIVEN, NUMBER = [], 1

def work(item):
    for _ in range(100):
        item = str(item) + "x"
    return item

def change(names):
    work(1)
    names.reverse()

def change_given():
    work(1)
    GIVEN[0].reverse()

def keep(names):
    work(1)
    GIVEN.append(names)

def change_kept(*names):
    for one in GIVEN:
        one.reverse()

def count():
    global NUMBER
    work(1)
    NUMBER = 0

def call(function):
    work(1)
    function()
"""
SPENT = """\
import helpers
import keras
inputs = keras.Input((3,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
for i in range(60):
    helpers.work(i)
order = [small, big]
{}
model = keras.Model(inputs, order)
model.compile("sgd", loss={{"small": "mse", "big": "mae"}})
"""


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("helpers.work([1])", "KER101"),
        ("helpers.change([1])", "KER101"),
        ("helpers.change(order)", "KER102"),
        ("helpers.change(((order,),))", "KER102"),
        ("helpers.GIVEN.append(order)\nhelpers.change_given()", "KER102"),
        ("helpers.keep(order)\nhelpers.change_kept()", "KER102"),
        ("helpers.count()\nif helpers.NUMBER == 0: order.reverse()", "KER102"),
        ("helpers.call(lambda: order.reverse())", ""),  # followed: what is compiled is right
        ("helpers.call(order.reverse)", "KER102"),
    ],
)
def test_a_function_that_is_not_followed_changes_what_it_can_reach(tmp_path: Path, row: str, found: str) -> None:
    (tmp_path / "helpers.py").write_text(HELPERS)
    (tmp_path / "main.py").write_text(SPENT.format(row))
    assert [one.code for one in check_paths([tmp_path / "main.py"], keras="3.5.0")] == found.split()
