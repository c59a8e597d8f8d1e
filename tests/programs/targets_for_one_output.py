"""A loss and a target for one output of a dict: until 3.4.1 there are as many losses as targets, and none is left."""

import keras
import numpy as np

inputs = keras.Input((4,))
small = keras.layers.Dense(1, name="small")(inputs)
big = keras.layers.Dense(1, name="big")(inputs)
model = keras.Model(inputs, {"small": small, "big": big})
model.compile(
    optimizer="sgd",
    loss={"small": "mse"},  # expect[3.4.1]: KER110 without fix
)
model.fit(np.ones((8, 4)), {"small": np.ones((8, 1))}, verbose=0)
