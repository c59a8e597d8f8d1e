"""Targets that come with a tf.data pipeline, where the source shows its last ``map`` or what it is sliced from."""

from __future__ import annotations

import pytest

from keraslint import check_source

MODEL = """\
import keras
import tensorflow as tf
import tensorflow_datasets as tfds

def named(x, y):
    return x, {"z": y, "a": -y}

def listed(x, y):
    return x, (y, y)

def parse(record):
    return record["x"], {"z": record["z"], "a": record["a"]}

inputs = keras.Input((3,))
model = keras.Model(inputs, [keras.layers.Dense(1, name="z")(inputs), keras.layers.Dense(2, name="a")(inputs)])
model.compile("sgd", loss="mse")
"""


def codes(data: str, call: str = "model.fit(data)") -> list[str]:
    return [diagnostic.code for diagnostic in check_source(f"{MODEL}data = {data}\n{call}\n", keras="3.6.0")]


@pytest.mark.parametrize(
    "data",
    [
        'tf.data.Dataset.from_tensor_slices((x, {"z": y, "a": w}))',
        'tf.data.Dataset.from_tensor_slices((x, {"z": y, "a": w})).shuffle(9).batch(4).prefetch(1)',
        "tf.data.Dataset.from_tensor_slices((x, y)).map(named)",
        "tf.data.Dataset.from_tensor_slices((x, y)).batch(4).map(lambda x, y: (x, {'z': y, 'a': w})).repeat()",
        "tf.data.TFRecordDataset(files).map(parse)",
        'tfds.load("faces").map(parse).batch(4)',
        'tf.data.Dataset.zip((tf.data.Dataset.from_tensors(x), tf.data.Dataset.from_tensors({"z": y, "a": w})))',
    ],
)
def test_a_dict_of_targets(data: str) -> None:
    assert codes(data) == ["KER103"]
    assert codes(data, "model.evaluate(x=data)") == ["KER103"]
    assert codes(data, "model.fit(x, [y, y], validation_data=data)") == ["KER103"]


@pytest.mark.parametrize(
    "data",
    [
        "tf.data.Dataset.from_tensor_slices((x, (y, y)))",
        'tf.data.Dataset.from_tensor_slices((x, {"z": y, "a": w})).map(listed)',
        'tf.data.Dataset.from_tensor_slices((x, {"z": y, "a": w})).map(unseen)',
        'tf.data.Dataset.from_tensor_slices((x, {"z": y, "a": w})).enumerate()',
        "tf.data.TFRecordDataset(files).map(unseen)",
        "load()",
    ],
)
def test_what_is_no_dict_or_not_seen(data: str) -> None:
    assert codes(data) == []


def test_the_finding_is_at_the_data_and_has_no_tuple_fix() -> None:
    (one,) = check_source(f"{MODEL}data = tf.data.TFRecordDataset(f).map(parse)\nmodel.fit(data)\n", keras="3.6.0")
    assert [fix.style for fix in one.fixes] == ["safe-compile"]
    assert one.span.start.row == MODEL.count("\n") + 2
