"""The model comes from a function."""

import keras
import numpy as np


def build(width):
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(width, activation="relu")(inputs)
    small = keras.layers.Dense(1, name="small")(hidden)
    big = keras.layers.Dense(3, name="big")(hidden)
    return keras.Model(inputs, [small, big])


model = build(width=5)
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
