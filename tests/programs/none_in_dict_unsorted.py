"""A None in a dict, on unsorted outputs: another output is trained."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(2, name="big")(inputs)
model = keras.Model(inputs, [small, big])
model.compile(
    optimizer="sgd",
    loss={"small": None, "big": "mse"},  # expect[3.5.0, 3.6.0]: KER101 without fix
)
model.fit(np.ones((8, 4)), [np.ones((8, 1)), np.ones((8, 2))], verbose=0)
