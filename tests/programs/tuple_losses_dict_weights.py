"""Losses by position, weights by name: the weights are sorted, and still are in the newest release."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss=("mse", "mae"),
    loss_weights={"small": 0.25, "big": 4.0},  # expect[3.5.0+]: KER104
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
