"""A folder of images that Keras reads and shuffles, split by take and skip: how many images are in both parts."""

import tempfile
from pathlib import Path

import keras
import tensorflow as tf

folder = Path(tempfile.mkdtemp())
for number in range(100):
    place = folder / str(number % 2) / f"{number}.png"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(tf.io.encode_png(tf.fill((2, 2, 1), tf.cast(number, "uint8"))).numpy())

HOW = {"color_mode": "grayscale", "image_size": (2, 2), "batch_size": 10, "seed": 1, "verbose": False}


def noted(data, into):
    def note(x, y):
        tf.py_function(lambda value: into.update(value.numpy().ravel().tolist()), [x], [])
        return x, y

    return data.map(note)


def in_both(training, validation):
    trained, validated = set(), set()
    model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(noted(training, trained), epochs=3, validation_data=noted(validation, validated), verbose=0)
    return len(trained & validated)


data = keras.utils.image_dataset_from_directory(folder, **HOW)
seen = in_both(data.take(8), data.skip(8))
subsets = ("training", "validation")
meant = in_both(
    *(keras.utils.image_dataset_from_directory(folder, validation_split=0.2, subset=name, **HOW) for name in subsets)
)
