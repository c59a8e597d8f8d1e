"""One function for all outputs, named targets."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(3, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(optimizer="sgd", loss="mse")
model.fit(
    np.ones((8, 4)),
    {"small": np.ones((8, 1)), "big": np.ones((8, 3))},  # expect[3.5.0, 3.6.0]: KER103
    verbose=0,
)
