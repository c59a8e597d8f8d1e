"""Targets that come with a dataset, where the source shows its last ``map``, what it is sliced from, or its class.

``tests/integrations/test_tensorflow.py`` runs such pipelines on TensorFlow.
"""

from __future__ import annotations

import pytest

from keraslint import check_source

MODEL = """\
import keras
import tensorflow as tf
import tensorflow_datasets as tfds
import torch

def named(x, y):
    return x, {"z": y, "a": -y}

def listed(x, y):
    return x, (y, y)

def parse(record):
    return record["x"], {"z": record["z"], "a": record["a"]}

def pairs():
    for x, y, w in read():
        yield x, {"z": y, "a": w}

def equal_pairs():
    for x, y in read():
        yield x, {"z": y, "a": y}

def split(image, label):
    return image, {"z": label, "a": label + 1}

class Rows(torch.utils.data.Dataset):
    def __getitem__(self, place):
        return self.x[place], {"z": self.y[place], "a": self.w[place]}

class Listed(torch.utils.data.Dataset):
    def __getitem__(self, place):
        return self.x[place], [self.y[place], self.w[place]]

class Stream(torch.utils.data.IterableDataset):
    def __iter__(self):
        for x, y, w in self.source:
            yield x, {"z": y, "a": w}

spec = tf.TensorSpec((1,))
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
        "read().batch(4).map(split, num_parallel_calls=4).prefetch(1)",
        "self.train.map(parse)",
        'tfds.load("faces", as_supervised=True, split="train").map(split)',
        'tfds.load("faces", as_supervised=True, split=["train", "test"], with_info=True)[0][1].map(split)',
        'tf.keras.utils.image_dataset_from_directory("faces").map(split)',
        'keras.utils.text_dataset_from_directory("books", subset="both", validation_split=0.1)[0].map(split)',
        'keras.utils.audio_dataset_from_directory("songs", labels=None).map(lambda sound: (sound, {"z": u, "a": v}))',
        "keras.preprocessing.timeseries_dataset_from_array(x, y, 9).map(split)",
        "keras.utils.split_dataset(tf.data.TFRecordDataset(files).map(parse), left_size=0.8)[1]",
        "tf.data.Dataset.list_files(files).interleave(tf.data.TFRecordDataset).map(parse)",
        "tf.data.TFRecordDataset(files).apply(lambda data: data.map(parse))",
        "tf.data.TFRecordDataset(files).map(parse).apply(tf.data.experimental.ignore_errors())",
        'tf.data.Dataset.from_generator(pairs, output_signature=(spec, {"z": spec, "a": spec}))',
        'tf.data.Dataset.from_generator(unseen, (tf.float32, {"z": tf.float32, "a": tf.float32})).batch(2)',
        "torch.utils.data.DataLoader(Rows(), batch_size=4, shuffle=True)",
        "torch.utils.data.DataLoader(dataset=Stream())",
        "torch.utils.data.DataLoader(torch.utils.data.random_split(Rows(), [9, 1])[0], 4)",
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
        'tf.data.Dataset.from_tensor_slices((x, {"z": y, "a": w})).apply(unseen)',
        'tf.data.Dataset.from_generator(equal_pairs, output_signature=(spec, {"z": spec, "a": spec}))',
        "tf.data.Dataset.from_generator(unseen, output_signature=(spec, (spec, spec)))",
        "pool.map(split, images)",
        "read().map(unseen)",
        "torch.utils.data.DataLoader(Rows(), collate_fn=unseen)",
        "torch.utils.data.DataLoader(Listed())",
        "torch.utils.data.DataLoader(unseen())",
    ],
)
def test_what_is_no_dict_or_not_seen(data: str) -> None:
    assert codes(data) == []


def test_the_finding_is_at_the_data_and_has_no_tuple_fix() -> None:
    (one,) = check_source(f"{MODEL}data = tf.data.TFRecordDataset(f).map(parse)\nmodel.fit(data)\n", keras="3.6.0")
    assert [fix.style for fix in one.fixes] == ["safe-compile"]
    assert one.span.start.row == MODEL.count("\n") + 2


def test_a_list_that_map_returns_is_a_tuple_and_one_within_it_a_tensor() -> None:
    named = MODEL.replace('loss="mse"', 'loss={"z": "mse", "a": "mae"}')
    text = "data = tfds.load('faces').map(lambda row: {made})\nmodel.fit(data)\n"
    made = '[row["x"], {"z": [row["left"], row["top"]], "a": row["a"]}]'
    assert [one.code for one in check_source(MODEL + text.format(made=made), keras="3.6.0")] == ["KER103"]
    made = '(row["x"], (row["z"], [row["left"], row["top"]]))'
    assert [one.code for one in check_source(named + text.format(made=made), keras="3.6.0")] == ["KER101"]


def test_a_dict_of_sample_weights_within_a_dataset() -> None:
    text = (
        'def weighted(x, y):\n    return x, {"z": y, "a": y}, {"z": y[0], "a": y[1]}\nmodel.fit(read().map(weighted))\n'
    )
    assert [one.code for one in check_source(MODEL + text, keras="3.6.0")] == ["KER114"]


def test_a_model_on_several_devices_has_the_outputs_of_the_model() -> None:
    text = "model = keras.utils.multi_gpu_model(model, gpus=2)\nmodel.compile('sgd', loss='mse')\n"
    (one,) = check_source(f'{MODEL}{text}model.fit(x, {{"z": y, "a": w}})\n', keras="3.6.0")
    assert one.code == "KER103"
