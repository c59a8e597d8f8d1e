"""Weights that are numbers of NumPy."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": "mse", "big": "mae"},  # expect[3.5.0, 3.6.0]: KER101
    loss_weights=[np.float32(0.5), np.float64(2.0)],
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
