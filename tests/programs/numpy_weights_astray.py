"""Weights that are numbers of NumPy, in a dict beside a list of losses: refused up to 3.6.0, exchanged from 3.7.0 on."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss=["mse", "mae"],
    loss_weights={"small": np.float32(0.5), "big": np.float32(2.0)},  # expect[3.7.0+]: KER104
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 3))], verbose=0)
