"""A list of weights whose names say for which keys they are, beside one loss for all."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
w_small, w_big = 0.25, 4.0
model.compile(
    optimizer="sgd",
    loss="mse",
    loss_weights=[w_small, w_big],  # expect[3.4.1, 3.5.0, 3.6.0]: KER107 without fix
)
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1)), "big": np.ones((8, 3))}, verbose=0)
