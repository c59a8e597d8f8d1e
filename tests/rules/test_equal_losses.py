"""Losses that are one and the same under two names: on a release that exchanges them nothing goes wrong."""

from __future__ import annotations

import pytest

from keraslint import check_source

TEXT = """\
import functools
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
