"""The rules find the programs in which an output learns what is meant for another one on real Keras.

The losses and targets have constants, so that what an output has learned tells which of them reached it; an output
that nothing trains, or of a weight of nothing, stays at 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from keraslint import check_source

from .observation import told_on_each
from .releases import RELEASES

pytestmark = pytest.mark.real_keras

Learned = dict[str, int]

HEAD = """\
import json
import sys
from collections import OrderedDict

sys.path.insert(0, sys.argv[1])

import keras
import numpy as np


def loss_small(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_pred - 1.0))


def loss_big(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_pred - 5.0))


def loss_a(y_true, y_pred):
    return keras.ops.mean(keras.ops.square(y_pred - 3.0))


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small", kernel_initializer="zeros")(inputs)
big = keras.layers.Dense(1, name="big", kernel_initializer="zeros")(inputs)
tiny = keras.layers.Dense(1, name="a", kernel_initializer="zeros")(inputs)
x = np.ones((8, 4))
y_small, y_big, y_tiny = np.full((8, 1), 1.0), np.full((8, 1), 5.0), np.full((8, 1), 3.0)
some, none = np.ones(8), np.zeros(8)
sgd = keras.optimizers.SGD(0.05)
listed = keras.Model(inputs, [small, big])
three = keras.Model(inputs, [small, big, tiny])
named = keras.Model(inputs, {"small": small, "big": big})
many = keras.Model(inputs, {"small": small, "big": big, "a": tiny})
ordered = keras.Model(inputs, OrderedDict(small=small, big=big))
one = keras.layers.Dense(1, name="one", kernel_initializer="zeros")(inputs)
two = keras.layers.Dense(1, name="two", kernel_initializer="zeros")(inputs)
renamed = keras.Model(inputs, {"small": one, "big": two})
"""
TAIL = """
values = keras.Model(inputs, [small, big, tiny, one, two]).predict(x, verbose=0)
small, big, a, one, two = (round(float(value.mean())) for value in values)
print(json.dumps({"small": small + one, "big": big + two, "a": a}))
"""


@dataclass(frozen=True)
class Program:
    """A program, the rule that it is for, and what each output learns where it is right."""

    code: str
    text: str
    right: Learned

    @property
    def source(self) -> str:
        """The whole program, as it is checked."""
        return HEAD + self.text


BOTH = {"small": 1, "big": 5, "a": 0}
FIRST = {"small": 1, "big": 0, "a": 0}
PARTLY = {"small": 1, "big": 0, "a": 3}
KEYED = '{"small": loss_small, "big": loss_big}'
TARGETS = '{"small": y_small, "big": y_big}'
EQUAL = '{"small": y_small, "big": y_small}'
WEIGHED = 'sample_weight={"small": some, "big": none}'


def _fit(model: str, compiled: str, y: str, more: str = "") -> str:
    return f"{model}.compile(sgd, {compiled})\n{model}.fit(x, {y}, epochs=60, verbose=0{more})\n"


BATCHES = f"""

def batches():
    while True:
        yield x, {EQUAL}, {{"small": some, "big": none}}


listed.compile(sgd, "mse")
listed.fit(batches(), steps_per_epoch=60, verbose=0)
"""
MOVED = "moved = OrderedDict([{}])\nmoved.move_to_end('big')\nassert list(moved) == ['small', 'big']\n"
PROGRAMS: Mapping[str, Program] = {
    "listed losses": Program("KER107", _fit("named", "[loss_small, loss_big]", TARGETS), BOTH),
    "listed losses by key": Program("KER107", _fit("named", "[loss_big, loss_small]", TARGETS), BOTH),
    "listed targets": Program("KER107", _fit("named", '"mse"', "[y_small, y_big]"), BOTH),
    "listed targets by key": Program("KER107", _fit("named", '"mse"', "(y_big, y_small)"), BOTH),
    "listed targets of some": Program(
        "KER107", _fit("many", '{"small": "mse", "big": "mse"}', "[y_small, y_big]"), BOTH
    ),
    "listed targets of ordered outputs": Program("KER107", _fit("ordered", '"mse"', "[y_small, y_big]"), BOTH),
    "listed weights": Program(
        "KER107", "w_small, w_big = 1.0, 0.0\n" + _fit("named", '"mse", loss_weights=[w_small, w_big]', TARGETS), FIRST
    ),
    "weights beside losses": Program("KER113", _fit("named", f"{KEYED}, loss_weights=[1.0, 0.0]", TARGETS), FIRST),
    "weights by key": Program(
        "KER113", _fit("named", '{"big": loss_big, "small": loss_small}, loss_weights=[0.0, 1.0]', TARGETS), FIRST
    ),
    "weights of some": Program(
        "KER113",
        _fit("many", f"{KEYED}, loss_weights=[1.0, 0.0]", '{"small": y_small, "big": y_big, "a": y_tiny}'),
        FIRST,
    ),
    "weights beside ordered losses": Program(
        "KER113",
        _fit("named", "OrderedDict(small=loss_small, big=loss_big), loss_weights=[1.0, 0.0]", TARGETS),
        FIRST,
    ),
    "a None between": Program(
        "KER110", _fit("three", "[loss_small, None, loss_a]", "[y_small, y_big, y_tiny]"), PARTLY
    ),
    "a None at the end": Program(
        "KER110", _fit("three", "[loss_small, loss_big, None]", "[y_small, y_big, y_tiny]"), BOTH
    ),
    "a None between, targets for the others": Program(
        "KER110", _fit("three", '["mse", None, "mse"]', "[y_small, y_tiny]"), PARTLY
    ),
    "a target for the one trained output": Program(
        "KER110", _fit("named", '{"small": "mse"}', '{"small": y_small}'), FIRST
    ),
    "a target for the other one": Program(
        "KER110", _fit("named", '{"big": "mse"}', '{"big": y_big}'), {"small": 0, "big": 5, "a": 0}
    ),
    "keys that no layer has": Program("KER110", _fit("renamed", '"mse"', TARGETS), BOTH),
    "sample weights": Program("KER114", _fit("listed", '"mse"', EQUAL, f", {WEIGHED}"), FIRST),
    "sample weights beside listed losses": Program(
        "KER114", _fit("listed", "[loss_small, loss_small]", EQUAL, f", {WEIGHED}"), FIRST
    ),
    "sample weights of outputs in a dict": Program("KER114", _fit("named", '"mse"', EQUAL, f", {WEIGHED}"), FIRST),
    "sample weights of batches": Program("KER114", BATCHES, FIRST),
    "sample weights in a list": Program(
        "KER114", _fit("listed", '"mse"', "[y_small, y_small]", ", sample_weight=[some, none]"), FIRST
    ),
    "integer weights": Program(
        "KER101", _fit("named", f'{KEYED}, loss_weights={{"small": 1, "big": 0}}', TARGETS), FIRST
    ),
    "weights that are none": Program(
        "KER101", _fit("named", f'{KEYED}, loss_weights={{"small": True, "big": False}}', TARGETS), FIRST
    ),
    "named losses": Program("KER101", _fit("listed", KEYED, "[y_small, y_big]"), BOTH),
    "named losses and targets": Program("KER101", _fit("listed", KEYED, TARGETS), BOTH),
    "losses in an order that they were moved to": Program(
        "KER101",
        MOVED.format("('big', loss_big), ('small', loss_small)") + _fit("listed", "moved", "[y_small, y_big]"),
        BOTH,
    ),
    "losses in an order that they were moved from": Program(
        "KER101",
        MOVED.format("('small', loss_small), ('big', loss_big)") + _fit("listed", "moved", "[y_small, y_big]"),
        BOTH,
    ),
    "one array of targets": Program("KER110", _fit("listed", '"mse"', "y_small"), {"small": 1, "big": 1, "a": 0}),
    "ordered targets": Program("KER103", _fit("named", '"mse"', "OrderedDict(small=y_small, big=y_big)"), BOTH),
    "targets of ordered outputs": Program(
        "KER103", _fit("ordered", '"mse"', "OrderedDict(small=y_small, big=y_big)"), BOTH
    ),
}
UNSORTED = _fit("listed", KEYED, "[y_small, y_big]")
SORTED = "lucky = keras.Model(inputs, [big, small])\n" + _fit("lucky", KEYED, "[y_big, y_small]")

# JAX refuses a dict of losses for some outputs on Keras 3.5.0, where torch trains: there the rules speak all the same.
ON_TORCH = {("3.5.0", "listed targets of some"), ("3.5.0", "weights of some")}


@pytest.fixture(scope="module")
def learned() -> dict[str, dict[str, Learned | None]]:
    """By release and program, what each output learned; None where Keras refuses the program."""
    texts = {name: program.source + TAIL for name, program in PROGRAMS.items()}
    texts |= {"unsorted": HEAD + UNSORTED + TAIL, "sorted": HEAD + SORTED + TAIL}
    return told_on_each(f"programs = {texts!r}\n{RUNNER}")


RUNNER = """\
import contextlib
import io
import json
import sys

sys.path.insert(0, sys.argv[1])

import keras

learned = {}
for name, text in programs.items():
    keras.utils.clear_session()
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(text, name, "exec"), {"__name__": "__main__"})
        learned[name] = json.loads(said.getvalue().splitlines()[-1])
    except (ValueError, KeyError, TypeError, AttributeError):
        learned[name] = None
print(json.dumps(learned))
"""


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("release", RELEASES)
def test_what_is_said_is_what_was_learned(
    name: str, release: str, learned: dict[str, dict[str, Learned | None]]
) -> None:
    program, seen = PROGRAMS[name], learned[release][name]
    said = {one.code: one.message for one in check_source(program.source, "program.py", release)}
    told = {output for message in said.values() for output in _outputs(message)}
    if (release, name) in ON_TORCH:
        assert seen is None
        assert told
        return
    wrong = {output for output, value in (seen or program.right).items() if value != program.right[output]}
    assert told == wrong, (said, seen)
    assert set(said) <= {program.code, "KER101", "KER103"}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("release", RELEASES)
def test_a_safe_compile_is_needless_only_where_all_is_right_without(
    name: str, release: str, learned: dict[str, dict[str, Learned | None]]
) -> None:
    program = PROGRAMS[name]
    safe = re.sub(
        r"(\w+)\.compile\(", r"safe_compile(\1, ", "from keraslint.runtime import safe_compile\n" + program.source
    )
    if any(one.code == "KER190" for one in check_source(safe, "program.py", release, select=["ALL"])):
        assert learned[release][name] == program.right


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_right_by_luck_goes_wrong_under_other_names(
    release: str, learned: dict[str, dict[str, Learned | None]]
) -> None:
    """KER108 is about a program that is right, where the same with unsorted names is not."""
    said = [one.code for one in check_source(HEAD + SORTED, "program.py", release, select=["ALL"])]
    assert learned[release]["sorted"] == BOTH
    assert said == (["KER108"] if learned[release]["unsorted"] != BOTH else [])


def _outputs(message: str) -> list[str]:
    """The outputs of which a message says that they get something else than is meant for them."""
    found = re.findall(r"'(\w+)' (?:gets|is trained on)|trains '(\w+)'", message)
    return [one or other for one, other in found]
