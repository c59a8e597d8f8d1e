"""Training and validation data that are taken from different orders of one dataset (KER316)."""

from __future__ import annotations

import pytest

from keraslint import check_source

HEAD = """\
import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((x, y))
other = tf.data.Dataset.from_tensor_slices((x_val, y_val))

"""
FIT = "model.fit(train, epochs=5, validation_data=val)\n"


def found(body: str, keras: str = ">=3") -> list[str]:
    return [one.code for one in check_source(HEAD + body, keras=keras) if one.code == "KER316"]


@pytest.mark.parametrize(
    "body",
    [
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, seed=1)\nval = data.take(n).batch(8)\ntrain = data.skip(n).cache().batch(8)\n" + FIT,
        "data = data.shuffle(100, reshuffle_each_iteration=True).batch(8)\n"
        "n = len(data) // 5\nval = data.take(n)\ntrain = data.skip(n).shuffle(9).repeat().prefetch(2)\n" + FIT,
        "data = data.shuffle(100).map(lambda x, y: (x / 255, y))\ntrain, rest = data.take(80), data.skip(80)\n"
        "val, test = rest.take(10), rest.skip(10)\n" + FIT,
        "data = data.shuffle(100)\ntrain, rest = data.take(80), data.skip(80)\n"
        "val, train = rest.take(10), rest.skip(10)\n" + FIT,
        "def split(data, n, size):\n    data = data.shuffle(size, seed=12)\n    return data.take(n), data.skip(n)\n\n"
        "train, val = split(data, 80, 100)\n" + FIT,
        "data = data.shuffle(100)\nfor rate in (0.1, 0.01):\n    train, val = data.take(80), data.skip(80)\n    " + FIT,
        "data = data.shuffle(100)\nmodel.fit(x=data.take(count=80), validation_data=data.skip(count=80))\n",
    ],
)
def test_parts_of_different_orders(body: str) -> None:
    assert found(body) == ["KER316"]
    assert found(body, keras="<3") == []


@pytest.mark.parametrize(
    "body",
    [
        "data = data.shuffle(100, reshuffle_each_iteration=False)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, None, False)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, reshuffle_each_iteration=again)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100, **options)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(1)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100).cache()\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.shuffle(100).snapshot(path)\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "train, val = data.take(80).shuffle(80), data.skip(80)\n" + FIT,
        "train, val = data.shuffle(100).take(80), other.shuffle(100).skip(80)\n" + FIT,
        "def shuffled(data):\n    return data.shuffle(100)\n\n"
        "train, val = shuffled(data).take(80), shuffled(other).skip(80)\n" + FIT,
        "def shuffled():\n    return data.shuffle(100, seed=1)\n\n"
        "train, val = shuffled().take(80), shuffled().skip(80)\n"
        "model.fit(train, validation_data=val)\n",
        "data = data.shuffle(100)\ntrain, val = data.take(80), other.take(20)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.take(20)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data, data.take(20)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.skip(60)\n" + FIT,
        "data = data.shuffle(100)\ntrain, val = data.take(80), data.skip(80)\nmodel.fit(train, epochs=5)\n",
        "data = data.shuffle(100)\ntrain, val = keras.utils.split_dataset(data, 0.8)\n" + FIT,
        "data = unseen(data.shuffle(100))\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
        "data = data.apply(own).shuffle(100) if fast else data\ntrain, val = data.take(80), data.skip(80)\n" + FIT,
    ],
)
def test_parts_that_may_be_of_one_order(body: str) -> None:
    assert found(body) == []


def test_in_a_function_there_is_no_fix() -> None:
    split = "def split():\n    parts = data.shuffle(100)\n    return parts.take(80), parts.skip(80)\n\n"
    program = HEAD + split + "train, val = split()\n" + FIT
    (one,) = [one for one in check_source(program, keras="3.15.1") if one.code == "KER316"]
    assert one.fixes == ()
