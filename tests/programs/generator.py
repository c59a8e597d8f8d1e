"""Targets from a generator."""

import keras
import numpy as np


def batches():
    while True:
        yield np.ones((8, 4)), (np.ones((8, 1)), np.ones((8, 3)))


inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(batches(), steps_per_epoch=1, verbose=0)
