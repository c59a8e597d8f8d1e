"""Losses that are one and the same under two names: on a release that exchanges them nothing goes wrong."""

from __future__ import annotations

import pytest

from keraslint import check_source

TEXT = """\
import functools
import pickle
import keras

def near(y_true, y_pred, scale=1.0):
    return keras.ops.mean(keras.ops.abs(y_true - y_pred) * scale, axis=-1)

def far(y_true, y_pred):
    return keras.ops.max(keras.ops.abs(y_true - y_pred), axis=-1)

inputs = keras.Input((8,))
outputs = [keras.layers.Dense(2, name=name)(inputs) for name in ("tone", "length")]
model = keras.Model(inputs, outputs)
{before}
model.compile("adam", loss={{"tone": {tone}, "length": {length}}})
model.fit(x, [y_tone, y_length])
"""


def codes(tone: str, length: str, before: str = "") -> list[str]:
    return [one.code for one in check_source(TEXT.format(tone=tone, length=length, before=before), keras="3.6.0")]


@pytest.mark.parametrize(
    ("tone", "length"),
    [
        ("near", "functools.partial(near, scale=1.0)"),
        ("functools.partial(near, scale=2.0)", "functools.partial(near, scale=2.0)"),
        ("'huber'", "functools.partial(keras.losses.huber, delta=1.0)"),
        ("'mse'", "functools.partial(keras.losses.mean_squared_error)"),
        ("keras.losses.Huber()", "functools.partial(keras.losses.Huber, delta=1.0)()"),
    ],
)
def test_defaults_that_are_given_change_nothing(tone: str, length: str) -> None:
    assert codes(tone, length) == []


@pytest.mark.parametrize(
    ("tone", "length"),
    [
        ("near", "functools.partial(near, scale=2.0)"),
        ("near", "functools.partial(far)"),
        ("'huber'", "functools.partial(keras.losses.huber, delta=2.0)"),
        ("functools.partial(near, scale=2.0)", "functools.partial(near, scale=3.0)"),
    ],
)
def test_other_arguments_make_another_loss(tone: str, length: str) -> None:
    assert codes(tone, length) == ["KER101"]


@pytest.mark.parametrize(
    ("before", "length"),
    [
        ("other = near", "other"),
        ('other = keras.saving.register_keras_serializable("own", "n")(near)', "other"),
        ('other = keras.saving.get_registered_object("own>n")', "other"),
        ("", 'keras.losses.deserialize("near", custom_objects={"near": near})'),
    ],
)
def test_a_loss_that_is_registered_may_be_the_other_one(before: str, length: str) -> None:
    assert "KER101" not in codes("near", length, before)


@pytest.mark.parametrize(
    ("before", "length"),
    [
        ('other = keras.saving.register_keras_serializable("own", "n")(far)', "other"),
        ('other = keras.saving.get_registered_object("own>n")', "other"),
    ],
)
def test_a_loss_that_is_registered_is_none_of_keras(before: str, length: str) -> None:
    assert codes("'mse'", length, before) == ["KER101"]


def test_losses_of_one_class_that_the_program_changes_may_be_equal() -> None:
    before = "one, two = keras.losses.Huber(2.0), keras.losses.Huber()\ntwo._fn_kwargs['delta'] = 2.0"
    assert codes("one", "two", before) == []
    assert codes("one", "two", before.partition("\n")[0]) == ["KER101"]
    assert codes("'mae'", "two", before) == ["KER101"]


OWN = """\
class Bank:
    def __init__(self, scale=1.0):
        self.scale = scale
    def scaled(self, y_true, y_pred):
        return keras.ops.mean(keras.ops.abs(y_true - y_pred) * self.scale, axis=-1)
    @classmethod
    def plain(cls, y_true, y_pred):
        return keras.ops.mean(keras.ops.abs(y_true - y_pred), axis=-1)

class Other(Bank):
    pass

def same(y_true, y_pred, scale=1.0):
    \"\"\"As near.\"\"\"
    return keras.ops.mean(keras.ops.abs(y_true - y_pred) * scale, axis=-1)

def traced(function):
    @functools.wraps(function)
    def inner(y_true, y_pred):
        return function(y_true, y_pred)
    return inner

huber = keras.losses.Huber(2.0)

class Squared(keras.losses.MeanSquaredError):
    pass
"""


@pytest.mark.parametrize(
    ("tone", "length"),
    [
        ("Bank().scaled", "Bank(1.0).scaled"),
        ("Bank.plain", "Other.plain"),
        ("near", "same"),
        ("lambda t, p: far(t, p)", "lambda t, p: far(t, p)"),
        ("lambda t, p: keras.ops.abs(t - p)", "lambda t, p: keras.ops.abs(t - p)"),
        ("'mse'", "traced(keras.losses.mean_squared_error)"),
        ("huber", "keras.losses.Huber.from_config(huber.get_config())"),
        ("huber", "keras.losses.deserialize(keras.losses.serialize(huber))"),
        ("huber", "pickle.loads(pickle.dumps(huber))"),
        ("huber", "type(huber)(2.0)"),
        ("keras.losses.huber", "keras.losses.Huber().fn"),
        ("'mse'", "Squared()"),
        ("lambda t, p: keras.ops.abs(t - p)", "lambda true, said: keras.ops.abs(true - said)"),
        ("huber", "keras.losses.get({'class_name': 'Huber', 'config': {'delta': 2.0}})"),
    ],
)
def test_losses_that_are_written_in_two_ways(tone: str, length: str) -> None:
    assert codes(tone, length, OWN) == []


@pytest.mark.parametrize(
    ("tone", "length"),
    [
        ("Bank().scaled", "Bank(2.0).scaled"),
        ("Bank.plain", "Bank().scaled"),
        ("far", "same"),
        ("lambda t, p: keras.ops.abs(t - p)", "lambda t, p: keras.ops.square(t - p)"),
        ("lambda t, p, by=1.0: keras.ops.abs(t - p) * by", "lambda t, p, by=2.0: keras.ops.abs(t - p) * by"),
        ("'mae'", "traced(keras.losses.mean_squared_error)"),
    ],
)
def test_losses_that_only_look_alike(tone: str, length: str) -> None:
    assert codes(tone, length, OWN) == ["KER101"]


TARGETS = """\
import keras
import numpy as np

x, given, table = np.load("x.npy"), np.load("y.npy"), np.full((8, 2), 2.0)
left, right = np.split(table, 2, axis=1)
zeros = np.zeros((8, 1))
inputs = keras.Input((8,))
model = keras.Model(inputs, [keras.layers.Dense(1, name=name)(inputs) for name in ("tone", "length")])
model.compile("adam", "mse")
model.fit(x, {{"tone": {tone}, "length": {length}}})
"""


@pytest.mark.parametrize(
    ("tone", "length", "found"),
    [
        ("np.ones((8, 1))", "np.full((8, 1), 1.0)", False),
        ("np.ones((8, 1))", "np.full((8, 1), fill_value=1)", False),
        ("zeros", "np.zeros_like(zeros)", False),
        ("given[:]", "given[0:len(given)]", False),
        ("left", "right", False),
        ("table[:, 0:1]", "table[:, [1]]", False),
        ("np.repeat([[2.0]], 8, axis=0)", "np.tile([[2.0]], (8, 1))", False),
        ("np.ones([8, 1])", "1 - np.zeros((8, 1))", False),
        ("given", "given.T.T", False),
        ("given", "given.reshape(-1, 1)", False),
        ("np.ones((8, 1))", "np.full((8, 1), 2.0)", True),
        ("np.ones((8, 1))", "2 * np.ones((8, 1))", True),
        ("zeros", "np.ones_like(zeros)", True),
        ("given[1:]", "given[:-1]", True),
        ("given[:, 0]", "given[:, 1]", True),
        ("np.repeat([[2.0], [3.0]], 4, axis=0)", "np.tile([[2.0], [3.0]], (4, 1))", True),
    ],
)
def test_arrays_of_the_same_numbers(tone: str, length: str, found: bool) -> None:
    said = check_source(TARGETS.format(tone=tone, length=length), keras="3.6.0")
    assert [one.code for one in said] == ["KER103"] * found
