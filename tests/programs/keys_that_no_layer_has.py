"""Outputs whose keys are not the names of their layers: until 3.4.1 no target is found by its key, and none trains."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
model = keras.Model(inputs, {"one": small, "two": big})
model.compile(
    optimizer="sgd",
    loss="mse",  # expect[3.4.1]: KER110 without fix
)
model.fit(np.ones((8, 4)), {"one": np.ones((8, 1)), "two": np.zeros((8, 1))}, verbose=0)
