"""Subsets of a folder of images for training and validation, read with different seeds: how many are in both."""

import tempfile
from pathlib import Path

import keras
import tensorflow as tf

folder = Path(tempfile.mkdtemp())
for number in range(100):
    place = folder / str(number % 2) / f"{number}.png"
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(tf.io.encode_png(tf.fill((2, 2, 1), tf.cast(number, "uint8"))).numpy())


def images(subset, seed, **more):
    data = keras.utils.image_dataset_from_directory(
        folder,
        color_mode="grayscale",
        image_size=(2, 2),
        validation_split=0.2,
        subset=subset,
        seed=seed,
        verbose=False,
        **more,
    )
    return {int(value) for batch, _ in data for value in batch.numpy()[:, 0, 0, 0]}


trained = images("training", 1)
seen = [len(trained & images("validation", 2)), len(trained & images("validation", 1, shuffle=False))]
meant = [len(trained & images("validation", 1)), 0]
